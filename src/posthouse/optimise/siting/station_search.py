"""Improves a station decision too large for one model: takes neighbouring villages out and places them anew, exactly.

Large neighbourhood search (Shaw 1998): the sites that serve other villages stay open with the room these leave, the
rest of the neighbourhood is a small station problem of its own, which HiGHS solves.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.siting.mip import solve_model
from posthouse.optimise.siting.problem import StationProblem
from posthouse.optimise.siting.station_model import Decision, Part, group_by, modules_needed, station_model, whole_part

NEIGHBOURHOOD = 16  # villages placed anew at once
NODES = 50  # of branch and bound for one neighbourhood
ROUND_SECONDS = 2.0


def improve_decision(
    problem: StationProblem, part: Part, decision: Decision, *, rounds: int | None, seed: int, stop: Callable[[], bool]
) -> None:
    """Lower the cost of the decision in place, until time is up or every village was a centre twice without gain.

    The problem must have no limit that joins all villages (`new_limit`, `budget_yuan`). rounds : most neighbourhoods.
    """
    rng = np.random.default_rng(seed)
    pairs_of = group_by(part.pairs, problem.pair_village[part.pairs])
    pairs_at = group_by(part.pairs, problem.pair_site[part.pairs])
    idle, count, cost = 0, 0, decision.cost(problem, part)
    while idle < 2 * len(part.villages) and (rounds is None or count < rounds) and not stop():
        idle, count = idle + 1, count + 1
        villages = _surroundings(problem, pairs_of, pairs_at, int(rng.choice(part.villages)))
        pairs = np.concatenate([pairs_of[village] for village in villages])
        trial = _place_anew(problem, np.array(villages), pairs, decision, seed)
        new_cost = cost if trial is None else trial.cost(problem, part)
        if trial is not None and new_cost < cost * (1 - 1e-9):
            cost, idle = new_cost, 0
            decision.opened, decision.serves = trial.opened, trial.serves
            decision.pair_of, decision.modules = trial.pair_of, trial.modules


def _surroundings(
    problem: StationProblem,
    pairs_of: dict[int, NDArray[np.int64]],
    pairs_at: dict[int, NDArray[np.int64]],
    centre: int,
) -> list[int]:
    """Return the centre, the villages that could share a site with it, then those that could with them, up to a few."""
    found = [centre]
    for village in found:
        for site in problem.pair_site[pairs_of.get(village, ())].tolist():
            for other in problem.pair_village[pairs_at[site]].tolist():
                if other not in found:
                    found.append(other)
                if len(found) >= NEIGHBOURHOOD:
                    return [member for member in found if member in pairs_of]
    return [member for member in found if member in pairs_of]


def _place_anew(
    problem: StationProblem, villages: NDArray[np.int64], pairs: NDArray[np.int64], decision: Decision, seed: int
) -> Decision | None:
    """Return the decision with these villages placed as well as possible, or None where HiGHS finds no way."""
    sites, site_at = np.unique(problem.pair_site[pairs], return_inverse=True)
    inside = np.zeros(len(problem.demand), dtype=np.bool_)
    inside[villages] = True
    position = np.zeros(len(problem.demand), dtype=np.int64)
    position[villages] = np.arange(len(villages))
    others = np.flatnonzero(~inside & (decision.serves >= 0))
    taken = np.bincount(decision.serves[others], problem.demand[others], minlength=len(problem.kept))[sites]
    fixed = problem.kept[sites] | (np.bincount(decision.serves[others], minlength=len(problem.kept))[sites] > 0)
    bought = np.where(taken > 0, decision.modules[sites], 0)
    room = problem.site_capacity[sites] - taken
    if problem.module_capacity is not None:
        room = room + bought * problem.module_capacity[sites]
    small = StationProblem(
        demand=problem.demand[villages],
        pair_village=position[problem.pair_village[pairs]],
        pair_site=site_at,
        pair_km=np.zeros(len(pairs)),
        pair_cost_yuan=problem.pair_cost_yuan[pairs],
        site_cost_yuan=np.where(fixed, 0.0, problem.site_cost_yuan[sites]),
        site_capacity=np.maximum(0.0, room),
        kept=fixed,
        site_village=np.zeros(len(sites), dtype=np.int64),
        own_station=np.zeros(len(villages), dtype=np.bool_),
        walk_limit_km=0.0,
        module_capacity=None if problem.module_capacity is None else problem.module_capacity[sites],
        module_cost_yuan=None if problem.module_cost_yuan is None else problem.module_cost_yuan[sites],
        module_limit=None if problem.module_limit is None else problem.module_limit[sites] - bought,
        unserved_cost_yuan=None if problem.unserved_cost_yuan is None else problem.unserved_cost_yuan[villages],
    )
    model = station_model(small, whole_part(small))
    answer = solve_model(model.model, seconds=ROUND_SECONDS, seed=seed, nodes=NODES)
    if answer.values is None:
        return None
    placed = Decision.none(small)
    model.write(answer.values, placed)
    trial = decision.copy()
    trial.opened[sites] = placed.opened
    served = placed.pair_of >= 0
    trial.pair_of[villages] = np.where(served, pairs[placed.pair_of], -1)
    trial.serves[villages] = np.where(served, sites[placed.serves], -1)
    load = np.bincount(trial.serves[trial.serves >= 0], problem.demand[trial.serves >= 0], minlength=len(problem.kept))
    for site in sites.tolist():
        needed = modules_needed(problem, site, float(load[site]))
        if needed is None:
            return None
        trial.modules[site] = needed
    return trial
