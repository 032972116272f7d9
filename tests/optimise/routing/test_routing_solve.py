"""The solver against trying everything, and its promises: one answer per seed, limits kept, a start respected."""

import contextlib
import dataclasses

import numpy as np
import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.problem import FleetEntry, RoutingProblem, VehicleClass, make_periodic_problem
from posthouse.optimise.routing.solution import Status
from posthouse.optimise.routing.solve import solve_routing
from posthouse.vocabulary.errors import UnusableInputError
from tests.optimise.routing.exhaustive import cheapest_cost


def random_problem(seed: int, *, customers: int = 5, vehicle: VehicleClass | None = None) -> RoutingProblem:
    """Two days; customers want day one, day two, either, or both."""
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 20, size=(customers + 1, 2)).astype(float)
    distance = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    wishes = [[[0]], [[0], [1]], [[0, 1]], [[0], [1], [0, 1]]]
    return make_periodic_problem(
        distance,
        options=[wishes[rng.integers(4)] for _ in range(customers)],
        demand=rng.integers(1, 6, size=customers).tolist(),
        service=rng.integers(0, 4, size=customers).tolist(),
        slots=[(0, 0), (0, 1)],
        fleet=[(vehicle or VehicleClass(capacity=(12.0,)), 2)] * 2,
    )


def assert_cheapest(problem: RoutingProblem) -> None:
    expected = cheapest_cost(problem)
    if expected == float("inf"):
        with contextlib.suppress(UnusableInputError):  # where a single customer is the reason
            assert solve_routing(problem, seed=1, iterations=2_000).status is Status.INFEASIBLE
        return
    result = solve_routing(problem, seed=1, iterations=20_000)
    assert result.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert result.objective == pytest.approx(expected, abs=1e-9)
    assert result.bound <= expected + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_a_small_week_costs_what_trying_everything_finds(seed):
    assert_cheapest(random_problem(seed))


@pytest.mark.parametrize("seed", range(4))
def test_a_longest_duration_is_kept_at_least_cost(seed):
    assert_cheapest(random_problem(seed, vehicle=VehicleClass(capacity=(12.0,), max_duration=70.0)))


@pytest.mark.parametrize("seed", range(4))
def test_price_per_hour_fixed_cost_and_outside_visits_are_weighed_together(seed):
    vehicle = VehicleClass(capacity=(12.0,), cost_per_distance=0.7, cost_per_duration=0.4, fixed_cost=9.0)
    problem = random_problem(seed, vehicle=vehicle)
    rng = np.random.default_rng(seed)
    prices = rng.choice([6.0, 15.0, np.inf], size=len(problem.visit_slot))
    assert_cheapest(dataclasses.replace(problem, visit_outside_price=prices))


@pytest.mark.parametrize("seed", range(4))
def test_unlike_vehicles_with_two_loads_asymmetric_ways_and_permissions(seed):
    problem = random_problem(seed)
    rng = np.random.default_rng(seed)
    visits = len(problem.visit_slot)
    there = problem.distance[0] * rng.uniform(0.8, 1.2, size=problem.distance[0].shape)
    classes = (
        VehicleClass(capacity=(8.0, 40.0), cost_per_distance=1.0, fixed_cost=3.0),
        VehicleClass(
            capacity=(20.0, 60.0), cost_per_distance=1.6, cost_per_duration=0.2, profile=1, duration_factor=1.3
        ),
    )
    allowed = np.ones((problem.customers, 2), dtype=bool)
    allowed[0, 1] = False
    assert_cheapest(
        dataclasses.replace(
            problem,
            distance=np.stack([there, there * 1.1]),
            duration=np.stack([there * 2, there * 3]),
            classes=classes,
            fleet=tuple(FleetEntry(slot=s, vehicle_class=k, count=2) for s in range(2) for k in range(2)),
            visit_demand=np.column_stack([problem.visit_demand[:, 0], rng.uniform(1, 10, size=visits)]),
            allowed=allowed,
        )
    )


@pytest.mark.parametrize("seed", range(3))
def test_two_depots_on_two_days_share_their_customers_at_least_cost(seed):
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 20, size=(6, 2)).astype(float)
    distance = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    slots = [(depot, day) for depot in range(2) for day in range(2)]
    assert_cheapest(
        make_periodic_problem(
            distance,
            options=[[[0], [1], [2], [3]], [[0, 1], [2, 3]], [[0], [3]], [[0, 1], [2, 3], [0, 3]]],
            demand=[3, 4, 5, 2],
            service=[0, 0, 0, 0],
            slots=slots,
            fleet=[(VehicleClass(capacity=(9.0,)), 1)] * 4,
        )
    )


def test_demand_that_depends_on_the_gap_is_counted_per_option():
    # Visited once, the customer has 8 parcels; visited twice, 4 each day. The van takes 6, so twice it must be.
    ways = np.array([[[0.0, 5.0], [5.0, 0.0]]])
    van = VehicleClass(capacity=(6.0,))
    problem = RoutingProblem(
        distance=ways,
        duration=None,
        slot_depot=np.array([0, 0], dtype=np.int32),
        slot_day=np.array([0, 1], dtype=np.int32),
        classes=(van,),
        fleet=(FleetEntry(slot=0, vehicle_class=0, count=1), FleetEntry(slot=1, vehicle_class=0, count=1)),
        option_start=np.array([0, 2], dtype=np.int32),
        visit_start=np.array([0, 1, 3], dtype=np.int32),
        option_price=np.zeros(2),
        visit_slot=np.array([0, 0, 1], dtype=np.int32),
        visit_demand=np.array([[8.0], [4.0], [4.0]]),
        visit_service=np.zeros(3),
        visit_outside_price=np.full(3, np.inf),
    )
    result = solve_routing(problem, seed=1, iterations=2000)
    assert result.solution.options == (1,)
    assert result.objective == 20.0


def test_the_same_seed_and_iterations_give_the_same_routes():
    problem = random_problem(3, customers=12, vehicle=VehicleClass(capacity=(30.0,)))
    first, second = (solve_routing(problem, seed=7, iterations=4000) for _ in range(2))
    assert first.solution == second.solution


def test_a_price_on_change_keeps_last_months_days():
    problem = random_problem(1, customers=5)
    before = solve_routing(problem, seed=1, iterations=2000).solution
    prices = np.full(len(problem.option_price), 1000.0)
    prices[list(before.options)] = 0.0
    farther = dataclasses.replace(problem, distance=problem.distance * 1.5, option_price=prices)
    after = solve_routing(farther, seed=2, iterations=2000, start=before)
    assert after.solution.options == before.options


def test_an_answer_is_never_worse_than_its_start():
    problem = random_problem(1, customers=12, vehicle=VehicleClass(capacity=(30.0,)))
    start = solve_routing(problem, seed=1, iterations=20_000)
    again = solve_routing(problem, seed=2, iterations=1, start=start.solution)
    assert again.objective <= start.objective + 1e-9


def test_the_search_stops_at_its_target():
    problem = random_problem(2)
    result = solve_routing(problem, seed=1, iterations=10**9, seconds=60.0, target=1e9)
    assert result.iterations <= 10_000


def test_progress_reports_a_falling_cost():
    seen = []
    solve_routing(random_problem(2), seed=1, iterations=5000, progress=seen.append)
    assert [p.objective for p in seen] == sorted((p.objective for p in seen), reverse=True)
    assert [p.share for p in seen] == sorted(p.share for p in seen)


def test_too_little_room_is_answered_with_what_is_broken():
    problem = random_problem(0, vehicle=VehicleClass(capacity=(5.0,)))
    result = solve_routing(problem, seed=1, iterations=2000)
    _, violations = check_solution(problem, result.solution)
    assert (result.status is Status.INFEASIBLE) == bool(violations)


def test_a_customer_too_large_for_every_vehicle_is_named():
    problem = dataclasses.replace(random_problem(0), visit_demand=np.full((len(random_problem(0).visit_slot), 1), 99.0))
    with pytest.raises(UnusableInputError, match="99"):
        solve_routing(problem, seed=1, iterations=10)


def test_neither_time_nor_iterations_is_refused():
    with pytest.raises(ValueError, match="neither"):
        solve_routing(random_problem(0), seed=1)
