"""Earliest arrivals against a plain time-ordered search, hand-made timetables, and the checker's own rules."""

import heapq
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.optimise.reach.check import check_arrivals, check_journey
from posthouse.optimise.reach.journeys import find_journey
from posthouse.optimise.reach.problem import DAY_S, WEEK_S, Timetable, Trip, Walk, build_timetable
from posthouse.optimise.reach.solution import NEVER
from posthouse.optimise.reach.solve import solve_arrivals, solve_profile
from posthouse.vocabulary.errors import UnusableInputError

HOUR = 3600


def trip(name: str, days: tuple[int, ...], *calls: tuple[int, float, float]) -> Trip:
    """Calls in hours of the service day."""
    return Trip(id=name, calls=tuple((s, round(a * HOUR), round(d * HOUR)) for s, a, d in calls), days=days)


# Pier 0 - island 1 - island 2: a morning boat on weekdays, and on to the outer island on Tuesday and Sunday night.
PIER, NEAR, FAR = range(3)
BOATS = build_timetable(
    ("码头", "近岛", "远岛"),
    [
        trip("morning", (0, 1, 2, 3, 4), (PIER, 8, 8), (NEAR, 9, 9)),
        trip("outer", (1,), (NEAR, 9.5, 9.5), (FAR, 11, 11)),
        trip("night", (6,), (PIER, 22, 22), (NEAR, 23, 24.5), (FAR, 26, 26)),
    ],
    transfer_s=[0, 1200, 0],
)


def test_the_boat_of_the_day_and_its_connection_are_taken():
    arrivals = solve_arrivals(BOATS, [(PIER, DAY_S + 7 * HOUR)])
    assert arrivals.arrive_s.tolist() == [DAY_S + 7 * HOUR, DAY_S + 9 * HOUR, DAY_S + 11 * HOUR]
    legs = find_journey(arrivals, FAR)
    assert [(leg.trip, leg.service_day) for leg in legs] == [("morning", 1), ("outer", 1)]
    assert check_journey(arrivals, FAR, legs) == ()


def test_too_short_a_change_is_not_taken():
    slow = replace(BOATS, transfer_s=np.array([0, 2400, 0]))
    arrivals = solve_arrivals(slow, [(PIER, DAY_S + 7 * HOUR)])
    assert arrivals.arrive_s[FAR] == WEEK_S + 2 * HOUR  # the Sunday night boat, without a change


def test_a_run_past_midnight_and_past_sunday_keeps_its_service_day():
    arrivals = solve_arrivals(BOATS, [(PIER, 5 * DAY_S)])
    assert arrivals.arrive_s[FAR] == WEEK_S + 2 * HOUR
    legs = find_journey(arrivals, FAR)
    assert [(leg.trip, leg.service_day, leg.depart_s) for leg in legs] == [("night", 6, 6 * DAY_S + 22 * HOUR)]


def test_a_run_that_began_last_week_can_be_boarded_on_monday():
    arrivals = solve_arrivals(BOATS, [(NEAR, 0)])
    assert arrivals.arrive_s[FAR] == 2 * HOUR
    (leg,) = find_journey(arrivals, FAR)
    assert (leg.service_day, leg.depart_s) == (6, HOUR // 2)


def test_the_best_of_several_origins_is_used_and_named():
    arrivals = solve_arrivals(BOATS, [(PIER, DAY_S + 7 * HOUR), (NEAR, DAY_S + 9 * HOUR + 900)])
    assert find_journey(arrivals, FAR)[0].from_stop == NEAR


def test_walks_are_joined_and_count_at_both_ends():
    table = build_timetable(
        ("村", "路口", "站", "镇"),
        [trip("bus", (0,), (2, 8, 8), (3, 9, 9))],
        transfer_s=[0, 0, 0, 0],
        walks=[Walk(from_stop=0, to_stop=1, seconds=600), Walk(from_stop=1, to_stop=2, seconds=300)],
    )
    arrivals = solve_arrivals(table, [(0, 8 * HOUR - 900)])
    assert arrivals.arrive_s.tolist() == [8 * HOUR - 900, 8 * HOUR - 300, 8 * HOUR, 9 * HOUR]
    assert [leg.trip for leg in find_journey(arrivals, 3)] == [None, "bus"]
    assert not solve_arrivals(table, [(0, 8 * HOUR - 899)], horizon_s=DAY_S).reached(3)


def test_stops_out_of_reach_are_never_reached_and_have_no_journey():
    arrivals = solve_arrivals(BOATS, [(FAR, 0)])
    assert arrivals.arrive_s.tolist() == [NEVER, NEVER, 0]
    assert find_journey(arrivals, PIER) is None
    assert find_journey(arrivals, FAR) == ()


def test_the_profile_of_the_week_lists_only_departures_worth_choosing():
    profile = solve_profile(BOATS, PIER)
    assert profile.towards(FAR) == ((DAY_S + 8 * HOUR, DAY_S + 11 * HOUR), (6 * DAY_S + 22 * HOUR, WEEK_S + 2 * HOUR))
    assert len(profile.towards(NEAR)) == 6


def test_a_chain_of_runs_in_the_same_minute_is_ridden_through():
    table = build_timetable(
        tuple("abcd"),
        [
            trip("z", (0,), (0, 8, 8), (1, 8, 8)),
            trip("y", (0,), (1, 8, 8), (2, 8, 8)),
            trip("x", (0,), (2, 8, 8), (3, 8, 8)),
        ],
        transfer_s=[0, 0, 0, 0],
    )
    arrivals = solve_arrivals(table, [(0, 0)])
    assert arrivals.arrive_s.tolist() == [0, 8 * HOUR, 8 * HOUR, 8 * HOUR]
    assert check_arrivals(arrivals) == ()


def random_timetable(seed: int) -> Timetable:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 6))
    trips = []
    for number in range(int(rng.integers(1, 7))):
        stops = rng.permutation(n)[: rng.integers(2, n + 1)].tolist()
        times = np.sort(rng.integers(0, 30 * 4, 2 * len(stops)) * 900).reshape(-1, 2)
        days = tuple(np.flatnonzero(rng.random(7) < 0.4).tolist())
        calls = tuple((stop, int(a), int(d)) for stop, (a, d) in zip(stops, times, strict=True))
        trips.append(Trip(id=f"t{number}", calls=calls, days=days))
    walks = [
        Walk(from_stop=int(a), to_stop=int(b), seconds=int(s))
        for a, b, s in zip(rng.integers(0, n, 3), rng.integers(0, n, 3), rng.integers(0, 4, 3) * 900, strict=True)
    ][: rng.integers(0, 4)]
    return build_timetable([f"s{at}" for at in range(n)], trips, rng.integers(0, 3, n) * 900, walks)


def plain_search(table: Timetable, origins: list[tuple[int, int]], horizon_s: int) -> list[int]:
    """Dijkstra over (moment, place, kind): kind 0 arrived by ride or origin, 1 on foot, 2 able to board, or a seat."""
    runs: dict[int, list[int]] = {}
    for at in np.lexsort((table.position, table.run)).tolist():
        runs.setdefault(int(table.run[at]), []).append(at)
    following = {a: b for chain in runs.values() for a, b in pairwise(chain)}
    until = min(moment for _, moment in origins) + horizon_s
    best = [NEVER] * len(table.stops)
    heap = [(moment, 0, stop, kind) for stop, moment in origins for kind in (0, 2)]
    seen = set()

    def ride(connection: int, week: int) -> None:
        heapq.heappush(heap, (int(table.arrive_s[connection]) + week * WEEK_S, 1, connection, week))

    heapq.heapify(heap)
    while heap:
        moment, seated, what, kind = heapq.heappop(heap)
        if (seated, what, kind) in seen:
            continue
        seen.add((seated, what, kind))
        if seated:  # arrives at the end of connection `what` in week `kind`; may stay aboard
            stop = int(table.to_stop[what])
            heapq.heappush(heap, (moment, 0, stop, 0))
            heapq.heappush(heap, (moment + int(table.transfer_s[stop]), 0, stop, 2))
            after = following.get(what)
            if after is not None:
                week = kind + int(table.lap[after] - table.lap[what])
                if table.depart_s[after] + week * WEEK_S <= until:
                    ride(after, week)
            continue
        best[what] = min(best[what], moment) if kind != 2 else best[what]
        if kind == 0:
            for at in range(table.walk_start[what], table.walk_start[what + 1]):
                to, there = int(table.walk_to[at]), moment + int(table.walk_s[at])
                heapq.heappush(heap, (there, 0, to, 1))
                heapq.heappush(heap, (there, 0, to, 2))
        if kind == 2:
            for at in np.flatnonzero(table.from_stop == what).tolist():
                for week in range(4):
                    if moment <= table.depart_s[at] + week * WEEK_S <= until:
                        ride(at, week)
    return best


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10**6))
def test_random_timetables_give_the_arrivals_of_a_plain_search(seed):
    table = random_timetable(seed)
    rng = np.random.default_rng(seed + 1)
    moments = rng.integers(0, WEEK_S // 900, 2) * 900
    origins = [(int(rng.integers(len(table.stops))), int(moment)) for moment in moments]
    arrivals = solve_arrivals(table, origins)
    assert arrivals.arrive_s.tolist() == plain_search(table, origins, WEEK_S)
    assert check_arrivals(arrivals) == ()
    for stop in range(len(table.stops)):
        assert check_journey(arrivals, stop, find_journey(arrivals, stop)) == ()


def test_the_checker_finds_a_late_arrival_and_a_journey_too_hasty():
    arrivals = solve_arrivals(BOATS, [(PIER, DAY_S + 7 * HOUR)])
    assert check_arrivals(replace(arrivals, arrive_s=arrivals.arrive_s + 60))
    hasty = replace(arrivals, timetable=replace(BOATS, transfer_s=np.array([0, 2400, 0])))
    assert check_journey(hasty, FAR, find_journey(arrivals, FAR))
    assert check_journey(arrivals, FAR, find_journey(arrivals, FAR)[1:])


@pytest.mark.parametrize(
    ("calls", "days", "says"),
    [
        (((0, 0, 0),), (0,), "至少应有两个停靠站"),
        (((0, 0, 9), (1, 5, 5)), (0,), "依次不减"),
        (((0, 0, 0), (7, 5, 5)), (0,), "3 个站内，实际为 7"),
        (((0, 0, 0), (1, 5, 5)), (7,), "开行日"),
    ],
)
def test_an_unusable_trip_is_named_with_what_is_wrong(calls, days, says):
    with pytest.raises(UnusableInputError, match=says) as caught:
        build_timetable("abc", [Trip(id="K12", calls=calls, days=days)], [0, 0, 0])
    assert "K12" in str(caught.value)


def test_negative_walks_transfers_and_origins_are_refused():
    with pytest.raises(UnusableInputError, match="步行时间"):
        build_timetable("ab", [], [0, 0], [Walk(from_stop=0, to_stop=1, seconds=-1)])
    with pytest.raises(UnusableInputError, match="换乘时间"):
        build_timetable("ab", [], [0, -5])
    with pytest.raises(UnusableInputError, match="出发站"):
        solve_arrivals(BOATS, [(9, 0)])
    with pytest.raises(UnusableInputError, match="至少有一个出发站"):
        solve_arrivals(BOATS, [])


def test_arrivals_over_thousands_of_real_trains_pass_the_checker(shared: Path):
    """6,795 real trains at 187 cities, on Mondays; those with times out of order are left out."""
    trains = json.loads((shared / "data/timetables/rail_cn/trains_city_level.json").read_text(encoding="utf-8"))
    cities = sorted({call["city"] for train in trains.values() for call in train["route"]})
    trips, skipped = [], 0
    for name, train in trains.items():
        calls = [(cities.index(call["city"]), *_moments(call)) for call in train["route"]]
        times = [moment for _, *moments in calls for moment in moments]
        if len(calls) < 2 or times != sorted(times):
            skipped += 1
            continue
        trips.append(Trip(id=name, calls=tuple(calls), days=(0,)))
    assert skipped < 0.05 * len(trains)
    table = build_timetable(cities, trips, [1800] * len(cities))
    arrivals = solve_arrivals(table, [(cities.index("金华"), 8 * HOUR)], horizon_s=2 * DAY_S)
    assert check_arrivals(arrivals) == ()
    harbin = cities.index("哈尔滨")
    assert check_journey(arrivals, harbin, find_journey(arrivals, harbin)) == ()
    assert sum(arrivals.reached(stop) for stop in range(len(cities))) > 150


def _moments(call: dict[str, str]) -> tuple[int, int]:
    """Arrival and departure in seconds; at the ends of a train the missing one is the other."""
    times = [call["arrival"], call["departure"]]
    known = [int(time.split(":")[0]) * HOUR + int(time.split(":")[1]) * 60 for time in times if time != "-"]
    return known[0], known[-1]
