"""Parcels on buses and ferries: hand-made weeks, a path model as reference, and the checker's own rules."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.optimise.carriage.check import check_carriage
from posthouse.optimise.carriage.problem import (
    DAY_MIN,
    WEEK_MIN,
    CarriageProblem,
    Consignment,
    Service,
    Stop,
    may_hand_over,
)
from posthouse.optimise.carriage.solve import solve_carriage
from posthouse.vocabulary.errors import UnusableInputError

TOWN, PORT, ISLAND = range(3)
STOPS = (Stop(id="镇"), Stop(id="港", change_min=20, handling_yuan=0.2), Stop(id="岛", hand_over=(420, 1140)))
BUS = Service(id="bus", calls=((TOWN, 480, 480), (PORT, 530, 530)), days=(0, 1, 2, 3, 4), room=50, fare_yuan=0.5)
BOAT = Service(
    id="boat", calls=((PORT, 600, 600), (ISLAND, 660, 660)), days=(1, 3), room=30, fare_yuan=1.0, cut_off_min=30
)


def parcels(name: str, day: int, number: float, **changes) -> Consignment:
    """Parcels for the island, ready in town at seven o'clock of a day, due within three days."""
    ready = day * DAY_MIN + 420
    due = changes.pop("due_min", ready + 3 * DAY_MIN)
    values = {"origin": TOWN, "destination": ISLAND, "ready_min": ready, "due_min": due, "parcels": number}
    return Consignment(id=name, **{**values, **changes})


WEEK = CarriageProblem(stops=STOPS, services=(BUS, BOAT), consignments=(parcels("Mon", 0, 20), parcels("Wed", 2, 40)))


def test_parcels_change_from_bus_to_boat_on_the_days_it_sails():
    solution = solve_carriage(WEEK)
    assert solution.served_days(0) == {1}
    assert solution.served_days(1) == {3}
    assert solution.carried == pytest.approx(50)
    assert solution.yuan_per_parcel == pytest.approx(1.7)
    assert check_carriage(WEEK, solution) == ()


def test_what_the_boat_has_no_room_for_is_left_over_with_the_worth_of_room():
    solution = solve_carriage(WEEK)
    assert [(left.consignment, left.reason) for left in solution.left_over] == [(1, "no_room")]
    assert solution.left_over[0].parcels == pytest.approx(10)
    assert solution.full == {(1, 3, 0): math.inf}
    priced = replace(WEEK, consignments=(WEEK.consignments[0], replace(WEEK.consignments[1], outside_yuan=6.0)))
    assert solve_carriage(priced).full == pytest.approx({(1, 3, 0): 6 - 1.7})


def test_a_cut_off_missed_by_a_minute_leaves_no_connection():
    late = replace(WEEK, services=(BUS, replace(BOAT, cut_off_min=51)))
    assert solve_carriage(late).served_days(0) == {1}  # Monday's bus still makes Tuesday's boat
    same_day = replace(late, consignments=(parcels("Tue", 1, 5, due_min=2 * DAY_MIN),))
    assert solve_carriage(same_day).left_over[0].reason == "no_connection"


def test_parcels_may_not_change_where_nothing_may_wait():
    strict = replace(WEEK, stops=(STOPS[0], replace(STOPS[1], change_min=None), STOPS[2]))
    assert {left.reason for left in solve_carriage(strict).left_over} == {"no_connection"}


def test_an_arrival_when_nobody_takes_over_does_not_count():
    closed = replace(WEEK, stops=(*STOPS[:2], replace(STOPS[2], hand_over=(420, 650))))
    assert solve_carriage(closed).carried == 0
    assert may_hand_over(replace(STOPS[2], hand_over=(1380, 60)), DAY_MIN + 30)


def test_a_dearer_ride_is_declined_for_the_outside_price():
    cheap = replace(WEEK, consignments=(replace(WEEK.consignments[0], outside_yuan=1.5),))
    solution = solve_carriage(cheap)
    assert solution.left_over[0].reason == "dearer"
    assert solution.objective == pytest.approx(30)
    assert check_carriage(cheap, solution) == ()


def test_a_boat_past_midnight_of_sunday_arrives_on_monday():
    night = Service(id="night", calls=((PORT, 1380, 1380), (ISLAND, 1500, 1500)), days=(6,), room=9, fare_yuan=1)
    stops = (STOPS[0], STOPS[1], replace(STOPS[2], hand_over=(0, 1440)))
    sunday = Consignment(
        id="Sun", origin=PORT, destination=ISLAND, ready_min=6 * DAY_MIN, due_min=8 * DAY_MIN, parcels=5
    )
    problem = CarriageProblem(stops=stops, services=(night,), consignments=(sunday,))
    solution = solve_carriage(problem)
    assert solution.served_days(0) == {0}
    assert solution.movements[0].rides[0].day == 6
    assert check_carriage(problem, solution) == ()


def test_possible_days_ignore_room_and_a_price_on_delay_brings_parcels_early():
    daily = replace(BOAT, days=(1, 2, 3), room=0)
    problem = replace(WEEK, services=(BUS, daily), consignments=(parcels("Mon", 0, 20),))
    assert solve_carriage(problem).possible_days(0) == {1, 2}  # due on Thursday at seven, before the boat
    hurried = replace(problem, services=(BUS, replace(daily, room=15)), delay_yuan_per_day=0.1)
    solution = solve_carriage(hurried)
    first = [m.parcels for m in solution.movements if m.rides[-1].arrive_min // DAY_MIN == 1]
    assert sum(first) == pytest.approx(15)
    assert check_carriage(hurried, solution) == ()


def test_a_week_without_consignments_costs_nothing():
    solution = solve_carriage(replace(WEEK, consignments=()))
    assert (solution.objective, solution.movements, solution.yuan_per_parcel) == (0, (), None)


def random_problem(seed: int) -> CarriageProblem:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    stops = tuple(
        Stop(
            id=f"s{at}",
            change_min=int(rng.integers(1, 4)) * 30 if rng.random() < 0.7 else None,
            handling_yuan=float(rng.integers(0, 3)),
            hand_over=(int(rng.integers(0, 12)) * 60, int(rng.integers(12, 25)) * 60),
        )
        for at in range(n)
    )
    services = []
    for number in range(int(rng.integers(1, 5))):
        order = rng.permutation(n)[: rng.integers(2, n + 1)].tolist()
        times = np.cumsum(rng.integers(1, 12, 2 * len(order)) * 30).reshape(-1, 2)
        calls = tuple((stop, int(a), int(d)) for stop, (a, d) in zip(order, times, strict=True))
        days = tuple(np.flatnonzero(rng.random(7) < 0.3).tolist())
        room = float(rng.integers(1, 15)) if rng.random() < 0.8 else math.inf
        fare = float(rng.integers(1, 6))
        services.append(Service(id=f"b{number}", calls=calls, days=days, room=room, fare_yuan=fare, cut_off_min=30))
    consignments = []
    for number in range(int(rng.integers(1, 5))):
        origin, destination = rng.permutation(n)[:2].tolist()
        ready = int(rng.integers(0, 7)) * DAY_MIN + 360
        consignments.append(
            Consignment(
                id=f"c{number}",
                origin=origin,
                destination=destination,
                ready_min=ready,
                due_min=ready + int(rng.integers(1, 4)) * DAY_MIN,
                parcels=float(rng.integers(1, 20)),
                outside_yuan=float(rng.integers(2, 20)),
            )
        )
    return CarriageProblem(
        stops=stops,
        services=tuple(services),
        consignments=tuple(consignments),
        delay_yuan_per_day=float(rng.integers(0, 2)),
    )


def all_ways(problem: CarriageProblem, index: int) -> list[tuple[float, list[tuple[int, int, int]]]]:
    """Every way of a consignment: its cost per parcel and the legs whose room it takes."""
    consignment, found = problem.consignments[index], []

    def go(stop: int, now: int, cost: float, legs: list[tuple[int, int, int]], first: bool) -> None:
        place = problem.stops[stop]
        if not first and stop == consignment.destination and may_hand_over(place, now) and now <= consignment.due_min:
            days = (now - consignment.ready_min) / DAY_MIN
            found.append((cost + problem.delay_yuan_per_day * days, legs))
        if not first and place.change_min is None:
            return
        free, handling = (now, 0.0) if first else (now + place.change_min, place.handling_yuan)
        for number, service in enumerate(problem.services):
            for day in service.days:
                for base in (day * DAY_MIN, day * DAY_MIN + WEEK_MIN):
                    for call, (at, _, depart) in enumerate(service.calls):
                        if at != stop or free + service.cut_off_min > base + depart:
                            continue
                        taken = list(legs)
                        for after in range(call + 1, len(service.calls)):
                            to, arrive, _ = service.calls[after]
                            taken = [*taken, (number, day, after - 1)]
                            if base + arrive <= consignment.due_min and len(taken) < 7:
                                go(to, base + arrive, cost + service.fare_yuan + handling, taken, False)

    go(consignment.origin, consignment.ready_min, 0.0, [], True)
    return found


def path_model(problem: CarriageProblem) -> float:
    from scipy.optimize import linprog

    columns = [
        (index, cost, legs) for index in range(len(problem.consignments)) for cost, legs in all_ways(problem, index)
    ]
    columns += [(index, consignment.outside_yuan, []) for index, consignment in enumerate(problem.consignments)]
    legs = sorted({leg for _, _, taken in columns for leg in taken if math.isfinite(problem.services[leg[0]].room)})
    room = np.array([[taken.count(leg) for _, _, taken in columns] for leg in legs]).reshape(len(legs), len(columns))
    whole = np.array([[index == at for index, _, _ in columns] for at in range(len(problem.consignments))])
    return linprog(
        [cost for _, cost, _ in columns],
        A_ub=room if legs else None,
        b_ub=[problem.services[leg[0]].room for leg in legs] if legs else None,
        A_eq=whole,
        b_eq=[consignment.parcels for consignment in problem.consignments],
    ).fun


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6))
def test_random_weeks_cost_as_much_as_the_model_over_all_ways(seed):
    problem = random_problem(seed)
    solution = solve_carriage(problem)
    assert check_carriage(problem, solution) == ()
    assert solution.objective == pytest.approx(path_model(problem), abs=1e-6)
    assert solution.bound == pytest.approx(solution.objective, abs=1e-6)


def test_the_answer_does_not_depend_on_the_run():
    assert solve_carriage(WEEK).movements == solve_carriage(WEEK).movements


def test_the_checker_finds_overload_haste_and_lost_parcels():
    solution = solve_carriage(WEEK)
    assert check_carriage(replace(WEEK, services=(BUS, replace(BOAT, room=25))), solution)
    assert check_carriage(replace(WEEK, services=(BUS, replace(BOAT, cut_off_min=600, days=(1, 3)))), solution) == ()
    assert check_carriage(replace(WEEK, stops=(STOPS[0], replace(STOPS[1], change_min=None), STOPS[2])), solution)
    assert check_carriage(replace(WEEK, services=(replace(BUS, days=(2,)), BOAT)), solution)
    assert check_carriage(WEEK, replace(solution, left_over=()))
    assert check_carriage(WEEK, replace(solution, carried_yuan=1.0))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"services": (replace(BUS, room=-1),)}, "班次 bus"),
        ({"services": (replace(BUS, days=(7,)),)}, "开行日"),
        ({"services": (replace(BUS, calls=BUS.calls[:1]),)}, "至少应有两个停靠站"),
        ({"services": (replace(BUS, calls=((TOWN, 480, 480), (PORT, 470, 490))),)}, "依次不减"),
        ({"services": (replace(BUS, calls=((TOWN, 480, 480), (9, 490, 490))),)}, "实际为 9"),
        ({"consignments": (parcels("x", 0, -4),)}, "票 x"),
        ({"consignments": (parcels("x", 0, 4, destination=TOWN),)}, "不同的两个"),
        ({"consignments": (parcels("x", 7, 4),)}, "备妥时刻"),
        ({"consignments": (parcels("x", 0, 4, due_min=9 * DAY_MIN),)}, "一周之内"),
        ({"stops": (replace(STOPS[0], handling_yuan=-1.0), *STOPS[1:])}, "站点 镇"),
        ({"stops": (replace(STOPS[0], hand_over=(0, 2000)), *STOPS[1:])}, "交接时段"),
        ({"delay_yuan_per_day": -1.0}, "滞留费用"),
    ],
)
def test_unusable_input_is_refused_with_its_place(changes, says):
    with pytest.raises(UnusableInputError, match=says):
        replace(WEEK, **changes)


def test_too_short_a_time_is_said(monkeypatch):
    monkeypatch.setattr("posthouse.optimise.carriage.solve.minimise", lambda cost, rows, seconds: None)
    with pytest.raises(UnusableInputError, match="求解时限"):
        solve_carriage(WEEK, seconds=0.1)
