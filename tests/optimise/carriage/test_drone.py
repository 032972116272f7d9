from dataclasses import replace

import pytest

from posthouse.optimise.carriage.check import check_carriage
from posthouse.optimise.carriage.drone import Drone, drone_services
from posthouse.optimise.carriage.problem import DAY_MIN, CarriageProblem, Consignment, Stop
from posthouse.optimise.carriage.solve import solve_carriage
from posthouse.vocabulary.errors import UnusableInputError

HOME, NEAR, FAR = range(3)
DRONE = Drone(
    id="d",
    payload=10,
    range_km=40,
    speed_kmh=60,
    weather_share=0.8,
    flights_per_day=4,
    yuan_per_flight=20,
    yuan_per_km=0.5,
    days=(0, 2, 4),
)


def test_range_hours_and_weather_say_why_no_flight_is_possible():
    assert DRONE.cannot_fly(20.0) == ""
    assert DRONE.cannot_fly(20.1) == "range"
    assert replace(DRONE, to_min=500).cannot_fly(20.0) == "hours"
    assert replace(DRONE, weather_share=0).cannot_fly(20.0) == "weather"


def test_flights_alternate_between_the_islands_in_reach_and_carry_what_weather_leaves():
    flights = drone_services(DRONE, HOME, [(NEAR, 10.0), (FAR, 30.0)])
    # 10 minutes there and back, 10 at either end: a flight every 40 minutes from eight o'clock.
    assert [f.calls for f in flights] == [
        ((HOME, 480 + 40 * n, 480 + 40 * n), (NEAR, 490 + 40 * n, 490 + 40 * n)) for n in range(4)
    ]
    assert {f.room for f in flights} == {8.0}
    assert {f.fare_yuan for f in flights} == {3.0}  # (20 + 20 km x 0.5) / 10
    assert DRONE.expected_days() == pytest.approx(2.4)


def test_a_short_day_allows_fewer_flights():
    assert len(drone_services(replace(DRONE, to_min=570), HOME, [(NEAR, 10.0)])) == 2


def test_parcels_for_a_drone_island_are_carried_up_to_its_room_and_priced():
    problem = CarriageProblem(
        stops=(Stop(id="镇"), Stop(id="近岛"), Stop(id="远岛")),
        services=drone_services(replace(DRONE, flights_per_day=1), HOME, [(NEAR, 10.0)]),
        consignments=(
            Consignment(id="近", origin=HOME, destination=NEAR, ready_min=420, due_min=420 + DAY_MIN, parcels=12),
            Consignment(id="远", origin=HOME, destination=FAR, ready_min=420, due_min=420 + DAY_MIN, parcels=1),
        ),
    )
    solution = solve_carriage(problem)
    assert solution.carried == pytest.approx(8)
    assert solution.yuan_by_consignment(problem) == pytest.approx({0: 3.0})
    assert [left.reason for left in solution.left_over] == ["no_room", "no_connection"]
    assert check_carriage(problem, solution) == ()


def test_a_drone_without_range_is_refused():
    with pytest.raises(UnusableInputError, match="航程"):
        replace(DRONE, range_km=0)
