"""The form of a scenario, made from the levers of scenario.toml."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from posthouse.planning.scenario import scenario_from
from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.plans.levers import Lever, changes_from, group_titles, list_levers, texts_from

MOST_LETTERS = 20_000
MOST_SECONDS = 3600


class ScenarioForm(forms.Form):
    """A name, a month and all levers; only what differs from the default is kept, in `changes`."""

    name = forms.CharField(label=_("名称"), max_length=80)
    data_month = forms.ChoiceField(label=_("按哪个月的数据"))

    def __init__(self, months: list[str], *args: Any, levers: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changes: dict[str, Any] = {}
        month: Any = self.fields["data_month"]
        month.choices = [(name, name) for name in months]
        filled = texts_from(levers or {})
        for lever in list_levers():
            field = _field(lever)
            field.initial = filled.get(lever.path, lever.default)
            self.fields[lever.path] = field

    def clean(self) -> dict[str, Any]:
        """Check the levers as the planner would."""
        facts = super().clean() or {}
        self.changes, wrong = changes_from({lever.path: str(facts.get(lever.path) or "") for lever in list_levers()})
        for path, words in wrong.items():
            self.add_error(path, words)
        if not wrong:
            try:
                made = scenario_from(self.changes)
            except UnusableInputError as fault:
                at = next((lever.path for lever in list_levers() if f" {lever.path} " in str(fault)), None)
                self.add_error(at, str(fault).split("。请对照")[0].replace("情景 的参数", "") + "。")
            else:
                if made.seconds > MOST_SECONDS:
                    self.add_error("seconds", _("最多一小时。"))
        return facts

    def main(self) -> list[Any]:
        """Return the fields that are shown first."""
        levers = sorted((lever for lever in list_levers() if lever.main), key=lambda lever: lever.main)
        return [self[lever.path] for lever in levers]

    def groups(self) -> list[tuple[str, bool, list[tuple[str, list[Any]]]]]:
        """Return the other fields: group, whether something in it is wrong, and by owner the fields."""
        shown = []
        for group, title in group_titles().items():
            owners: dict[str, list[Any]] = {}
            for lever in list_levers():
                if lever.group == group and not lever.main:
                    owners.setdefault(lever.of, []).append(self[lever.path])
            if owners:
                fields = [field for own in owners.values() for field in own]
                shown.append((title, any(field.errors for field in fields), list(owners.items())))
        return shown


def _field(lever: Lever) -> forms.Field:
    title = lever.of if lever.of and lever.main else lever.title
    default = dict(lever.choices).get(lever.default, lever.default)
    said = "；".join(filter(None, [lever.meaning, f"缺省 {default}" if default else ""]))
    facts: dict[str, Any] = {
        "label": f"{title}（{lever.unit}）" if lever.unit else title,
        "help_text": said,
        "required": False,
    }
    if lever.choices:
        return forms.ChoiceField(choices=lever.choices, **facts)
    if lever.kind in ("visits", "days"):
        return forms.CharField(max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 2}), **facts)
    return forms.CharField(max_length=MOST_LETTERS, **facts)
