"""The register's trips that take parcels, with the room and the price that the scenario gives them."""

from dataclasses import dataclass

from posthouse.planning.ground import Ground
from posthouse.territory.weekly import WeeklyTimetable, WeeklyTrip, weekly_trips_of
from posthouse.vocabulary.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelTrip:
    """A trip that takes parcels. calls : (division, arrival, departure), minutes of the service day, may pass 24 h."""

    id: str
    mode: str
    calls: tuple[tuple[str, int, int], ...]
    weekdays: tuple[int, ...]
    room_parcels: float
    fare_yuan: float
    cut_off_min: int


def parcel_trips(ground: Ground) -> tuple[tuple[ParcelTrip, ...], tuple[Finding, ...]]:
    """Return the trips by id, and a Finding for each that cannot be used."""
    week = weekly_trips_of([row for row in ground.rows["timetable"] if row["takes_parcels"]], ground.divisions)
    trips = (_on_terms(trip, week, ground) for trip in week.trips)
    return tuple(trip for trip in trips if trip is not None), week.findings


def _on_terms(trip: WeeklyTrip, week: WeeklyTimetable, ground: Ground) -> ParcelTrip | None:
    mode = "ferry" if trip.mode == "ferry" else "rural_bus"
    levers = ground.scenario.carriage.get(mode)
    if levers is None or not levers.allowed:
        return None
    stated = levers.room_parcels if trip.capacity_kg is None else trip.capacity_kg / ground.demand.kg_per_parcel
    return ParcelTrip(
        id=trip.id,
        mode=mode,
        calls=tuple((week.stops[stop].id, arrive, depart) for stop, arrive, depart in trip.calls_min),
        weekdays=tuple(day + 1 for day in trip.days),
        room_parcels=stated * levers.room_share,
        fare_yuan=levers.yuan_per_parcel if trip.fare_yuan is None else trip.fare_yuan,
        cut_off_min=levers.cut_off_min if trip.cut_off_min is None else trip.cut_off_min,
    )
