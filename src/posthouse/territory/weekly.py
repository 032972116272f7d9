"""The timetable of one week, laid out trip by trip: what carriage, reach and ferry links are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from posthouse.territory.feed import Feed, FeedTrip
from posthouse.territory.roads import days_mask
from posthouse.territory.validity import rows_valid_on
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import pyarrow

ALL_DAY = (0, 1440)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyStop:
    """A stop. change_min : None where parcels may not wait or change. hand_over : minutes of the day [from, to]."""

    id: str
    name: str
    lon: float | None = None
    lat: float | None = None
    change_min: int | None = None
    handling_yuan: float = 0.0
    hand_over: tuple[int, int] = ALL_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyTrip:
    """A trip of the week.

    mode : bus or ferry. calls : (stop index, arrival, departure) in seconds after 00:00 of the service day, which may
    be above 24 h. days : 0 Monday to 6 Sunday. The other fields are None where nothing is known.
    """

    id: str
    route: str
    mode: str
    calls: tuple[tuple[int, int, int], ...]
    days: tuple[int, ...]
    takes_parcels: bool = False
    capacity_kg: float | None = None
    fare_yuan: float | None = None
    cut_off_min: int | None = None

    @property
    def calls_min(self) -> tuple[tuple[int, int, int], ...]:
        """The calls in whole minutes, arrival up and departure down, so that no connection is promised that is none."""
        found, before = [], 0
        for stop, arrive, depart in self.calls:
            up = max(before, -(-arrive // 60))
            before = max(up, depart // 60)
            found.append((stop, up, before))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyTimetable:
    """Stops and the trips of a week that repeats, in order of id."""

    stops: tuple[WeeklyStop, ...]
    trips: tuple[WeeklyTrip, ...]
    findings: tuple[Finding, ...] = ()


def weekly_trips(feed: Feed, week_of: date) -> WeeklyTimetable:
    """Return the trips of the feed in the week (Monday to Sunday) of a day; patterns with headways are laid out.

    A feed that has trips, but none in that week, gives a Finding.
    """
    monday = week_of - timedelta(days=week_of.weekday())
    week = [monday + timedelta(days=day) for day in range(7)]
    days = {
        service: tuple(day for day, on in enumerate(week) if when.runs_on(on))
        for service, when in feed.services.items()
    }
    running = [trip for trip in feed.trips if days.get(trip.service)]
    used = sorted({stop for trip in running for stop, _, _ in trip.calls})
    number_of = {stop: i for i, stop in enumerate(used)}
    trips = [_trip(trip, number_of, days[trip.service], shift) for trip in running for shift in _shifts(trip)]
    return WeeklyTimetable(
        stops=tuple(_stop(feed, stop) for stop in used),
        trips=tuple(sorted(trips, key=lambda trip: trip.id)),
        findings=() if running or not feed.trips else (_out_of_date(feed, monday),),
    )


def weekly_trips_from(table: "pyarrow.Table", on: date | None = None) -> WeeklyTimetable:
    """Return the trips of the register `timetable`; a stop is a division. Trips that cannot be used give a Finding.

    Parcels may change at every stop, within the default of the caller: change_min is 0 here.
    """
    by_trip: dict[str, list[dict[str, Any]]] = {}
    for row in rows_valid_on(table, on):
        by_trip.setdefault(row["trip_id"], []).append(row)
    stops = sorted({row["division"] for rows in by_trip.values() for row in rows})
    number_of = {stop: i for i, stop in enumerate(stops)}
    trips, findings = [], []
    for trip, rows in sorted(by_trip.items()):
        rows.sort(key=lambda row: row["stop_sequence"])
        calls = tuple((number_of[r["division"]], r["arrive_min"] * 60, r["depart_min"] * 60) for r in rows)
        moments = [moment for _, arrive, depart in calls for moment in (arrive, depart)]
        if len(calls) < 2 or moments != sorted(moments):
            findings.append(_unusable(trip, rows[0]))
            continue
        first = rows[0]
        trips.append(
            WeeklyTrip(
                id=trip,
                route=first["route_id"],
                mode=first["mode"],
                calls=calls,
                days=tuple(day for day in range(7) if days_mask(first["weekdays"] or "") >> day & 1),
                takes_parcels=bool(first["takes_parcels"]),
                capacity_kg=first.get("capacity_kg"),
                fare_yuan=first.get("fare_yuan"),
                cut_off_min=first.get("cut_off_min"),
            )
        )
    return WeeklyTimetable(
        stops=tuple(WeeklyStop(id=stop, name=stop, change_min=0) for stop in stops),
        trips=tuple(trips),
        findings=tuple(findings),
    )


def _shifts(trip: FeedTrip) -> list[int]:
    """Seconds by which each run of the trip is later than its calls say."""
    if not trip.headways:
        return [0]
    first = trip.calls[0][2]
    return [moment - first for start, end, every in trip.headways for moment in range(start, end, every)]


def _trip(trip: FeedTrip, number_of: Mapping[str, int], days: tuple[int, ...], shift: int) -> WeeklyTrip:
    # The first arrival of a shifted run may fall before midnight; nobody boards before it leaves.
    calls = tuple((number_of[stop], max(0, arrive + shift), depart + shift) for stop, arrive, depart in trip.calls)
    return WeeklyTrip(
        id=f"{trip.id}@{_clock(calls[0][2])}" if trip.headways else trip.id,
        route=trip.route,
        mode=trip.mode,
        calls=calls,
        days=days,
        takes_parcels=trip.terms.takes_parcels,
        capacity_kg=trip.terms.capacity_kg,
        fare_yuan=trip.terms.fare_yuan,
        cut_off_min=trip.terms.cut_off_min,
    )


def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def _stop(feed: Feed, stop: str) -> WeeklyStop:
    published, terms = feed.stops[stop], feed.stop_terms.get(stop)
    return WeeklyStop(
        id=stop,
        name=published.name,
        lon=published.lon,
        lat=published.lat,
        change_min=terms.change_min if terms else None,
        handling_yuan=terms.handling_yuan if terms else 0.0,
        hand_over=terms.hand_over or ALL_DAY if terms else ALL_DAY,
    )


def _out_of_date(feed: Feed, monday: date) -> Finding:
    ends = [service.end_on for service in feed.services.values() if service.end_on is not None]
    until = f"（最晚到{max(ends)}）" if ends else ""
    return Finding(
        code="territory.gtfs_out_of_date",
        severity=Severity.WARNING,
        message=f"班次数据在{monday}那一周没有班次{until}。请要新的数据，或换一周规划。",
        place="calendar.txt",
        fields={"week": monday.isoformat()},
    )


def _unusable(trip: str, row: Mapping[str, Any]) -> Finding:
    return Finding(
        code="territory.unusable_trip",
        severity=Severity.WARNING,
        message=f"班次{trip}少于两个停靠站，或时刻前后颠倒，没有采用。过零点的时刻请写作 1440 分以上。",
        place=trip,
        fields={"table": "timetable", "route_id": row["route_id"]},
    )
