"""What coalitions of brands would pay: never more than a larger coalition, nor than their parts apart."""

import numpy as np
import pytest

from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
from posthouse.optimise.routing.solve import solve_routing
from posthouse.planning.coalitions import PooledWeek, price_coalitions
from posthouse.planning.effort import Effort

# Four villages on a line, the depot at 0; brand i has one parcel in village i and in village 3.
PLACES = np.array([1.0, 2.0, 3.0, 4.0, 0.0])


def week_of(mask: int):
    parcels = [float(mask >> village & 1) for village in range(3)] + [float(mask.bit_count())]
    problem = make_periodic_problem(
        np.abs(np.subtract.outer(PLACES, PLACES)),
        options=[[[0], [1], []]] * 4,
        demand=[[[load], [load], []] for load in parcels],
        service=[0.0] * 4,
        slots=[(0, 0), (0, 1)],
        fleet=[(VehicleClass(capacity=(6.0,), fixed_cost=1.0), 4)] * 2,
    )
    for village, load in enumerate(parcels):
        served, empty = slice(3 * village, 3 * village + 2), 3 * village + 2
        problem.option_price[empty if load else served] = np.inf
    return problem


def price(**options):
    problem = week_of(7)
    solution = solve_routing(problem, seed=1, iterations=2_000).solution
    depot = PooledWeek(week_of=week_of, solution=solution)
    return price_coalitions("ABC", [depot], Effort(seconds=1.0), seed=1, **options)


def test_every_coalition_drives_to_the_end_of_the_line_once():
    priced = price()
    assert priced.game.complete
    assert dict(priced.game.costs) == dict.fromkeys(range(1, 8), 9.0)
    assert priced.broken == 0


def test_what_is_paid_beside_the_rounds_is_added():
    assert price(beside=float).game.costs[4] == 13.0


def test_once_the_effort_is_over_no_coalition_costs_more_than_a_larger_one():
    solution = solve_routing(week_of(7), seed=2, iterations=1).solution
    over = Effort(seconds=1.0, stop=lambda: True)
    costs = price_coalitions("ABC", [PooledWeek(week_of=week_of, solution=solution)], over, seed=2).game.costs
    assert all(costs[small] <= costs[large] for small in costs for large in costs if small & large == small)


def test_with_more_brands_orders_are_sampled_and_the_error_is_stated():
    priced = price(most_exact=2)
    assert priced.shapley is not None
    assert priced.shapley.shares_yuan.sum() == pytest.approx(9.0)
    assert (priced.shapley.error_yuan >= 0).all()


def test_several_depots_and_processes_give_the_sum():
    solution = solve_routing(week_of(7), seed=1, iterations=2_000).solution
    depots = [PooledWeek(week_of=week_of, solution=solution)] * 3
    priced = price_coalitions("ABC", depots, Effort(seconds=1.0, processes=2), seed=1)
    assert dict(priced.game.costs) == dict.fromkeys(range(1, 8), 27.0)
