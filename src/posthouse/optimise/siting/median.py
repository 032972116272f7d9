"""Solves the p-median: interchange and shakes from above, Lagrangian bound from below, branching for what is left."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.siting.problem import MedianProblem, listing
from posthouse.optimise.siting.solution import MedianSolution
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    from posthouse.optimise.siting.bounds import Ascent
    from posthouse.optimise.siting.interchange import Choice
    from posthouse.optimise.siting.neighbours import Neighbours

ROUNDS_AT_ONCE = 60  # subgradient rounds between two tries of interchange from the sites the dual prefers
MOST_ROUNDS = 3000
PATIENCE = 150  # shakes without gain before the search tree gets a turn
NODES = 40  # of the search tree in one turn
ROUNDING = 1e-9  # two objectives closer than this share are equal


def solve_median(
    problem: MedianProblem,
    *,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> MedianSolution:
    """Return the best p sites found and a proven lower bound on the cost of any choice.

    Parameters
    ----------
    seconds : wall time limit; it stops earlier where the bound proves the solution optimal. The compiling of the
        kernels (once per installation, some seconds) is not counted.
    iterations : limit of shakes; with `seconds=math.inf` the answer depends on problem and seed alone.
    seed : of every random choice.
    clock : monotonic seconds.

    Raises
    ------
    UnusableInputError : p sites cannot reach every customer; the message names customers and what would help.
    """
    _compile()
    begun = clock()
    _check_reach(problem)
    if problem.p in {1, problem.cost.shape[1]}:
        return _trivial(problem, clock() - begun, seed)
    run = _begin(problem, begun + seconds, iterations, seed, clock)
    _raise_bound(run)
    _lower_cost(run)
    return _answer(run, clock() - begun)


@cache
def _compile() -> None:
    """Run every compiled kernel once, so that no time limit pays for the compiler."""
    from posthouse.optimise.siting.bounds import ascend, start_ascent
    from posthouse.optimise.siting.interchange import improve, open_choice, return_to
    from posthouse.optimise.siting.neighbours import list_neighbours

    lists = list_neighbours(np.array([[0.0, 2.0, 3.0], [2.0, 0.0, 3.0], [3.0, 3.0, 0.0]]), 2)
    choice = open_choice(lists, np.array([0, 1]))
    improve(choice, lambda: False)
    return_to(choice, np.array([0, 1]))
    ascend(start_ascent(lists, choice.d1), lists, 2, upper=2.0, rounds=2)


@dataclass(slots=True, kw_only=True, eq=False)
class _Run:
    """Incumbent, bound and limits of one run."""

    problem: MedianProblem
    lists: "Neighbours"
    choice: "Choice"
    ascent: "Ascent"
    best_sites: NDArray[np.int64]
    best: float
    bound: float
    whole: bool
    rng: np.random.Generator
    seed: int
    shakes_left: int | None
    deadline: float
    clock: Callable[[], float]

    def out_of_time(self) -> bool:
        return self.clock() >= self.deadline

    def finished(self) -> bool:
        """Whether the bound proves the incumbent optimal, or a limit is reached."""
        return self.bound >= self.best * (1 - ROUNDING) or self.shakes_left == 0 or self.out_of_time()

    def accept(self, sites: NDArray[np.int64], objective: float) -> bool:
        """Keep the sites if they are better than the best so far."""
        if objective >= self.best * (1 - ROUNDING):
            return False
        self.best, self.best_sites = objective, sites.copy()
        return True

    def prove(self, bound: float) -> None:
        """Take over a proven bound; between whole objectives it is rounded up."""
        if self.whole:
            bound = math.ceil(bound - 1e-6)
        self.bound = min(self.best, max(self.bound, bound))


def _begin(
    problem: MedianProblem, deadline: float, iterations: int | None, seed: int, clock: Callable[[], float]
) -> _Run:
    from posthouse.optimise.siting.bounds import start_ascent
    from posthouse.optimise.siting.interchange import open_choice
    from posthouse.optimise.siting.neighbours import list_neighbours

    lists = list_neighbours(problem.cost, problem.p)
    rng = np.random.default_rng(seed)
    choice = open_choice(lists, rng.choice(problem.cost.shape[1], problem.p, replace=False))
    return _Run(
        problem=problem,
        lists=lists,
        choice=choice,
        ascent=start_ascent(lists, choice.d1),
        best_sites=choice.open_sites.copy(),
        best=float(choice.d1.sum()),
        bound=-math.inf,
        whole=all(bool((row[np.isfinite(row)] % 1 == 0).all()) for row in problem.cost),
        rng=rng,
        seed=seed,
        shakes_left=iterations,
        deadline=deadline,
        clock=clock,
    )


def _raise_bound(run: _Run) -> None:
    """Alternate dual ascent and interchange from the sites it prefers, until the ascent has converged."""
    from posthouse.optimise.siting.bounds import ascend
    from posthouse.optimise.siting.interchange import improve, return_to

    while not (run.ascent.converged or run.finished() or run.ascent.rounds >= MOST_ROUNDS):
        ascend(run.ascent, run.lists, run.problem.p, upper=run.best, rounds=ROUNDS_AT_ONCE)
        run.prove(run.ascent.bound)
        return_to(run.choice, np.sort(run.ascent.chosen))
        run.accept(run.choice.open_sites, improve(run.choice, run.out_of_time))


def _lower_cost(run: _Run) -> None:
    """Shake and improve; whenever that stalls, the search tree takes a turn at closing the gap."""
    from posthouse.optimise.siting.branching import grow, plant
    from posthouse.optimise.siting.interchange import SHAKES, improve, return_to, shake

    step = 1.0 if run.whole else ROUNDING * run.best
    tree, swaps, idle = None, 1, 0
    return_to(run.choice, run.best_sites)
    while not run.finished():
        shake(run.choice, swaps, run.rng)
        better = run.accept(run.choice.open_sites, improve(run.choice, run.out_of_time))
        if run.shakes_left is not None:
            run.shakes_left -= 1
        swaps, idle = (1, 0) if better else (swaps % SHAKES + 1, idle + 1)
        if idle == PATIENCE:
            idle = 0
            tree = tree or plant(run.lists, run.problem.p, run.ascent.multipliers, run.best, step)
            tree.upper = min(tree.upper, run.best)
            grow(tree, NODES, run.out_of_time)
            if tree.best_sites is not None:
                run.accept(tree.best_sites, tree.upper)
            run.prove(tree.bound)
        return_to(run.choice, run.best_sites)


def _answer(run: _Run, seconds: float) -> MedianSolution:
    return _solution(
        run.problem,
        np.sort(run.best_sites),
        proved=run.bound >= run.best * (1 - ROUNDING),
        bound=run.bound,
        multipliers=run.ascent.multipliers,
        lagrangian_bound=run.ascent.bound,
        seconds=seconds,
        seed=run.seed,
    )


def _trivial(problem: MedianProblem, seconds: float, seed: int) -> MedianSolution:
    """One site, or all of them: nothing to search, and the multipliers are the costs themselves."""
    cost, p = problem.cost, problem.p
    sites = np.array([int(cost.sum(axis=0).argmin())]) if p == 1 else np.arange(cost.shape[1])
    multipliers = np.where(np.isfinite(cost), cost, 0.0).max(axis=1) if p == 1 else cost.min(axis=1)
    reduced = np.minimum(0.0, cost - multipliers[:, None]).sum(axis=0)
    return _solution(
        problem,
        sites,
        proved=True,
        bound=-math.inf,
        multipliers=multipliers,
        lagrangian_bound=float(multipliers.sum() + np.sort(reduced)[:p].sum()),
        seconds=seconds,
        seed=seed,
    )


def _solution(
    problem: MedianProblem,
    sites: NDArray[np.int64],
    *,
    proved: bool,
    bound: float,
    multipliers: NDArray[np.float64],
    lagrangian_bound: float,
    seconds: float,
    seed: int,
) -> MedianSolution:
    objective = _cost_of(problem.cost, sites)
    if not np.isfinite(objective):
        lost = np.flatnonzero(np.isinf(problem.cost[:, sites].min(axis=1)))
        raise UnusableInputError(
            f"没有找到 {problem.p} 个能通达全部需求点的设点方案，最好的方案仍有 {len(lost)} 个需求点无法通达："
            f"{listing(problem.customers, lost)}。请增加设点数、为这些需求点补充候选点，或延长求解时间。"
        )
    return MedianSolution(
        status="optimal" if proved else "feasible",
        objective=objective,
        bound=objective if proved else bound,
        seconds=seconds,
        seed=seed,
        open_sites=sites,
        serves=sites[problem.cost[:, sites].argmin(axis=1)],
        multipliers=multipliers,
        lagrangian_bound=lagrangian_bound,
    )


def _cost_of(cost: NDArray[np.float64], sites: NDArray[np.int64]) -> float:
    return float(cost[:, sites].min(axis=1).sum())


def _check_reach(problem: MedianProblem) -> None:
    """Refuse customers without any site, and fewer sites than separate parts of the territory."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    allowed = np.isfinite(problem.cost)
    if allowed.all():
        return
    lost = np.flatnonzero(~allowed.any(axis=1))
    if lost.size:
        raise UnusableInputError(
            f"每个需求点至少应有一个可通达的候选点，实际有 {len(lost)} 个没有：{listing(problem.customers, lost)}。"
            "请为它们补充候选点或道路、航线。"
        )
    n, m = allowed.shape
    rows, columns = np.nonzero(allowed)
    links = csr_array((np.ones(len(rows), dtype=np.int8), (rows, n + columns)), shape=(n + m, n + m))
    _, part_of = connected_components(links, directed=False)
    parts = np.unique(part_of[:n])
    if len(parts) > problem.p:
        first = np.array([int(np.flatnonzero(part_of[:n] == part)[0]) for part in parts])
        raise UnusableInputError(
            f"需求点分为 {len(parts)} 个互不连通的部分，设点数应至少为 {len(parts)}，实际为 {problem.p}"
            f"（各部分之一：{listing(problem.customers, first)}）。请增加设点数，或补上连接各部分的道路、航线。"
        )
