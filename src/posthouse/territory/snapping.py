"""Places put on the roads: each joins the nearest point of the nearest edge, which is split there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posthouse.territory.distance import DEFAULT_DETOUR, straight_km
from posthouse.territory.roads import KINDS, PIECE_MARK, ROAD_KINDS, RoadGraph, edge_table, make_graph, roads_table
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

ACCESS_KMH = 15.0
"""Assumed on the unregistered way from a place to its road."""

_KM_PER_DEGREE = 111.195
_NEAR_END = 1e-3
"""A foot nearer to an end than this share of the edge joins the end itself."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapped:
    """graph : with every snapped place as a node of its own id. distance_km : straight line to the road, by place."""

    graph: RoadGraph
    distance_km: Mapping[str, float]
    findings: tuple[Finding, ...]


def snap_places(graph: RoadGraph, places: Mapping[str, tuple[float, float]], *, limit_km: float = 5.0) -> Snapped:
    """Return the graph with the places joined to it.

    A place joins the nearest point of the nearest edge that can be joined, by an access of the straight line times
    the usual detour, driven slowly and marked `straight_line`. Pieces of a split road R1 are R1#1, R1#2 …, with km
    and minutes in proportion. A place that is a node already stays as it is.

    Parameters
    ----------
    places : id -> (lon, lat). NaN gives a Finding, and so does a place farther than the limit; neither is joined.
    """
    import numpy as np

    fresh = sorted(place for place in places if place not in graph.number_of)
    lon, lat = (np.array([places[place][axis] for place in fresh], dtype=np.float64) for axis in (0, 1))
    edges, shares, distance = _nearest(graph, lon, lat)
    is_near = distance <= limit_km
    findings = [
        _unplaced(place) if np.isnan(lon[i] + lat[i]) else _too_far(place, float(distance[i]), limit_km)
        for i, place in enumerate(fresh)
        if not is_near[i]
    ]
    feet: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for i in np.flatnonzero(is_near).tolist():
        feet[int(edges[i])].append((float(shares[i]), i))
    positions = {node: (float(graph.lon[n]), float(graph.lat[n])) for n, node in enumerate(graph.nodes)}
    positions |= {place: places[place] for i, place in enumerate(fresh) if is_near[i]}
    rows: list[dict[str, Any]] = []
    for edge, found in feet.items():
        rows += _split(graph, edge, [(share, fresh[i], float(distance[i])) for share, i in sorted(found)], positions)
    return Snapped(
        graph=_rebuild(graph, set(feet), rows, positions),
        distance_km={place: float(distance[i]) for i, place in enumerate(fresh) if is_near[i]},
        findings=tuple(findings),
    )


def _nearest(graph: RoadGraph, lon: "Floats", lat: "Floats") -> "tuple[Ints, Floats, Floats]":
    """Return for each place its nearest edge, the share of the edge before the foot, and the distance in km."""
    import numpy as np
    from shapely import STRtree, linestrings, points

    usable = np.flatnonzero(
        graph.can_join
        & np.isfinite(graph.lon[graph.tail])
        & np.isfinite(graph.lon[graph.head])
        & np.isin(graph.kind, [KINDS.index(kind) for kind in sorted(ROAD_KINDS)])
    )
    edges, shares, distance = np.full(len(lon), -1), np.zeros(len(lon)), np.full(len(lon), np.inf)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(usable) or not len(known):
        return edges, shares, distance
    # Degrees of longitude shrunk as at the places' middle latitude, so that near is near.
    shrink = np.cos(np.radians(np.median(lat[known])))
    x, y = graph.lon * shrink, graph.lat
    ends = np.stack([np.stack([x[side[usable]], y[side[usable]]], axis=1) for side in (graph.tail, graph.head)], axis=1)
    lines = linestrings(ends)
    spots = points(np.stack([lon[known] * shrink, lat[known]], axis=1))
    which, found = STRtree(lines).query_nearest(spots, all_matches=False)
    place, edge = known[which], usable[found]
    start, along = ends[found, 0], ends[found, 1] - ends[found, 0]
    square = (along**2).sum(axis=1)
    at = np.stack([lon[place] * shrink, lat[place]], axis=1) - start
    share = np.clip((at * along).sum(axis=1) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    foot = start + share[:, None] * along
    edges[place], shares[place] = edge, share
    distance[place] = straight_km(lon[place], lat[place], foot[:, 0] / shrink, foot[:, 1])
    return edges, shares, distance


def _split(
    graph: RoadGraph, edge: int, feet: list[tuple[float, str, float]], positions: dict[str, tuple[float, float]]
) -> list[dict[str, Any]]:
    """Return the pieces of an edge between the feet of its places, and the accesses to them; feet get positions.

    feet : (share of the edge before the foot, place, its distance in km), in order of share.
    """
    road, ends = graph.road_ids[edge], (graph.nodes[graph.tail[edge]], graph.nodes[graph.head[edge]])
    (lon1, lat1), (lon2, lat2) = positions[ends[0]], positions[ends[1]]
    rows: list[dict[str, Any]] = []
    node, before = ends[0], 0.0
    is_whole = PIECE_MARK not in road
    for share, place, distance in feet:
        if share <= _NEAR_END or (share - before <= _NEAR_END and node != ends[0]):
            foot = node
        elif share >= 1 - _NEAR_END:
            foot = ends[1]
        else:
            foot = f"{place}@{road}"
            positions[foot] = (lon1 + share * (lon2 - lon1), lat1 + share * (lat2 - lat1))
            rows.append(_piece(graph, edge, (node, foot), share - before))
            node, before = foot, share
        rows.append(_access(place, foot, distance))
    rows.append(_piece(graph, edge, (node, ends[1]), 1.0 - before))
    pieces = [row for row in rows if row["road_id"] == road]
    if len(pieces) > 1:
        for number, row in enumerate(pieces, start=1):
            row["road_id"] = f"{road}{PIECE_MARK if is_whole else '.'}{number}"
    return rows


def _piece(graph: RoadGraph, edge: int, ends: tuple[str, str], share: float) -> dict[str, Any]:
    return {
        "road_id": graph.road_ids[edge],
        "from_node": ends[0],
        "to_node": ends[1],
        "kind": KINDS[graph.kind[edge]],
        "length_km": float(graph.length_km[edge]) * share,
        "minutes": float(graph.minutes[edge]) * share,
        "is_oneway": bool(graph.is_oneway[edge]),
        "edge": edge,
    }


def _access(place: str, foot: str, straight: float) -> dict[str, Any]:
    km = straight * DEFAULT_DETOUR
    return {
        "road_id": f"access-{place}",
        "from_node": place,
        "to_node": foot,
        "kind": "village_road",
        "length_km": km,
        "minutes": km / ACCESS_KMH * 60,
        "is_oneway": False,
        "edge": None,
    }


def _rebuild(
    graph: RoadGraph, replaced: set[int], rows: list[dict[str, Any]], positions: dict[str, tuple[float, float]]
) -> RoadGraph:
    import numpy as np
    import pyarrow as pa

    names = edge_table(()).column_names
    table = roads_table(graph).append_column("can_join", pa.array(graph.can_join)).select(names)
    kept = np.ones(table.num_rows, dtype=np.bool_)
    kept[list(replaced)] = False
    days, guessed = table["weekdays"], table["basis"]
    for row in rows:
        edge = row.pop("edge")
        row["weekdays"] = None if edge is None else days[edge].as_py()
        row["basis"] = "straight_line" if edge is None else guessed[edge].as_py()
    edges = pa.concat_tables([table.filter(pa.array(kept)), edge_table(rows)])
    return make_graph(edges, positions, graph.findings)


def _unplaced(place: str) -> Finding:
    return Finding(
        code="territory.unplaced",
        severity=Severity.WARNING,
        message=f"{place}没有经纬度，没有接入路网。请补测。",
        place=place,
    )


def _too_far(place: str, km: float, limit_km: float) -> Finding:
    far = f"离最近的道路{km:.1f}公里" if km < float("inf") else "附近没有可接入的道路"
    return Finding(
        code="territory.far_from_road",
        severity=Severity.WARNING,
        message=f"{place}{far}，超过{limit_km:g}公里，没有接入路网。请核对经纬度或补登道路。",
        place=place,
        fields={"distance_km": km, "limit_km": limit_km},
    )
