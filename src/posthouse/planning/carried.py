"""Parcels on scheduled buses and ferries (交快合作): which visits the carriage engine gives room to, and when.

Each village and day is a consignment from its depot, to be handed over the same day; its outside price is what our van
would ask. The engine shares out the room of all trips at once. What is awarded holds whatever the rounds decide.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from types import MappingProxyType

from posthouse.optimise.carriage.problem import DAY_MIN, WEEK_MIN, CarriageProblem, Consignment, Service, Stop
from posthouse.optimise.carriage.solve import solve_carriage
from posthouse.planning.ground import Ground
from posthouse.planning.offers import ROUNDING, Offer, Offers, Wish
from posthouse.planning.trips import ParcelTrip

LEAST_WORTH = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Awards of buses and ferries. full : trip -> yuan that room for a parcel more saves; inf: somebody is left."""

    offers: Offers
    full: Mapping[str, float] = field(default_factory=dict)


def award_carriage(
    wishes: Sequence[Wish],
    origin: Mapping[str, str],
    trips: Sequence[ParcelTrip],
    ground: Ground,
    *,
    stop_of: Mapping[str, str] = MappingProxyType({}),
    overnight: bool = False,
) -> Carried:
    """Return which village's parcels ride on which trip.

    Parameters
    ----------
    wishes : visits that others could make; only those at a stop of a trip from their depot are asked for.
    origin : village -> division code of the stop where its parcels are ready.
    stop_of : village -> stop where they are handed over, where that is not the village itself.
    overnight : whether parcels sorted the day before may ride too, for boats that sail before the morning's sorting.
    """
    stops_by_village = {wish.village: stop_of.get(wish.village, wish.village) for wish in wishes}
    useful = _useful(wishes, origin, stops_by_village, trips)
    if not useful:
        return Carried(offers={})
    stops, services = _network(trips, ground)
    at = {stop.id: number for number, stop in enumerate(stops)}
    asked: list[Wish] = []
    consignments = []
    for wish in useful:
        visit = min(ground.scenario.carriage[mode].yuan_per_visit for mode in sorted({trip.mode for trip in trips}))
        outside = (wish.worth_yuan - visit) / wish.parcels
        if outside < LEAST_WORTH:
            continue
        ready = ((wish.weekday - 1 - overnight) * DAY_MIN + ground.scenario.hand_over.ready_min) % WEEK_MIN
        hours = ground.scenario.hand_over.to_min - ground.scenario.hand_over.ready_min + overnight * DAY_MIN
        asked.append(wish)
        consignments.append(
            Consignment(
                id=f"{wish.village}-{wish.weekday}",
                origin=at[origin[wish.village]],
                destination=at[stops_by_village[wish.village]],
                ready_min=ready,
                due_min=ready + hours,
                parcels=wish.parcels,
                outside_yuan=outside,
            )
        )
    answer = solve_carriage(CarriageProblem(stops=stops, services=services, consignments=tuple(consignments)))
    full: dict[str, float] = {}
    for (service, _, _), worth in answer.full.items():
        full[services[service].id] = max(worth, full.get(services[service].id, 0.0))
    riding: dict[int, list[tuple[float, float, int, str]]] = defaultdict(list)
    for movement in answer.movements:
        fare = sum(services[ride.service].fare_yuan for ride in movement.rides)
        last = movement.rides[-1]
        line = "、".join(services[ride.service].id for ride in movement.rides)
        riding[movement.consignment].append((movement.parcels, fare, last.arrive_min % DAY_MIN, line))
    mode_of = {trip.id: trip.mode for trip in trips}
    offers: dict[tuple[str, int], tuple[Offer, ...]] = {}
    for number, parts in riding.items():
        wish = asked[number]
        parcels = sum(part[0] for part in parts)
        largest = max(parts)
        mode = mode_of[largest[3].split("、")[0]]
        offers[wish.village, wish.weekday] = (
            Offer(
                mode=mode,
                line=largest[3],
                room_parcels=parcels,
                yuan_per_visit=ground.scenario.carriage[mode].yuan_per_visit,
                yuan_per_parcel=sum(part[0] * part[1] for part in parts) / parcels,
                arrive_min=max(part[2] for part in parts),
            ),
        )
    return Carried(offers=offers, full=full)


def keep_rides(
    lines: Mapping[tuple[str, int], str],
    wishes: Sequence[Wish],
    origin: Mapping[str, str],
    trips: Sequence[ParcelTrip],
    ground: Ground,
) -> tuple[Offers, list[Wish], tuple[ParcelTrip, ...]]:
    """Return offers on the trips that carried a visit before, the wishes without one, and the trips' room that is left.

    Parameters
    ----------
    lines : (village, weekday) -> the trip of an earlier plan.
    """
    by_id = {trip.id: trip for trip in trips}
    taken: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    offers: dict[tuple[str, int], tuple[Offer, ...]] = {}
    rest = []
    for wish in wishes:
        trip = by_id.get(lines.get((wish.village, wish.weekday), ""))
        arrive_min = _arrival(trip, origin.get(wish.village, ""), wish, ground) if trip else None
        room = trip.room_parcels - taken[trip.id][wish.weekday] + ROUNDING if trip else 0.0
        if trip is None or arrive_min is None or wish.parcels > room:
            rest.append(wish)
            continue
        taken[trip.id][wish.weekday] += wish.parcels
        offers[wish.village, wish.weekday] = (
            Offer(
                mode=trip.mode,
                line=trip.id,
                room_parcels=wish.parcels,
                yuan_per_visit=ground.scenario.carriage[trip.mode].yuan_per_visit,
                yuan_per_parcel=trip.fare_yuan,
                arrive_min=arrive_min,
            ),
        )
    left = (replace(t, room_parcels=t.room_parcels - max(taken[t.id].values(), default=0.0)) for t in trips)
    return offers, rest, tuple(left)


def _arrival(trip: ParcelTrip, origin: str, wish: Wish, ground: Ground) -> int | None:
    """When the trip brings the visit's parcels of the day; None where it does not, or not within hours."""
    hours = ground.scenario.hand_over
    departs = next((depart for stop, _, depart in trip.calls if stop == origin), None)
    arrives = next((arrive for stop, arrive, _ in trip.calls if stop == wish.village), None)
    if departs is None or arrives is None or wish.weekday not in trip.weekdays:
        return None
    is_in_time = hours.ready_min <= departs - trip.cut_off_min and departs < arrives <= hours.to_min
    return arrives if is_in_time and arrives >= hours.from_min else None


def _useful(
    wishes: Sequence[Wish], origin: Mapping[str, str], stop_of: Mapping[str, str], trips: Sequence[ParcelTrip]
) -> list[Wish]:
    """Wishes for villages that some trip reaches from the depot, directly or with changes."""
    onward: dict[str, set[str]] = defaultdict(set)
    for trip in trips:
        for number, (stop, _, _) in enumerate(trip.calls):
            onward[stop].update(call[0] for call in trip.calls[number + 1 :])
    reached: dict[str, set[str]] = {}

    def reach(start: str) -> set[str]:
        if start not in reached:
            found, front = {start}, [start]
            while front:
                for stop in onward.get(front.pop(), ()):
                    if stop not in found:
                        found.add(stop)
                        front.append(stop)
            reached[start] = found
        return reached[start]

    return [
        wish
        for wish in wishes
        if stop_of[wish.village] != (start := origin.get(wish.village, "")) and stop_of[wish.village] in reach(start)
    ]


def _network(trips: Sequence[ParcelTrip], ground: Ground) -> tuple[tuple[Stop, ...], tuple[Service, ...]]:
    codes = sorted({call[0] for trip in trips for call in trip.calls})
    at = {code: number for number, code in enumerate(codes)}
    hours = ground.scenario.hand_over.from_min, ground.scenario.hand_over.to_min
    towns = {code for code in codes if (town := ground.divisions.town_of(code)) and town.code == code}
    stops = tuple(Stop(id=code, change_min=15 if code in towns else None, hand_over=hours) for code in codes)
    services = tuple(
        Service(
            id=trip.id,
            calls=tuple((at[code], arrive, depart) for code, arrive, depart in trip.calls),
            days=tuple(day - 1 for day in trip.weekdays),
            room=trip.room_parcels if trip.room_parcels < inf else inf,
            fare_yuan=trip.fare_yuan,
            cut_off_min=trip.cut_off_min,
        )
        for trip in trips
    )
    return stops, services
