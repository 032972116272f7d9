"""Verifies siting answers from the problem alone, without any solver code.

Each function returns what is wrong, in sentences; an empty tuple means the answer holds. Bounds that a checker can
recompute (the Lagrangian bound of the p-median) are recomputed; others are only checked against the objective.
"""

import math

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.siting.problem import CoverProblem, HubProblem, MedianProblem, StationProblem, name
from posthouse.optimise.siting.solution import CoverSolution, HubSolution, MedianSolution, Outcome, StationSolution

TOLERANCE = 1e-6  # share of the objective that rounding may cost


def check_median(problem: MedianProblem, solution: MedianSolution) -> tuple[str, ...]:
    """Return the faults of a p-median answer: number of sites, cheapest service, cost, bound from multipliers."""
    faults = list(_check_outcome(solution))
    sites = solution.open_sites
    if len(set(sites.tolist())) != problem.p:
        faults.append(f"Expected {problem.p} different sites, got {len(set(sites.tolist()))}.")
    total = 0.0
    for customer, site in enumerate(solution.serves.tolist()):
        if site not in sites:
            faults.append(f"Customer {name(problem.customers, customer)} is served by a closed site.")
        elif problem.cost[customer, site] > problem.cost[customer, sites].min():
            faults.append(f"Customer {name(problem.customers, customer)} has a cheaper open site.")
        total += float(problem.cost[customer, site])
    faults += _check_equal("objective", total, solution.objective)
    u = solution.multipliers
    reduced = np.array([np.minimum(0.0, column - u).sum() for column in problem.cost.T])
    recomputed = float(u.sum() + np.sort(reduced)[: problem.p].sum())
    if recomputed < solution.lagrangian_bound - TOLERANCE * max(1.0, abs(recomputed)):
        faults.append(f"The multipliers prove {recomputed:g}, the answer claims {solution.lagrangian_bound:g}.")
    return tuple(faults)


def check_cover(problem: CoverProblem, solution: CoverSolution, *, new_limit: int | None = None) -> tuple[str, ...]:
    """Return the faults of a covering answer; `new_limit` is given for a maximal cover, None for a set cover."""
    faults = list(_check_outcome(solution, maximised=new_limit is not None))
    opened = set(solution.open_sites.tolist())
    kept = set(np.flatnonzero(problem.kept).tolist())
    if kept - opened:
        faults.append(f"Kept sites were closed: {sorted(kept - opened)}.")
    pairs = zip(problem.pair_customer.tolist(), problem.pair_site.tolist(), strict=True)
    covered = {customer for customer, site in pairs if site in opened}
    if covered != set(np.flatnonzero(solution.covered).tolist()):
        faults.append("The customers said to be covered are not those covered by the open sites.")
    if new_limit is None:
        missing = sorted(set(range(problem.n_customers)) - covered)
        if missing:
            faults.append(f"Customers without cover: {missing}.")
        return (*faults, *_check_equal("objective", sum(problem.site_cost[j] for j in opened), solution.objective))
    if len(opened - kept) > new_limit:
        faults.append(f"Expected at most {new_limit} new sites, got {len(opened - kept)}.")
    return (*faults, *_check_equal("objective", sum(problem.weight[i] for i in covered), solution.objective))


def check_stations(problem: StationProblem, solution: StationSolution) -> tuple[str, ...]:
    """Return the faults of a station answer: service rules, capacity, what is kept, limits, cost."""
    faults = list(_check_outcome(solution))
    opened = set(solution.open_sites.tolist())
    kept = set(np.flatnonzero(problem.kept).tolist())
    new = opened - kept
    if kept - opened:
        faults.append(f"Kept sites were closed: {sorted(kept - opened)}.")
    if new != set(solution.new_sites.tolist()):
        faults.append("new_sites are not the open sites that were not kept.")
    room, module_cost = problem.site_capacity.copy(), 0.0
    if problem.module_capacity is not None and problem.module_cost_yuan is not None:
        room = room + problem.module_capacity * solution.modules
        module_cost = float(problem.module_cost_yuan @ solution.modules)
    if solution.modules.any() and (problem.module_limit is None or (solution.modules > problem.module_limit).any()):
        faults.append("More modules than the limit.")
    load, use_cost = _check_service(problem, solution, opened, faults)
    over = np.flatnonzero(load > room + 1e-6).tolist()
    faults += [f"Site {name(problem.sites, site)} is overloaded." for site in over]
    spent = module_cost + float(problem.site_cost_yuan[list(new)].sum())
    if problem.new_limit is not None and len(new) > problem.new_limit:
        faults.append(f"Expected at most {problem.new_limit} new sites, got {len(new)}.")
    if problem.budget_yuan is not None and spent > problem.budget_yuan * (1 + TOLERANCE):
        faults.append(f"Expected new cost up to {problem.budget_yuan:g} yuan, got {spent:g}.")
    total = use_cost + spent + float(problem.site_cost_yuan[list(opened - new)].sum())
    return (*faults, *_check_equal("objective", total, solution.objective))


def _check_service(
    problem: StationProblem, solution: StationSolution, opened: set[int], faults: list[str]
) -> tuple[NDArray[np.float64], float]:
    """Return the load of each site and the cost of uses and of villages left out; append faults."""
    cheapest: dict[tuple[int, int], float] = {}
    for pair in range(len(problem.pair_site)):
        village, site = int(problem.pair_village[pair]), int(problem.pair_site[pair])
        shared = not problem.own_station[village] and problem.pair_km[pair] <= problem.walk_limit_km
        if shared or problem.site_village[site] == village:
            known = cheapest.get((village, site), math.inf)
            cheapest[village, site] = min(known, float(problem.pair_cost_yuan[pair]))
    load, cost = np.zeros(len(problem.site_cost_yuan)), 0.0
    for village, site in enumerate(solution.serves.tolist()):
        label = name(problem.villages, village)
        if site >= 0 and site in opened and (village, site) in cheapest:
            cost += cheapest[village, site]
            load[site] += problem.demand[village]
        elif site >= 0:
            faults.append(f"Village {label} is served by site {name(problem.sites, site)}, closed or not admissible.")
        elif problem.unserved_cost_yuan is None:
            faults.append(f"Village {label} is left without a station.")
        else:
            cost += float(problem.unserved_cost_yuan[village])
    return load, cost


def check_hubs(problem: HubProblem, solution: HubSolution) -> tuple[str, ...]:
    """Return the faults of a hub answer: tiers, numbers, capacities, cost."""
    faults = list(_check_outcome(solution))
    centres, hubs = set(solution.centres.tolist()), set(solution.hubs.tolist())
    if len(centres) != problem.centre_count:
        faults.append(f"Expected {problem.centre_count} centres, got {len(centres)}.")
    if problem.hub_limit is not None and len(hubs) > problem.hub_limit:
        faults.append(f"Expected at most {problem.hub_limit} hubs, got {len(hubs)}.")
    if hubs != set(np.flatnonzero(solution.centre_of >= 0).tolist()):
        faults.append("The open hubs are not those that have a centre.")
    total = sum(float(problem.centre_cost_yuan[c]) for c in centres) + sum(
        float(problem.hub_cost_yuan[h]) for h in hubs
    )
    load = np.zeros(len(problem.hub_cost_yuan))
    for village, hub in enumerate(solution.hub_of.tolist()):
        centre = int(solution.centre_of[hub]) if hub in hubs else -1
        if centre not in centres:
            faults.append(f"Village {name(problem.villages, village)} has no open path.")
            continue
        parcel = problem.centre_hub_yuan[centre, hub] + problem.hub_village_yuan[hub, village]
        total += float(problem.demand[village] * parcel)
        load[hub] += problem.demand[village]
    over = np.flatnonzero(load > problem.hub_capacity * (1 + TOLERANCE)).tolist()
    faults += [f"Hub {name(problem.hubs, hub)} is overloaded." for hub in over]
    return (*faults, *_check_equal("objective", total, solution.objective))


def _check_outcome(solution: Outcome, *, maximised: bool = False) -> tuple[str, ...]:
    sign = -1.0 if maximised else 1.0
    room = TOLERANCE * max(1.0, abs(solution.objective))
    if sign * (solution.bound - solution.objective) > room:
        return (f"The bound {solution.bound:g} is beyond the objective {solution.objective:g}.",)
    if solution.status == "optimal" and abs(solution.bound - solution.objective) > room:
        return (f"Said to be optimal, with bound {solution.bound:g} and objective {solution.objective:g}.",)
    return ()


def _check_equal(what: str, computed: float, stated: float) -> tuple[str, ...]:
    if math.isclose(computed, stated, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        return ()
    return (f"The {what} is {computed:g}, the answer states {stated:g}.",)
