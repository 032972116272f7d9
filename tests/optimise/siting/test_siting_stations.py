"""Village stations and lockers: brute force, rules of service, limits and their explanations."""

import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.optimise.siting.check import check_stations
from posthouse.optimise.siting.problem import StationProblem
from posthouse.optimise.siting.solve import solve_stations
from posthouse.vocabulary.errors import UnusableInputError


def stations(
    km: list[list[float]], *, cost: list[float], in_village: list[int], demand=None, **changes
) -> StationProblem:
    """km[village][site], inf where there is no way; walking costs 10 yuan a year per km."""
    distance = np.array(km, dtype=np.float64)
    village, site = np.nonzero(np.isfinite(distance))
    villages, sites = distance.shape
    values = {
        "demand": np.array(demand if demand is not None else [10.0] * villages),
        "pair_village": village,
        "pair_site": site,
        "pair_km": distance[village, site],
        "pair_cost_yuan": 10 * distance[village, site],
        "site_cost_yuan": np.array(cost),
        "site_capacity": np.full(sites, math.inf),
        "kept": np.zeros(sites, dtype=np.bool_),
        "site_village": np.array(in_village),
        "own_station": np.zeros(villages, dtype=np.bool_),
        "walk_limit_km": 1.5,
    }
    return StationProblem(**{**values, **changes})


# Three villages in a row, 1 km apart, one candidate in each; the middle shop is dearest.
ROW = stations(
    [[0, 1, 2], [1, 0, 1], [2, 1, 0]], cost=[100.0, 150, 100], in_village=[0, 1, 2], villages=("甲", "乙", "丙")
)


def brute_force(problem: StationProblem) -> float:
    """Least cost over every assignment of villages to sites (or to none, where that has a price)."""
    best = math.inf
    admissible = {}
    for at in np.flatnonzero(problem.admissible):
        key = int(problem.pair_village[at]), int(problem.pair_site[at])
        admissible[key] = min(admissible.get(key, math.inf), float(problem.pair_cost_yuan[at]))
    villages, sites = len(problem.demand), len(problem.site_cost_yuan)
    options = [[j for j in range(sites) if (i, j) in admissible] for i in range(villages)]
    if problem.unserved_cost_yuan is not None:
        options = [[*some, -1] for some in options]
    for serves in product(*options):
        used = set(serves) - {-1}
        new = used - set(np.flatnonzero(problem.kept).tolist())
        modules = 0.0
        for site in used:
            load = sum(problem.demand[i] for i in range(villages) if serves[i] == site)
            short = load - problem.site_capacity[site]
            pieces = 0
            if short > 0 and problem.module_limit is not None:
                pieces = math.ceil(short / problem.module_capacity[site])
            if short > 0 and (problem.module_limit is None or pieces > problem.module_limit[site]):
                modules = math.inf
            elif pieces:
                modules += pieces * problem.module_cost_yuan[site]
        spent = modules + sum(problem.site_cost_yuan[j] for j in new)
        if problem.new_limit is not None and len(new) > problem.new_limit:
            continue
        if problem.budget_yuan is not None and spent > problem.budget_yuan:
            continue
        uses = sum(problem.unserved_cost_yuan[i] if j < 0 else admissible[i, j] for i, j in enumerate(serves))
        best = min(best, spent + uses + problem.site_cost_yuan[problem.kept].sum())
    return best


def test_one_shared_station_in_the_middle_serves_three_villages_within_a_walk():
    solution = solve_stations(ROW)
    assert solution.serves.tolist() == [1, 1, 1]
    assert solution.objective == 170
    assert solution.status == "optimal"


def test_a_village_that_needs_its_own_station_does_not_share():
    solution = solve_stations(replace(ROW, own_station=np.array([True, False, False])))
    assert solution.serves.tolist() == [0, 0, 2]
    assert solution.objective == 210


def test_existing_stations_are_kept_even_where_a_better_one_is_near():
    solution = solve_stations(replace(ROW, kept=np.array([True, False, True])))
    assert solution.new_sites.tolist() == []
    assert solution.open_sites.tolist() == [0, 2]


def test_lockers_are_bought_in_whole_cabinets():
    problem = stations(
        [[0.0]],
        cost=[100.0],
        in_village=[0],
        demand=[250.0],  # households
        site_capacity=np.array([0.0]),
        module_capacity=np.array([100.0]),
        module_cost_yuan=np.array([30.0]),
        module_limit=np.array([5]),
    )
    solution = solve_stations(problem)
    assert solution.modules.tolist() == [3]
    assert solution.objective == 190


def random_problem(seed: int) -> StationProblem:
    rng = np.random.default_rng(seed)
    villages, sites = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    km = np.where(rng.random((villages, sites)) < 0.75, np.round(rng.random((villages, sites)) * 2, 1), math.inf)
    changes: dict[str, object] = {
        "kept": rng.random(sites) < 0.25,
        "own_station": rng.random(villages) < 0.2,
        "site_capacity": np.where(rng.random(sites) < 0.6, rng.integers(5, 30, sites).astype(float), math.inf),
    }
    if rng.random() < 0.5:
        changes |= {
            "module_capacity": rng.integers(1, 20, sites).astype(float),
            "module_cost_yuan": rng.integers(0, 40, sites).astype(float),
            "module_limit": rng.integers(0, 3, sites),
        }
    if rng.random() < 0.4:
        changes["unserved_cost_yuan"] = rng.integers(0, 200, villages).astype(float)
    if rng.random() < 0.4:
        changes["new_limit"] = int(rng.integers(0, 3))
    if rng.random() < 0.3:
        changes["budget_yuan"] = float(rng.integers(0, 200))
    return stations(
        km.tolist(),
        cost=rng.integers(10, 120, sites).astype(float).tolist(),
        in_village=rng.integers(0, villages, sites).tolist(),
        demand=rng.integers(1, 15, villages).astype(float),
        **changes,
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6))
def test_small_problems_are_solved_or_refused_as_brute_force_says(seed):
    problem = random_problem(seed)
    best = brute_force(problem)
    if math.isinf(best):
        with pytest.raises(UnusableInputError):
            solve_stations(problem)
        return
    solution = solve_stations(problem)
    assert solution.objective == pytest.approx(best)
    assert solution.status == "optimal"
    assert check_stations(problem, solution) == ()


def test_a_village_beyond_every_walk_is_named_with_its_nearest_site():
    problem = stations([[0.0], [2.3]], cost=[1.0], in_village=[0], villages=("甲", "乙"))
    with pytest.raises(UnusableInputError, match=r"没有：乙.*2\.3 千米"):
        solve_stations(problem)


def test_a_village_larger_than_any_site_is_named_with_both_numbers():
    with pytest.raises(UnusableInputError, match="甲 需 10，最大容量 5"):
        solve_stations(replace(ROW, site_capacity=np.array([5.0, 5.0, 50.0])))


def test_too_few_new_stations_are_explained_with_the_number_that_would_do():
    problem = replace(ROW, own_station=np.ones(3, dtype=bool), new_limit=1)
    with pytest.raises(UnusableInputError, match="由 1 提高到 3"):
        solve_stations(problem)


def test_too_small_a_budget_is_explained_with_the_sum_that_would_do():
    with pytest.raises(UnusableInputError, match="由 120 元提高到 150 元"):
        solve_stations(replace(ROW, budget_yuan=120.0))


def test_joint_capacity_too_small_names_the_villages_left_over():
    problem = stations(
        [[0.0], [1.0]], cost=[1.0], in_village=[0], site_capacity=np.array([15.0]), villages=("甲", "乙")
    )
    with pytest.raises(UnusableInputError, match="至少有 1 个村无法设站"):
        solve_stations(problem)


def plain_of_villages(n: int, **changes) -> StationProblem:
    """Villages at random on a plain, one host in each."""
    rng = np.random.default_rng(0)
    places = rng.random((n, 2)) * math.sqrt(n) * 0.8
    km = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    far = np.where(km <= 3, km, math.inf)
    return stations(far.tolist(), cost=rng.integers(5, 90, n).tolist(), in_village=list(range(n)), **changes)


def test_without_time_the_greedy_answer_passes_the_check():
    problem = plain_of_villages(60)
    solution = solve_stations(problem, seconds=0.0)
    assert solution.bound <= solution.objective
    assert check_stations(problem, solution) == ()


def test_in_a_large_piece_neighbourhoods_are_improved_and_repeat_for_a_seed():
    n = 150
    modules = {
        "module_capacity": np.full(n, 10.0),
        "module_cost_yuan": np.full(n, 9.0),
        "module_limit": np.full(n, 4),
    }
    problem = plain_of_villages(n, site_capacity=np.full(n, 20.0), kept=np.arange(n) % 9 == 0, **modules)
    greedy = solve_stations(problem, seconds=0.0)
    runs = [solve_stations(problem, seconds=math.inf, iterations=20, seed=2) for _ in range(2)]
    assert runs[0].serves.tolist() == runs[1].serves.tolist()
    assert runs[0].objective < greedy.objective
    assert check_stations(problem, runs[0]) == ()


def test_the_checker_finds_closed_kept_sites_overload_and_forbidden_sharing():
    kept = replace(ROW, kept=np.array([False, True, False]))
    solution = solve_stations(kept)
    assert check_stations(replace(kept, kept=np.array([True, True, False])), solution)
    assert check_stations(replace(kept, site_capacity=np.array([15.0, 15.0, 15.0])), solution)
    assert check_stations(replace(kept, own_station=np.array([True, False, False])), solution)
    assert check_stations(kept, replace(solution, objective=solution.objective - 5))
