from collections import Counter

import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.planning.depots import Need
from posthouse.planning.effort import Effort
from posthouse.planning.patterns import gaps_of
from posthouse.planning.weekly import plan_week
from tests.planning.county import DIVISIONS, ISLE, OWN_VANS_ONLY, TOWN, VANS, A, B, C, ground
from tests.territory.ground import road


def needs(*villages, visits=3):
    return [Need(village=village, visits=visits) for village in villages]


def week(wanted, levers=None, **more):
    return plan_week(wanted, ground(levers, **more), Effort(seconds=0.5), seed=1)


def visits(answer):
    return Counter((stop.village, drive.weekday) for _, drive in answer.drives for stop in drive.stops)


def trip(name, *calls, days="1111111", mode="bus", kg=200.0, takes=True):
    return [
        {
            "route_id": name,
            "trip_id": name,
            "mode": mode,
            "stop_sequence": number,
            "division": place,
            "arrive_min": minute,
            "depart_min": minute,
            "weekdays": days,
            "takes_parcels": takes,
            "capacity_kg": kg,
        }
        for number, (place, minute) in enumerate(calls, start=1)
    ]


def test_each_village_is_visited_once_on_each_of_its_days():
    answer = week(needs(A, B, C))
    assert visits(answer) == Counter((village, day) for village, own in answer.patterns.items() for day in own)
    assert {len(pattern) for pattern in answer.patterns.values()} == {3}
    assert answer.missing == {}


def test_the_round_is_the_one_a_person_would_drive():
    answer = week(needs(A, B, C, visits=7))
    # One van: 20 km there and back to 丙村, 40 km to 乙村 over 甲村; 200 yuan and 60 km, seven days.
    assert answer.cost_yuan == pytest.approx(7 * 260)
    assert {drive.distance_km for _, drive in answer.drives} == {60}


def test_what_waits_grows_with_the_days_since_the_last_visit():
    answer = week(needs(A))
    loads = {drive.weekday: drive.stops[0].parcels for _, drive in answer.drives}
    # Half a parcel a person and week, four hundred people: 200 / 7 a day.
    for day, gap in zip(answer.patterns[A], gaps_of(answer.patterns[A]), strict=True):
        assert loads[day] == pytest.approx(gap * 200 / 7)


def test_every_answer_passes_the_engine_s_checker():
    answer = week(needs(A, B, C))
    for own in answer.answers:
        assert check_solution(own.week.problem, own.solution)[1] == ()


def test_arrivals_follow_the_departure_at_nine():
    assert {stop.arrive_min for _, drive in week(needs(A)).drives for stop in drive.stops} == {560}


def test_no_vehicle_drives_twice_on_a_day_and_none_longer_than_a_shift():
    answer = week(needs(A, B, C, visits=5), vehicles=[{**VANS[0], "capacity_parcels": 120}])
    assert set(Counter((drive.weekday, drive.vehicle) for _, drive in answer.drives).values()) == {1}
    assert all(drive.duration_min <= 480 for _, drive in answer.drives)


def test_a_village_with_more_than_a_vanful_is_visited_by_several():
    crowded = [{**row, "population": 20000} if row["code"] == A else row for row in DIVISIONS]
    answer = week(needs(A, visits=7), divisions=crowded)
    assert min(visits(answer).values()) > 1
    assert answer.missing == {}


def test_without_vans_the_promise_is_missed_by_as_little_as_can_be():
    levers = {**OWN_VANS_ONLY, "hired": {"most_per_depot": 0}, "rounds": {"shift_min": 70}}
    answer = week(needs(A, C, visits=6), levers, vehicles=[VANS[0]])
    # One van of 70 minutes reaches one of the two villages, 40 minutes there and back, on each of seven days.
    assert sum(visits(answer).values()) == 7
    assert sum(answer.missing.values()) == 2 * 6 - 7


def test_an_island_without_ferry_is_missing_with_its_reason():
    answer = week(needs(A, ISLE))
    assert set(answer.patterns) == {A}
    assert answer.missing == {ISLE: 3}
    assert "没有道路从网点通达" in answer.remote.why[ISLE]


def test_a_ferry_without_timetable_is_taken_as_the_road_register_says():
    answer = week(needs(ISLE), roads=[road("F1", TOWN, ISLE, 25.0, 60.0, kind="ferry")])
    assert len(answer.patterns[ISLE]) == 3
    assert any("须与航班核对" in said for said in answer.remote.assumptions)


def test_a_boat_is_used_on_its_days_only():
    boat = [*trip("F1", (TOWN, 600), (ISLE, 660), days="0101010", mode="ferry")]
    answer = week(needs(ISLE), timetable=boat)
    assert answer.patterns == {ISLE: (2, 4, 6)}
    assert {carry.offer.mode for carry in answer.carries} == {"ferry"}


def test_a_boat_that_is_too_small_leaves_the_island_and_says_so():
    boat = [*trip("F1", (TOWN, 600), (ISLE, 660), days="0101010", mode="ferry", kg=1.0)]
    answer = week(needs(ISLE), timetable=boat)
    assert answer.missing == {ISLE: 3}
    assert "装不下" in answer.remote.why[ISLE]


def test_a_bus_carries_where_it_is_cheaper_than_the_van():
    bus = [*trip("B1", (TOWN, 600), (B, 660), kg=1000.0)]
    levers = {**OWN_VANS_ONLY, "carriage": {"rural_bus": {"yuan_per_parcel": 0.1}}}
    answer = week(needs(B), levers, timetable=bus)
    assert {carry.offer.line for carry in answer.carries} == {"B1"}
    assert answer.drives == ()


def test_a_bus_never_carries_more_than_it_has_room_for():
    bus = [*trip("B1", (TOWN, 600), (A, 630), (B, 660), kg=100.0)]
    levers = {**OWN_VANS_ONLY, "carriage": {"rural_bus": {"yuan_per_parcel": 0.1}}}
    answer = week(needs(A, B, visits=6), levers, timetable=bus)
    carried = Counter()
    for carry in answer.carries:
        carried[carry.weekday] += carry.parcels
    assert all(parcels * 1.1 <= 100.0 + 1e-6 for parcels in carried.values())


def test_a_bus_past_midnight_is_used_and_a_faulty_one_is_a_finding():
    late = trip("B1", (TOWN, 1430), (B, 1500))
    wrong = trip("B2", (TOWN, 700), (B, 600))
    answer = week(needs(B), timetable=[*late, *wrong])
    assert [finding.code for finding in answer.findings] == ["territory.unusable_trip"]
    assert answer.missing == {}


def test_a_drone_flies_where_no_boat_sails():
    # Fifty parcels a week for a hundred people: nine flights of three parcels after a gap of three days.
    drone = {**VANS[0], "vehicle_id": "D1", "kind": "drone", "capacity_parcels": 3, "capacity_kg": 5.0}
    levers = {**OWN_VANS_ONLY, "drone": {"flights_per_day": 9}}
    answer = week(needs(ISLE), levers, vehicles=[*VANS, drone])
    assert {carry.offer.mode for carry in answer.carries} == {"drone"}, answer.remote.why
    # Three visits are promised; with four days of which four in five can be flown they are made.
    assert len(answer.patterns[ISLE]) == 4


def test_a_village_without_coordinates_and_road_is_missing_and_the_rest_is_planned():
    unplaced = [{**row, "lon": None, "lat": None} if row["code"] == C else row for row in DIVISIONS]
    answer = week(needs(A, C), divisions=unplaced, roads=[road("R1", TOWN, A, 10.0, 20.0)])
    assert set(answer.patterns) == {A}
    assert set(answer.missing) == {C}


def test_a_village_outside_any_town_is_missing():
    rows = [row for row in DIVISIONS if row["level"] == "village"]
    assert "找不到所属乡镇" in week(needs(A), divisions=rows).remote.why[A]


def test_a_town_without_outlet_starts_from_its_seat():
    answer = week(needs(A), outlets=[], vehicles=[])
    assert {depot.name for depot, _ in answer.drives} == {"东镇中心"}
    assert all(drive.vehicle.startswith("增租车辆东镇") for _, drive in answer.drives)


def test_the_same_inputs_give_the_same_week():
    one, other = week(needs(A, B, C)), week(needs(C, B, A))
    assert (one.cost_yuan, one.patterns) == (other.cost_yuan, other.patterns)
    assert [drive for _, drive in one.drives] == [drive for _, drive in other.drives]


def test_a_closed_road_is_not_driven():
    levers = {**OWN_VANS_ONLY, "rounds": {"available_share": 1.0, "closed_roads": ["R1"]}}
    far = [{**row, "island": "甲岛"} if row["code"] in (A, B) else row for row in DIVISIONS]
    answer = week(needs(A, C), levers, divisions=far)
    assert set(answer.patterns) == {C}
