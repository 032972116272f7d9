"""Hubs of the 1+1+N kind against brute force."""

import math
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.optimise.siting.check import check_hubs
from posthouse.optimise.siting.problem import HubProblem
from posthouse.optimise.siting.solve import solve_hubs
from posthouse.vocabulary.errors import UnusableInputError


def random_problem(seed: int) -> HubProblem:
    rng = np.random.default_rng(seed)
    centres, hubs, villages = (int(rng.integers(1, most)) for most in (3, 4, 5))
    capacity = np.where(rng.random(hubs) < 0.5, rng.integers(5, 30, hubs).astype(float), math.inf)
    return HubProblem(
        demand=rng.integers(1, 12, villages).astype(float),
        centre_cost_yuan=rng.integers(0, 50, centres).astype(float),
        hub_cost_yuan=rng.integers(0, 50, hubs).astype(float),
        centre_hub_yuan=np.where(rng.random((centres, hubs)) < 0.85, rng.integers(0, 9, (centres, hubs)), math.inf),
        hub_village_yuan=np.where(rng.random((hubs, villages)) < 0.85, rng.integers(0, 9, (hubs, villages)), math.inf),
        hub_capacity=capacity,
        centre_count=int(rng.integers(1, centres + 1)),
        hub_limit=int(rng.integers(1, hubs + 1)) if rng.random() < 0.5 else None,
    )


def brute_force(problem: HubProblem) -> float:
    best = math.inf
    hubs, villages = problem.hub_village_yuan.shape
    for centres in combinations(range(len(problem.centre_cost_yuan)), problem.centre_count):
        reach = problem.centre_hub_yuan[list(centres)].min(axis=0)
        for hub_of in product(range(hubs), repeat=villages):
            opened = set(hub_of)
            load = np.bincount(hub_of, weights=problem.demand, minlength=hubs)
            if len(opened) > (problem.hub_limit or hubs) or (load > problem.hub_capacity).any():
                continue
            parcels = sum(problem.demand[v] * (reach[h] + problem.hub_village_yuan[h, v]) for v, h in enumerate(hub_of))
            fixed = problem.centre_cost_yuan[list(centres)].sum() + sum(problem.hub_cost_yuan[h] for h in opened)
            best = min(best, float(parcels + fixed))
    return best


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6))
def test_small_counties_are_solved_or_refused_as_brute_force_says(seed):
    problem = random_problem(seed)
    best = brute_force(problem)
    if math.isinf(best):
        with pytest.raises(UnusableInputError):
            solve_hubs(problem)
        return
    solution = solve_hubs(problem)
    assert solution.objective == pytest.approx(best)
    assert check_hubs(problem, solution) == ()


COUNTY = HubProblem(
    demand=np.array([10.0, 10.0]),
    centre_cost_yuan=np.array([5.0]),
    hub_cost_yuan=np.array([1.0, 1.0]),
    centre_hub_yuan=np.array([[1.0, 1.0]]),
    hub_village_yuan=np.array([[0.0, 3.0], [3.0, 0.0]]),
    hub_capacity=np.array([math.inf, math.inf]),
    villages=("甲", "乙"),
)


def test_each_village_takes_the_hub_beside_it():
    solution = solve_hubs(COUNTY)
    assert solution.hub_of.tolist() == [0, 1]
    assert solution.objective == 5 + 2 + 20


def test_a_village_that_no_path_reaches_is_named():
    cut = replace(COUNTY, hub_village_yuan=np.array([[0.0, math.inf], [3.0, math.inf]]))
    with pytest.raises(UnusableInputError, match="乙"):
        solve_hubs(cut)


def test_capacity_too_small_is_explained_with_both_sums():
    with pytest.raises(UnusableInputError, match="共 12 件/年，总件量 20 件/年"):
        solve_hubs(replace(COUNTY, hub_capacity=np.array([12.0, 11.0]), hub_limit=1))


def test_the_checker_finds_a_closed_hub_and_a_wrong_cost():
    solution = solve_hubs(COUNTY)
    assert check_hubs(COUNTY, replace(solution, centre_of=np.array([0, -1])))
    assert check_hubs(COUNTY, replace(solution, objective=1.0, bound=1.0))
