from datetime import date

import pytest

from posthouse.assignments.model import Assignment, Condition
from posthouse.assignments.verify import verify_assignments
from posthouse.vocabulary.periods import parse_period
from tests.diagnosis.values import measured

JULY = parse_period("2021-07")
DAYS, VOLUME = "delivery_days_per_week", "express_volume"


def assignment(state="open", *, measure=DAYS, value=4.5, comparator=">=", due_on=date(2021, 12, 31)):
    return Assignment(
        id="A1",
        title="石村每周投递5次",
        goal_id="G1",
        task="三/（一）/1",
        lead_units=("各镇街",),
        support_units=(),
        place="339900101201",
        place_name="东镇石村",
        issued_on=date(2021, 7, 1),
        due_on=due_on,
        closes_when=Condition(measure=measure, comparator=comparator, value=value, place="339900101201"),
        state=state,
    )


def verify(one, measurement):
    (after,), (verdict,) = verify_assignments([one], lambda condition: measurement, JULY)
    assert verdict.before == one.state
    assert verdict.after == after.state
    return verdict


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("open", 4.5, "closed"),
        ("open", 4.4, "open"),
        ("closed", 5.0, "closed"),
        ("closed", 4.4, "relapsed"),
        ("relapsed", 5.0, "closed"),
        ("relapsed", 0.0, "relapsed"),
    ],
)
def test_the_measurement_decides(before, value, after):
    verdict = verify(assignment(before), measured(DAYS, value, month="2021-07"))
    assert (verdict.after, verdict.value) == (after, value)


def test_the_verdict_says_the_figure_and_the_condition():
    assert (
        verify(assignment(), measured(DAYS, 5.2, month="2021-07")).why
        == "2021年7月为5.2次/周（应不低于4.5次/周），已达到，销号。"
    )


def test_past_its_date_an_open_one_is_overdue():
    verdict = verify(assignment(due_on=date(2021, 7, 31)), measured(DAYS, 1.0, month="2021-07"))
    assert verdict.why.endswith("未达到，继续办理，已过期限2021年7月31日。")


@pytest.mark.parametrize("state", ["open", "closed", "relapsed"])
@pytest.mark.parametrize("nothing", [None, measured(DAYS, None, month="2021-07", note="当月没有扫描")])
def test_no_data_changes_nothing_and_is_said(state, nothing):
    verdict = verify(assignment(state), nothing)
    assert (verdict.after, verdict.value) == (state, None)
    assert "状态不变" in verdict.why


def test_where_less_is_better_a_low_value_closes():
    one = assignment(measure="secondary_charge_share", comparator="<=", value=0.1)
    assert verify(one, measured("secondary_charge_share", 0.05, month="2021-07")).after == "closed"


def test_a_sum_that_starts_anew_in_january_does_not_relapse():
    verdict = verify(assignment("closed", measure=VOLUME, value=1e9), measured(VOLUME, 8e7, month="2022-01"))
    assert verdict.after == "closed"
    assert "不算反弹" in verdict.why


def test_the_condition_is_what_is_asked_of_the_records():
    asked = []
    verify_assignments([assignment()], asked.append, JULY)
    assert asked == [assignment().closes_when]


def test_every_assignment_has_one_verdict_in_their_order():
    ones = [assignment(), assignment("closed")]
    after, verdicts = verify_assignments(ones, lambda condition: measured(DAYS, 5.0, month="2021-07"), JULY)
    assert [a.state for a in after] == [v.after for v in verdicts] == ["closed", "closed"]
