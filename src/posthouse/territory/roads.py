"""The graph of roads and ferries: what the register says, in arrays. Nodes are road nodes or division codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from posthouse.territory.validity import valid_rows
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np
    import pyarrow

    Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
    Ints = np.ndarray[tuple[int], np.dtype[np.int32]]
    Small = np.ndarray[tuple[int], np.dtype[np.uint8]]
    Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

KINDS = ("trunk", "county_road", "village_road", "ferry")
"""In the order in which `RoadGraph.kind` counts them."""

ALL_KINDS = frozenset(KINDS)
ROAD_KINDS = ALL_KINDS - {"ferry"}
EVERY_DAY = 0b1111111
PIECE_MARK = "#"
"""`R1#2` is a piece of road R1: closing R1 closes it too."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoadGraph:
    """Nodes and edges of roads and ferries.

    nodes : ids. number_of : their numbers. lon, lat : degrees (WGS-84), NaN where unknown, shape (n_nodes,).
    road_ids : by edge. tail, head : node numbers. length_km, minutes : >= 0. kind : place in KINDS.
    is_oneway : only from tail to head. weekdays : bit d (0 Monday) set where the edge can be used on that day.
    is_estimated : length is a straight line times a factor, not a surveyed road.
    can_join : whether a place beside the edge may join it midway (a motorway or ferry it may not).
    memo : what `ways` worked out for this graph; no part of the value.
    """

    nodes: tuple[str, ...]
    number_of: dict[str, int]
    lon: "Floats"
    lat: "Floats"
    road_ids: tuple[str, ...]
    tail: "Ints"
    head: "Ints"
    length_km: "Floats"
    minutes: "Floats"
    kind: "Small"
    is_oneway: "Bools"
    weekdays: "Small"
    is_estimated: "Bools"
    can_join: "Bools"
    findings: tuple[Finding, ...] = ()
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)


def make_graph(
    edges: "pyarrow.Table", positions: dict[str, tuple[float, float]], findings: Sequence[Finding] = ()
) -> RoadGraph:
    """Return the graph of edges in the columns of the register; nodes in order of id.

    Parameters
    ----------
    edges : road_id, from_node, to_node, kind, length_km, minutes; may hold is_oneway, weekdays, basis, can_join.
        Edges of negative or missing length or time give a Finding and are left out, edges from a node to itself go
        without a word.
    positions : node -> (lon, lat); a node that is missing here has none.
    """
    import numpy as np

    columns: dict[str, list[Any]] = {name: edges[name].to_pylist() for name in edges.column_names}
    size = edges.num_rows
    length = np.array([np.nan if v is None else v for v in columns["length_km"]], dtype=np.float64)
    minutes = np.array([np.nan if v is None else v for v in columns["minutes"]], dtype=np.float64)
    is_sound = (length >= 0) & (minutes >= 0) & np.isfinite(length) & np.isfinite(minutes)
    faults = [_negative(columns["road_id"][row]) for row in np.flatnonzero(~is_sound)]
    starts, ends = columns["from_node"], columns["to_node"]
    kept = [row for row in range(size) if is_sound[row] and starts[row] != ends[row]]
    nodes = tuple(sorted({starts[row] for row in kept} | {ends[row] for row in kept}))
    number_of = {node: i for i, node in enumerate(nodes)}
    place = np.array([positions.get(node, _NOWHERE) for node in nodes], dtype=np.float64).reshape(-1, 2)

    def column(name: str, default: object) -> list[Any]:
        values = columns.get(name)
        return [default if values is None or values[row] is None else values[row] for row in kept]

    kinds = np.array([KINDS.index(columns["kind"][row]) for row in kept], dtype=np.uint8)
    joins = np.array(column("can_join", True), dtype=np.bool_)
    return RoadGraph(
        nodes=nodes,
        number_of=number_of,
        lon=place[:, 0].copy(),
        lat=place[:, 1].copy(),
        road_ids=tuple(columns["road_id"][row] for row in kept),
        tail=np.array([number_of[starts[row]] for row in kept], dtype=np.int32),
        head=np.array([number_of[ends[row]] for row in kept], dtype=np.int32),
        length_km=length[kept],
        minutes=minutes[kept],
        kind=kinds,
        is_oneway=np.array(column("is_oneway", False), dtype=np.bool_),
        weekdays=np.array([days_mask(text) for text in column("weekdays", "1111111")], dtype=np.uint8),
        is_estimated=np.array([basis == "straight_line" for basis in column("basis", "road")], dtype=np.bool_),
        can_join=joins & (kinds != KINDS.index("ferry")),
        findings=(*findings, *faults),
    )


def edge_table(rows: Sequence[Mapping[str, Any]]) -> "pyarrow.Table":
    """Return edges given as rows as the table that `make_graph` takes; a column that a row lacks is empty."""
    import pyarrow as pa

    types: dict[str, pa.DataType] = dict.fromkeys(("road_id", "from_node", "to_node", "kind"), pa.string())
    types |= dict.fromkeys(("weekdays", "basis"), pa.string())
    types |= dict.fromkeys(("length_km", "minutes"), pa.float64())
    types |= dict.fromkeys(("is_oneway", "can_join"), pa.bool_())
    return pa.Table.from_pylist(list(rows), schema=pa.schema(types))


def road_graph_from(table: "pyarrow.Table", on: date | None = None, *, kinds: frozenset[str] = ALL_KINDS) -> RoadGraph:
    """Return the graph of the register `roads`, of edges of these kinds valid on a day (of all where none is given)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = valid_rows(table, on)
    rows = rows.filter(pc.is_in(rows["kind"], pa.array(sorted(kinds), pa.string())))
    positions: dict[str, tuple[float, float]] = {}
    for end in ("from", "to"):
        if f"{end}_lon" in rows.column_names:
            found = zip(*(rows[name].to_pylist() for name in (f"{end}_node", f"{end}_lon", f"{end}_lat")), strict=True)
            positions |= {node: (lon, lat) for node, lon, lat in found if lon is not None and lat is not None}
    return make_graph(rows, positions)


def roads_table(graph: RoadGraph) -> "pyarrow.Table":
    """Return the graph as rows of the register `roads`, without days of validity."""
    import numpy as np
    import pyarrow as pa

    def ends(name: str, numbers: "Ints") -> dict[str, Any]:
        lon, lat = np.round(graph.lon[numbers], 6), np.round(graph.lat[numbers], 6)
        nowhere = np.isnan(lon) | np.isnan(lat)
        return {f"{name}_lon": pa.array(lon, mask=nowhere), f"{name}_lat": pa.array(lat, mask=nowhere)}

    return pa.table(
        {
            "road_id": pa.array(graph.road_ids, pa.string()),
            "from_node": pa.array([graph.nodes[i] for i in graph.tail], pa.string()),
            "to_node": pa.array([graph.nodes[i] for i in graph.head], pa.string()),
            "kind": pa.array([KINDS[i] for i in graph.kind], pa.string()),
            "length_km": pa.array(graph.length_km),
            "minutes": pa.array(graph.minutes),
            "is_oneway": pa.array(graph.is_oneway),
            "weekdays": pa.array([days_text(int(mask)) for mask in graph.weekdays], pa.string()),
            "basis": pa.array(["straight_line" if guess else "road" for guess in graph.is_estimated], pa.string()),
            **ends("from", graph.tail),
            **ends("to", graph.head),
        }
    )


def join_graphs(one: RoadGraph, other: RoadGraph) -> RoadGraph:
    """Return both graphs as one; nodes of the same id are the same node, at the position the first knows."""
    import pyarrow as pa

    positions = {
        node: (float(graph.lon[i]), float(graph.lat[i]))
        for graph in (other, one)
        for i, node in enumerate(graph.nodes)
        if graph.lon[i] == graph.lon[i]  # not NaN
    }
    tables = [roads_table(graph).append_column("can_join", pa.array(graph.can_join)) for graph in (one, other)]
    return make_graph(pa.concat_tables(tables), positions, (*one.findings, *other.findings))


def days_mask(text: str) -> int:
    """Return the bits of seven 0/1, Monday first; bit 0 is Monday.

    >>> days_mask("1000001")
    65
    """
    return sum(1 << day for day, mark in enumerate(text[:7]) if mark == "1")


def days_text(mask: int) -> str:
    """Return seven 0/1, Monday first.

    >>> days_text(65)
    '1000001'
    """
    return "".join("1" if mask >> day & 1 else "0" for day in range(7))


_NOWHERE = (float("nan"), float("nan"))


def _negative(road_id: str) -> Finding:
    return Finding(
        code="territory.negative_road",
        severity=Severity.ERROR,
        message=f"路段{road_id}的长度或时间为负数或缺失，没有采用。请改正。",
        place=road_id,
        fields={"table": "roads"},
    )
