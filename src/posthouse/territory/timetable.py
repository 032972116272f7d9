"""From a feed to the register `timetable`, whose stops are divisions; and ferries as edges of the road graph."""

from collections import defaultdict
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

from posthouse.territory.distance import straight_km
from posthouse.territory.feed import Feed
from posthouse.territory.model import Divisions
from posthouse.territory.roads import RoadGraph, days_text, edge_table, make_graph
from posthouse.territory.weekly import WeeklyStop, WeeklyTimetable, weekly_trips
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import pyarrow

SAILING_MIN = 480
"""Part of a day in which ferries of a few sailings go."""

FERRY_KMH = 20.0
"""Length of a crossing whose ends are not surveyed: its time at this speed."""


def timetable_from_feed(
    feed: Feed, divisions: Divisions, week_of: date, *, limit_km: float = 2.0
) -> "tuple[pyarrow.Table, tuple[Finding, ...]]":
    """Return the rows of the register `timetable` for the week of a day, and what could not be placed.

    A stop stands for the nearest village or town within the limit (a stop whose id is a division code for that one);
    calls at stops without one are left out, and of calls in the same division one after another the first stays.
    """
    import pyarrow as pa

    week = weekly_trips(feed, week_of)
    division_of, findings = _divisions_of(week.stops, divisions, limit_km)
    rows: list[dict[str, Any]] = []
    for trip in week.trips:
        calls: list[tuple[str, int, int]] = []
        for stop, arrive, depart in trip.calls_min:
            division = division_of.get(stop)
            if division is not None and (not calls or calls[-1][0] != division):
                calls.append((division, arrive, depart))
        if len(calls) < 2:
            continue
        rows += [
            {
                "route_id": trip.route,
                "trip_id": trip.id,
                "mode": trip.mode,
                "stop_sequence": sequence,
                "division": division,
                "arrive_min": arrive,
                "depart_min": depart,
                "weekdays": days_text(sum(1 << day for day in trip.days)),
                "takes_parcels": trip.takes_parcels,
                "capacity_kg": trip.capacity_kg,
                "fare_yuan": trip.fare_yuan,
                "cut_off_min": trip.cut_off_min,
            }
            for sequence, (division, arrive, depart) in enumerate(calls, start=1)
        ]
    types: dict[str, pa.DataType] = {
        "route_id": pa.string(),
        "trip_id": pa.string(),
        "mode": pa.string(),
        "stop_sequence": pa.int64(),
        "division": pa.string(),
        "arrive_min": pa.int64(),
        "depart_min": pa.int64(),
        "weekdays": pa.string(),
        "takes_parcels": pa.bool_(),
        "capacity_kg": pa.float64(),
        "fare_yuan": pa.float64(),
        "cut_off_min": pa.int64(),
    }
    return pa.Table.from_pylist(rows, schema=pa.schema(types)), (*feed.findings, *week.findings, *findings)


def ferry_links(timetable: WeeklyTimetable) -> RoadGraph:
    """Return the ferries as edges both ways between consecutive stops, open on the days on which they sail.

    An edge takes the median crossing and half the mean interval between two departures of a day: what somebody waits
    who does not know the timetable (half of an eight-hour day where there is one sailing).
    """
    crossings: dict[tuple[str, str], list[int]] = defaultdict(list)
    sailings: dict[tuple[str, str], list[int]] = defaultdict(list)
    for trip in timetable.trips:
        if trip.mode != "ferry":
            continue
        for (one, _, depart), (other, arrive, _) in zip(trip.calls, trip.calls[1:], strict=False):
            if one != other:
                ends = (timetable.stops[one].id, timetable.stops[other].id)
                crossings[ends].append(arrive - depart)
                sailings[ends] += [day + depart // 86_400 for day in trip.days]
    place = {stop.id: (stop.lon, stop.lat) for stop in timetable.stops if stop.lon is not None and stop.lat is not None}
    rows = [
        {
            "road_id": f"ferry-{one}-{other}",
            "from_node": one,
            "to_node": other,
            "kind": "ferry",
            "length_km": _length_km(place.get(one), place.get(other), median(times) / 60),
            "minutes": median(times) / 60 + _wait_min(sailings[one, other]),
            "is_oneway": True,
            "weekdays": days_text(sum(1 << day for day in {day % 7 for day in sailings[one, other]})),
        }
        for (one, other), times in sorted(crossings.items())
    ]
    return make_graph(edge_table(rows), place)


def _wait_min(days: list[int]) -> float:
    """Half the mean interval: fewer days make no longer wait, since on other days the edge is closed."""
    a_day = len(days) / len(set(days)) if days else 1.0
    return SAILING_MIN / a_day / 2


def _length_km(one: tuple[float, float] | None, other: tuple[float, float] | None, minutes: float) -> float:
    import numpy as np

    if one is None or other is None:
        return minutes / 60 * FERRY_KMH
    return float(straight_km(*(np.array(value, dtype=np.float64) for value in (*one, *other))))


def _divisions_of(
    stops: tuple[WeeklyStop, ...], divisions: Divisions, limit_km: float
) -> tuple[dict[int, str], list[Finding]]:
    import numpy as np

    places = [d for d in (*divisions.list_level("village"), *divisions.list_level("town")) if d.position is not None]
    lon, lat = (np.array([d.position[axis] for d in places if d.position], dtype=np.float64) for axis in (0, 1))
    found, findings = {}, []
    for number, stop in enumerate(stops):
        if divisions.find(stop.id) is not None:
            found[number] = stop.id
            continue
        distance = np.inf
        if stop.lon is not None and stop.lat is not None and places:
            km = straight_km(np.array(stop.lon), np.array(stop.lat), lon, lat)
            distance = float(km.min())
        if distance <= limit_km:
            found[number] = places[int(km.argmin())].code
        else:
            findings.append(_nowhere(stop, distance, limit_km))
    return found, findings


def _nowhere(stop: WeeklyStop, km: float, limit_km: float) -> Finding:
    why = f"离最近的村{km:.1f}公里，超过{limit_km:g}公里" if km < float("inf") else "没有坐标"
    return Finding(
        code="territory.stop_without_place",
        severity=Severity.INFO,
        message=f"停靠站{stop.name}（{stop.id}）{why}，不知道属于哪个村，没有采用。请核对坐标。",
        place=stop.id,
        fields={"distance_km": km, "limit_km": limit_km},
    )
