"""The week as people carry it out: routes with their visits, the timetable of every village, energy and CO2."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

from posthouse.planning.depots import Depot
from posthouse.planning.ground import Ground
from posthouse.planning.model import Call, Route, StationProposal, Visit
from posthouse.planning.solve_week import Drive
from posthouse.planning.weekly import WeeklyAnswer

ROUND_TO_MIN = 5
"""A timetable that people keep in mind says five minutes; GB and industry timetables do so too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Routes and timetable of a week, with what they use. energy : by kind, kWh or litres."""

    routes: tuple[Route, ...]
    timetable: tuple[Call, ...]
    modes: Mapping[str, int]
    energy: Mapping[str, float]
    co2_kg: float


def schedule_from(
    answer: WeeklyAnswer,
    ground: Ground,
    stations: Sequence[StationProposal],
    *,
    lines: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> Schedule:
    """Return the week's routes and timetable; a line is a depot's vehicle, numbered through the city.

    lines : by depot and vehicle, of an earlier plan, which are kept.
    """
    points = _points(ground, stations)
    named, known = dict(lines), set(lines.values())
    numbers = (name for n in count(1) if (name := f"L{n:03d}") not in known)
    routes, calls = [], []
    energy: dict[str, float] = defaultdict(float)
    for depot, drive in sorted(answer.drives, key=lambda d: (d[0].code, d[1].vehicle, d[1].weekday)):
        if (depot.code, drive.vehicle) not in named:
            named[depot.code, drive.vehicle] = next(numbers)
        line = named[depot.code, drive.vehicle]
        route = _route(depot, drive, line, points, ground)
        routes.append(route)
        kind = "electricity" if drive.kind.is_electric else drive.kind.levers.energy
        energy[kind] += route.energy
        calls += [
            Call(
                village=visit.village,
                village_name=visit.village_name,
                weekday=drive.weekday,
                arrive_min=visit.arrive_min,
                mode="pooled_van",
                line=line,
                point=visit.point,
                parcels=round(stop.parcels, 1),
                depot_code=depot.code,
            )
            for visit, stop in zip(route.visits, drive.stops, strict=True)
        ]
    home = {v: answered.week.depot.code for answered in answer.answers for v in answered.week.depot.villages}
    for carry in answer.carries:
        calls.append(
            Call(
                village=carry.village,
                village_name=ground.divisions.name_with_town(carry.village),
                weekday=carry.weekday,
                arrive_min=carry.offer.arrive_min,
                mode=carry.offer.mode,
                line=carry.offer.line,
                point=points.get(carry.village, ""),
                parcels=round(carry.parcels, 1),
                depot_code=home.get(carry.village, ""),
                cost_yuan=carry.cost_yuan,
            )
        )
    calls.sort(key=lambda call: (call.village, call.weekday, call.arrive_min))
    return Schedule(
        routes=tuple(sorted(routes, key=lambda r: (r.weekday, r.line))),
        timetable=tuple(calls),
        modes=dict(sorted(Counter(call.mode for call in calls).items())),
        energy=dict(sorted(energy.items())),
        co2_kg=sum(route.co2_kg for route in routes),
    )


def _route(depot: Depot, drive: Drive, line: str, points: Mapping[str, str], ground: Ground) -> Route:
    depart = ground.scenario.rounds.depart_min
    kind = "electricity" if drive.kind.is_electric else drive.kind.levers.energy
    per_km = drive.kind.levers.energy_per_km
    if drive.kind.is_electric and drive.kind.levers.energy != "electricity":
        per_km = ELECTRIC_KWH_PER_LITRE_KM * per_km
    energy = drive.distance_km * per_km
    return Route(
        weekday=drive.weekday,
        vehicle=drive.vehicle,
        depot=depot.name,
        visits=tuple(
            Visit(
                village=stop.village,
                village_name=ground.divisions.name_with_town(stop.village),
                arrive_min=ROUND_TO_MIN * round(stop.arrive_min / ROUND_TO_MIN),
                parcels=max(1, round(stop.parcels)) if stop.parcels > 0 else 0,
                point=points.get(stop.village, ""),
            )
            for stop in drive.stops
        ),
        distance_km=drive.distance_km,
        duration_min=drive.duration_min,
        cost_yuan=drive.cost_yuan,
        depot_code=depot.code,
        kind=drive.kind.kind,
        line=line,
        depart_min=depart,
        energy=energy,
        co2_kg=energy * ground.scenario.co2_kg.get(kind, 0.0),
    )


ELECTRIC_KWH_PER_LITRE_KM = 3.0
"""kWh that an electric van takes where its twin takes a litre: 0.27 kWh/km beside 0.09 l/km."""


def _points(ground: Ground, stations: Sequence[StationProposal]) -> dict[str, str]:
    """The station of each village: what exists, else what is proposed."""
    named: dict[str, str] = {station.village: station.host_name for station in stations}
    existing: dict[str, list[str]] = defaultdict(list)
    for village, rows in ground.points_by_village("village_station").items():
        existing[village] += [str(row["name"]) for row in rows]
    return named | {village: names[0] for village, names in existing.items()}
