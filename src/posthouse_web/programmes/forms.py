"""The form in which a goal is corrected."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from posthouse.measures.catalogue import all_definitions
from posthouse_web.programmes.models import VersionGoal


class GoalForm(forms.ModelForm):
    """A goal's value, comparator, deadline, unit, kind and measure."""

    measure = forms.ChoiceField(label=_("对应的测量指标"), required=False)

    class Meta:
        """As in the row."""

        model = VersionGoal
        fields = ("indicator", "comparator", "value", "value_max", "unit", "deadline", "kind", "measure")
        widgets = {"deadline": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = sorted((d.name_zh, d.id) for d in all_definitions())
        field: Any = self.fields["measure"]
        field.choices = [("", _("没有对应的指标")), *((name, f"{words}") for words, name in measures)]

    def clean(self) -> dict[str, Any]:
        """Say what a comparison of two numbers needs."""
        facts = super().clean() or {}
        if facts.get("comparator") == "range":
            low, high = facts.get("value"), facts.get("value_max")
            if low is None or high is None or low > high:
                self.add_error("value_max", _("“在两数之间”要填值和上限，上限不小于值。"))
        elif facts.get("value") is None and facts.get("kind") == "goal":
            self.add_error("value", _("请填要达到的数。"))
        return facts
