"""The plan that the office has put in force for a month: kept beside the months, handed out as assignments.

`plans/in_force/<month>.json` is its plan.json. It takes the place of the plan that closing the month proposed.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from posthouse.assignments.exchange import assignments_from_json
from posthouse.assignments.issue import issue_assignments
from posthouse.assignments.model import Assignment
from posthouse.planning.exchange import plan_from_json
from posthouse.planning.model import Action, Plan
from posthouse.programme.exchange import programme_from_toml
from posthouse.programme.model import Programme
from posthouse.stores.manifest import write_atomically
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import parse_period
from posthouse.vocabulary.plain import to_plain


def read_plan(out: Path, month: str) -> dict[str, Any] | None:
    """Return the plan in force for a month, or None."""
    try:
        plan: dict[str, Any] = json.loads(_path(out, month).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return plan


def write_plan(out: Path, month: str, plan: bytes) -> None:
    """Put a plan in force for a month, in place of one before it."""
    _path(out, month).parent.mkdir(parents=True, exist_ok=True)
    write_atomically(_path(out, month), plan)


def hand_out(out: Path, month: str) -> int:
    """Add the assignments of the plan in force to those of the closed month; return how many are new.

    They are verified with the others when the next month is closed. What is asked of somebody already is not again.
    """
    kept, path = read_plan(out, month), out / "months" / f"{month}.json"
    if kept is None or not path.exists():
        return 0
    cycle = json.loads(path.read_text(encoding="utf-8"))
    standing = assignments_from_json(cycle["assignments"])
    try:
        programme = programme_from_toml(open_workspace(out / "workspace").read_programme())
    except UnusableInputError:
        return 0  # no programme says yet who answers for what
    plan = _new_only(plan_from_json(kept), programme, standing)
    issued = issue_assignments(plan, programme, parse_period(month), standing=standing)[len(standing) :]
    if issued:
        cycle["assignments"] += [to_plain(assignment) for assignment in issued]
        write_atomically(path, json.dumps(cycle, ensure_ascii=False, indent=1).encode())
    return len(issued)


def _new_only(plan: Plan, programme: Programme, standing: Sequence[Assignment]) -> Plan:
    """The plan with those actions that nobody has been asked for yet, each tied to the goal it serves."""
    goals = {goal.binding.measure: goal.id for goal in reversed(programme.goals) if goal.binding.measure}
    asked = {(a.closes_when.measure, a.closes_when.place, a.closes_when.brand) for a in standing}
    actions: list[Action] = [
        replace(action, goal_id=goals[action.measure])
        for action in plan.actions
        if action.measure in goals and (action.measure, action.place, action.brand) not in asked
    ]
    return replace(plan, actions=tuple(actions))


def _path(out: Path, month: str) -> Path:
    return out / "plans" / "in_force" / f"{month}.json"
