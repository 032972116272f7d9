"""Solves set covering and maximal covering: a greedy start, then HiGHS with its own status and bound.

Sources: Toregas, Swain, ReVelle and Bergman (1971) for the set cover; Church and ReVelle (1974) for the maximal one.
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.siting.mip import Answer, Model, solve_model
from posthouse.optimise.siting.problem import CoverProblem, listing
from posthouse.optimise.siting.solution import CoverSolution
from posthouse.vocabulary.errors import UnusableInputError


def solve_cover(
    problem: CoverProblem,
    *,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> CoverSolution:
    """Return the cheapest set of sites, the kept ones among them, that covers every customer.

    Parameters
    ----------
    seconds : wall time limit. iterations : limit of branch-and-bound nodes; with `seconds=math.inf` the answer
        depends on problem and seed alone.

    Raises
    ------
    UnusableInputError : some customers are covered by no site; the message names them.
    """
    begun = clock()
    customers, sites = _pairs(problem)
    lost = np.setdiff1d(np.arange(problem.n_customers), customers)
    if lost.size:
        raise UnusableInputError(
            f"每个需求点至少应有一个候选点能覆盖，实际有 {len(lost)} 个没有：{listing(problem.customers, lost)}。"
            "请放宽覆盖距离、补充候选点，或改求最大覆盖。"
        )
    start = _greedy_cover(problem, customers, sites)
    model = Model(
        cost=problem.site_cost,
        lower=problem.kept.astype(np.float64),
        upper=np.ones(problem.n_sites),
        integral=np.ones(problem.n_sites, dtype=np.bool_),
        row_lower=np.ones(problem.n_customers),
        row_upper=np.full(problem.n_customers, np.inf),
        rows=customers,
        columns=sites,
        values=np.ones(len(sites)),
    )
    left = seconds - (clock() - begun)
    answer = solve_model(model, seconds=left, seed=seed, nodes=iterations, start=start.astype(np.float64))
    chosen = start if answer.values is None else answer.values > 0.5
    cost = float(problem.site_cost[chosen].sum())
    return _cover_solution(problem, chosen, answer, sign=1.0, objective=cost, seconds=clock() - begun, seed=seed)


def solve_maximal_cover(
    problem: CoverProblem,
    *,
    new_limit: int,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> CoverSolution:
    """Return at most `new_limit` sites beside the kept ones that cover the most weight.

    The objective is the weight covered, so that `bound` is an upper bound; site costs play no part.

    Parameters
    ----------
    new_limit : most sites to add, >= 0. seconds, iterations, seed : as in `solve_cover`.
    """
    begun = clock()
    if new_limit < 0:
        raise UnusableInputError(f"新增设点数应不小于 0，实际为 {new_limit}。请改正。")
    customers, sites = _pairs(problem)
    n, m = problem.n_customers, problem.n_sites
    start = _greedy_maximal(problem, customers, sites, new_limit)
    covered = _covered(problem, start)
    new = np.flatnonzero(~problem.kept)
    model = Model(  # columns: a site is open (m), a customer is covered (n); rows: customers, then the limit
        cost=np.concatenate([np.zeros(m), -problem.weight]),
        lower=np.concatenate([problem.kept.astype(np.float64), np.zeros(n)]),
        upper=np.ones(m + n),
        integral=np.arange(m + n) < m,
        row_lower=np.append(np.zeros(n), 0.0),
        row_upper=np.append(np.full(n, np.inf), float(new_limit)),
        rows=np.concatenate([customers, np.arange(n), np.full(len(new), n)]),
        columns=np.concatenate([sites, m + np.arange(n), new]),
        values=np.concatenate([np.ones(len(sites)), -np.ones(n), np.ones(len(new))]),
    )
    first = np.concatenate([start, covered]).astype(np.float64)
    answer = solve_model(model, seconds=seconds - (clock() - begun), seed=seed, nodes=iterations, start=first)
    chosen = start if answer.values is None else answer.values[:m] > 0.5
    reached = float(problem.weight[_covered(problem, chosen)].sum())
    return _cover_solution(problem, chosen, answer, sign=-1.0, objective=reached, seconds=clock() - begun, seed=seed)


def _pairs(problem: CoverProblem) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs once each, by customer and site."""
    if not len(problem.pair_customer):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    both = np.unique(np.stack([problem.pair_customer, problem.pair_site]), axis=1)
    return both[0].astype(np.int64), both[1].astype(np.int64)


def _covered(problem: CoverProblem, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    covered = np.zeros(problem.n_customers, dtype=np.bool_)
    covered[problem.pair_customer[chosen[problem.pair_site]]] = True
    return covered


def _greedy_cover(problem: CoverProblem, customers: NDArray[np.int64], sites: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Open the site of least cost per newly covered customer until all are covered."""
    chosen = problem.kept.copy()
    missing = ~_covered(problem, chosen)
    while missing.any():
        fresh = np.bincount(sites[missing[customers]], minlength=problem.n_sites)
        per_customer = np.where(fresh > 0, problem.site_cost / np.maximum(fresh, 1), np.inf)
        site = int(per_customer.argmin())
        chosen[site] = True
        missing[customers[sites == site]] = False
    return chosen


def _greedy_maximal(
    problem: CoverProblem, customers: NDArray[np.int64], sites: NDArray[np.int64], new_limit: int
) -> NDArray[np.bool_]:
    """Open the site of most newly covered weight, until the limit or until nothing is gained."""
    chosen = problem.kept.copy()
    worth = np.where(_covered(problem, chosen), 0.0, problem.weight)
    for _ in range(new_limit):
        gain = np.bincount(sites, weights=worth[customers], minlength=problem.n_sites)
        site = int(gain.argmax())
        if gain[site] <= 0:
            break
        chosen[site] = True
        worth[customers[sites == site]] = 0.0
    return chosen


def _cover_solution(
    problem: CoverProblem,
    chosen: NDArray[np.bool_],
    answer: Answer,
    *,
    sign: float,
    objective: float,
    seconds: float,
    seed: int,
) -> CoverSolution:
    """sign : -1 where HiGHS minimised the negative of the objective."""
    proved = answer.status == "optimal"
    trivial = 0.0 if sign > 0 else float(problem.weight.sum())  # what is known before HiGHS has any bound
    bound = sign * answer.bound if np.isfinite(answer.bound) else trivial
    return CoverSolution(
        status="optimal" if proved else "feasible",
        objective=objective,
        bound=objective if proved else bound,
        seconds=seconds,
        seed=seed,
        open_sites=np.flatnonzero(chosen),
        covered=_covered(problem, chosen),
    )
