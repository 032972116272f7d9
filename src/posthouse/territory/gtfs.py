"""GTFS timetables of buses and ferries. Faults of the feed are Findings with file and row; the rest is used."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from posthouse.territory.feed import Call, Feed, FeedStop, FeedTrip, ParcelTerms
from posthouse.territory.gtfs_files import bad_cell, gtfs_forms, number_of, read_tables, seconds_of
from posthouse.territory.gtfs_terms import read_parcel_terms, read_services, read_stop_terms
from posthouse.territory.text_table import TextRow, TextTable
from posthouse.vocabulary.findings import Finding, Severity

_WEEK_S = 7 * 86_400
_LAST_S = 4 * 86_400
"""A trip may run into the fourth day; later times are slips of the pen."""


def read_gtfs(path: Path) -> Feed:
    """Return the feed of a folder or zip.

    Trips of other modes than bus and ferry, trips without days, and trips whose times or stops cannot be used are
    left out, each with a Finding. Stops without a time between two that have one get one in proportion.

    Raises
    ------
    UnusableInputError : no feed there, or a required file or column is missing.
    """
    tables, findings = read_tables(path)
    stops = _stops(tables["stops.txt"], findings)
    services = read_services(tables, findings)
    terms = read_parcel_terms(tables.get("parcels.txt"), findings)
    modes = _modes(tables["routes.txt"], findings)
    calls = _calls(tables["stop_times.txt"], stops, findings)
    headways = _headways(tables.get("frequencies.txt"), findings)
    trips: dict[str, FeedTrip] = {}
    for row in tables["trips.txt"].rows:
        trip, route, service = (row.cells[name] for name in ("trip_id", "route_id", "service_id"))
        if not modes.get(route, "x"):
            continue  # another mode, said once for the route
        for column, value, is_known in (
            ("route_id", route, route in modes),
            ("service_id", service, service in services),
            ("trip_id", trip, trip not in trips),
        ):
            if not is_known:
                findings.append(bad_cell("trips.txt", row.line, column, value, "该班次没有采用"))
                break
        else:
            found = calls.get(trip, ())
            if len(found) < 2:
                findings.append(_too_short(row, trip, len(found)))
                continue
            trips[trip] = FeedTrip(
                id=trip,
                route=route,
                mode=modes[route],
                service=service,
                calls=found,
                headways=headways.get(trip, ()),
                terms=terms.get(("trip", trip), terms.get(("route", route), ParcelTerms())),
            )
    return Feed(
        stops=stops,
        trips=tuple(trips[trip] for trip in sorted(trips)),
        services=services,
        stop_terms=read_stop_terms(tables.get("parcel_stops.txt"), findings),
        findings=tuple(findings),
    )


def _stops(table: TextTable, findings: list[Finding]) -> dict[str, FeedStop]:
    stops: dict[str, FeedStop] = {}
    for row in table.rows:
        stop = row.cells["stop_id"]
        if not stop or stop in stops:
            findings.append(bad_cell(table.name, row.line, "stop_id", stop, "该行没有采用"))
            continue
        place = []
        for column, limit in (("stop_lon", 180.0), ("stop_lat", 90.0)):
            text = row.cells.get(column, "")
            value = _degrees(text, limit)
            if value is None and text:
                findings.append(bad_cell(table.name, row.line, column, text, "该站按没有坐标处理"))
            place.append(value)
        lon, lat = place if None not in place else (None, None)
        stops[stop] = FeedStop(id=stop, name=row.cells.get("stop_name", "") or stop, lon=lon, lat=lat)
    return stops


def _degrees(text: str, limit: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -limit <= value <= limit else None


def _modes(table: TextTable, findings: list[Finding]) -> dict[str, str]:
    """Mode by route; empty for a mode that carries no parcels."""
    ranges: Mapping[str, Sequence[Sequence[int]]] = gtfs_forms()["modes"]
    modes: dict[str, str] = {}
    for row in table.rows:
        number = number_of(row.cells["route_type"])
        if number is None:
            findings.append(bad_cell(table.name, row.line, "route_type", row.cells["route_type"], "该线路没有采用"))
            continue
        mode = next((m for m, spans in ranges.items() if any(a <= number <= b for a, b in spans)), "")
        if not mode:
            findings.append(_other_mode(table.name, row))
        modes[row.cells["route_id"]] = mode
    return modes


def _calls(table: TextTable, stops: Mapping[str, FeedStop], findings: list[Finding]) -> dict[str, tuple[Call, ...]]:
    """Calls by trip in order, complete and never back in time; a trip whose times are unusable has none."""
    rows: dict[str, list[tuple[int, TextRow]]] = defaultdict(list)
    for row in table.rows:
        sequence = number_of(row.cells["stop_sequence"])
        if sequence is None:
            findings.append(bad_cell(table.name, row.line, "stop_sequence", row.cells["stop_sequence"], "该行没有采用"))
        elif row.cells["stop_id"] not in stops:
            findings.append(bad_cell(table.name, row.line, "stop_id", row.cells["stop_id"], "该停靠没有采用"))
        else:
            rows[row.cells["trip_id"]].append((int(sequence), row))
    return {trip: _trip_calls(table.name, sorted(found, key=_by_sequence), findings) for trip, found in rows.items()}


def _by_sequence(entry: tuple[int, TextRow]) -> tuple[int, int]:
    return entry[0], entry[1].line


def _trip_calls(name: str, rows: list[tuple[int, TextRow]], findings: list[Finding]) -> tuple[Call, ...]:
    times: list[tuple[int, int] | None] = []
    before = 0
    for _, row in rows:
        texts = row.cells["arrival_time"], row.cells["departure_time"]
        known = [seconds_of(text) for text in texts if text]
        if not known:
            times.append(None)
            continue
        arrive, depart = known[0], known[-1]
        if arrive is None or depart is None or not before <= arrive <= depart < _LAST_S:
            findings.append(bad_cell(name, row.line, "arrival_time", "、".join(texts), "该班次没有采用"))
            return ()
        before = depart
        times.append((arrive, depart))
    if not times or times[0] is None or times[-1] is None:
        line = rows[0][1] if rows and times[0] is None else rows[-1][1]
        findings.append(bad_cell(name, line.line, "arrival_time", "", "首末站没有时刻，该班次没有采用"))
        return ()
    return tuple(
        (row.cells["stop_id"], arrive, depart) for (_, row), (arrive, depart) in zip(rows, _filled(times), strict=True)
    )


def _filled(times: Sequence[tuple[int, int] | None]) -> list[tuple[int, int]]:
    """Times with the gaps filled in equal steps between the stops that have one."""
    known = [at for at, time in enumerate(times) if time is not None]
    filled: list[tuple[int, int]] = []
    for at, time in enumerate(times):
        if time is not None:
            filled.append(time)
            continue
        left = max(k for k in known if k < at)
        right = min(k for k in known if k > at)
        (_, depart), (arrive, _) = times[left] or (0, 0), times[right] or (0, 0)
        moment = depart + (arrive - depart) * (at - left) // (right - left)
        filled.append((moment, moment))
    return filled


def _headways(table: TextTable | None, findings: list[Finding]) -> dict[str, tuple[tuple[int, int, int], ...]]:
    headways: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for row in table.rows if table else ():
        start, end = (seconds_of(row.cells[name]) for name in ("start_time", "end_time"))
        every = number_of(row.cells["headway_secs"])
        if start is None or end is None or not every or not 0 <= start < end <= _WEEK_S:
            value = "、".join(row.cells[name] for name in ("start_time", "end_time", "headway_secs"))
            findings.append(bad_cell("frequencies.txt", row.line, "headway_secs", value, "该行没有采用"))
        else:
            headways[row.cells["trip_id"]].append((start, end, int(every)))
    return {trip: tuple(found) for trip, found in headways.items()}


def _other_mode(name: str, row: TextRow) -> Finding:
    return Finding(
        code="territory.gtfs_mode",
        severity=Severity.INFO,
        message=f"线路{row.cells['route_id']}的 route_type 是{row.cells['route_type']}，不是客车或轮渡，没有采用。",
        place=f"{name}:{row.line}",
        fields={"route_type": row.cells["route_type"]},
    )


def _too_short(row: TextRow, trip: str, calls: int) -> Finding:
    return Finding(
        code="territory.gtfs_trip",
        severity=Severity.WARNING,
        message=f"班次{trip}可用的停靠站只有{calls}个，没有采用。请补全 stop_times.txt。",
        place=f"trips.txt:{row.line}",
        fields={"trip_id": trip, "calls": calls},
    )
