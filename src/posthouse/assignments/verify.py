"""The month's measurements against the closing conditions: closed, open or relapsed, with the figure that decided."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from posthouse.assignments.model import Assignment, Condition, State, Verdict
from posthouse.assignments.states import next_state
from posthouse.diagnosis.bars import is_satisfied
from posthouse.diagnosis.wording import day_in_words, month_in_words
from posthouse.measures.catalogue import get_definition
from posthouse.measures.model import Measurement
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.units import in_words

Observed = Callable[[Condition], Measurement | None]
"""What the records of the period say of the measure, place, brand and parameters of a condition; None: nothing."""


def verify_assignments(
    assignments: Sequence[Assignment], observed: Observed, period: Period
) -> tuple[tuple[Assignment, ...], tuple[Verdict, ...]]:
    """Return the assignments in their new states and one verdict for each, in their order.

    Nobody closes an assignment by hand, and missing data changes nothing: the state stays and the verdict says so.
    """
    judged = [_judge(assignment, observed(assignment.closes_when), period) for assignment in assignments]
    return tuple(assignment for assignment, _ in judged), tuple(verdict for _, verdict in judged)


def _judge(assignment: Assignment, measurement: Measurement | None, period: Period) -> tuple[Assignment, Verdict]:
    before = assignment.state
    if measurement is None or measurement.value is None:
        reason = measurement.note.rstrip("。") if measurement and measurement.note else "没有数据"
        why = f"{month_in_words(period)}{reason}，状态不变。"
        return assignment, _verdict(assignment, period, before, None, why)
    condition = assignment.closes_when
    satisfied = is_satisfied(condition.comparator, measurement.value, condition.value)
    if not satisfied and before == "closed" and _starts_anew(condition.measure):
        measured = in_words(measurement.value, measurement.unit)
        why = f"{month_in_words(period)}为{measured}；年度累计数已达到过，不算反弹。"
        return assignment, _verdict(assignment, period, before, measurement.value, why)
    after = next_state(before, satisfied=satisfied)
    why = _why(assignment, measurement, measurement.value, after, period)
    return replace(assignment, state=after), _verdict(assignment, period, after, measurement.value, why)


def _starts_anew(measure: str) -> bool:
    """Whether the measure sums since January: in the new year it falls below what last year's sum had reached."""
    return get_definition(measure).accumulates == "year"


def _verdict(assignment: Assignment, period: Period, after: State, value: float | None, why: str) -> Verdict:
    return Verdict(
        assignment_id=assignment.id, period=period, before=assignment.state, after=after, value=value, why=why
    )


_SAID: dict[tuple[State, State], str] = {
    ("open", "closed"): "已达到，销号",
    ("open", "open"): "未达到，继续办理",
    ("closed", "closed"): "继续达到",
    ("closed", "relapsed"): "销号后又不满足，反弹",
    ("relapsed", "closed"): "再次达到，销号",
    ("relapsed", "relapsed"): "反弹后仍未达到",
}

_WANTED = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于"}


def _why(assignment: Assignment, measurement: Measurement, value: float, after: State, period: Period) -> str:
    condition = assignment.closes_when
    wanted = f"{_WANTED[condition.comparator]}{in_words(condition.value, measurement.unit)}"
    overdue = after != "closed" and assignment.due_on < period.end_on
    late = f"，已过期限{day_in_words(assignment.due_on)}" if overdue else ""
    measured = in_words(value, measurement.unit)
    return f"{month_in_words(period)}为{measured}（应{wanted}），{_SAID[assignment.state, after]}{late}。"
