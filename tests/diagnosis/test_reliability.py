"""The score of a reporting unit, by hand."""

import json

import pytest

from posthouse.diagnosis.model import DeclarationCheck, DeclaredMonth
from posthouse.diagnosis.reliability import HALF_LIFE_MONTHS, KEPT_MONTHS, reliability_from_json, score_units
from posthouse.vocabulary.periods import parse_period
from posthouse.vocabulary.plain import to_plain

JUNE, JULY = parse_period("2021-06"), parse_period("2021-07")


def check(unit="东镇", excess=0.0, *, number=1, period=JUNE, explanation=""):
    return DeclarationCheck(
        declaration_id=f"D{number}",
        unit=unit,
        measure="delivery_days_per_week",
        place="339900101201",
        brand=None,
        period=period,
        declared=2.0 + excess,
        observed=2.0,
        excess=excess,
        threshold=1.0,
        explanation=explanation,
    )


def test_a_unit_with_one_false_figure_of_three_is_less_reliable_than_an_honest_one():
    worst, best = score_units([check(excess=3.0), check(), check(excess=0.5), check("西镇")], JUNE)
    assert (worst.unit, worst.checked, worst.false, worst.score) == ("东镇", 3, 1, pytest.approx(3 / 5))
    assert (best.unit, best.score, best.trend) == ("西镇", pytest.approx(2 / 3), "new")


def test_one_figure_neither_makes_nor_breaks_a_name():
    false, honest = score_units([check(excess=3.0), check("西镇")], JUNE)
    assert 0.3 < false.score < honest.score < 0.7


def test_a_month_half_a_life_ago_counts_half():
    past = score_units([check(excess=3.0, number=n) for n in range(4)], JUNE)
    later = parse_period("2021-12")
    assert HALF_LIFE_MONTHS == 6
    (unit,) = score_units([check(period=later) for _ in range(4)], later, past=past)
    assert unit.score == pytest.approx((4 + 1) / (4 + 2 + 2))
    assert unit.months == (
        DeclaredMonth(period=JUNE, checked=4, false=4),
        DeclaredMonth(period=later, checked=4, false=0),
    )


def test_who_turns_honest_gets_better_and_who_starts_lying_gets_worse():
    past = score_units([*(check(excess=3.0) for _ in range(5)), *(check("西镇") for _ in range(5))], JUNE)
    july = [*(check() for _ in range(5)), *(check("西镇", 3.0) for _ in range(5))]
    assert {unit.unit: unit.trend for unit in score_units(july, JULY, past=past)} == {"东镇": "better", "西镇": "worse"}


def test_the_same_behaviour_is_no_trend():
    past = score_units([check() for _ in range(50)], JUNE)
    (unit,) = score_units([check() for _ in range(50)], JULY, past=past)
    assert unit.trend == "steady"


def test_a_month_closed_again_does_not_count_twice():
    past = score_units([check(excess=3.0)], JUNE)
    first = score_units([check(period=JULY)], JULY, past=past)
    assert score_units([check(period=JULY)], JULY, past=first) == first


def test_a_unit_that_declares_nothing_any_more_is_kept_for_two_years():
    past = score_units([check(excess=3.0)], JUNE)
    (silent,) = score_units([], JULY, past=past)
    assert (silent.checked, silent.months) == (0, past[0].months)
    assert silent.why == "本月没有可核对的申报。"
    assert KEPT_MONTHS == 24
    assert score_units([], parse_period("2023-06"), past=past) == ()


def test_the_reason_names_the_counts_the_trend_and_the_worst_figure():
    past = score_units([check(), check()], JUNE)
    declared = [
        check(excess=2.0, number=1, explanation="自报每周4次；只有9天到村。"),
        check(excess=1.5, explanation="小。"),
    ]
    (unit,) = score_units(declared, JULY, past=past)
    assert unit.why == (
        "本月可核对的申报2条，不符2条；2个月合计4条，不符2条，不如上月可信；相差最大的一条：自报每周4次；只有9天到村。"
    )


def test_reliability_goes_through_json_and_back():
    units = score_units([check(), check("西镇", 3.0)], JULY, past=score_units([check()], JUNE))
    text = json.dumps([to_plain(unit) for unit in units])
    assert reliability_from_json(json.loads(text)) == units
