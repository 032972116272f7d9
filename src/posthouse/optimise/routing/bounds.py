"""Lower bounds on the cost of a routing problem, quick and valid for every feature of the model; the larger one counts.

`arcs`: each visit is entered and left once, so it costs at least half its cheapest arc in and half its cheapest out.
`loads`: a route costs at least the way to its farthest customer and back, and therefore at least the load-weighted mean
of these ways (M. Haimovich, A. Rinnooy Kan, 1985, Mathematics of Operations Research 10, 527-542). It needs the
triangle inequality, so shortest ways are computed first where it fails.
"""

import numpy as np

from posthouse.optimise.routing.problem import Floats, RoutingProblem

BLOCK = 256  # rows at a time, so that nothing of the size of all arcs is made twice


def bound_cost(problem: RoutingProblem) -> float:
    """Return a number that no feasible solution's cost is below.

    >>> from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
    >>> line = np.abs(np.subtract.outer([1.0, 2.0, 0.0], [1.0, 2.0, 0.0]))
    >>> problem = make_periodic_problem(line, options=[[[0]], [[0]]], demand=[6, 6], service=[0, 0], slots=[(0, 0)],
    ...                                 fleet=[(VehicleClass(capacity=(6.0,)), 2)])
    >>> bound_cost(problem)
    6.0
    """
    if problem.customers == 0:
        return 0.0
    cheapest = _cheapest_arcs(problem)
    return max(
        _sum_options(problem, _arc_prices(problem, cheapest)), _sum_options(problem, _load_prices(problem, cheapest))
    )


def _cheapest_arcs(problem: RoutingProblem) -> Floats:
    """Return for each arc the price of the class that drives it for least."""
    keys = dict.fromkeys(
        (k.profile, k.cost_per_distance, k.cost_per_duration * k.duration_factor) for k in problem.classes
    )
    prices: Floats | None = None
    for profile, per_distance, per_duration in keys:
        own = problem.distance[profile] * per_distance
        if per_duration:
            own += problem.travel_times[profile] * per_duration
        prices = own if prices is None else np.minimum(prices, own, out=prices)
    assert prices is not None  # a problem has vehicle classes
    return prices


def _arc_prices(problem: RoutingProblem, arcs: Floats) -> Floats:
    """Return for each visit half the cheapest arcs in and out of its customer."""
    own = arcs.diagonal().copy()
    np.fill_diagonal(arcs, np.inf)
    half = (arcs.min(axis=0) + arcs.min(axis=1)) / 2
    np.fill_diagonal(arcs, own)
    prices: Floats = np.minimum(half[problem.visit_customer], problem.visit_outside_price)
    return prices


def _load_prices(problem: RoutingProblem, arcs: Floats) -> Floats:
    """Return for each visit its share of the way there and back, by load."""
    owner = problem.visit_customer
    depot = problem.slot_depot[problem.visit_slot]
    there, back = _shortest_ways(problem, arcs)
    way = there[depot, owner] + back[depot, owner]
    largest = max(k.capacity[0] for k in problem.classes)
    # A demand above every capacity belongs to an infeasible problem; its share must still not exceed one.
    share = np.minimum(problem.visit_demand[:, 0] / largest, 1.0)
    prices: Floats = np.minimum(way * share, problem.visit_outside_price)
    return prices


def _shortest_ways(problem: RoutingProblem, arcs: Floats) -> tuple[Floats, Floats]:
    """Return shortest ways from each depot to everywhere and back; the arcs themselves by the triangle inequality."""
    depots = range(problem.customers, problem.customers + int(problem.slot_depot.max(initial=0)) + 1)
    return (
        np.array([_shortest(arcs[depot], arcs) for depot in depots]),
        np.array([_shortest(arcs[:, depot], arcs.T) for depot in depots]),
    )


def _shortest(first: Floats, arcs: Floats) -> Floats:
    """Return shortest ways to everywhere, given those that are one arc long; by Bellman and Ford, in blocks of rows."""
    ways = first.astype(np.float64)
    for _ in range(len(arcs)):
        shorter = ways.copy()
        for at in range(0, len(arcs), BLOCK):
            np.minimum(shorter, (ways[at : at + BLOCK, None] + arcs[at : at + BLOCK]).min(axis=0), out=shorter)
        if np.allclose(shorter, ways, rtol=1e-12):
            return ways
        ways = shorter
    return ways


def _sum_options(problem: RoutingProblem, prices: Floats) -> float:
    """Return the sum over customers of their cheapest option."""
    running = np.concatenate([[0.0], np.cumsum(prices)])
    option = running[problem.visit_start[1:]] - running[problem.visit_start[:-1]] + problem.option_price
    return float(np.minimum.reduceat(option, problem.option_start[:-1]).sum()) if len(option) else 0.0
