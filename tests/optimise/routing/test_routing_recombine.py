"""Routes of two solutions joined by the covering model, and parents joined by crossover."""

import numpy as np

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.convert import read_current, write_state
from posthouse.optimise.routing.crossover import cross, whole
from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
from posthouse.optimise.routing.recombine import RoutePool, recombine
from posthouse.optimise.routing.solution import Route, Solution
from posthouse.optimise.routing.tables import COST, make_state, make_tables

# Two villages east, two west; each wants either day, a van takes two.
PLACES = np.array([[10.0, 0.0], [10.0, 1.0], [-10.0, 0.0], [-10.0, 1.0], [0.0, 0.0]])
PROBLEM = make_periodic_problem(
    np.sqrt(((PLACES[:, None] - PLACES[None]) ** 2).sum(axis=2)),
    options=[[[0], [1]]] * 4,
    demand=[1, 1, 1, 1],
    service=[0, 0, 0, 0],
    slots=[(0, 0), (0, 1)],
    fleet=[(VehicleClass(capacity=(2.0,)), 2)] * 2,
)
EAST_JOINED = Solution(
    routes=tuple(Route(slot=s, vehicle_class=0, customers=c) for s, c in ((0, (0, 1)), (0, (2,)), (1, (3,)))),
    options=(0, 2, 4, 7),
)
WEST_JOINED = Solution(
    routes=tuple(Route(slot=s, vehicle_class=0, customers=c) for s, c in ((0, (2, 3)), (0, (0,)), (1, (1,)))),
    options=(0, 3, 4, 6),
)


def test_the_best_of_both_runs_is_joined():
    tables = make_tables(PROBLEM)
    pool = RoutePool(tables, 100)
    for solution in (EAST_JOINED, WEST_JOINED):
        for slot, _, visits in whole(tables, solution):
            pool.add(2 * slot, tuple(c for c, _ in visits), [kind for _, kind in visits])
    joined = recombine(PROBLEM, tables, pool, EAST_JOINED, 10.0)
    cost, violations = check_solution(PROBLEM, joined)
    assert not violations
    assert sorted(route.customers for route in joined.routes) == [(0, 1), (2, 3)]
    assert cost < check_solution(PROBLEM, EAST_JOINED)[0]


def test_an_overloaded_route_is_not_pooled():
    tables = make_tables(PROBLEM)
    pool = RoutePool(tables, 100)
    pool.add(0, (0, 1, 2), [0, 2, 4])
    assert not pool.routes


def test_a_solution_written_and_read_back_is_the_same():
    tables = make_tables(PROBLEM)
    state = make_state(tables, seed=1)
    write_state(tables, state, whole(tables, EAST_JOINED))
    assert read_current(tables, state) == EAST_JOINED
    assert state.total[COST] == check_solution(PROBLEM, EAST_JOINED)[0]


def test_a_child_never_visits_anybody_on_days_no_option_has():
    tables = make_tables(PROBLEM)
    for seed in range(20):
        parts = cross(tables, EAST_JOINED, WEST_JOINED, np.random.default_rng(seed))
        served = [customer for _, _, visits in parts for customer, _ in visits]
        assert len(served) == len(set(served))
