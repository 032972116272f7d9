"""Solve a periodic routing problem by ruin and recreate under simulated annealing.

For the village planner and the `route` verb. After J. Christiaens and G. Vanden Berghe (2020), "Slack induction by
string removals for vehicle routing problems", Transportation Science 54, 417-433, carried over to periods; README.md
says how.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from posthouse.optimise.routing.bounds import bound_cost
from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.decompose import LARGE, search_decomposed
from posthouse.optimise.routing.explain import explain
from posthouse.optimise.routing.feasibility import drop_unservable
from posthouse.optimise.routing.keep import keep_routes
from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.search import Budget, search
from posthouse.optimise.routing.solution import Progress, Route, RoutingResult, Solution, Status

PROVEN = 1e-9  # relative distance from the bound that counts as none


def solve_routing(
    problem: RoutingProblem,
    *,
    seed: int,
    seconds: float | None = None,
    iterations: int | None = None,
    start: Solution | None = None,
    keep: Sequence[Route] = (),
    target: float = float("-inf"),
    progress: Callable[[Progress], None] | None = None,
    clock: Callable[[], float] = time.perf_counter,
    processes: int = 1,
) -> RoutingResult:
    """Return the best solution found within a limit of time or of iterations.

    Parameters
    ----------
    problem : what to solve.
    seed : the same seed, problem and `iterations` give the same answer. A limit of `seconds` alone does not.
    seconds, iterations : stop at whichever comes first; at least one must be given. Compilation counts in seconds.
    start : begin from this solution, which may be partial or infeasible, and search near it first.
    keep : routes driven as they are; only the rest is solved, and `target` and `progress` count the rest. `keep.py`
        keeps single days, or last month's days at a price.
    target : stop as soon as a solution costs no more than this.
    progress : called now and then with the best cost so far.
    clock : what `seconds` are measured by; `time.process_time` where other work would disturb a comparison.
    processes : how many sectors of a large problem (`decompose.py`) are solved at the same time.

    Raises
    ------
    UnusableInputError
        Where some customer could not be served by any vehicle at all, saying which and why.

    >>> import numpy as np
    >>> from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
    >>> line = np.abs(np.subtract.outer([1.0, 2.0, 0.0], [1.0, 2.0, 0.0]))
    >>> problem = make_periodic_problem(line, options=[[[0], [1]], [[0, 1]]], demand=[4, 4], service=[0, 0],
    ...                                 slots=[(0, 0), (0, 1)], fleet=[(VehicleClass(capacity=(10.0,)), 1)] * 2)
    >>> solve_routing(problem, seed=1, iterations=100).objective
    8.0
    """
    begun = clock()
    budget = Budget(clock=clock, begun=begun, seconds=seconds, iterations=iterations, target=target)
    servable = drop_unservable(keep_routes(problem, keep) if keep else problem)
    if servable.customers > LARGE:
        solution, done = search_decomposed(
            servable, budget, seed=seed, start=start, progress=progress, processes=processes
        )
    else:
        solution, done = search(servable, budget, seed=seed, start=start, progress=progress)
    solution = replace(solution, routes=(*keep, *solution.routes))
    cost, violations = check_solution(problem, solution)
    bound = bound_cost(problem)
    gap = 0.0 if cost <= bound else (cost - bound) / cost
    status = Status.INFEASIBLE if violations else Status.OPTIMAL if gap <= PROVEN else Status.FEASIBLE
    return RoutingResult(
        solution=solution,
        status=status,
        objective=cost,
        bound=bound,
        gap=gap,
        seconds=clock() - begun,
        seed=seed,
        iterations=done,
        explanation=explain(problem, violations),
    )
