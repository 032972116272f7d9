"""Roads from GeoJSON (RFC 7946): LineStrings and MultiLineStrings; lines join where they share a vertex."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from posthouse.territory.distance import straight_km
from posthouse.territory.edges import Edges, bad_row
from posthouse.territory.road_classes import find_columns, find_word, minutes_of, road_classes
from posthouse.territory.roads import PIECE_MARK
from posthouse.vocabulary.errors import UnusableInputError

_COLUMNS = ("road_id", "from_node", "to_node", "kind", "highway", "length_km", "minutes", "is_oneway", "weekdays")
_PLACES = 6
"""Decimals by which two vertices are the same: about a tenth of a metre."""


def read_geojson_roads(path: Path) -> Edges:
    """Return the edges of a GeoJSON, one for each stretch between two vertices.

    A length or time given for the line is shared out along it; without one the length is measured on the line.
    """
    edges = Edges()
    for number, feature in enumerate(read_features(path), start=1):
        properties = feature.get("properties") or {}
        columns = find_columns(properties, _COLUMNS)
        values = {name: properties[heading] for name, heading in columns.items()}
        road = str(values.get("road_id") or f"{path.stem}-{number}")
        lines = _lines(feature.get("geometry") or {})
        kind = _kind(values)
        if not lines or kind is None:
            edges.findings.append(bad_row(path.name, number, "线形或类别"))
            continue
        for part, line in enumerate(lines):
            _add(edges, road if len(lines) == 1 else f"{road}{PIECE_MARK}{part}", line, kind, values)
    return edges


def read_features(path: Path) -> list[Mapping[str, Any]]:
    """Return the features of a GeoJSON file.

    Raises
    ------
    UnusableInputError : no FeatureCollection.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        features: list[Mapping[str, Any]] = content["features"]
    except (ValueError, TypeError, KeyError):
        raise UnusableInputError(
            f"{path.name} 应为 GeoJSON 的 FeatureCollection，实际不是。请从地图软件另存为 GeoJSON。"
        ) from None
    return features


def _lines(geometry: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """The lines of a geometry, as (lon, lat); none where it is something else or broken."""
    try:
        if geometry["type"] == "LineString":
            parts = [geometry["coordinates"]]
        elif geometry["type"] == "MultiLineString":
            parts = geometry["coordinates"]
        else:
            return []
        lines = [[(float(point[0]), float(point[1])) for point in part] for part in parts]
    except (KeyError, TypeError, ValueError, IndexError):
        return []
    return [line for line in lines if len(line) > 1]


def _kind(values: Mapping[str, Any]) -> str | None:
    if values.get("highway"):
        declared = road_classes()["highway"].get(str(values["highway"]))
        return None if declared is None else str(declared["kind"])
    return find_word("kinds", str(values.get("kind") or road_classes()["default"]["kind"]))


def _add(edges: Edges, road: str, line: list[tuple[float, float]], kind: str, values: Mapping[str, Any]) -> None:
    import numpy as np

    points = np.array(line)
    measured = straight_km(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    whole = float(measured.sum())
    km = _figure(values.get("length_km"), whole)
    minutes = _figure(values.get("minutes"), minutes_of(km, kind))
    nodes = list(_nodes(line, values))
    share = measured / whole if whole > 0 else np.full(len(measured), 1 / len(measured))
    for piece, part in enumerate(share.tolist()):
        edges.positions |= {nodes[piece]: line[piece], nodes[piece + 1]: line[piece + 1]}
        edges.rows.append(
            {
                "road_id": road if len(share) == 1 else f"{road}{'.' if PIECE_MARK in road else PIECE_MARK}{piece + 1}",
                "from_node": nodes[piece],
                "to_node": nodes[piece + 1],
                "kind": kind,
                "length_km": km * part,
                "minutes": minutes * part,
                "is_oneway": values.get("is_oneway") in (True, 1, "1", "yes", "true", "是"),
                "weekdays": values.get("weekdays") or None,
            }
        )


def _nodes(line: list[tuple[float, float]], values: Mapping[str, Any]) -> Iterator[str]:
    last = len(line) - 1
    for at, (lon, lat) in enumerate(line):
        named = values.get("from_node") if at == 0 else values.get("to_node") if at == last else None
        yield str(named) if named else f"{lon:.{_PLACES}f},{lat:.{_PLACES}f}"


def _figure(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise
