"""The new rounds as a GTFS feed, so that any timetable program reads them: one route per line, one trip per round."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO

from posthouse.planning.model import Plan

Position = tuple[float, float]
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ROUTE_TYPE = 3
"""Bus: GTFS knows no type for vans."""

STOPPING_MIN = 5
"""Minutes at a stop in the feed; never beyond the next arrival."""


def plan_to_gtfs(
    plan: Plan, positions: Mapping[str, Position], *, agency: str, start_on: date, end_on: date
) -> dict[str, bytes]:
    """Return the files of the feed by name; rounds with a stop without position are left out, GTFS wants one.

    Parameters
    ----------
    start_on, end_on : first and last day on which the rounds run.
    """
    routes = [
        route
        for route in plan.routes
        if route.depot_code in positions and all(visit.village in positions for visit in route.visits)
    ]
    names = {route.depot_code: route.depot for route in routes}
    names |= {visit.village: visit.point or visit.village_name for route in routes for visit in route.visits}
    lines = {route.line: route for route in routes}
    weekdays = sorted({route.weekday for route in routes})
    stop_times: list[Sequence[object]] = []
    trips: list[Sequence[object]] = []
    for route in routes:
        trip = f"{route.line}-{route.weekday}"
        trips.append((route.line, f"W{route.weekday}", trip, route.depot))
        calls = [(route.depart_min, route.depot_code)]
        calls += [(max(visit.arrive_min, route.depart_min), visit.village) for visit in route.visits]
        calls.append((max(round(route.depart_min + route.duration_min), calls[-1][0]), route.depot_code))
        for number, (minute, code) in enumerate(calls, start=1):
            following = calls[number][0] if number < len(calls) else minute
            leave = minute if number in (1, len(calls)) else min(minute + STOPPING_MIN, following)
            stop_times.append((trip, _clock(minute), _clock(leave), code, number))
    day = "%Y%m%d"
    tables: dict[str, tuple[Sequence[str], Sequence[Sequence[object]]]] = {
        "agency.txt": (
            ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"),
            [("1", agency, "https://example.org", "Asia/Shanghai", "zh")],
        ),
        "stops.txt": (
            ("stop_id", "stop_name", "stop_lat", "stop_lon"),
            [(code, name, positions[code][1], positions[code][0]) for code, name in sorted(names.items())],
        ),
        "routes.txt": (
            ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
            [(line, "1", line, route.depot, ROUTE_TYPE) for line, route in sorted(lines.items())],
        ),
        "trips.txt": (("route_id", "service_id", "trip_id", "trip_headsign"), trips),
        "stop_times.txt": (("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"), stop_times),
        "calendar.txt": (
            ("service_id", *DAYS, "start_date", "end_date"),
            [
                (
                    f"W{own}",
                    *(int(own == number) for number in range(1, 8)),
                    start_on.strftime(day),
                    end_on.strftime(day),
                )
                for own in weekdays
            ],
        ),
        "feed_info.txt": (
            ("feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date"),
            [(agency, "https://example.org", "zh", start_on.strftime(day), end_on.strftime(day))],
        ),
    }
    return {name: _csv(head, rows) for name, (head, rows) in tables.items()}


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"
