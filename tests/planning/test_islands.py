"""Islands: boats on their days and with their room, drones on the days that can be flown."""

from collections import defaultdict

import pytest

from tests.planning.county import DIVISIONS, ISLE, OWN_VANS_ONLY, TOWN, VANS
from tests.planning.test_weekly import needs, trip, week
from tests.territory.ground import division

REEF = "339900101205"
TWO_ISLANDS = (
    *DIVISIONS,
    division(REEF, "礁村", "village", "administrative_village", (120.4, 29.0), population=100, island="礁岛"),
)
DRONE = {**VANS[0], "vehicle_id": "D1", "kind": "drone", "capacity_parcels": 3, "capacity_kg": 5.0}


def by_drone(**levers):
    return week(needs(ISLE), {**OWN_VANS_ONLY, "drone": {"flights_per_day": 9, **levers}}, vehicles=[*VANS, DRONE])


def test_boats_sail_on_their_days_and_never_carry_more_than_their_room():
    # Monday, Wednesday and Friday a boat to both islands; each of them gets some 50 parcels (55 kg) a week.
    boat = trip("F1", (TOWN, 600), (ISLE, 660), (REEF, 720), days="1010100", mode="ferry", kg=30.0)
    answer = week(needs(ISLE, REEF), divisions=TWO_ISLANDS, timetable=boat)
    load = defaultdict(float)
    for carry in answer.carries:
        assert (carry.offer.mode, carry.offer.line) == ("ferry", "F1")
        load[carry.weekday] += carry.parcels * 1.1
    assert set(load) <= {1, 3, 5}
    assert max(load.values()) <= 30.0 + 1e-6
    short = [village for village in (ISLE, REEF) if len(answer.patterns.get(village, ())) < 3]
    assert set(short) == set(answer.missing)
    assert all(answer.remote.why[village] for village in short)


def test_a_drone_is_planned_on_more_days_so_that_the_promise_holds_when_some_cannot_be_flown():
    answer = by_drone(weather_share=0.75)
    # Three visits promised; on four days planned three can be flown on average.
    assert (len(answer.patterns[ISLE]), answer.missing) == (4, {})
    assert len(by_drone(weather_share=1.0).patterns[ISLE]) == 3


def test_where_even_every_day_is_not_enough_a_boat_in_reserve_is_asked_for():
    answer = by_drone(weather_share=0.3)
    assert (len(answer.patterns[ISLE]), answer.missing) == (7, {ISLE: 1})
    assert "不能飞的日子要另备船只" in answer.remote.why[ISLE]


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_on_average_as_many_days_are_flown_as_promised(share):
    answer = by_drone(weather_share=share)
    assert len(answer.patterns[ISLE]) * share + sum(answer.missing.values()) >= 3
