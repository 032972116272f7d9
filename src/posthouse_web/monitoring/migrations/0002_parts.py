from typing import Any

from django.db import migrations, models


def _as_before(apps: Any, schema_editor: Any) -> None:
    """Months that are there were published with their breakdown."""
    apps.get_model("monitoring", "Month").objects.update(parts_of=models.F("run_id"))


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="month",
            name="parts_of",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.RunPython(_as_before, migrations.RunPython.noop),
    ]
