"""The graph of roads and ferries, and fastest ways in it. Nodes are road nodes or division codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from posthouse.territory.validity import rows_valid_on
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np
    import pyarrow
    from scipy.sparse import csr_array

    Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

ALL_KINDS = frozenset({"trunk", "county_road", "village_road", "ferry"})
ROAD_KINDS = ALL_KINDS - {"ferry"}

_LEAST_MINUTES = 1e-6
"""A sparse graph drops an edge of zero weight."""

_CHUNK = 256
"""Origins solved at once, which bounds memory at about 256 * n_nodes * 40 bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadGraph:
    """Nodes by number, edges in both directions with minutes and km; parallel edges keep the fastest."""

    nodes: tuple[str, ...]
    number_of: dict[str, int]
    minutes: "csr_array"
    distance_km: "csr_array"
    findings: tuple[Finding, ...] = ()


def road_graph_from(table: "pyarrow.Table", on: date | None = None, *, kinds: frozenset[str] = ALL_KINDS) -> RoadGraph:
    """Return the graph of the table `roads`, of edges of these kinds valid on a day (of all where none is given)."""
    import numpy as np
    from scipy.sparse import csr_array

    fastest: dict[tuple[str, str], tuple[float, float]] = {}
    findings: list[Finding] = []
    for row in rows_valid_on(table, on):
        if row["kind"] not in kinds or row["from_node"] == row["to_node"]:
            continue
        if row["minutes"] < 0 or row["length_km"] < 0:
            findings.append(_negative(row["road_id"]))
            continue
        ends = (min(row["from_node"], row["to_node"]), max(row["from_node"], row["to_node"]))
        weight = (max(row["minutes"], _LEAST_MINUTES), row["length_km"])
        fastest[ends] = min(weight, fastest.get(ends, weight))
    nodes = tuple(sorted({node for ends in fastest for node in ends}))
    number_of = {node: i for i, node in enumerate(nodes)}
    tails = np.array([number_of[a] for a, _ in fastest], dtype=np.int32)
    heads = np.array([number_of[b] for _, b in fastest], dtype=np.int32)
    both = np.concatenate([tails, heads]), np.concatenate([heads, tails])
    weights = np.array([*fastest.values()], dtype=np.float64).reshape(-1, 2)
    shape = (len(nodes), len(nodes))
    return RoadGraph(
        nodes=nodes,
        number_of=number_of,
        minutes=csr_array((np.tile(weights[:, 0], 2), both), shape=shape),
        distance_km=csr_array((np.tile(weights[:, 1], 2), both), shape=shape),
        findings=tuple(findings),
    )


def fastest_ways(graph: RoadGraph, origins: Sequence[int], destinations: Sequence[int]) -> "tuple[Matrix, Matrix]":
    """Return minutes and km of the fastest ways, each of shape (n_origins, n_destinations); infinite where none."""
    import numpy as np
    from scipy.sparse.csgraph import dijkstra

    minutes = np.full((len(origins), len(destinations)), np.inf)
    distance = np.full_like(minutes, np.inf)
    for start in range(0, len(origins), _CHUNK):
        part = np.asarray(origins[start : start + _CHUNK], dtype=np.int64)
        times, before = dijkstra(graph.minutes, indices=part, return_predecessors=True)
        km = _along_the_tree(graph, before)
        km[~np.isfinite(times)] = np.inf
        minutes[start : start + _CHUNK] = times[:, destinations]
        distance[start : start + _CHUNK] = km[:, destinations]
    return minutes, distance


def _along_the_tree(graph: RoadGraph, before: "np.ndarray[tuple[int, int], np.dtype[np.int32]]") -> "Matrix":
    """Sum the km from each node back to the origin, by doubling jumps: as many rounds as log2 of the longest way."""
    import numpy as np

    count = before.shape[1]
    here = np.broadcast_to(np.arange(count), before.shape)
    jump = np.where(before < 0, here, before)
    km = np.zeros(before.shape)
    moved = before >= 0
    km[moved] = np.asarray(graph.distance_km[jump[moved], here[moved]]).ravel()
    while True:
        further = np.take_along_axis(jump, jump, axis=1)
        if np.array_equal(further, jump):
            return km
        km = km + np.take_along_axis(km, jump, axis=1)
        jump = further


def _negative(road_id: str) -> Finding:
    return Finding(
        code="territory.negative_road",
        severity=Severity.ERROR,
        message=f"路段{road_id}的长度或时间为负数，没有采用。请改正。",
        place=road_id,
        fields={"table": "roads"},
    )
