"""Lower bounds on the cost of a routing problem, quick and valid for every feature of the model; the larger one counts.

`arcs`: each visit is entered and left once, so it costs at least half its cheapest arc in and half its cheapest out.
`loads`: a route costs at least the way to its farthest customer and back, and therefore at least the load-weighted mean
of these ways (M. Haimovich, A. Rinnooy Kan, 1985, Mathematics of Operations Research 10, 527-542). It needs the
triangle inequality, so shortest ways are computed first where it fails.
"""

import numpy as np

from posthouse.optimise.routing.problem import Floats, RoutingProblem


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
    prices: Floats = np.min(
        [
            problem.distance[k.profile] * k.cost_per_distance
            + problem.travel_times[k.profile] * (k.cost_per_duration * k.duration_factor)
            for k in problem.classes
        ],
        axis=0,
    )
    return prices


def _arc_prices(problem: RoutingProblem, arcs: Floats) -> Floats:
    """Return for each visit half the cheapest arcs in and out of its customer."""
    barred = arcs.copy()
    np.fill_diagonal(barred, np.inf)
    half = (barred.min(axis=0) + barred.min(axis=1)) / 2
    prices: Floats = np.minimum(half[_owners(problem)], problem.visit_outside_price)
    return prices


def _load_prices(problem: RoutingProblem, arcs: Floats) -> Floats:
    """Return for each visit its share of the way there and back, by load."""
    owner = _owners(problem)
    depot = problem.customers + problem.slot_depot[problem.visit_slot]
    shortest = _shortest_ways(problem, arcs)
    way = shortest[depot, owner] + shortest[owner, depot]
    largest = max(k.capacity[0] for k in problem.classes)
    # A demand above every capacity belongs to an infeasible problem; its share must still not exceed one.
    share = np.minimum(problem.visit_demand[:, 0] / largest, 1.0)
    prices: Floats = np.minimum(way * share, problem.visit_outside_price)
    return prices


def _shortest_ways(problem: RoutingProblem, arcs: Floats) -> Floats:
    """Return shortest ways between depots and customers; the arcs themselves where the triangle inequality holds."""
    depots = np.unique(problem.customers + problem.slot_depot)
    ways = arcs.copy()
    for depot in depots:
        for _ in range(len(arcs)):
            there = np.min(ways[depot][:, None] + arcs, axis=0)
            back = np.min(arcs + ways[:, depot][None, :], axis=1)
            if np.allclose(there, ways[depot], rtol=1e-12) and np.allclose(back, ways[:, depot], rtol=1e-12):
                break
            ways[depot] = np.minimum(ways[depot], there)
            ways[:, depot] = np.minimum(ways[:, depot], back)
    return ways


def _owners(problem: RoutingProblem) -> np.ndarray:
    options = np.repeat(np.arange(problem.customers), np.diff(problem.option_start))
    return np.repeat(options, np.diff(problem.visit_start))


def _sum_options(problem: RoutingProblem, prices: Floats) -> float:
    """Return the sum over customers of their cheapest option."""
    running = np.concatenate([[0.0], np.cumsum(prices)])
    option = running[problem.visit_start[1:]] - running[problem.visit_start[:-1]] + problem.option_price
    return float(np.minimum.reduceat(option, problem.option_start[:-1]).sum()) if len(option) else 0.0
