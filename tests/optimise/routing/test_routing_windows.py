"""Time windows and hours of vehicles: timetables a reader can follow, and least costs against trying everything."""

import dataclasses

import numpy as np
import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
from posthouse.optimise.routing.schedule import schedule_route
from posthouse.optimise.routing.solution import Route, Solution, Status
from posthouse.optimise.routing.solve import solve_routing
from posthouse.vocabulary.errors import UnusableInputError
from tests.optimise.routing.exhaustive import cheapest_cost
from tests.optimise.routing.test_routing_solve import assert_cheapest, random_problem

LINE = np.abs(np.subtract.outer([1.0, 2.0, 0.0], [1.0, 2.0, 0.0]))  # customers at km 1 and 2, the depot at 0
BOTH = Solution(routes=(Route(slot=0, vehicle_class=0, customers=(0, 1)),), options=(0, 1))


def two_customers(windows, **vehicle):
    van = VehicleClass(capacity=(10.0,), **vehicle)
    return make_periodic_problem(
        LINE,
        options=[[[0]], [[0]]],
        demand=[1, 1],
        service=[1, 1],
        slots=[(0, 0)],
        fleet=[(van, 1)],
        windows=windows,
    )


def broken(problem, solution=BOTH):
    return {violation.limit for violation in check_solution(problem, solution)[1]}


def test_a_route_leaves_so_late_that_it_does_not_wait():
    times = schedule_route(two_customers([(0, 99), (10, 20)]), BOTH.routes[0], (0, 1))
    assert (times.leaves, times.starts, times.returns, times.duration) == (7.0, (8.0, 10.0), 13.0, 6.0)


def test_a_route_waits_where_an_early_visit_must_come_first():
    times = schedule_route(two_customers([(0, 3), (10, 20)]), BOTH.routes[0], (0, 1))
    assert (times.leaves, times.starts, times.returns, times.duration) == (2.0, (3.0, 10.0), 13.0, 11.0)


def test_waiting_is_paid_by_the_hour():
    problem = two_customers([(0, 3), (10, 20)], cost_per_duration=0.5)
    assert check_solution(problem, BOTH)[0] == pytest.approx(4 + 0.5 * 11)


def test_a_late_visit_a_late_return_and_a_long_wait_are_named():
    assert broken(two_customers([(0, 99), (0, 2)])) == {"window"}
    assert broken(two_customers([(0, 99), (10, 20)], hours=(0.0, 12.0))) == {"hours"}
    assert broken(two_customers([(0, 3), (10, 20)], max_duration=10.0)) == {"duration"}
    assert not broken(two_customers([(0, 3), (10, 20)], max_duration=11.0, hours=(2.0, 13.0)))


@pytest.mark.parametrize("seed", range(6))
def test_windows_hours_and_paid_waiting_are_kept_at_least_cost(seed):
    rng = np.random.default_rng(seed)
    vehicle = VehicleClass(
        capacity=(14.0,), max_duration=90.0, cost_per_duration=0.3 * (seed % 2), fixed_cost=5.0, hours=(5.0, 120.0)
    )
    problem = random_problem(seed, vehicle=vehicle)
    opens = rng.integers(0, 60, size=len(problem.visit_slot)).astype(float)
    windows = np.column_stack([opens, opens + rng.integers(10, 50, size=len(opens))])
    assert_cheapest(dataclasses.replace(problem, visit_window=windows))


@pytest.mark.parametrize("seed", range(3))
def test_windows_that_never_bind_change_nothing(seed):
    problem = random_problem(seed, vehicle=VehicleClass(capacity=(12.0,), max_duration=70.0))
    wide = np.tile([0.0, 1e6], (len(problem.visit_slot), 1))
    assert cheapest_cost(dataclasses.replace(problem, visit_window=wide)) == pytest.approx(cheapest_cost(problem))
    result = solve_routing(dataclasses.replace(problem, visit_window=wide), seed=1, iterations=10_000)
    assert result.objective == pytest.approx(cheapest_cost(problem))


def test_a_larger_day_with_windows_keeps_them_and_its_cost_adds_up():
    rng = np.random.default_rng(5)
    places = rng.uniform(0, 60, size=(41, 2))
    distance = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    opens = rng.uniform(0, 200, size=40)
    problem = make_periodic_problem(
        distance,
        options=[[[0], [1]]] * 40,
        demand=[1] * 40,
        service=[5] * 40,
        slots=[(0, 0), (0, 1)],
        fleet=[(VehicleClass(capacity=(12.0,), cost_per_duration=0.2, hours=(0.0, 400.0)), 4)] * 2,
        windows=[(a, a + 80) for a in opens],
    )
    result = solve_routing(problem, seed=1, iterations=20_000)
    assert result.status is Status.FEASIBLE


def test_a_window_no_vehicle_reaches_is_named_before_the_search():
    with pytest.raises(UnusableInputError, match="时间窗"):
        solve_routing(two_customers([(0, 99), (0, 1)]), seed=1, iterations=10)
