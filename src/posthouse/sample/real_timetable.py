"""Assumed timetables of a real city: a rural bus in each town, ferries between its islands."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

Row = dict[str, Any]


def bus_line(
    town: str, village_roads: Sequence[Row], rule: Mapping[str, Any], stream: "np.random.Generator"
) -> list[Row]:
    """Return the trips of a bus from the seat to the village that is farthest along the village roads, and back."""
    beside: dict[str, list[tuple[str, float]]] = {}
    for row in village_roads:
        beside.setdefault(row["from_node"], []).append((row["to_node"], row["minutes"]))
        beside.setdefault(row["to_node"], []).append((row["from_node"], row["minutes"]))
    ways: dict[str, tuple[float, tuple[str, ...]]] = {town: (0.0, (town,))}
    open_ends = [town]
    while open_ends:  # a tree: every village is reached once
        here = open_ends.pop()
        minutes, way = ways[here]
        for there, more in beside.get(here, ()):
            if there not in ways:
                ways[there] = (minutes + more, (*way, there))
                open_ends.append(there)
    takes_parcels = bool(stream.random() < rule["parcel_share"])
    _, line = max(ways.values(), key=lambda way: (way[0], way[1]))
    if len(line) <= rule["least_villages"]:
        return []
    passed = [ways[stop][0] * rule["slower"] for stop in line]
    rows: list[Row] = []
    for number, leaves in enumerate(rule["leave_min"], start=1):
        turn = leaves + passed[-1] + rule["turn_min"]
        out = [(stop, leaves + minutes) for stop, minutes in zip(line, passed, strict=True)]
        back = [(stop, turn + passed[-1] - minutes) for stop, minutes in zip(line, passed, strict=True)][::-1]
        for mark, calls in (("W", out), ("F", back)):
            trip = {"route_id": f"bus-{town}", "trip_id": f"bus-{town}-{number}{mark}", "mode": "bus"}
            rows += _rows(trip, calls, rule, weekdays=rule["weekdays"], takes_parcels=takes_parcels)
    return rows


def ferry(ends: tuple[str, str], km: float, rule: Mapping[str, Any]) -> tuple[Row, list[Row]]:
    """Return the edge of a crossing and its sailings there and back."""
    terms = rule["crossing"]
    usual = next(entry for entry in rule["ferries"] if km <= entry["up_to_km"])
    crossing = round(km / terms["kmh"] * 60 + terms["berth_min"])
    name = f"assumed-ferry-{ends[0]}-{ends[1]}"
    edge = {
        "road_id": name,
        "from_node": ends[0],
        "to_node": ends[1],
        "kind": "ferry",
        "length_km": round(km, 2),
        "minutes": float(crossing + terms["wait_min"]),
        "weekdays": usual["weekdays"],
        "basis": "straight_line",
    }
    gap = (terms["last_min"] - terms["first_min"]) // usual["sailings"]
    rows: list[Row] = []
    for sailing in range(usual["sailings"]):
        out = terms["first_min"] + sailing * gap
        back = out + crossing + 2 * terms["berth_min"]
        for mark, begin, (start, end) in (("W", out, ends), ("F", back, ends[::-1])):
            trip = {"route_id": name, "trip_id": f"{name}-{sailing + 1}{mark}", "mode": "ferry"}
            calls = [(start, begin), (end, begin + crossing)]
            rows += _rows(trip, calls, terms, weekdays=usual["weekdays"], takes_parcels=True)
    return edge, rows


def _rows(
    trip: Row, calls: Sequence[tuple[str, float]], terms: Mapping[str, Any], *, weekdays: str, takes_parcels: bool
) -> list[Row]:
    return [
        {
            **trip,
            "stop_sequence": sequence,
            "division": stop,
            "arrive_min": round(minute),
            "depart_min": round(minute),
            "weekdays": weekdays,
            "takes_parcels": takes_parcels,
            "capacity_kg": terms["capacity_kg"] if takes_parcels else None,
            "fare_yuan": terms["fare_yuan"] if takes_parcels else None,
            "cut_off_min": terms["cut_off_min"] if takes_parcels else None,
        }
        for sequence, (stop, minute) in enumerate(calls, start=1)
    ]
