"""What a depot's week costs at least, in yuan, with the same number of visits in each village.

A round's vehicle costs its day whatever it does. Each visit bears the share of that day which its load, or its time,
has of what the vehicle can do: the shares of a round never exceed one, so no round costs less than its visits bear.
On top come half the cheapest ways in and out of each village; or, instead, the same share of the way there and back
(M. Haimovich, A. Rinnooy Kan, 1985, Mathematics of Operations Research 10, 527-542). The largest of these counts.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.routing.problem import RoutingProblem, VehicleClass

Floats = NDArray[np.float64]


def bound_week(problem: RoutingProblem, options: tuple[int, ...]) -> float:
    """Return a number that no week costs less than whose day sets have as many visits as these options.

    Distances and times obey the triangle inequality, and there is one profile and one depot, as `make_week` makes them.
    """
    if problem.customers == 0:
        return 0.0
    counts = np.diff(problem.visit_start)
    owner = np.repeat(np.arange(problem.customers), np.diff(problem.option_start))
    option_of = np.repeat(np.arange(len(counts)), counts)
    eligible = counts == counts[np.array(options)][owner]
    best = 0.0
    for prices in _visit_prices(problem):
        charged = np.minimum(prices, problem.visit_outside_price)
        cost = np.bincount(option_of, weights=charged, minlength=len(counts))
        least = np.minimum.reduceat(np.where(eligible, cost, np.inf), problem.option_start[:-1])
        best = max(best, float(least.sum()))
    return best


def _visit_prices(problem: RoutingProblem) -> Iterator[Floats]:
    """Yield ways of charging each visit, none of which charges a round more than it costs."""
    used = [problem.classes[number] for number in sorted({f.vehicle_class for f in problem.fleet if f.count})]
    at = problem.visit_customer
    if not used:
        yield np.full(len(at), np.inf)
        return
    half_km, half_s = _half_ways(problem.distance[0]), _half_ways(problem.travel_times[0])
    depot = problem.customers
    there_km = (problem.distance[0][depot] + problem.distance[0][:, depot])[at]
    there_s = (problem.travel_times[0][depot] + problem.travel_times[0][:, depot])[at]
    for resource in range(problem.visit_demand.shape[1] + 1):
        near, far = [], []
        for kind in used:
            share = _share(problem, kind, resource, half_s[at])
            near.append(_drive(kind, half_km[at], half_s[at]) + share * kind.fixed_cost)
            far.append(share * (_drive(kind, there_km, there_s) + kind.fixed_cost))
        yield np.min(near, axis=0)
        yield np.min(far, axis=0)


def _share(problem: RoutingProblem, kind: VehicleClass, resource: int, half_s: Floats) -> Floats:
    """What part of the vehicle's room, or of its day as the last resource, each visit takes; at most all of it."""
    if resource < problem.visit_demand.shape[1]:
        return np.minimum(problem.visit_demand[:, resource] / kind.capacity[resource], 1.0)
    return np.minimum((half_s * kind.duration_factor + problem.visit_service) / kind.max_duration, 1.0)


def _drive(kind: VehicleClass, km: Floats, seconds: Floats) -> Floats:
    return km * kind.cost_per_distance + seconds * kind.duration_factor * kind.cost_per_duration


def _half_ways(ways: Floats) -> Floats:
    """Half the shortest way into each place and half the shortest out of it."""
    others = ways.copy()
    np.fill_diagonal(others, np.inf)
    return np.asarray((others.min(axis=0) + others.min(axis=1)) / 2)
