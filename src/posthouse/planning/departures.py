"""A plan's week laid out on the calendar: which round, trip or partner goes where on which dates."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from posthouse.planning.model import Plan
from posthouse.vocabulary.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A village that is called at. arrive_min : after midnight. parcels : expected."""

    village: str
    arrive_min: float
    parcels: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """What goes or fails as a whole on one weekday: a vehicle's round, a trip, or one partner's way to one village.

    kind : of vehicle, empty where it is somebody else's.
    """

    mode: str
    line: str
    weekday: int
    stops: tuple[Stop, ...]
    depot_code: str = ""
    kind: str = ""


PARTNERS = frozenset({"postal_van", "shop_hosting", "farm_van"})
"""Each village that they go to is a way of its own."""


def departures_of(plan: Plan) -> tuple[Departure, ...]:
    """Return the departures of the plan's week, by weekday, mode and line."""
    found = [
        Departure(
            mode="pooled_van",
            line=route.line,
            weekday=route.weekday,
            stops=tuple(
                Stop(village=v.village, arrive_min=float(v.arrive_min), parcels=float(v.parcels)) for v in route.visits
            ),
            depot_code=route.depot_code,
            kind=route.kind,
        )
        for route in plan.routes
    ]
    others: dict[tuple[str, str, int, str], list[Stop]] = defaultdict(list)
    for call in plan.week.timetable if plan.week else ():
        if call.mode != "pooled_van":
            own = call.village if call.mode in PARTNERS else ""
            stop = Stop(village=call.village, arrive_min=float(call.arrive_min), parcels=call.parcels)
            others[call.mode, call.line, call.weekday, own].append(stop)
    for (mode, line, weekday, _), stops in others.items():
        found.append(Departure(mode=mode, line=line, weekday=weekday, stops=tuple(stops)))
    return tuple(sorted(found, key=lambda d: (d.weekday, d.mode, d.line, d.stops[0].village)))


def dates_of(weekday: int, period: Period) -> tuple[date, ...]:
    """Return the dates of a weekday (1 Monday … 7 Sunday) in the period."""
    first = period.start_on + timedelta(days=(weekday - 1 - period.start_on.weekday()) % 7)
    return tuple(first + timedelta(days=d) for d in range(0, (period.end_on - first).days, 7))


def planned_days(plan: Plan, period: Period) -> dict[str, frozenset[date]]:
    """Return the dates on which each village of the plan is to be visited."""
    days: dict[str, set[date]] = defaultdict(set)
    for departure in departures_of(plan):
        for stop in departure.stops:
            days[stop.village].update(dates_of(departure.weekday, period))
    return {village: frozenset(own) for village, own in sorted(days.items())}
