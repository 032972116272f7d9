"""The one file that knows both the registers and plans of the library and the rows of the map."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from posthouse.planning.modes import mode_zh
from posthouse.vocabulary.periods import parse_period
from posthouse_web.maps.models import Feature, Layer
from posthouse_web.monitoring.models import Place

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("outlets", "service_points", "roads", "timetable")
"""Registers that the map draws."""

_POINTS = {"village_station": Layer.STATION, "parcel_locker": Layer.LOCKER}
Spot = list[float]


def map_rows(cycle: Mapping[str, Any], registers: "Mapping[str, pa.Table]", places: Sequence[Place]) -> list[Feature]:
    """Return everything that the map draws of one month, as it was on the month's last day."""
    period = cycle["month"]
    last_on = parse_period(period).end_on - timedelta(days=1)
    spots = {place.code: [place.lon, place.lat] for place in places if place.lon is not None and place.lat is not None}
    valid = {name: [row for row in table.to_pylist() if _holds(row, last_on)] for name, table in registers.items()}
    found = [
        *_roads(valid["roads"], spots),
        *_lines(valid["timetable"], spots),
        *_routes(cycle["plan"]["routes"], spots),
        *_calls((cycle["plan"].get("week") or {}).get("timetable", ()), spots),
        *_outlets(valid["outlets"]),
        *_service_points(valid["service_points"]),
        *_new_stations(cycle["plan"]["stations"], spots),
    ]
    for feature in found:
        feature.period = period
    return found


def _holds(row: Mapping[str, Any], on: date) -> bool:
    starts, ends = row.get("valid_from"), row.get("valid_to")
    return (starts is None or starts <= on) and (ends is None or ends > on)


def _roads(rows: Iterable[Mapping[str, Any]], spots: Mapping[str, Spot]) -> Iterator[Feature]:
    for row in rows:
        ends = [_end(row, "from", spots), _end(row, "to", spots)]
        if row["kind"] != "ferry" and all(ends):
            yield Feature(layer=Layer.ROAD, key=row["road_id"], name=row["kind"], points=ends)


def _end(row: Mapping[str, Any], side: str, spots: Mapping[str, Spot]) -> Spot | None:
    if row.get(f"{side}_lon") is not None and row.get(f"{side}_lat") is not None:
        return [row[f"{side}_lon"], row[f"{side}_lat"]]
    return spots.get(row[f"{side}_node"])


def _lines(rows: Iterable[Mapping[str, Any]], spots: Mapping[str, Spot]) -> Iterator[Feature]:
    trips: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        trips[row["mode"], row["route_id"], row["trip_id"]].append(row)
    drawn = set()
    for (mode, route, _), stops in sorted(trips.items()):
        stops.sort(key=lambda row: int(row["stop_sequence"]))
        points = [spots[stop["division"]] for stop in stops if stop["division"] in spots]
        ends = frozenset((tuple(points[0]), tuple(points[-1]))) if points else frozenset()
        if len(points) > 1 and (mode, route, ends) not in drawn:
            drawn.add((mode, route, ends))
            layer = Layer.FERRY if mode == "ferry" else Layer.BUS
            yield Feature(layer=layer, key=route, name=route, points=points)


def _routes(routes: Iterable[Mapping[str, Any]], spots: Mapping[str, Spot]) -> Iterator[Feature]:
    for number, route in enumerate(routes, start=1):
        points = [spots[visit["village"]] for visit in route["visits"] if visit["village"] in spots]
        if len(points) > 1:
            yield Feature(
                layer=Layer.ROUTE,
                key=str(number),
                name=f"{route['depot']} {len(route['visits'])}村 {route['distance_km']:.0f}公里",
                place=route["visits"][0]["village"],
                weekday=route["weekday"],
                points=points,
                stops=[visit["village"] for visit in route["visits"]],
            )


def _calls(calls: Iterable[Mapping[str, Any]], spots: Mapping[str, Spot]) -> Iterator[Feature]:
    """Visits by others (bus, ferry, post), each as a line from where it starts; rounds are drawn as rounds."""
    for call in calls:
        if call["mode"] != "pooled_van" and call["village"] in spots:
            own = spots[call["village"]]
            yield Feature(
                layer=Layer.ROUTE,
                key=f"{call['mode']} {call['village']}"[:80],
                name=f"{mode_zh(call['mode'])} {call['village_name']}"[:120],
                place=call["village"],
                weekday=call["weekday"],
                points=[spots.get(call["depot_code"], own), own],
                stops=[call["village"]],
            )


def _outlets(rows: Iterable[Mapping[str, Any]]) -> Iterator[Feature]:
    for row in rows:
        if row["kind"] == "outlet" and row["lon"] is not None and row["lat"] is not None:
            yield Feature(layer=Layer.OUTLET, key=row["outlet_id"], brand=row["brand"], **_spot(row))


def _service_points(rows: Iterable[Mapping[str, Any]]) -> Iterator[Feature]:
    for row in rows:
        layer = _POINTS.get(row["kind"])
        if layer and row["lon"] is not None and row["lat"] is not None:
            yield Feature(layer=layer, key=row["point_id"], **_spot(row))


def _spot(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": row["name"], "place": row["division"], "points": [[row["lon"], row["lat"]]]}


def _new_stations(stations: Iterable[Mapping[str, Any]], spots: Mapping[str, Spot]) -> Iterator[Feature]:
    for station in stations:
        if station["village"] in spots:
            yield Feature(
                layer=Layer.NEW_STATION,
                key=station["village"],
                name=f"{station['village_name']}：{station['host_name']}",
                place=station["village"],
                points=[spots[station["village"]]],
            )
