"""The time-expanded network of parcels that become ready together: places at moments, and what leads between them.

Parcels wait at a stop, are aboard a run that leaves a call, or aboard one that arrives at a call. Arcs board (fare),
ride (room), stay aboard, alight to change (handling), wait, or hand over to a consignment. Arcs that no parcel can
use, because they cannot be reached or lead nowhere, are left out.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from posthouse.optimise.carriage.problem import DAY_MIN, WEEK_MIN, CarriageProblem, may_hand_over

# (minute, order within the minute, stop or service, start of the service day, call); arcs lead from smaller to larger.
Node = tuple[int, int, int, int, int]
LEAST_CHANGE_MIN = 1  # keeps the network free of cycles among runs of the same minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """A way from a node to a node, or to a consignment where there is no head.

    leg : (service, service day, call from which the leg starts) whose room the arc uses; None where it uses none.
    """

    tail: Node
    head: Node | None
    cost_yuan: float
    leg: tuple[int, int, int] | None = None
    consignment: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Arcs of the consignments of one origin and moment, in the order of their tails.

    possible_min : arrivals at which each of its consignments could be handed over.
    cheapest_yuan : cost of its cheapest way; inf where there is none.
    """

    source: Node
    arcs: tuple[Arc, ...]
    possible_min: dict[int, tuple[int, ...]]
    cheapest_yuan: dict[int, float]


def build_networks(problem: CarriageProblem) -> list[Network]:
    """Return one network per origin and moment at which parcels become ready."""
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, consignment in enumerate(problem.consignments):
        together[consignment.origin, consignment.ready_min].append(index)
    return [_build(problem, *key, together[key]) for key in sorted(together)]


def _build(problem: CarriageProblem, origin: int, ready_min: int, consignments: list[int]) -> Network:
    source = _waiting(origin, ready_min)
    arcs = list(_run_arcs(problem, origin, ready_min, consignments))
    moments: dict[int, set[int]] = defaultdict(set)
    moments[origin].add(ready_min)
    for arc in arcs:
        for node in (arc.tail, arc.head):
            if node is not None and node[1] == 0:
                moments[node[2]].add(node[0])
    for stop, minutes in moments.items():
        waits = pairwise(sorted(minutes))
        arcs += [Arc(tail=_waiting(stop, a), head=_waiting(stop, b), cost_yuan=0.0) for a, b in waits]
    arcs.sort(key=lambda arc: arc.tail)
    cheapest_at: dict[Node, float] = {source: 0.0}
    reachable: list[Arc] = []
    cheapest = dict.fromkeys(consignments, math.inf)
    possible: dict[int, set[int]] = {index: set() for index in consignments}
    for arc in arcs:
        so_far = cheapest_at.get(arc.tail, math.inf) + arc.cost_yuan
        if math.isinf(so_far):
            continue
        reachable.append(arc)
        if arc.consignment is not None:
            cheapest[arc.consignment] = min(cheapest[arc.consignment], so_far)
            possible[arc.consignment].add(arc.tail[0])
        elif arc.head is not None:
            cheapest_at[arc.head] = min(so_far, cheapest_at.get(arc.head, math.inf))
    useful: set[Node] = set()
    kept: list[Arc] = []
    for arc in reversed(reachable):
        if arc.head is None or arc.head in useful:
            useful.add(arc.tail)
            kept.append(arc)
    return Network(
        source=source,
        arcs=tuple(reversed(kept)),
        possible_min={index: tuple(sorted(found)) for index, found in possible.items()},
        cheapest_yuan=cheapest,
    )


def _run_arcs(problem: CarriageProblem, origin: int, ready_min: int, consignments: list[int]) -> Iterator[Arc]:
    """Yield what the runs between ready and the last deadline offer."""
    due_at: dict[int, list[int]] = defaultdict(list)
    for index in consignments:
        due_at[problem.consignments[index].destination].append(index)
    last_min = max(problem.consignments[index].due_min for index in consignments)
    for number, service in enumerate(problem.services):
        for day in sorted(set(service.days)):
            for week in (-1, 0, 1):
                base = day * DAY_MIN + week * WEEK_MIN
                for call, ((stop, _, depart), (next_stop, arrive, _)) in enumerate(pairwise(service.calls)):
                    if base + depart < ready_min or base + arrive > last_min:
                        continue
                    leaving = (base + depart, 2 * call + 2, number, base, call)
                    arriving = (base + arrive, 2 * call + 3, number, base, call + 1)
                    board_min = base + depart - service.cut_off_min
                    waits_here = stop == origin or problem.stops[stop].change_min is not None
                    if waits_here and board_min >= ready_min:
                        yield Arc(tail=_waiting(stop, board_min), head=leaving, cost_yuan=service.fare_yuan)
                    yield Arc(tail=leaving, head=arriving, cost_yuan=0.0, leg=(number, day, call))
                    if call + 2 < len(service.calls):
                        onward = (base + service.calls[call + 1][2], 2 * call + 4, number, base, call + 1)
                        yield Arc(tail=arriving, head=onward, cost_yuan=0.0)
                    change_min = problem.stops[next_stop].change_min
                    if change_min is not None:
                        free_min = base + arrive + max(change_min, LEAST_CHANGE_MIN)
                        handling = problem.stops[next_stop].handling_yuan
                        yield Arc(tail=arriving, head=_waiting(next_stop, free_min), cost_yuan=handling)
                    if not may_hand_over(problem.stops[next_stop], base + arrive):
                        continue
                    delay = problem.delay_yuan_per_day * (base + arrive - ready_min) / DAY_MIN
                    for index in due_at[next_stop]:
                        if base + arrive <= problem.consignments[index].due_min:
                            yield Arc(tail=arriving, head=None, cost_yuan=delay, consignment=index)


def _waiting(stop: int, minute: int) -> Node:
    return (minute, 0, stop, 0, 0)
