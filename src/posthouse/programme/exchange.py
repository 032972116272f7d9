"""A Programme as JSON, exactly as the command-line contract says, and as TOML that a person reads and edits.

The TOML form is in `toml_form` and `toml_reading`; both are offered here, so that callers have one place to ask.
"""

from datetime import date

from posthouse.programme.model import Body, Goal, Member, Programme, Rhythm, Task
from posthouse.programme.toml_form import programme_to_toml
from posthouse.programme.toml_reading import programme_from_toml

__all__ = ["programme_from_toml", "programme_to_json", "programme_to_toml"]


def programme_to_json(programme: Programme) -> dict[str, object]:
    """Return plain values for `posthouse read --json`."""
    facts = programme.document
    return {
        "document": {
            "issuer": facts.issuer,
            "number": facts.number,
            "title": facts.title,
            "issued_on": _day(facts.issued_on),
            "effective_on": _day(facts.effective_on),
            "parents": list(facts.parents),
        },
        "goals": [_goal(goal) for goal in programme.goals],
        "tasks": [_task(task) for task in programme.tasks],
        "bodies": [_body(body) for body in programme.bodies],
        "rhythms": [_rhythm(rhythm) for rhythm in programme.rhythms],
        "findings": [finding.as_dict() for finding in programme.findings],
    }


def _goal(goal: Goal) -> dict[str, object]:
    return {
        "id": goal.id,
        "text": goal.text,
        "span": list(goal.source.span),
        "clause": goal.source.clause,
        "indicator": goal.indicator,
        "comparator": goal.comparator,
        "value": _number(goal.value),
        "value_max": _number(goal.value_max),
        "unit": goal.unit,
        "deadline": _day(goal.deadline),
        "base": goal.base,
        "scope": goal.scope,
        "hedge": goal.hedge,
        "kind": goal.kind,
        "measure": goal.binding.measure,
        "binding": {
            "score": goal.binding.score,
            "runner_up": goal.binding.runner_up,
            "parameters": dict(goal.binding.parameters),
            "note": goal.binding.note,
        },
    }


def _task(task: Task) -> dict[str, object]:
    return {
        "id": task.id,
        "path": task.path,
        "title": task.title,
        "lead_units": list(task.lead_units),
        "support_units": list(task.support_units),
        "span": list(task.source.span),
    }


def _body(body: Body) -> dict[str, object]:
    return {
        "name": body.name,
        "leader": _member(body.leader) if body.leader else None,
        "deputies": [_member(member) for member in body.deputies],
        "members": [_member(member) for member in body.members],
        "duties": body.duties,
        "span": list(body.source.span),
    }


def _rhythm(rhythm: Rhythm) -> dict[str, object]:
    return {
        "what": rhythm.what,
        "every": rhythm.every,
        "who": rhythm.who,
        "due": rhythm.due,
        "text": rhythm.text,
        "span": list(rhythm.source.span),
    }


def _member(member: Member) -> dict[str, object]:
    return {"name": member.name, "unit": member.unit}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _number(value: float | None) -> float | int | None:
    """Return whole numbers without a decimal point."""
    return int(value) if value is not None and value == int(value) else value
