"""The timetable of one week, laid out trip by trip: what carriage, reach and ferry links are made from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from posthouse.territory.feed import Feed, FeedTrip
from posthouse.territory.model import Divisions
from posthouse.territory.roads import days_mask
from posthouse.territory.validity import rows_valid_on
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import pyarrow

ALL_DAY = (0, 1440)
_WEEK_MIN = 7 * 1440


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
    """Return the trips of the register `timetable` that are valid on the day; see `weekly_trips_of`."""
    return weekly_trips_of(rows_valid_on(table, on))


def weekly_trips_of(rows: Iterable[Mapping[str, Any]], divisions: Divisions | None = None) -> WeeklyTimetable:
    """Return the trips of rows of the register `timetable`; a stop is a division. Unusable trips give a Finding.

    Parcels may change at every stop, within the default of the caller: change_min is 0 here.

    Parameters
    ----------
    divisions : of which every stop has to be one; not asked where there are none.
    """
    by_trip: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_trip.setdefault(row["trip_id"], []).append(row)
    trips, findings = [], []
    usable: dict[str, list[Mapping[str, Any]]] = {}
    for name, own in sorted(by_trip.items()):
        own.sort(key=lambda row: row["stop_sequence"])
        if fault := _fault(own, divisions):
            findings.append(_unusable(name, own[0], fault))
        else:
            usable[name] = own
    stops = sorted({row["division"] for own in usable.values() for row in own})
    number_of = {stop: i for i, stop in enumerate(stops)}
    for name, own in usable.items():
        first = own[0]
        trips.append(
            WeeklyTrip(
                id=name,
                route=first["route_id"],
                mode=first["mode"],
                calls=tuple((number_of[r["division"]], r["arrive_min"] * 60, r["depart_min"] * 60) for r in own),
                days=tuple(day for day in range(7) if days_mask(first["weekdays"] or "") >> day & 1),
                takes_parcels=bool(first["takes_parcels"]),
                capacity_kg=_bound(min, own, "capacity_kg"),
                fare_yuan=_bound(max, own, "fare_yuan"),
                cut_off_min=_bound(max, own, "cut_off_min"),
            )
        )
    return WeeklyTimetable(
        stops=tuple(WeeklyStop(id=stop, name=stop, change_min=0) for stop in stops),
        trips=tuple(trips),
        findings=tuple(findings),
    )


def _fault(rows: Sequence[Mapping[str, Any]], divisions: Divisions | None) -> str:
    """What makes a trip unusable, in words; empty where nothing does."""
    if len(rows) < 2:
        return "只有一个停靠站"
    days = rows[0]["weekdays"] or ""
    if len(days) != 7 or set(days) - {"0", "1"}:
        return f"开行日应为七位 0/1，实际为“{days}”"
    before = 0
    for row in rows:
        if not before <= row["arrive_min"] <= row["depart_min"] < _WEEK_MIN:
            return (
                f"第{row['stop_sequence']}站到{row['arrive_min']}分、离{row['depart_min']}分，早于前站的{before}分；"
                "过零点的时刻要写作 1440 以上"
            )
        before = row["depart_min"]
        if divisions is not None and divisions.find(row["division"]) is None:
            return f"第{row['stop_sequence']}站{row['division']}不在区划表中"
    return ""


def _bound(which: Callable[[list[Any]], Any], rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    """The tightest or dearest of what the calls say; None where none says anything."""
    said = [row[name] for row in rows if row.get(name) is not None]
    return which(said) if said else None


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


def _unusable(trip: str, row: Mapping[str, Any], fault: str) -> Finding:
    return Finding(
        code="territory.unusable_trip",
        severity=Severity.WARNING,
        message=f"班次{trip}{fault}，没有采用。请改正班次表。",
        place=trip,
        fields={"table": "timetable", "route_id": row["route_id"]},
    )
