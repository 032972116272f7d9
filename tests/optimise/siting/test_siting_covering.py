"""Set covering and maximal covering against brute force."""

import math
from dataclasses import replace
from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.optimise.siting.check import check_cover
from posthouse.optimise.siting.problem import CoverProblem
from posthouse.optimise.siting.solve import solve_cover, solve_maximal_cover
from posthouse.vocabulary.errors import UnusableInputError


def covering(covers: list[list[int]], n_customers: int, *, cost=None, weight=None, kept=()) -> CoverProblem:
    """covers[j] : customers that site j covers."""
    pairs = [(customer, site) for site, customers in enumerate(covers) for customer in customers]
    return CoverProblem(
        n_customers=n_customers,
        n_sites=len(covers),
        pair_customer=np.array([pair[0] for pair in pairs], dtype=np.int64),
        pair_site=np.array([pair[1] for pair in pairs], dtype=np.int64),
        site_cost=np.array(cost if cost is not None else [1.0] * len(covers)),
        weight=np.array(weight if weight is not None else [1.0] * n_customers),
        kept=np.isin(np.arange(len(covers)), kept),
    )


def choices(problem: CoverProblem):
    """Every set of sites that holds the kept ones, with the customers it covers."""
    every = range(problem.n_sites)
    for chosen in chain.from_iterable(combinations(every, size) for size in range(problem.n_sites + 1)):
        if set(np.flatnonzero(problem.kept)) <= set(chosen):
            covered = {int(c) for c, j in zip(problem.pair_customer, problem.pair_site, strict=True) if j in chosen}
            yield chosen, covered


def random_problem(seed: int) -> CoverProblem:
    rng = np.random.default_rng(seed)
    n, m = int(rng.integers(1, 7)), int(rng.integers(1, 7))
    covers = [np.flatnonzero(rng.random(n) < 0.45).tolist() for _ in range(m)]
    costs, weights = rng.integers(0, 9, m).astype(float), rng.integers(0, 9, n).astype(float)
    return covering(covers, n, cost=costs, weight=weights, kept=np.flatnonzero(rng.random(m) < 0.2))


def test_two_cheap_sites_beat_the_one_that_covers_all():
    solution = solve_cover(covering([[0, 1, 2, 3], [0, 1], [2, 3]], 4, cost=[5.0, 2, 2]))
    assert solution.open_sites.tolist() == [1, 2]
    assert (solution.objective, solution.bound, solution.status) == (4, 4, "optimal")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_the_cheapest_cover_is_that_of_brute_force(seed):
    problem = random_problem(seed)
    full = [
        problem.site_cost[list(chosen)].sum()
        for chosen, covered in choices(problem)
        if len(covered) == problem.n_customers
    ]
    if not full:
        with pytest.raises(UnusableInputError):
            solve_cover(problem)
        return
    solution = solve_cover(problem)
    assert solution.objective == pytest.approx(min(full))
    assert check_cover(problem, solution) == ()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 3))
def test_the_largest_cover_is_that_of_brute_force(seed, new_limit):
    problem = random_problem(seed)
    most = new_limit + int(problem.kept.sum())
    best = max(problem.weight[list(covered)].sum() for chosen, covered in choices(problem) if len(chosen) <= most)
    solution = solve_maximal_cover(problem, new_limit=new_limit)
    assert solution.objective == pytest.approx(best)
    assert check_cover(problem, solution, new_limit=new_limit) == ()


def test_customers_that_nothing_covers_are_named():
    problem = replace(covering([[0]], 2), customers=("上溪", "佛堂"))
    with pytest.raises(UnusableInputError, match="佛堂"):
        solve_cover(problem)


def test_without_time_the_greedy_cover_is_an_answer_with_an_honest_bound():
    rng = np.random.default_rng(1)
    covers = [rng.choice(300, 12, replace=False).tolist() for _ in range(200)] + [list(range(300))]
    problem = covering(covers, 300, cost=[1.0] * 200 + [500.0])
    solution = solve_cover(problem, seconds=0.0)
    assert solution.status == "feasible"
    assert solution.bound <= solution.objective
    assert check_cover(problem, solution) == ()


def test_the_checker_finds_a_missing_kept_site_and_a_false_cover():
    problem = covering([[0], [1], [0, 1]], 2, kept=[0])
    solution = solve_cover(problem)
    assert check_cover(problem, replace(solution, open_sites=np.array([2])))
    assert check_cover(problem, replace(solution, open_sites=np.array([0])))
    assert check_cover(problem, solve_maximal_cover(problem, new_limit=2), new_limit=0)


def test_the_same_seed_and_iterations_give_the_same_cover():
    problem = covering([np.random.default_rng(j).choice(60, 9).tolist() for j in range(40)] + [list(range(60))], 60)
    runs = [solve_cover(problem, seconds=math.inf, iterations=20, seed=3) for _ in range(2)]
    assert runs[0].open_sites.tolist() == runs[1].open_sites.tolist()
