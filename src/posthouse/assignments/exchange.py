"""Assignments as they were written to cycle.json a month ago, read back to be verified."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from posthouse.assignments.model import Assignment, Condition


def assignments_from_json(entries: Iterable[Mapping[str, Any]]) -> tuple[Assignment, ...]:
    """Return the assignments of a cycle.json.

    Raises
    ------
    KeyError, TypeError, ValueError : an entry is not what `to_plain` made of an Assignment.
    """
    return tuple(_assignment(entry) for entry in entries)


def _assignment(entry: Mapping[str, Any]) -> Assignment:
    fields = dict(entry)
    condition = dict(fields["closes_when"])
    condition["parameters"] = tuple((name, value) for name, value in condition.get("parameters", ()))
    fields["closes_when"] = Condition(**condition)
    for name in ("lead_units", "support_units"):
        fields[name] = tuple(fields[name])
    for name in ("issued_on", "due_on"):
        fields[name] = date.fromisoformat(fields[name])
    return Assignment(**fields)
