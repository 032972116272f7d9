from collections import Counter, defaultdict

import pytest

from posthouse.planning.delivery import propose_delivery
from posthouse.planning.towns import Need
from tests.planning.county import DIVISIONS, ISLE, VANS, A, B, C, ground
from tests.territory.ground import road


def needs(*villages, days=3, today=1.0):
    return [Need(village=v, days=days, days_today=today) for v in villages]


def deliver(wanted, **more):
    return propose_delivery(wanted, ground(**more), seed=1, seconds=0.5)


def visits(plan):
    return Counter((visit.village, route.weekday) for route in plan.routes for visit in route.visits)


def test_each_village_is_visited_once_on_each_of_its_days():
    plan = deliver(needs(A, B, C))
    assert visits(plan) == Counter((village, day) for village, pattern in plan.patterns.items() for day in pattern)
    assert {len(pattern) for pattern in plan.patterns.values()} == {3}


def test_the_round_is_the_one_a_person_would_drive():
    plan = deliver(needs(A, B, C, days=7))
    # One van: 20 km there and back to 丙村, 40 km to 乙村 over 甲村; 200 yuan and 60 km, seven days.
    assert plan.routes[0].distance_km == 60
    assert sum(route.cost_yuan for route in plan.routes) == 7 * 260
    assert Counter(route.weekday for route in plan.routes) == Counter(range(1, 8))


def test_loads_are_the_week_s_parcels_over_the_days_and_fit_the_van():
    plan = deliver(needs(A, B, C))
    loads = {visit.village: visit.parcels for route in plan.routes for visit in route.visits}
    # Half a parcel a person and week, over three days, rounded up.
    assert loads == {A: 67, B: 134, C: 67}
    # The three together, 268 parcels, leave in one hired van of 400, which is cheaper than two of the town's of 200.
    assert {len(route.visits) for route in plan.routes} == {3}


def test_arrivals_follow_the_departure_at_nine():
    plan = deliver(needs(A))
    # 20 minutes from the town; 09:20.
    assert {visit.arrive_min for route in plan.routes for visit in route.visits} == {560}


def test_every_route_ends_within_the_driver_s_day():
    assert all(route.duration_min <= 480 for route in deliver(needs(A, B, C)).routes)


def test_no_vehicle_drives_twice_on_a_day():
    plan = deliver(needs(A, B, C, days=5), vehicles=[{**VANS[0], "capacity_parcels": 60}])
    drives = Counter((route.weekday, route.vehicle) for route in plan.routes)
    assert set(drives.values()) == {1}


def test_an_island_without_ferry_is_unserved_with_its_reason():
    plan = deliver(needs(A, ISLE))
    assert set(plan.patterns) == {A}
    assert "没有道路或轮渡" in plan.unserved[ISLE]


def test_a_village_behind_a_ferry_is_served_and_the_ferry_said():
    plan = deliver(needs(ISLE), roads=[road("F1", "339900101000", ISLE, 25.0, 60.0, kind="ferry")])
    assert set(plan.patterns) == {ISLE}
    assert any(said.startswith("1个村经轮渡到达") for said in plan.assumptions)


def test_a_village_beyond_a_driver_s_day_is_unserved_with_its_minutes():
    plan = deliver(needs(A), roads=[road("R1", "339900101000", A, 150.0, 300.0)])
    assert "往返一趟要" in plan.unserved[A]


def test_where_vans_do_not_suffice_hired_ones_are_counted_and_said():
    plan = deliver(needs(A, B, C, days=7), vehicles=[])
    assert all(route.vehicle.startswith("增租车辆东镇") for route in plan.routes)
    assert any("需增租1辆" in said for said in plan.assumptions)


def test_a_town_without_outlet_starts_from_its_seat_and_says_so():
    plan = deliver(needs(A), outlets=[], vehicles=[])
    assert {route.depot for route in plan.routes} == {"东镇中心"}
    assert any("没有登记网点" in said for said in plan.assumptions)


def test_two_brands_alone_cost_twice_the_pooled_round_where_vans_are_large():
    plan = deliver(needs(A, B, C, days=7))
    assert plan.weekly_cost_alone_yuan == pytest.approx(2 * 7 * 260)


def test_today_costs_the_visits_made_today_by_brands_alone():
    plan = deliver(needs(A, B, C, days=7, today=2.0))
    # One brand's round costs 260 yuan for three villages; six visits are made a week.
    assert plan.weekly_cost_today_yuan == pytest.approx(260 / 3 * 6)


def test_the_same_inputs_give_the_same_plan():
    assert deliver(needs(A, B, C)) == deliver(needs(C, B, A))


def test_a_village_outside_any_town_is_unserved():
    rows = [row for row in DIVISIONS if row["level"] == "village"]
    assert deliver(needs(A), divisions=rows).unserved == {A: "区划表中找不到所属乡镇"}


def test_sectors_are_taken_where_they_save_a_vehicle_day():
    # 268 parcels a day need a second or a hired van; by sectors one van of 200 drives 40 km on each of six days:
    # 6 * 140 yuan against 3 * 392.
    plan = deliver(needs(A, B, C), vehicles=[{**VANS[0], "cost_yuan_per_day": 100.0}])
    by_day = defaultdict(set)
    for route in plan.routes:
        by_day[route.weekday].add(route.vehicle)
    assert set(by_day) == {1, 2, 3, 4, 5, 6}
    assert all(vehicles == {"V1"} for vehicles in by_day.values())
    assert sum(route.cost_yuan for route in plan.routes) == 840
