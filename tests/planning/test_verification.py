from datetime import date

import pytest

from posthouse.planning.expected import Today, expect_measures
from posthouse.planning.refit import Refit
from posthouse.planning.scenario import scenario_from
from posthouse.planning.verification import check_measures, verify_plan
from tests.planning.carried_out import JULY, plan, visits
from tests.planning.county import ISLE, A, B, C

NO_REFIT = Refit(factors=(), legs=0, spread_min=0.0, statements=())
VILLAGES = (A, B, C, ISLE)


def verify(seen, own=None):
    return verify_plan(own or plan(), seen, JULY, scenario_from({}), measures=(), refit=NO_REFIT)


def village(found, code):
    return next(v for v in found.villages if v.village == code)


def line(found, name="L001"):
    return next(entry for entry in found.lines if entry.line == name)


def test_a_plan_that_was_carried_out_is_kept_in_every_village():
    found = verify(visits())
    assert all(v.is_kept and not v.why for v in found.villages)
    # July 2021 has 22 days from Monday to Friday.
    assert (village(found, A).planned, village(found, A).measured) == (22, pytest.approx(22 * 7 / 31))
    assert (line(found).planned, line(found).made) == (22, 22)


def test_a_round_that_did_not_go_is_told_from_a_village_that_was_passed_by():
    # On Monday 5 and 12 nobody came; on Tuesday 6 and 13 only 甲村 was passed by.
    seen = visits(without=[(v, d) for v in (A, B, C) for d in (5, 12)] + [(A, 6), (A, 13)])
    found = verify(seen)
    assert line(found).missed == (date(2021, 7, 5), date(2021, 7, 12))
    assert not village(found, A).is_kept
    assert "7月5日、12日" in village(found, A).why
    assert "7月6日、13日线路照常开行，只有本村没有到" in village(found, A).why


def test_a_weekday_that_was_never_kept_is_said_as_such():
    found = verify(visits(without=[(B, day) for day in (6, 13, 20, 27)]))
    assert village(found, B).why.startswith("漏了4次：周二一次也没有到")


def test_a_village_that_nobody_reached_is_the_worst_and_first():
    found = verify(visits(villages=(A, C)))
    assert found.villages[0].village == B
    assert found.villages[0].why == "整月没有到村，规划没有执行"


def test_a_visit_on_another_day_counts_but_not_as_kept():
    seen = visits(without=[(A, 5)])
    seen[A, date(2021, 7, 4)] = seen[A, date(2021, 7, 6)]
    found = village(verify(seen), A)
    assert (found.visited, found.kept, found.extra, found.is_kept) == (22, 21, 1, True)


def test_the_share_of_visits_that_took_place_is_said_by_who_made_them():
    found = verify(visits(without=[(A, 5), (B, 5), (C, 5)]), plan(drone_days=(1,)))
    assert {f.lever: f.fitted for f in found.reliability} == {
        "drone.weather_share": 0.0,
        "reliability.rounds": pytest.approx(63 / 66),
    }


def test_planned_visits_are_expected_as_far_as_they_take_place_and_the_others_as_today():
    expected = expect_measures(plan(), scenario_from({}), VILLAGES, Today(visits={ISLE: 2.0}), JULY, brands=())
    # Three villages with 22 visits each, of which 97 % take place, and two a week on the island.
    days = expected["delivery_days_per_week"]
    assert days.value == pytest.approx((3 * 22 * 0.97 / 31 * 7 + 2.0) / 4)
    assert days.low < days.value < days.high
    assert expected["village_coverage"].value == 1.0


def test_rounds_that_fail_as_a_whole_make_the_error_wider():
    alone = expect_measures(plan(), scenario_from({}), (A, B, C), Today(), JULY, brands=())["delivery_days_per_week"]
    # 22 departures of three villages: twice the root of 22 * 9 * 0.97 * 0.03 visits, and 2 % of 66.
    assert alone.high - alone.value == pytest.approx((2 * (22 * 9 * 0.97 * 0.03) ** 0.5 + 0.02 * 66) / 3 / 31 * 7)


def test_a_measure_outside_the_stated_limits_is_said():
    expected = expect_measures(plan(), scenario_from({}), (A, B, C), Today(), JULY, brands=())
    checks = check_measures(expected, {"delivery_days_per_week": 3.0, "village_coverage": 1.0}, {})
    found = verify_plan(plan(), visits(), JULY, scenario_from({}), measures=checks, refit=NO_REFIT)
    assert [check.is_within for check in checks] == [False, True, False]
    assert "实测超出预计范围的指标：delivery_days_per_week。" in found.statements
