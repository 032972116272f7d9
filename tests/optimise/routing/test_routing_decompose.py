"""Large problems in sectors: every limit kept, one answer per seed, and no worse than where the search began."""

import time

import numpy as np
import pytest

from posthouse.optimise.routing import decompose
from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.decompose import halve, mean_visits, search_decomposed
from posthouse.optimise.routing.problem import RoutingProblem, VehicleClass, make_periodic_problem
from posthouse.optimise.routing.search import Budget
from posthouse.optimise.routing.sector import Plan


@pytest.fixture(autouse=True)
def small_sectors(monkeypatch):
    monkeypatch.setattr(decompose, "PART_VISITS", 30.0)
    monkeypatch.setattr(decompose, "SECTOR_VISITS", 40.0)


def two_towns(customers: int = 60, *, vans: int = 4) -> RoutingProblem:
    """Two depots 30 km apart, three days; customers want any day, or the first and the last."""
    rng = np.random.default_rng(1)
    places = np.vstack([rng.normal(0, 5, (customers, 2)) + [[0, 0], [30, 0]] * (customers // 2), [[0, 0], [30, 0]]])
    distance = np.hypot(*(np.subtract.outer(places[:, axis], places[:, axis]) for axis in (0, 1)))
    wishes = [[[0], [1], [2], [3], [4], [5]], [[0, 2], [3, 5]]]
    van = VehicleClass(capacity=(12.0,), max_duration=120.0)
    return make_periodic_problem(
        distance,
        options=[wishes[customer % 3 == 0] for customer in range(customers)],
        demand=[1.0] * customers,
        service=[0.5] * customers,
        slots=[(depot, day) for depot in (0, 1) for day in range(3)],
        fleet=[(van, vans)] * 6,
    )


def run(problem, *, iterations, start=None, processes=1, progress=None):
    budget = Budget(clock=time.perf_counter, begun=0.0, seconds=None, iterations=iterations, target=-np.inf)
    return search_decomposed(problem, budget, seed=3, start=start, progress=progress, processes=processes)[0]


def test_a_plan_of_sectors_keeps_every_limit():
    problem = two_towns()
    _, violations = check_solution(problem, run(problem, iterations=20_000))
    assert violations == ()


def test_the_same_seed_gives_the_same_plan():
    problem = two_towns()
    assert run(problem, iterations=10_000) == run(problem, iterations=10_000)


def test_the_stated_cost_is_the_checkers():
    problem, told = two_towns(), []
    solution = run(problem, iterations=20_000, progress=told.append)
    assert told[-1].objective == pytest.approx(check_solution(problem, solution)[0])


def test_a_start_never_gets_worse():
    problem = two_towns()
    first = run(problem, iterations=1)
    later = run(problem, iterations=20_000, start=first)
    assert check_solution(problem, later)[0] < check_solution(problem, first)[0]


def test_two_processes_also_keep_every_limit_and_repeat_their_plan():
    problem = two_towns()
    plans = [run(problem, iterations=8_000, processes=2) for _ in range(2)]
    assert plans[0] == plans[1]
    assert check_solution(problem, plans[0])[1] == ()


def test_parts_are_small_and_make_up_everybody():
    problem = two_towns()
    visits = mean_visits(problem).sum(axis=1)
    parts = halve(problem, np.arange(60, dtype=np.int32), visits, 30.0)
    assert sorted(np.concatenate(parts).tolist()) == list(range(60))
    assert all(visits[part].sum() <= 30.0 for part in parts)


def test_what_is_cut_out_and_put_back_unsolved_changes_nothing():
    problem = two_towns()
    solution = run(problem, iterations=1)
    plan = Plan(problem, solution)
    sector = plan.cut(list(plan.routes)[:4])
    assert check_solution(sector.problem, sector.start)[1] == ()
    assert plan.put(sector, sector.start) == ()
    assert plan.solution() == Plan(problem, solution).solution()


def test_with_too_few_vehicles_the_rest_is_still_planned():
    solution = run(two_towns(vans=1), iterations=3_000)
    assert solution.routes
