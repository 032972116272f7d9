"""What the worker does for this room."""

from pathlib import Path

from django.conf import settings

from posthouse_web.monitoring.actions import list_unpublished, publish_month
from posthouse_web.runs.control import Control


def publish_months(control: Control) -> dict[str, object]:
    """Publish every closed month that is missing or older than its run; return which."""
    out = Path(settings.POSTHOUSE_OUT)
    months = list_unpublished(out)
    for done, month in enumerate(months):
        control.step(f"{month}", done / len(months))
        publish_month(out, month, control.step)
        control.finish(month)
    return {"months": months}
