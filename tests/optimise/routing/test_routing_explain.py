"""What cannot be solved is explained: whom, which limit, and what would help."""

import dataclasses

import numpy as np
import pytest

from posthouse.optimise.routing.feasibility import describe_shortage
from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
from posthouse.optimise.routing.solution import Status
from posthouse.optimise.routing.solve import solve_routing
from posthouse.vocabulary.errors import UnusableInputError

LINE = np.abs(np.subtract.outer([10.0, 20.0, 0.0], [10.0, 20.0, 0.0]))


def two_customers(demand=(3, 3), service=(1, 1), options=([[0]], [[0]]), windows=None, vehicles=1, **vehicle):
    van = VehicleClass(**{"capacity": (5.0,), **vehicle})
    return make_periodic_problem(
        LINE,
        options=options,
        demand=demand,
        service=service,
        slots=[(0, 0), (0, 1)],
        fleet=[(van, vehicles), (van, 0)],
        windows=windows,
    )


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (two_customers(demand=(3, 7)), "客户 1：第 1 天.*货量 7 超过可用车辆的最大载量 5"),
        (two_customers(max_duration=30.0), "客户 1：第 1 天.*往返要 41.*最长 30"),
        (two_customers(windows=[(0, 9), (0, 99)]), "客户 0：第 1 天.*晚 1.*时间窗"),
        (two_customers(hours=(0.0, 40.0)), "客户 1：第 1 天.*晚 1.*收车"),
        (two_customers(options=([[0]], [[1]])), "客户 1：第 2 天.*没有车辆"),
        (dataclasses.replace(two_customers(), allowed=np.array([[True], [False]])), "客户 1：第 1 天.*许可"),
    ],
)
def test_the_limit_that_keeps_a_customer_unserved_is_named_with_its_numbers(problem, said):
    with pytest.raises(UnusableInputError, match=said):
        solve_routing(problem, seed=1, iterations=10)


def test_a_day_with_more_forced_load_than_vehicles_names_its_customers():
    sentences = describe_shortage(two_customers(options=([[0]], [[0]])))
    assert any("第 1 天" in sentence and "0、1" in sentence and "6" in sentence for sentence in sentences)


def test_a_day_with_more_service_than_working_hours_is_named():
    sentences = describe_shortage(two_customers(demand=(1, 1), service=(30, 30), max_duration=50.0))
    assert any("停留就要 60" in sentence for sentence in sentences)


def test_enough_vehicles_lack_nothing():
    assert describe_shortage(two_customers(vehicles=2)) == ()


def test_an_infeasible_answer_says_what_it_breaks_and_what_would_help():
    result = solve_routing(two_customers(), seed=1, iterations=200)
    assert result.status is Status.INFEASIBLE
    text = "".join(result.explanation)
    assert "超载，最多超 1" in text
    assert "增加车辆" in text


def test_a_feasible_answer_needs_no_explanation():
    assert solve_routing(two_customers(vehicles=2), seed=1, iterations=200).explanation == ()
