"""The door to the carriage engine: the cheapest way of parcels over scheduled buses and ferries in a repeating week.

A linear multi-commodity flow over time-expanded networks, one commodity per origin and moment of readiness, joined by
the room of the runs (Ford and Fulkerson 1958; Ahuja, Magnanti and Orlin 1993). Parcels with no way, no room or a
dearer way than outside are left over, and said so.
"""

import math
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.carriage.linear import Optimum, Rows, minimise
from posthouse.optimise.carriage.network import Network, Node, build_networks
from posthouse.optimise.carriage.problem import CarriageProblem
from posthouse.optimise.carriage.routes import split_flow
from posthouse.optimise.carriage.solution import CarriageSolution, LeftOver, Movement, movement_yuan
from posthouse.vocabulary.errors import UnusableInputError

NOTHING = 1e-7  # parcels, or yuan, fewer than this are rounding
Leg = tuple[int, int, int]


def solve_carriage(
    problem: CarriageProblem, *, seconds: float = 60.0, clock: Callable[[], float] = time.perf_counter
) -> CarriageSolution:
    """Return which parcels ride on which runs, so that the week costs least, and what is left over.

    Parcels without an outside price are left over only where they cannot be carried, at whatever cost.

    Parameters
    ----------
    seconds : wall time limit of the linear programme; the answer does not depend on it.

    Raises
    ------
    UnusableInputError : the time was too short for an optimum.
    """
    begun = clock()
    networks = build_networks(problem)
    cheapest = {index: yuan for network in networks for index, yuan in network.cheapest_yuan.items()}
    prohibitive = _prohibitive_yuan(problem, cheapest)
    model, leg_row = _model(problem, networks, prohibitive)
    optimum = _minimise(*model, seconds) if problem.consignments else None
    movements = _movements(problem, networks, optimum) if optimum else ()
    carried = [0.0] * len(problem.consignments)
    for movement in movements:
        carried[movement.consignment] += movement.parcels
    left_over = tuple(
        LeftOver(consignment=index, parcels=parcels, reason=_reason(cheapest[index], consignment.outside_yuan))
        for index, consignment in enumerate(problem.consignments)
        if (parcels := consignment.parcels - carried[index]) > NOTHING
    )
    carried_yuan = math.fsum(movement.parcels * movement_yuan(problem, movement) for movement in movements)
    outside = [left.parcels * problem.consignments[left.consignment].outside_yuan for left in left_over]
    objective = carried_yuan + math.fsum(yuan for yuan in outside if math.isfinite(yuan))
    worth = {leg: -float(optimum.duals[row]) for leg, row in leg_row.items()} if optimum else {}
    possible = {index: found for network in networks for index, found in network.possible_min.items()}
    return CarriageSolution(
        status="optimal",
        objective=objective,
        bound=objective - (optimum.objective - optimum.bound) if optimum else objective,
        seconds=clock() - begun,
        movements=movements,
        left_over=left_over,
        carried_yuan=carried_yuan,
        possible_min=tuple(possible[index] for index in range(len(problem.consignments))),
        full={leg: yuan if yuan < prohibitive / 2 else math.inf for leg, yuan in worth.items() if yuan > NOTHING},
    )


def _prohibitive_yuan(problem: CarriageProblem, cheapest: dict[int, float]) -> float:
    """Return a price that nobody would pay to leave a parcel behind: far above every way and every outside price."""
    prices = [yuan for yuan in cheapest.values() if math.isfinite(yuan)]
    prices += [c.outside_yuan for c in problem.consignments if math.isfinite(c.outside_yuan)]
    prices += [service.fare_yuan for service in problem.services]
    return 1000.0 * (1.0 + max(prices, default=0.0))


def _model(
    problem: CarriageProblem, networks: list[Network], prohibitive: float
) -> tuple[tuple[NDArray[np.float64], Rows], dict[Leg, int]]:
    """Return costs and rows of the linear programme, and the row of every leg whose room is limited.

    Columns are the arcs of one network after the other, then the parcels left over by consignment.
    """
    rows = Rows()
    cost: list[float] = []
    leg_row: dict[Leg, int] = {}
    for consignment in problem.consignments:
        rows.add(consignment.parcels, consignment.parcels)
    for network in networks:
        node_row: dict[Node, int] = {}
        for arc in network.arcs:
            column = len(cost)
            cost.append(arc.cost_yuan)
            if arc.tail != network.source:
                rows.put(node_row[arc.tail], column, -1.0)
            if arc.consignment is not None:
                rows.put(arc.consignment, column, 1.0)
            if arc.head is not None:
                if arc.head not in node_row:
                    node_row[arc.head] = rows.add(0.0, 0.0)
                rows.put(node_row[arc.head], column, 1.0)
            if arc.leg is not None and math.isfinite(room := problem.services[arc.leg[0]].room):
                if arc.leg not in leg_row:
                    leg_row[arc.leg] = rows.add(-math.inf, room)
                rows.put(leg_row[arc.leg], column, 1.0)
    for index, consignment in enumerate(problem.consignments):
        rows.put(index, len(cost), 1.0)
        cost.append(consignment.outside_yuan if math.isfinite(consignment.outside_yuan) else prohibitive)
    return (np.array(cost), rows), leg_row


def _minimise(cost: NDArray[np.float64], rows: Rows, seconds: float) -> Optimum:
    optimum = minimise(cost, rows, seconds=seconds)
    if optimum is None:
        raise UnusableInputError(
            f"求解时限应足够算出带运方案，实际 {seconds:g} 秒不够（{len(cost)} 个可行环节）。"
            "请延长时限或减少票数后重试。"
        )
    return optimum


def _movements(problem: CarriageProblem, networks: list[Network], optimum: Optimum) -> tuple[Movement, ...]:
    found, first = [], 0
    for network in networks:
        flow = optimum.values[first : first + len(network.arcs)].tolist()
        found += split_flow(network, flow, NOTHING)
        first += len(network.arcs)
    return tuple(sorted(found, key=lambda movement: (movement.consignment, movement.rides[-1].arrive_min)))


def _reason(cheapest_yuan: float, outside_yuan: float) -> str:
    if math.isinf(cheapest_yuan):
        return "no_connection"
    return "dearer" if cheapest_yuan >= outside_yuan - NOTHING else "no_room"
