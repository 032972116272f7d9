"""Roads and ferries from an OpenStreetMap extract (PBF or XML), by the classes, speeds and access words declared.

Every vertex of a way becomes a node, so that villages join roads where they pass; `hierarchy` contracts them.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posthouse.territory.distance import straight_km
from posthouse.territory.edges import Edges
from posthouse.territory.road_classes import minutes_of, road_classes
from posthouse.territory.roads import PIECE_MARK
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity

Vertex = tuple[str, tuple[float, float]]
"""Node and (lon, lat)."""

_LIMIT = re.compile(r"^(\d+)\s*(mph)?$")
_DURATION = re.compile(r"^(?:(\d+):)?(\d+):(\d{2})(?::\d{2})?$|^(\d+)$")
_ONE_WAY = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1}


def read_osm_roads(path: Path) -> Edges:
    """Return the edges of the ways that a van may drive, and of the ferries that take it.

    Raises
    ------
    UnusableInputError : not an OpenStreetMap file.
    """
    import osmium

    edges = Edges()
    ferries, broken = 0, 0
    try:
        ways = osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        for way in ways:
            assert isinstance(way, osmium.osm.Way)
            tags = {tag.k: tag.v for tag in way.tags} if "highway" in way.tags or "route" in way.tags else {}
            use = _use(tags)
            if use is None:
                continue
            points = [(f"n{node.ref}", node.location) for node in way.nodes]
            located = [(name, (spot.lon, spot.lat)) for name, spot in points if spot.valid()]
            broken += len(located) < len(points)
            ferries += use["kind"] == "ferry"
            if len(located) > 1:
                _add(edges, f"w{way.id}", located, use, tags)
    except RuntimeError as fault:
        raise UnusableInputError(
            f"{path.name} 应为 OpenStreetMap 的 PBF 或 XML 文件，实际读不出来（{fault}）。请重新下载。"
        ) from None
    if broken:
        edges.findings.append(_incomplete(path.name, broken))
    if ferries:
        edges.findings.append(_daily_ferries(path.name, ferries))
    return edges


def _use(tags: Mapping[str, str]) -> dict[str, Any] | None:
    """What a van may do with the way: kind, speed, whether one may join it; None where it may not drive there."""
    declared = road_classes()
    decisive = next((tags[tag] for tag in declared["access"]["tags"] if tag in tags), "")
    if decisive in declared["access"]["closed"]:
        return None
    if tags.get("route") == "ferry":
        return {"kind": "ferry", "speed_kmh": declared["speed_kmh"]["ferry"], "can_join": False}
    found: dict[str, Any] | None = declared["highway"].get(tags.get("highway", ""))
    return found


def _add(
    edges: Edges,
    road: str,
    points: list[tuple[str, tuple[float, float]]],
    use: Mapping[str, Any],
    tags: Mapping[str, str],
) -> None:
    import numpy as np

    way = _ONE_WAY.get(tags.get("oneway", ""), 0)
    if "oneway" not in tags and (use.get("is_oneway") or tags.get("junction") in ("roundabout", "circular")):
        way = 1
    if way < 0:
        points = points[::-1]
    place = np.array([spot for _, spot in points])
    km = straight_km(place[:-1, 0], place[:-1, 1], place[1:, 0], place[1:, 1])
    if use["kind"] == "ferry":
        whole = float(km.sum())
        minutes = km / whole * _crossing_min(tags.get("duration", ""), whole) if whole > 0 else km * 0
    else:
        minutes = km / _speed_kmh(tags.get("maxspeed", ""), float(use["speed_kmh"])) * 60
    edges.positions.update(points)
    for piece, (length, time) in enumerate(zip(km.tolist(), minutes.tolist(), strict=True), start=1):
        edges.rows.append(
            {
                "road_id": f"{road}{PIECE_MARK}{piece}",
                "from_node": points[piece - 1][0],
                "to_node": points[piece][0],
                "kind": use["kind"],
                "length_km": length,
                "minutes": time,
                "is_oneway": way != 0,
                "can_join": use.get("can_join", True),
            }
        )


def _speed_kmh(limit: str, usual: float) -> float:
    declared = road_classes()["limits"]
    found = _LIMIT.match(limit)
    if found is None or int(found[1]) == 0:
        return usual
    signed = int(found[1]) * (declared["mile_km"] if found[2] else 1.0)
    return float(min(usual, signed * declared["share_of_maxspeed"]))


def _crossing_min(duration: str, km: float) -> float:
    """Minutes under way by the tag `duration` (H:MM or minutes) with the usual wait; else by the usual speed."""
    found = _DURATION.match(duration)
    if found is None:
        return minutes_of(km, "ferry")
    wait = float(road_classes()["ferry"]["wait_min"])
    if found[4]:
        return int(found[4]) + wait
    return int(found[1] or 0) * 1440 + int(found[2]) * 60 + int(found[3]) + wait


def _incomplete(name: str, ways: int) -> Finding:
    return Finding(
        code="territory.incomplete_extract",
        severity=Severity.INFO,
        message=f"{name} 有{ways}条路缺少部分节点的坐标，只用了已知的部分。截取地图时请带全节点。",
        place=name,
        fields={"ways": ways},
    )


def _daily_ferries(name: str, ferries: int) -> Finding:
    return Finding(
        code="territory.ferry_without_days",
        severity=Severity.INFO,
        message=f"{name} 有{ferries}条轮渡，地图不含开行日，按每天开行计。请用班次表核对。",
        place=name,
        fields={"ferries": ferries},
    )
