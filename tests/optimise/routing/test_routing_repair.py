"""Small changes of a plan: everybody served again, limits kept, and the rest as it was."""

from dataclasses import replace

import pytest

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.repair import repair_solution
from posthouse.optimise.routing.solution import Route, Solution
from posthouse.optimise.routing.solve import solve_routing
from posthouse.vocabulary.errors import UnusableInputError
from tests.optimise.routing.test_routing_decompose import two_towns


def plan_of(problem: RoutingProblem) -> Solution:
    return solve_routing(problem, seed=1, iterations=5_000).solution


def without(problem: RoutingProblem, route: Route, count: int = 1) -> RoutingProblem:
    fleet = (replace(e, count=e.count - count) if e.slot == route.slot else e for e in problem.fleet)
    return replace(problem, fleet=tuple(fleet))


def assert_only_reported_routes_changed(before: Solution, repair) -> None:
    assert set(repair.solution.routes) - set(before.routes) == set(repair.changed)
    assert set(before.routes) - set(repair.solution.routes) == set(repair.dropped)


@pytest.mark.parametrize("village", [0, 7, 59])
def test_a_new_village_is_served_and_no_other_changes_its_days(village):
    problem = two_towns()
    full = plan_of(problem)
    routes = (replace(r, customers=tuple(c for c in r.customers if c != village)) for r in full.routes)
    before = replace(
        full,
        routes=tuple(route for route in routes if route.customers),
        options=tuple(-1 if c == village else option for c, option in enumerate(full.options)),
    )
    repair = repair_solution(problem, before)
    assert repair.feasible
    assert check_solution(problem, repair.solution)[1] == ()
    assert repair.days_changed == ()
    assert len(repair.changed) <= 2
    assert_only_reported_routes_changed(before, repair)


def test_the_visits_of_a_lost_vehicle_go_to_others_on_the_same_day():
    problem = two_towns()
    before = plan_of(problem)
    lost = before.routes[0]
    now = without(problem, lost)
    repair = repair_solution(now, before, lost=[lost])
    assert check_solution(now, repair.solution)[1] == ()
    assert repair.days_changed == ()
    assert lost in repair.dropped
    assert_only_reported_routes_changed(before, repair)


def test_where_no_vehicle_is_left_on_the_day_villages_change_days():
    problem = two_towns()
    before = plan_of(problem)
    lost = [route for route in before.routes if route.slot == before.routes[0].slot]
    now = without(problem, lost[0], count=4)
    repair = repair_solution(now, before, lost=lost)
    assert check_solution(now, repair.solution)[1] == ()
    assert set(repair.days_changed) >= {customer for route in lost for customer in route.customers}


def test_without_any_vehicle_the_reason_is_given():
    problem = two_towns()
    before = plan_of(problem)
    nothing = replace(problem, fleet=tuple(replace(entry, count=0) for entry in problem.fleet))
    with pytest.raises(UnusableInputError, match="没有车辆"):
        repair_solution(nothing, before, lost=before.routes)
