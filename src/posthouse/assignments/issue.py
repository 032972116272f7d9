"""From a plan's actions to assignments: who leads, who supports, until when, and on which measurement each closes."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from posthouse.assignments.match import TaskMatcher
from posthouse.assignments.model import Assignment, Condition
from posthouse.planning.model import Action, Plan
from posthouse.programme.model import Goal, Programme
from posthouse.vocabulary.periods import Grain, Period, period_of

LEAD_WORDS = ("邮政管理局", "邮政管理部门", "邮管局")
"""How a plan names the unit that leads the programme; it answers for what no task covers."""


def issue_assignments(
    plan: Plan, programme: Programme, period: Period, *, standing: Sequence[Assignment] = ()
) -> tuple[Assignment, ...]:
    """Return the assignments in force: the standing ones as they are, then one for each action not yet issued.

    An action keeps its id from month to month, so what was issued before is not issued again; its state is for
    `verify_assignments` to change.

    Parameters
    ----------
    period : the month whose measurements led to the plan; issued on the day after it.
    standing : assignments of earlier months, in their present state.
    """
    matcher = TaskMatcher(programme)
    goals = {goal.id: goal for goal in programme.goals}
    fallback = find_programme_lead(programme)
    known = {assignment.id for assignment in standing}
    issued = []
    for action in plan.actions:
        if action.id in known:
            continue
        known.add(action.id)
        issued.append(_assignment(action, goals.get(action.goal_id), matcher, fallback, period))
    return (*standing, *issued)


def find_programme_lead(programme: Programme) -> str:
    """Return the unit that leads the programme: the postal administration, else the commonest lead."""
    leads = Counter(unit for task in programme.tasks for unit in task.lead_units)
    named = [unit for unit, _ in leads.most_common() if any(word in unit for word in LEAD_WORDS)]
    if named:
        return named[0]
    supporting = Counter(unit for task in programme.tasks for unit in task.support_units)
    named = [unit for unit, _ in supporting.most_common() if any(word in unit for word in LEAD_WORDS)]
    if named:
        return named[0]
    return leads.most_common(1)[0][0] if leads else programme.document.issuer or "专班办公室"


def _assignment(action: Action, goal: Goal | None, matcher: TaskMatcher, fallback: str, period: Period) -> Assignment:
    task = matcher.find_task(action)
    leads = task.lead_units if task and task.lead_units else (fallback,)
    supports = tuple(unit for unit in (task.support_units if task else ()) if unit not in leads)
    return Assignment(
        id=action.id,
        title=action.title,
        goal_id=action.goal_id,
        task=task.path if task else "",
        lead_units=leads,
        support_units=supports,
        place=action.place,
        place_name=action.place_name,
        issued_on=period.end_on,
        due_on=_due_on(goal, period),
        closes_when=Condition(
            measure=action.measure,
            comparator=action.comparator,
            value=action.value,
            place=action.place,
            brand=action.brand,
            parameters=action.parameters,
        ),
    )


def _due_on(goal: Goal | None, period: Period) -> date:
    """The goal's deadline while it lies ahead, else the end of the month after the period."""
    if goal is not None and goal.deadline is not None and goal.deadline >= period.end_on:
        return goal.deadline
    return period_of(period.end_on, Grain.MONTH).end_on - timedelta(days=1)
