"""Parents joined by crossover, and solutions written into the running state and read back."""

import dataclasses

import numpy as np
import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.convert import read_current, write_state
from posthouse.optimise.routing.crossover import Crossing, arcs, whole
from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
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


def test_a_solution_written_and_read_back_is_the_same():
    tables = make_tables(PROBLEM)
    state = make_state(tables, seed=1)
    write_state(tables, state, whole(tables, EAST_JOINED))
    assert read_current(tables, state) == EAST_JOINED
    assert state.total[COST] == check_solution(PROBLEM, EAST_JOINED)[0]


@pytest.mark.parametrize("way", ["by_slot", "by_region"])
def test_a_child_never_visits_anybody_on_days_no_option_has(way):
    crossing = Crossing(make_tables(PROBLEM))
    for seed in range(20):
        parts = getattr(crossing, way)(EAST_JOINED, WEST_JOINED, np.random.default_rng(seed))
        served = [customer for _, _, visits in parts for customer, _ in visits]
        assert len(served) == len(set(served))


def test_a_route_moves_to_another_day_where_all_its_customers_may_be_visited():
    crossing = Crossing(make_tables(PROBLEM))
    monday = {customer: kind for _, _, visits in whole(crossing.t, EAST_JOINED) for customer, kind in visits}
    moved = crossing.move([(0, monday[0]), (1, monday[1])], 1)
    assert [(customer, int(crossing.t.kind_slot[kind])) for customer, kind in moved] == [(0, 1), (1, 1)]


def test_a_start_that_no_option_allows_is_kept_as_far_as_one_does():
    # Last month customer 0 was visited on day 0; now that is barred.
    prices = PROBLEM.option_price.copy()
    prices[0] = np.inf
    crossing = Crossing(make_tables(dataclasses.replace(PROBLEM, option_price=prices)))
    parts, outside = crossing.keep(EAST_JOINED)
    assert [[customer for customer, _ in visits] for _, _, visits in parts] == [[1], [2], [3]]
    assert not outside


def test_solutions_that_differ_by_the_names_of_days_only_have_the_same_arcs():
    renamed = Solution(
        routes=tuple(dataclasses.replace(route, slot=1 - route.slot) for route in EAST_JOINED.routes),
        options=(1, 3, 5, 6),
    )
    assert arcs(EAST_JOINED) == arcs(renamed) != arcs(WEST_JOINED)
