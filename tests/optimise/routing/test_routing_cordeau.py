"""The instance format, and two public instances where they are at hand."""

import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.cordeau import read_cordeau
from posthouse.optimise.routing.solution import Status
from posthouse.optimise.routing.solve import solve_routing
from posthouse.vocabulary.errors import UnusableInputError

TWO_DAYS = "1 2 2 2\n100 10\n0 0\n0 0 0 0 0 0 0\n1 3 4 5 6 1 2 1 2\n2 6 8 0 7 2 1 3\n"
TWO_DEPOTS = "2 1 2 2\n0 10\n0 10\n1 1 0 0 4 1 2 1 2\n2 9 0 0 4 1 1 2\n3 0 0 0 0 0 0\n4 10 0 0 0 0 0\n"


def test_days_patterns_limits_and_distances_are_read():
    problem = read_cordeau(TWO_DAYS)
    assert [entry.count for entry in problem.fleet] == [2, 2]
    assert problem.classes[0].max_duration == 100
    assert problem.classes[0].capacity == (10,)
    assert problem.classes[1].max_duration == problem.classes[1].capacity[0] == float("inf")
    # Pattern 1 of two days is the second day, pattern 2 the first: the most significant bit is day 1.
    assert problem.visit_slot.tolist() == [1, 0, 0, 1]
    assert problem.distance[0, 2, 1] == 10.0


def test_depots_are_slots_of_a_multi_depot_instance():
    problem = read_cordeau(TWO_DEPOTS)
    assert problem.slot_depot.tolist() == [0, 1]
    result = solve_routing(problem, seed=1, iterations=500)
    assert result.objective == 4.0  # each customer from the depot one away


def test_windows_of_customers_and_hours_of_the_depot_are_read():
    problem = read_cordeau("5 1 1 2\n50 10\n0 10\n0 0 0 0 0 0 0 5 90\n1 3 4 1 5 1 2 1 2 20 30\n")
    assert problem.visit_window.tolist() == [[20, 30], [20, 30]]
    assert [vehicle.hours for vehicle in problem.classes] == [(5, 90), (5, 90)]
    assert read_cordeau(TWO_DAYS).visit_window is None


def test_a_customer_of_a_multi_depot_week_has_one_depot_on_all_its_days():
    # Two days, two depots, one vehicle each; the customer wants both days, its window is ignored.
    text = "8 1 1 2 2\n" + "0 10\n" * 4 + "1 0 0 0 0 0 0\n2 10 0 0 0 0 0\n3 9 0 0 5 2 1 3 40 50\n"
    problem = read_cordeau(text)
    assert list(zip(problem.slot_depot.tolist(), problem.slot_day.tolist(), strict=True)) == [
        (0, 0),
        (1, 0),
        (0, 1),
        (1, 1),
    ]
    assert problem.visit_slot.tolist() == [0, 2, 1, 3]
    assert problem.visit_window is None
    assert solve_routing(problem, seed=1, iterations=200).objective == 4.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9 1 1 1\n0 0\n", "类型"),
        ("1 1 1 1\n0 0\n0 0 0\n", "行"),
        ("a b c d\n", "数字"),
        ("1 1 1 1\n0 0\n0 0 0\n1 0 0 0 1 1 1 9\n", "组合"),
        ("1 1 1 1\n0 0\n0 0 0\n1 0 0 0 1 1 0\n", "组合"),
        ("", "行"),
    ],
)
def test_what_is_no_instance_is_refused_with_its_line(text, said):
    with pytest.raises(UnusableInputError, match=said):
        read_cordeau(text)


def test_p14_is_solved_to_its_best_known_cost(shared):
    problem = read_cordeau((shared / "data/pvrp/p14").read_text())
    result = solve_routing(problem, seed=1, iterations=200_000, target=954.82)
    cost, violations = check_solution(problem, result.solution)
    assert result.status is Status.FEASIBLE
    assert not violations
    assert cost == pytest.approx(954.81, abs=0.01)


def test_p11_visits_its_customer_of_frequency_zero_once(shared):
    problem = read_cordeau((shared / "data/pvrp/p11").read_text())
    own = range(problem.option_start[130], problem.option_start[131])
    assert [problem.visit_start[o + 1] - problem.visit_start[o] for o in own] == [1] * 5
