import pytest

from posthouse.planning.effort import Effort
from posthouse.planning.village import plan_villages
from tests.planning.county import ISLE, A, B, C, gap, ground, host, part

DAYS, STATION, BRANDS, COVERAGE = (
    "delivery_days_per_week",
    "village_station_coverage",
    "village_coverage_by_brand",
    "village_coverage",
)


def plan(*gaps, **more):
    return plan_villages(gaps, ground(**more), Effort(seconds=0.5), seed=1)


def test_each_village_below_the_promise_gets_its_own_action_with_its_own_condition():
    found = plan(gap(DAYS, 3.0, 2.0, part(DAYS, 1.0, A), part(DAYS, 2.0, B), place_bar=2.7))
    assert [(a.place, a.measure, a.comparator, a.value) for a in found.actions] == [
        (A, DAYS, ">=", 2.7),
        (B, DAYS, ">=", 2.7),
    ]
    assert found.actions[0].title.startswith("东镇甲村每周投递3次（周")
    assert found.actions[0].title.endswith("联收联投）")


def test_the_action_keeps_its_id_next_month_though_the_way_changes():
    first = plan(gap(DAYS, 3.0, 2.0, part(DAYS, 1.0, A)))
    later = plan(gap(DAYS, 3.0, 2.5, part(DAYS, 2.0, A), part(DAYS, 0.0, B)), outlets=[])
    assert first.actions[0].id == later.actions[0].id


def test_a_village_without_station_gets_one_and_its_cost():
    found = plan(gap(STATION, 1.0, 0.75, part(STATION, 0.0, A)), service_points=[host("P1", A, 600.0, name="礼堂")])
    (action,) = found.actions
    assert action.title == "在东镇甲村的礼堂设村级快递服务站"
    assert (action.value, action.cost_yuan_per_year) == (1.0, 600.0)
    assert found.expected == {STATION: 1.0}


def test_a_village_with_nowhere_to_put_a_station_still_is_somebody_s_work():
    found = plan(gap(STATION, 1.0, 0.75, part(STATION, 0.0, A)))
    assert [a.place for a in found.actions] == [A]
    assert "找一处可设快递服务站的场所" in found.actions[0].title
    assert len(found.unserved) == 1


def test_an_island_no_van_reaches_still_is_somebody_s_work():
    found = plan(gap(DAYS, 3.0, 2.0, part(DAYS, 0.0, ISLE)))
    assert found.routes == ()
    assert found.actions[0].title == "为东镇屿村另定进村投递办法"
    assert "没有道路从网点通达" in found.actions[0].expected
    assert found.unserved[0].startswith("东镇屿村：")


def test_the_expected_value_adds_the_visits_gained_over_all_villages():
    found = plan(gap(DAYS, 3.0, 2.0, part(DAYS, 1.0, A), part(DAYS, 0.0, ISLE)))
    # 甲村 is visited three times, of which 97 % take place, once today; 屿村 gains none; four villages.
    assert found.expected == {DAYS: pytest.approx(2.0 + (3 * 0.97 - 1) / 4)}


def test_where_all_villages_are_planned_those_visited_more_often_today_count_as_planned():
    parts = (part(DAYS, 1.0, A), part(DAYS, 0.5, ISLE))
    found = plan_villages([gap(DAYS, 3.0, 3.9, *parts)], ground(), Effort(seconds=0.5), seed=1, everywhere=True)
    # Three villages three times, of which 97 % take place; nobody can reach 屿村, which stays as it is.
    assert found.expected == {DAYS: pytest.approx((3 * 3 * 0.97 + 0.5) / 4)}


def test_the_higher_of_two_promises_counts():
    found = plan(gap(DAYS, 3.0, 2.0, part(DAYS, 1.0, A)), gap(DAYS, 5.0, 2.0, part(DAYS, 1.0, A), goal_id="G2"))
    assert len({route.weekday for route in found.routes}) == 5
    assert len({action.id for action in found.actions}) == 2


def test_a_village_nobody_reaches_gets_the_usual_days_even_without_a_promise():
    found = plan(gap(COVERAGE, 1.0, 0.75, part(COVERAGE, 0.0, A)))
    assert "每周投递3次" in found.actions[0].title
    assert found.expected == {COVERAGE: 1.0}


def test_brands_are_told_how_many_villages_they_lack():
    found = plan(gap(BRANDS, 1.0, 0.75, part(BRANDS, 0.5, brand="青鸢"), part(BRANDS, 0.5, A)))
    assert [(a.brand, a.place) for a in found.actions] == [("青鸢", None)]
    assert found.actions[0].title.startswith("青鸢再覆盖2个建制村")


def test_places_that_are_no_villages_are_left_to_others():
    found = plan(gap(DAYS, 3.0, 2.0, part(DAYS, 1.0, "339900101000"), part(DAYS, 1.0, C)))
    assert [a.place for a in found.actions] == [C]
