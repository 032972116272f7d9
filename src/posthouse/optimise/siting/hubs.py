"""Solves hubs of the 1+1+N kind: which county centre, which town hubs, and who is served through which.

Two-tier facility location on paths centre - hub - village (Kaufman, Vanden Eede and Hansen 1977), single source, exact
by HiGHS for the tens of hubs and hundreds of villages of a county.
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.siting.mip import Model, Rows, solve_model
from posthouse.optimise.siting.problem import HubProblem, listing
from posthouse.optimise.siting.solution import HubSolution
from posthouse.vocabulary.errors import UnusableInputError


def solve_hubs(
    problem: HubProblem,
    *,
    seconds: float = 10.0,
    iterations: int | None = None,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> HubSolution:
    """Return the centres and hubs to open, the hub of each village and the centre of each hub, at least yearly cost.

    Parameters
    ----------
    seconds : wall time limit. iterations : limit of branch-and-bound nodes; with `seconds=math.inf` the answer
        depends on problem and seed alone.

    Raises
    ------
    UnusableInputError : villages that no path reaches, capacities too small, or no answer in time.
    """
    begun = clock()
    links = np.argwhere(np.isfinite(problem.centre_hub_yuan))
    link_at, village = np.nonzero(np.isfinite(problem.hub_village_yuan[links[:, 1]]))
    lost = np.setdiff1d(np.arange(len(problem.demand)), village)
    if lost.size:
        raise UnusableInputError(
            f"每个村至少应有一条“县级中心—乡镇枢纽—村”的通路，实际有 {len(lost)} 个村没有："
            f"{listing(problem.villages, lost)}。请补充枢纽，或补上到这些村的道路、航线。"
        )
    model = _model(problem, links, link_at, village)
    left = seconds - (clock() - begun)
    answer = solve_model(model, seconds=left, seed=seed, nodes=iterations)
    if answer.values is None:
        raise _explain(problem, proved=answer.status == "infeasible")
    centres, pairs = len(problem.centre_cost_yuan), len(links)
    opened = answer.values[centres : centres + pairs] > 0.5
    used = answer.values[centres + pairs :] > 0.5
    hub_of = np.full(len(problem.demand), -1, dtype=np.int64)
    hub_of[village[used]] = links[link_at[used], 1]
    centre_of = np.full(len(problem.hub_cost_yuan), -1, dtype=np.int64)
    centre_of[links[opened, 1]] = links[opened, 0]
    chosen = np.flatnonzero(answer.values[:centres] > 0.5)
    hubs = np.flatnonzero(centre_of >= 0)
    transport = problem.centre_hub_yuan[centre_of[hub_of], hub_of]
    transport = transport + problem.hub_village_yuan[hub_of, np.arange(len(hub_of))]
    fixed = problem.centre_cost_yuan[chosen].sum() + problem.hub_cost_yuan[hubs].sum()
    objective = float(fixed + problem.demand @ transport)
    proved = answer.status == "optimal"
    return HubSolution(
        status="optimal" if proved else "feasible",
        objective=objective,
        bound=objective if proved else min(objective, max(0.0, answer.bound)),
        seconds=clock() - begun,
        seed=seed,
        centres=chosen,
        hubs=hubs,
        hub_of=hub_of,
        centre_of=centre_of,
    )


def _model(
    problem: HubProblem, links: NDArray[np.int64], link_at: NDArray[np.int64], village: NDArray[np.int64]
) -> Model:
    """Columns: centre open, link centre-hub open, path of a village over a link used."""
    centres, pairs, paths, villages = len(problem.centre_cost_yuan), len(links), len(link_at), len(problem.demand)
    hubs = len(problem.hub_cost_yuan)
    centre, hub = links[:, 0], links[:, 1]
    parcel = problem.centre_hub_yuan[centre, hub][link_at] + problem.hub_village_yuan[hub[link_at], village]
    link_column, path_column = centres + np.arange(pairs), centres + pairs + np.arange(paths)
    ones = np.ones(pairs)
    capacity = np.where(np.isfinite(problem.hub_capacity), problem.hub_capacity, problem.demand.sum())
    limit = float(hubs if problem.hub_limit is None else problem.hub_limit)
    at_path, none_c, none_p = np.arange(paths), np.zeros(centres, dtype=np.int64), np.zeros(pairs, dtype=np.int64)
    rows = Rows()
    rows.add(villages, 1.0, 1.0, (village, path_column, np.ones(paths)))  # one path each
    through = (at_path, link_column[link_at], -np.ones(paths))
    rows.add(paths, -np.inf, 0.0, (at_path, path_column, np.ones(paths)), through)
    rows.add(hubs, -np.inf, 1.0, (hub, link_column, ones))  # a hub has one centre
    rows.add(pairs, -np.inf, 0.0, (np.arange(pairs), link_column, ones), (np.arange(pairs), centre, -ones))
    load = (hub[link_at], path_column, problem.demand[village])
    rows.add(hubs, -np.inf, 0.0, load, (hub, link_column, -capacity[hub]))
    count = float(problem.centre_count)
    rows.add(1, count, count, (none_c, np.arange(centres), np.ones(centres)))
    rows.add(1, -np.inf, limit, (none_p, link_column, ones))
    cost = np.concatenate([problem.centre_cost_yuan, problem.hub_cost_yuan[hub], problem.demand[village] * parcel])
    size = centres + pairs + paths
    return rows.model(cost, np.zeros(size), np.ones(size), np.ones(size, dtype=np.bool_))


def _explain(problem: HubProblem, *, proved: bool) -> UnusableInputError:
    if not proved:
        return UnusableInputError("求解时限太短，没有得到可行的枢纽方案。请延长时限后重试。")
    hubs = len(problem.hub_cost_yuan)
    most = hubs if problem.hub_limit is None else min(hubs, problem.hub_limit)
    room, need = float(np.sort(problem.hub_capacity)[::-1][:most].sum()), float(problem.demand.sum())
    if need > room:
        return UnusableInputError(
            f"枢纽容量应不小于总件量，实际最大的 {most} 个枢纽共 {room:g} 件/年，总件量 {need:g} 件/年。"
            "请增加枢纽数上限，或补充容量更大的候选枢纽。"
        )
    return UnusableInputError(
        f"在 {problem.centre_count} 个县级中心、至多 {most} 个枢纽和现有容量下没有可行方案（各村件量不可拆分）。"
        "请增加枢纽数上限、容量或通路后重试。"
    )
