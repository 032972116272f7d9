"""The checker: each broken limit is named, and costs are those of a pencil."""

import numpy as np
import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
from posthouse.optimise.routing.solution import Route, Solution

LINE = np.abs(np.subtract.outer([1.0, 2.0, 3.0, 0.0], [1.0, 2.0, 3.0, 0.0]))  # customers at km 1, 2, 3; depot at 0


def three_customers(**vehicle: float):
    van = VehicleClass(capacity=(10.0,), **vehicle)
    return make_periodic_problem(
        LINE,
        options=[[[0], [1]], [[0, 1]], [[1]]],
        demand=[4, 4, 4],
        service=[1, 1, 1],
        slots=[(0, 0), (0, 1)],
        fleet=[(van, 1), (van, 1)],
    )


GOOD = Solution(
    routes=(Route(slot=0, vehicle_class=0, customers=(0, 1)), Route(slot=1, vehicle_class=0, customers=(1, 2))),
    options=(0, 2, 3),
)


def broken(problem, solution):
    return {violation.limit for violation in check_solution(problem, solution)[1]}


def test_a_good_week_costs_its_kilometres():
    assert check_solution(three_customers(), GOOD) == (10.0, ())


def test_fixed_cost_and_hours_are_added():
    problem = three_customers(cost_per_distance=2.0, cost_per_duration=0.5, fixed_cost=100.0)
    assert check_solution(problem, GOOD)[0] == pytest.approx(2 * 10 + 0.5 * (10 + 4) + 200)


def test_an_overloaded_van_is_named():
    solution = Solution(
        routes=(Route(slot=0, vehicle_class=0, customers=(1,)), Route(slot=1, vehicle_class=0, customers=(0, 1, 2))),
        options=(1, 2, 3),
    )
    assert broken(three_customers(), solution) == {"capacity"}


def test_a_day_that_is_too_long_is_named():
    assert broken(three_customers(max_duration=7.0), GOOD) == {"duration"}


def test_a_forgotten_visit_and_a_double_one_are_named():
    forgotten = Solution(routes=GOOD.routes[:1], options=GOOD.options)
    double = Solution(
        routes=(*GOOD.routes[:1], Route(slot=1, vehicle_class=0, customers=(0, 1, 2))), options=GOOD.options
    )
    assert broken(three_customers(), forgotten) == {"visit"}
    assert "visit" in broken(three_customers(), double)


def test_one_route_more_than_vehicles_is_named():
    split = (
        GOOD.routes[0],
        Route(slot=1, vehicle_class=0, customers=(1,)),
        Route(slot=1, vehicle_class=0, customers=(2,)),
    )
    assert broken(three_customers(), Solution(routes=split, options=GOOD.options)) == {"fleet"}


def test_another_customers_option_is_named():
    assert "option" in broken(three_customers(), Solution(routes=GOOD.routes, options=(0, 2, 0)))


def test_an_outside_visit_nobody_offers_is_named():
    bought = Solution(
        routes=(GOOD.routes[0], Route(slot=1, vehicle_class=0, customers=(1,))), options=GOOD.options, outside=((2, 1),)
    )
    assert broken(three_customers(), bought) == {"visit"}
