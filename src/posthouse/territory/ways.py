"""Fastest ways in a road graph, many to many, for a class of vehicles, a day and a scenario of closed roads."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from posthouse.territory.roads import KINDS, PIECE_MARK, RoadGraph

if TYPE_CHECKING:
    import numpy as np

    from posthouse.territory.hierarchy import Hierarchy, Weights

    Matrix = np.ndarray[tuple[int, int], np.dtype[np.floating]]
    Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

OPEN_ROADS: frozenset[str] = frozenset()


def fastest_ways(
    graph: RoadGraph,
    origins: Sequence[int],
    destinations: Sequence[int],
    *,
    closed: frozenset[str] = OPEN_ROADS,
    weekday: int | None = None,
    speed: Mapping[str, float] | None = None,
    dtype: Literal["float32", "float64"] = "float64",
) -> "tuple[Matrix, Matrix]":
    """Return minutes and km of the fastest ways, each of shape (n_origins, n_destinations); infinite where none.

    The km are those along the fastest way. The first call prepares the graph, later ones only what differs.

    Parameters
    ----------
    origins, destinations : numbers of nodes.
    closed : road ids that nobody may use; the id of a road closes all its pieces.
    weekday : 0 Monday to 6 Sunday; edges that are not open on that day are left out. None: every edge counts.
    speed : by kind, a factor on the speed of a class of vehicles, > 0; 2.0 is twice as fast. Missing kinds have 1.
    dtype : float32 halves the memory: 5,000 x 5,000 then takes 100 MB a matrix.
    """
    import numpy as np

    from posthouse.territory.hierarchy import solve_many

    minutes = np.full((len(origins), len(destinations)), np.inf, dtype=dtype)
    km = np.full_like(minutes, np.inf)
    if minutes.size:
        hierarchy = _hierarchy(graph)
        weights = _weights(graph, hierarchy, closed, weekday, speed or {})
        ends = np.asarray(origins, dtype=np.int64), np.asarray(destinations, dtype=np.int64)
        solve_many(hierarchy, weights, ends, minutes, km)
    return minutes, km


def open_edges(graph: RoadGraph, closed: frozenset[str] = OPEN_ROADS, weekday: int | None = None) -> "Bools":
    """Return which edges may be used, shape (n_edges,)."""
    import numpy as np

    is_open = np.ones(len(graph.road_ids), dtype=np.bool_)
    if closed:
        is_open = np.array(
            [road not in closed and road.partition(PIECE_MARK)[0] not in closed for road in graph.road_ids]
        )
    return is_open if weekday is None else is_open & (graph.weekdays >> weekday & 1).astype(np.bool_)


def _hierarchy(graph: RoadGraph) -> "Hierarchy":
    from posthouse.territory.hierarchy import Hierarchy, build_hierarchy

    found = graph.memo.get("hierarchy")
    if not isinstance(found, Hierarchy):
        found = build_hierarchy(len(graph.nodes), graph.tail, graph.head)
        graph.memo["hierarchy"] = found
    return found


def _weights(
    graph: RoadGraph, hierarchy: "Hierarchy", closed: frozenset[str], weekday: int | None, speed: Mapping[str, float]
) -> "Weights":
    import numpy as np

    from posthouse.territory.hierarchy import Weights, lay_weights

    key = (closed, weekday, tuple(sorted(speed.items())))
    found = graph.memo.get("weights")
    if found is not None and found[0] == key and isinstance(found[1], Weights):
        return found[1]
    factor = np.array([speed.get(kind, 1.0) for kind in KINDS])
    if not (factor > 0).all():
        raise ValueError(f"Expected speed factors > 0, got {dict(speed)}.")
    forward = np.where(open_edges(graph, closed, weekday), graph.minutes / factor[graph.kind], np.inf)
    backward = np.where(graph.is_oneway, np.inf, forward)
    weights = lay_weights(hierarchy, forward, backward, graph.length_km)
    graph.memo["weights"] = (key, weights)
    return weights
