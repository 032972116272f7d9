"""Ways of parcels out of the flow: splits what flows over a network into movements."""

from posthouse.optimise.carriage.network import Arc, Network, Node
from posthouse.optimise.carriage.problem import DAY_MIN, WEEK_MIN
from posthouse.optimise.carriage.solution import Movement, Ride


def split_flow(network: Network, flow: list[float], nothing: float) -> list[Movement]:
    """Return movements that together are the flow; flow : parcels on each arc of the network.

    nothing : parcels fewer than this are rounding and are dropped.
    """
    leaving: dict[Node, list[int]] = {}
    for index, arc in enumerate(network.arcs):
        if flow[index] > nothing:
            leaving.setdefault(arc.tail, []).append(index)
    left, movements = list(flow), []
    while path := _next_path(network, leaving, left, nothing):
        parcels = min(left[index] for index in path)
        for index in path:
            left[index] -= parcels
        last = network.arcs[path[-1]]
        if last.consignment is not None:
            rides = _rides([network.arcs[index] for index in path])
            movements.append(Movement(consignment=last.consignment, parcels=parcels, rides=rides))
    return movements


def _next_path(network: Network, leaving: dict[Node, list[int]], left: list[float], nothing: float) -> list[int]:
    """Return arcs with flow from the source as far as they lead; a dead end is a rest of rounding and is drained."""
    path: list[int] = []
    node: Node | None = network.source
    while node is not None:
        onward = next((index for index in leaving.get(node, ()) if left[index] > nothing), None)
        if onward is None:
            break
        path.append(onward)
        node = network.arcs[onward].head
    return path


def _rides(arcs: list[Arc]) -> tuple[Ride, ...]:
    rides: list[Ride] = []
    aboard: Node | None = None
    for arc in arcs:
        if arc.leg is None:
            continue
        if aboard is None or arc.tail[2:4] != aboard[2:4]:
            aboard = arc.tail
        elif rides:
            rides.pop()
        head = arc.head
        assert head is not None
        _, _, service, base, call = aboard
        rides.append(
            Ride(
                service=service,
                day=base % WEEK_MIN // DAY_MIN,
                from_call=call,
                to_call=head[4],
                depart_min=aboard[0],
                arrive_min=head[0],
            )
        )
    return tuple(rides)
