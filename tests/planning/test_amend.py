"""A plan that is changed: what a lost vehicle, a closed road or a smaller bus touches, and nothing else."""

from collections import Counter
from itertools import pairwise

import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.planning.depots import Need
from posthouse.planning.effort import Effort
from posthouse.planning.previous import previous_of
from posthouse.planning.weekly import plan_week
from tests.planning.county import COUNTY, OPERATORS, OUTLETS, OWN_VANS_ONLY, VANS, ground
from tests.planning.test_weekly import trip
from tests.territory.ground import division, road

# Two towns; from each a road of four villages to the north and one to the south, 4 km apart, and a way round.
TOWNS = ("339900101000", "339900102000")
VILLAGES = [f"{town[:9]}{200 + number}" for town in TOWNS for number in range(1, 9)]
BUS_VILLAGE = VILLAGES[3]


def position(code):
    town = TOWNS.index(code[:9] + "000")
    number = int(code[9:]) - 200
    north = number if number <= 4 else 4 - number
    return (120.0 + town, 29.0 + (0 if number < 0 else north) * 0.04)


DIVISIONS = (
    division(COUNTY, "云县", "county", "county"),
    *(division(town, f"镇{town[7:9]}", "town", "town", position(town)) for town in TOWNS),
    *(division(v, f"村{v[7:]}", "village", "administrative_village", position(v), population=600) for v in VILLAGES),
)


def roads():
    made = []
    for town in TOWNS:
        own = [v for v in VILLAGES if v[:9] == town[:9]]
        for name, arm in (("N", own[:4]), ("S", own[4:])):
            way = [town, *arm]
            made += [
                road(f"{town[7:9]}{name}{number}", a, b, 4.0, 6.0)
                for number, (a, b) in enumerate(pairwise(way), start=1)
            ]
            made.append(road(f"{town[7:9]}{name}5", town, arm[-1], 30.0, 40.0))
    return made


OUTLETS_OF = [{**OUTLETS[0], "outlet_id": f"W{number}", "division": town} for number, town in enumerate(TOWNS, start=1)]
FLEET = [
    {**VANS[0], "vehicle_id": f"V{town}{number}", "outlet_id": f"W{town}", "capacity_parcels": 500}
    for town in (1, 2)
    for number in (1, 2, 3)
]
BUS = trip("B1", (TOWNS[0], 600), (BUS_VILLAGE, 660), kg=250.0)


def week(previous=None, **levers):
    carriage = {"rural_bus": {"yuan_per_parcel": 0.01, "yuan_per_visit": 1.0, **levers.pop("bus", {})}}
    rounds = {"available_share": 1.0, **levers}
    own = ground(
        {**OWN_VANS_ONLY, "rounds": rounds, "carriage": carriage},
        divisions=DIVISIONS,
        roads=roads(),
        operators=OPERATORS,
        outlets=OUTLETS_OF,
        vehicles=FLEET,
        timetable=BUS,
    )
    needs = [Need(village=village, visits=5) for village in VILLAGES]
    return plan_week(needs, own, Effort(seconds=1.0), seed=1, previous=previous)


@pytest.fixture(scope="module")
def before():
    return week()


def rounds_of(answer):
    return {(d.code, r.weekday, r.vehicle, tuple(stop.village for stop in r.stops)) for d, r in answer.drives}


def is_kept(answer):
    assert answer.missing == {}
    for own in answer.answers:
        assert check_solution(own.week.problem, own.solution)[1] == ()
    return True


def test_a_lost_vehicle_s_rounds_go_to_a_free_one_and_nothing_else_changes(before):
    used = Counter(drive.vehicle for _, drive in before.drives)
    lost = max(sorted(used), key=used.__getitem__)
    after = week(previous_of(before.answers), lost_vehicles=[lost])
    assert is_kept(after)
    gone = rounds_of(before) - rounds_of(after)
    assert {vehicle for _, _, vehicle, _ in gone} == {lost}
    assert after.patterns == before.patterns
    assert {(code, day, way) for code, day, _, way in rounds_of(after)} == {
        (code, day, way) for code, day, _, way in rounds_of(before)
    }


def test_without_a_free_vehicle_the_other_town_stays_as_it_is(before):
    town = TOWNS[1]
    lost = ["V21", "V22"]
    after = week(previous_of(before.answers), lost_vehicles=lost)
    assert is_kept(after)
    changed = rounds_of(before) ^ rounds_of(after)
    assert {code for code, _, _, _ in changed} <= {town}
    assert not {drive.vehicle for _, drive in after.drives} & set(lost)


def test_a_closed_road_changes_only_rounds_that_used_it(before):
    closed = "01N2"
    behind = set(VILLAGES[1:4])
    after = week(previous_of(before.answers), closed_roads=[closed])
    assert is_kept(after)
    gone = rounds_of(before) - rounds_of(after)
    assert all(behind & set(way) for _, _, _, way in gone)
    assert after.patterns == before.patterns
    ways = {(code, day, way) for code, day, _, way in rounds_of(after)}
    assert {(code, day, way) for code, day, _, way in rounds_of(before) if not behind & set(way)} <= ways


def test_half_the_room_on_a_bus_changes_only_what_it_carried(before):
    rode = {(carry.village, carry.weekday) for carry in before.carries}
    assert rode
    after = week(previous_of(before.answers), bus={"room_share": 0.1})
    assert is_kept(after)
    assert {(carry.village, carry.weekday) for carry in after.carries} < rode
    assert after.patterns == before.patterns
    days = {day for _, day in rode}
    assert all(code == TOWNS[0] and day in days for code, day, _, _ in rounds_of(before) - rounds_of(after))


def test_nothing_changes_where_nothing_must(before):
    after = week(previous_of(before.answers))
    assert rounds_of(after) == rounds_of(before)
    assert after.cost_yuan == pytest.approx(before.cost_yuan)
