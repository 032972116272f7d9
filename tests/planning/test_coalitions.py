"""What coalitions of brands would pay: never more than a larger coalition, nor than their parts apart."""

import numpy as np
import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
from posthouse.planning.coalitions import price_coalitions

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


def test_every_coalition_drives_to_the_end_of_the_line_once():
    priced = price_coalitions("ABC", week_of, iterations=2_000, seed=1)
    assert priced.game.complete
    assert dict(priced.game.costs) == dict.fromkeys(range(1, 8), 9.0)


def test_the_weeks_behind_the_costs_pass_the_checker():
    priced = price_coalitions("ABC", week_of, iterations=2_000, seed=1)
    for mask, week in priced.weeks.items():
        cost, violations = check_solution(week_of(mask), week)
        assert violations == ()
        assert priced.game.costs[mask] <= cost


def test_a_coalition_never_costs_more_than_a_larger_one_however_short_the_search():
    costs = price_coalitions("ABC", week_of, iterations=1, seed=2).game.costs
    assert all(costs[small] <= costs[large] for small in costs for large in costs if small & large == small)


def test_above_ten_brands_orders_are_sampled_and_the_error_is_stated(monkeypatch):
    monkeypatch.setattr("posthouse.planning.coalitions.MOST_EXACT", 2)
    priced = price_coalitions("ABC", week_of, iterations=400, seed=1, pairs=4)
    assert priced.shapley is not None
    assert priced.shapley.shares_yuan.sum() == pytest.approx(9.0)
    assert (priced.shapley.error_yuan >= 0).all()
