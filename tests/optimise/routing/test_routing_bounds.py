"""Bounds and shortages on cases a reader can add up."""

import numpy as np
import pytest

from posthouse.optimise.routing.bounds import bound_cost
from posthouse.optimise.routing.feasibility import describe_shortage
from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem


def lonely(demand: float, capacity: float, vehicles: int = 1):
    ways = np.array([[0.0, 7.0], [7.0, 0.0]])
    return make_periodic_problem(
        ways,
        options=[[[0]]],
        demand=[demand],
        service=[0],
        slots=[(0, 0)],
        fleet=[(VehicleClass(capacity=(capacity,)), vehicles)],
    )


def test_a_full_van_to_one_customer_is_bounded_by_its_own_way():
    assert bound_cost(lonely(5, 5)) == pytest.approx(14.0)


def test_a_light_customer_is_bounded_by_its_arcs():
    assert bound_cost(lonely(1, 100)) == pytest.approx(7.0)


def test_a_week_with_more_load_than_vehicles_says_what_would_help():
    assert "至少需要 5" in describe_shortage(lonely(5, 2))[0]
    assert describe_shortage(lonely(5, 5)) == ()
