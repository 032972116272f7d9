"""Between rows and the library's Programme."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from posthouse.measures.catalogue import get_definition
from posthouse.programme.merge import Change
from posthouse.programme.model import Binding, Goal, Programme
from posthouse.programme.parameters import derive_parameters
from posthouse_web.programmes.models import VersionGoal

FIELDS = ("indicator", "comparator", "value", "value_max", "unit", "deadline", "kind")
"""Fields of a goal that a person corrects, beside its measure."""

CHOSEN = "人工确定"


def goal_rows(programme: Programme) -> list[VersionGoal]:
    """Return the goals of a programme as rows without a version."""
    return [
        VersionGoal(
            goal_id=goal.id,
            position=position,
            text=goal.text,
            clause=goal.source.clause[:120],
            measure=goal.binding.measure or "",
            **{name: getattr(goal, name) for name in FIELDS},
        )
        for position, goal in enumerate(programme.goals)
    ]


def corrected(programme: Programme, rows: Iterable[VersionGoal]) -> Programme:
    """Return the programme with the goals as their rows say."""
    by_id = {row.goal_id: row for row in rows}
    goals = tuple(_corrected(goal, by_id[goal.id], programme) for goal in programme.goals if goal.id in by_id)
    return replace(programme, goals=goals)


def _corrected(goal: Goal, row: VersionGoal, programme: Programme) -> Goal:
    goal = replace(goal, **{name: getattr(row, name) for name in FIELDS})
    if (row.measure or None) == goal.binding.measure:
        return goal
    if not row.measure:
        return replace(goal, binding=Binding(measure=None, note=CHOSEN))
    parameters, remarks = derive_parameters(goal, get_definition(row.measure), programme)
    note = "；".join([CHOSEN, *remarks])
    return replace(goal, binding=Binding(measure=row.measure, score=1.0, parameters=parameters, note=note))


def facts_of(programme: Programme, changes: Iterable[Change]) -> dict[str, Any]:
    """Return what the page lists beside the goals: tasks, rhythms, remarks, and what re-reading has changed."""
    return {
        "tasks": [
            {
                "id": task.id,
                "path": task.path,
                "title": task.title,
                "lead": "、".join(task.lead_units),
                "support": "、".join(task.support_units),
            }
            for task in programme.tasks
        ],
        "rhythms": [
            {"every": r.every, "what": r.what, "who": "，".join(filter(None, (r.who, r.due)))}
            for r in programme.rhythms
        ],
        "findings": [{"severity": f.severity.value, "message": f.message} for f in programme.findings],
        "changes": [{"kind": change.kind, "message": change.message} for change in changes],
    }
