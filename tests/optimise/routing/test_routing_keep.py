"""Patterns of days, and parts of a plan that are kept: against trying everything, and by the promise they make."""

import dataclasses
from itertools import combinations, pairwise

import numpy as np
import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.keep import keep_days, keep_routes, price_changes
from posthouse.optimise.routing.patterns import gap_demand, gaps_before, make_patterns
from posthouse.optimise.routing.problem import FleetEntry, VehicleClass, make_periodic_problem
from posthouse.optimise.routing.solution import Route, Status
from posthouse.optimise.routing.solve import solve_routing
from posthouse.vocabulary.errors import UnusableInputError
from tests.optimise.routing.exhaustive import cheapest_cost
from tests.optimise.routing.test_routing_solve import assert_cheapest, random_problem


@pytest.mark.parametrize(("days", "visits", "least", "most"), [(7, 3, 2, 3), (6, 2, 2, 6), (5, 5, 1, 1), (14, 3, 4, 6)])
def test_patterns_are_exactly_the_sets_of_days_whose_gaps_keep_the_limits(days, visits, least, most):
    patterns = make_patterns(days, visits, least_gap=least, most_gap=most)
    for some in combinations(range(days), visits):
        twice = [*some, *(day + days for day in some)]
        gaps = [b - a for a, b in pairwise(twice)]
        assert (some in patterns) == all(least <= gap <= most for gap in gaps)


def test_a_single_visit_has_the_whole_period_before_it():
    assert gaps_before((3,), 7) == [7]
    assert gap_demand((0, 3), 7, per_day=2.0) == [8.0, 6.0]


def test_a_spacing_no_week_has_is_refused():
    with pytest.raises(UnusableInputError, match="间隔"):
        make_patterns(7, 4, least_gap=2)


def test_load_that_grows_with_the_gap_is_weighed_at_least_cost():
    patterns = [make_patterns(3, visits) for visits in (1, 2, 3)]
    own = [*patterns[0], *patterns[1], *patterns[2]]
    problem = make_periodic_problem(
        np.abs(np.subtract.outer([3.0, 5.0, 0.0], [3.0, 5.0, 0.0])),
        options=[own, own],
        demand=[[gap_demand(pattern, 3, per_day=rate) for pattern in own] for rate in (1.0, 2.0)],
        service=[0, 0],
        slots=[(0, day) for day in range(3)],
        fleet=[(VehicleClass(capacity=(6.0,)), 1)] * 3,
    )
    # Once a week 3 and 6 parcels: together too many for one van, so apart on two days, or one of them twice.
    assert cheapest_cost(problem) == 16.0
    assert_cheapest(problem)


def test_a_kept_day_stays_and_the_rest_is_at_least_cost():
    problem = random_problem(3)
    free = [c for c in range(5) if problem.option_start[c + 1] - problem.option_start[c] > 1]
    kept = keep_days(problem, [(free[0], 1)])
    assert_cheapest(kept)
    result = solve_routing(kept, seed=1, iterations=5000)
    assert any(route.slot == 1 and free[0] in route.customers for route in result.solution.routes)


def test_a_day_no_option_has_cannot_be_kept():
    problem = make_periodic_problem(
        np.ones((2, 2)),
        options=[[[0]]],
        demand=[1],
        service=[0],
        slots=[(0, 0), (0, 1)],
        fleet=[(VehicleClass(capacity=(1.0,)), 1)] * 2,
    )
    with pytest.raises(UnusableInputError, match="客户 0"):
        keep_days(problem, [(0, 1)])


@pytest.mark.parametrize("seed", range(4))
def test_a_kept_route_is_driven_as_it_is_and_the_rest_at_least_cost(seed):
    problem = random_problem(seed, vehicle=VehicleClass(capacity=(14.0,), max_duration=200.0, fixed_cost=3.0))
    before = solve_routing(problem, seed=1, iterations=2000).solution
    kept = Route(slot=before.routes[-1].slot, vehicle_class=0, customers=before.routes[-1].customers[::-1])
    result = solve_routing(problem, seed=2, iterations=20_000, start=before, keep=[kept])
    assert kept in result.solution.routes
    assert result.status in (Status.FEASIBLE, Status.OPTIMAL)
    rest = keep_routes(problem, [kept])
    alone = dataclasses.replace(result.solution, routes=result.solution.routes[1:])
    assert check_solution(rest, alone)[0] == pytest.approx(cheapest_cost(rest))


def test_a_kept_route_leaves_only_loads_that_fit_it():
    # By gap: once a week 6 parcels, twice 3 each. The kept van has room for 3.
    problem = make_periodic_problem(
        np.array([[0.0, 5.0], [5.0, 0.0]]),
        options=[[[0], [0, 1]]],
        demand=[[[6.0], [3.0, 3.0]]],
        service=[0],
        slots=[(0, 0), (0, 1)],
        fleet=[(VehicleClass(capacity=(3.0,)), 1), (VehicleClass(capacity=(9.0,)), 1)],
    )
    result = solve_routing(problem, seed=1, iterations=500, keep=[Route(slot=0, vehicle_class=0, customers=(0,))])
    assert result.solution.options == (1,)
    assert result.objective == 20.0


def test_more_kept_routes_than_vehicles_are_refused():
    problem = random_problem(0)
    with pytest.raises(UnusableInputError, match="车"):
        keep_routes(problem, [Route(slot=0, vehicle_class=0, customers=())] * 3)


def test_a_price_on_change_is_weighed_against_the_way_saved():
    # Customer 1 was visited on day 1 alone; joining it to day 0 saves 10.
    ways = np.abs(np.subtract.outer([5.0, 5.0, 0.0], [5.0, 5.0, 0.0]))
    van = VehicleClass(capacity=(9.0,))
    problem = make_periodic_problem(
        ways, options=[[[0]], [[0], [1]]], demand=[1, 1], service=[0, 0], slots=[(0, 0), (0, 1)], fleet=[(van, 1)] * 2
    )
    before = dataclasses.replace(solve_routing(problem, seed=1, iterations=500).solution, options=(0, 2))
    for price, chosen in ((9.0, (0, 1)), (11.0, (0, 2))):
        result = solve_routing(price_changes(problem, before, price), seed=1, iterations=2000)
        assert result.solution.options == chosen
        assert_cheapest(price_changes(problem, before, price))


def test_a_village_that_may_be_left_out_is_left_out_where_its_way_costs_more():
    ways = np.abs(np.subtract.outer([1.0, 50.0, 0.0], [1.0, 50.0, 0.0]))
    van = VehicleClass(capacity=(9.0,))
    problem = make_periodic_problem(
        ways, options=[[[0]], [[], [0]]], demand=[1, 1], service=[0, 0], slots=[(0, 0)], fleet=[(van, 1)]
    )
    problem = dataclasses.replace(problem, option_price=np.array([0.0, 20.0, 0.0]))
    result = solve_routing(problem, seed=1, iterations=1000)
    assert (result.objective, result.solution.options) == (22.0, (0, 1))


def test_nobody_at_all_to_visit_is_a_plan_too():
    problem = make_periodic_problem(
        np.zeros((3, 3)),
        options=[[[]], [[]]],
        demand=[1, 1],
        service=[0, 0],
        slots=[(0, 0)],
        fleet=[(VehicleClass(capacity=(9.0,)), 1)],
    )
    result = solve_routing(problem, seed=1, iterations=100)
    assert (result.status, result.objective, result.solution.routes) == (Status.OPTIMAL, 0.0, ())


def test_vehicles_that_differ_by_day_serve_whom_they_may():
    problem = random_problem(2)
    big, small = VehicleClass(capacity=(30.0,), cost_per_distance=2.0), VehicleClass(capacity=(8.0,))
    allowed = np.ones((5, 2), dtype=bool)
    allowed[1, 0] = allowed[2, 1] = False
    assert_cheapest(
        dataclasses.replace(
            problem,
            classes=(big, small),
            fleet=tuple(FleetEntry(slot=slot, vehicle_class=k, count=1) for slot in range(2) for k in range(2)),
            allowed=allowed,
        )
    )
