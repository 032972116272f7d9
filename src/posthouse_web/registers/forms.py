"""The form of a register row, made from the table's declared columns; the rules are those of loading."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from posthouse.records.schema import Column, Table
from posthouse_web.registers import mapping, queries

MOST_LETTERS = 200


class EntryForm(forms.Form):
    """One row. key columns and the first day are fixed once the row is there."""

    seen_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, table: Table, *args: Any, cells: mapping.Cells | None = None, **kwargs: Any) -> None:
        texts = {c.name: mapping.in_words(c, (cells or {}).get(c.name)) for c in table.columns}
        kwargs["initial"] = {**texts, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self._table = table
        self.cells: mapping.Cells = {}
        for column in table.columns:
            field = _field(column)
            field.disabled = bool(cells) and column.name in (*table.key, "valid_from")
            self.fields[column.name] = field

    def clean(self) -> dict[str, Any]:
        """Check the row as loading would, and that what it refers to is there."""
        facts = super().clean() or {}
        if self.errors:
            return facts
        texts = {column.name: str(facts.get(column.name) or "") for column in self._table.columns}
        self.cells, wrong = mapping.check_cells(self._table, texts)
        self._say(wrong or queries.find_missing(self._table, self.cells))
        return facts

    def _say(self, wrong: Mapping[str, str]) -> None:
        for column, words in wrong.items():
            self.add_error(column if column in self.fields else None, words)


class CloseForm(forms.Form):
    """The first day on which a row does not hold any more."""

    seen_at = forms.CharField(widget=forms.HiddenInput)
    on = forms.DateField(label=_("从哪一天起停用"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def _field(column: Column) -> forms.Field:
    words = column.values_zh or column.values or (("是", "否") if column.type == "bool" else ())
    facts: dict[str, Any] = {"label": mapping.heading(column), "required": column.required, "help_text": _help(column)}
    if words:
        shown = [mapping.in_words(column, value) for value in column.values] or words
        choices = [*([] if column.required and column.type != "bool" else [("", "—")]), *zip(shown, shown, strict=True)]
        return forms.ChoiceField(choices=choices, **facts)
    kind = "date" if column.type == "date" else "text"
    return forms.CharField(max_length=MOST_LETTERS, widget=forms.TextInput(attrs={"type": kind}), **facts)


def _help(column: Column) -> str:
    said = [column.meaning if column.meaning != column.zh else "", column.unit]
    said.append(f"空着：{column.null}" if column.null and not column.required else "")
    return "；".join(filter(None, said))
