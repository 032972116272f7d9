"""Solves the siting of village stations and lockers: what exists is kept, what is added is cheapest.

A mixed-integer model of single-source capacitated facility location with modules (Sridharan 1995; Correia and Captivo
2003), given to HiGHS piece by piece: villages that share no site are independent unless a limit on the number or cost
of new sites joins them. The start, and the answer where time runs out, is a greedy assignment; in large pieces it is
first improved neighbourhood by neighbourhood.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from posthouse.optimise.siting.mip import solve_model
from posthouse.optimise.siting.problem import StationProblem
from posthouse.optimise.siting.solution import StationSolution
from posthouse.optimise.siting.station_limits import check_limits, explain_infeasible
from posthouse.optimise.siting.station_model import Decision, Part, greedy_decision, group_by, station_model, whole_part
from posthouse.optimise.siting.station_search import improve_decision

LARGE = 120  # villages of a piece above which its neighbourhoods are improved before all are given to HiGHS at once
SEARCH_SHARE = 0.4  # of the time left that this may take; HiGHS needs the rest for a bound


def solve_stations(
    problem: StationProblem,
    *,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> StationSolution:
    """Return which sites to add, which site serves each village, and how many modules each site needs.

    Parameters
    ----------
    seconds : wall time limit. iterations : limit of neighbourhoods and of branch-and-bound nodes per piece; with
        `seconds=math.inf` the answer depends on problem and seed alone.

    Raises
    ------
    UnusableInputError : not every village can be served within the limits and leaving one out has no price; the
        message says which villages, which limit, and what would help.
    """
    begun = clock()
    check_limits(problem)
    limits = _Limits(deadline=begun + seconds, iterations=iterations, seed=seed, clock=clock)
    decision = Decision.none(problem)
    bound, proved = 0.0, True
    for part in sorted(_parts(problem), key=lambda part: len(part.pairs)):  # what is small is proven first
        part_bound, part_proved = _solve_part(problem, part, decision, limits)
        bound += part_bound
        proved = proved and part_proved
    objective = decision.cost(problem)
    return StationSolution(
        status="optimal" if proved else "feasible",
        objective=objective,
        bound=objective if proved else min(bound, objective),
        seconds=clock() - begun,
        seed=seed,
        open_sites=np.flatnonzero(decision.opened),
        new_sites=np.flatnonzero(decision.opened & ~problem.kept),
        serves=decision.serves,
        modules=decision.modules,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    deadline: float
    iterations: int | None
    seed: int
    clock: Callable[[], float]

    @property
    def left(self) -> float:
        return self.deadline - self.clock()


def _solve_part(problem: StationProblem, part: Part, decision: Decision, limits: _Limits) -> tuple[float, bool]:
    """Write the best answer for the part into the decision; return its bound and whether it is proven optimal."""
    served = greedy_decision(problem, part, decision)
    joined = problem.new_limit is not None or problem.budget_yuan is not None
    if served and len(part.villages) <= 1 and not joined:
        return decision.cost(problem, part), True  # one village: the cheapest option is the optimum
    if served and len(part.villages) > LARGE and not joined:
        until = limits.left * (1 - SEARCH_SHARE)
        improve_decision(
            problem,
            part,
            decision,
            rounds=limits.iterations,
            seed=limits.seed,
            stop=lambda: limits.left <= until,
        )
    model = station_model(problem, part)
    start = model.values_of(decision) if served else None
    answer = solve_model(model.model, seconds=limits.left, seed=limits.seed, nodes=limits.iterations, start=start)
    if answer.values is None and not served:
        infeasible = answer.status == "infeasible"
        raise explain_infeasible(problem, part, proved=infeasible, seconds=limits.left, seed=limits.seed)
    if answer.values is not None:
        model.write(answer.values, decision)
    lowest = _lowest_cost(problem, part)
    return max(answer.bound, lowest) if np.isfinite(answer.bound) else lowest, answer.status == "optimal"


def _parts(problem: StationProblem) -> list[Part]:
    """Return the pieces that can be solved one after the other; all in one where a limit joins them."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    if problem.new_limit is not None or problem.budget_yuan is not None:
        return [whole_part(problem)]
    villages, sites = len(problem.demand), len(problem.site_cost_yuan)
    pairs = np.flatnonzero(problem.admissible)
    ends = (problem.pair_village[pairs], villages + problem.pair_site[pairs])
    size = villages + sites
    _, found = connected_components(csr_array((np.ones(len(pairs)), ends), shape=(size, size)), directed=False)
    label = np.asarray(found, dtype=np.int64)
    pairs_of = group_by(pairs, label[problem.pair_village[pairs]])
    villages_of = group_by(np.arange(villages), label[:villages])
    sites_of = group_by(np.arange(sites), label[villages:])
    none = np.zeros(0, dtype=np.int64)
    return [
        Part(villages=villages_of.get(key, none), sites=sites_of.get(key, none), pairs=pairs_of.get(key, none))
        for key in sorted(set(villages_of) | set(sites_of))
    ]


def _lowest_cost(problem: StationProblem, part: Part) -> float:
    """What the part costs at least: its kept sites, and each village its cheapest use or being left out."""
    cheapest = np.full(len(problem.demand), np.inf)
    np.minimum.at(cheapest, problem.pair_village[part.pairs], problem.pair_cost_yuan[part.pairs])
    if problem.unserved_cost_yuan is not None:
        cheapest = np.minimum(cheapest, problem.unserved_cost_yuan)
    kept = part.sites[problem.kept[part.sites]]
    return float(problem.site_cost_yuan[kept].sum() + cheapest[part.villages].sum())
