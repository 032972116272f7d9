"""One depot's week as a problem of the periodic engine, and its answer as rounds.

Each village is a customer (several, where a visit's load is more than the largest vehicle takes); its options are the
day sets that keep its promise. What waits at a visit grows with the days since the one before. Partners, buses and
drones stand as the outside price of a visit. A visit that is not made at all has a price as well, so that a fleet that
is too small leaves out as little as it can, and says what.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.routing.problem import FleetEntry, RoutingProblem, VehicleClass
from posthouse.planning.depots import Depot
from posthouse.planning.fleet import FleetKind, hired_vans, pooled_vehicles
from posthouse.planning.ground import Ground
from posthouse.planning.offers import Offer, Offers, best_offer
from posthouse.planning.patterns import Pattern, gaps_of, list_patterns

PER_MIN = 60.0
"""Units of the engine's clock in a minute. It begins by charging one yuan for a unit of overtime; a minute has to weigh
more than what leaving out a round saves."""

FIRST_OVERLOAD = 50.0
"""Mean arcs that the first vehicle class, which nobody drives, costs per kilometre. The engine begins by charging for
overload what a mean arc of the first class costs; beside a driver's day that is nothing, and short searches would end
among overloaded rounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The engine's problem and what its numbers mean.

    customers : (village, part, parts). patterns : by option. kinds : by vehicle class, from class 1 on.
    visit_offers : what the outside price of a visit stands for.
    """

    depot: Depot
    customers: tuple[tuple[str, int, int], ...]
    patterns: tuple[Pattern, ...]
    kinds: tuple[FleetKind, ...]
    problem: RoutingProblem
    visit_offers: tuple[Offer | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """Parcels a day by village that some brands receive and send."""

    received: Mapping[str, float]
    sent: Mapping[str, float]


def loads_of(ground: Ground, villages: Collection[str], brands: Collection[str] | None = None) -> Loads:
    """Return the parcels a day of these brands (None: all) for the villages."""

    def side(table: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
        return {
            v: sum(n for brand, n in table.get(v, {}).items() if brands is None or brand in brands) / 7
            for v in villages
        }

    return Loads(received=side(ground.demand.received), sent=side(ground.demand.sent))


def make_week(
    depot: Depot,
    ground: Ground,
    offers: Offers,
    *,
    previous: Mapping[str, Pattern] | None = None,
    may_fall_short: bool = False,
) -> Week:
    """Return the week of a depot.

    Parameters
    ----------
    offers : what partners offer, by (village, weekday).
    previous : day sets of an earlier plan; moving away from one has a price by day.
    may_fall_short : whether day sets with fewer visits than promised are options too, each missing visit at its price.
    """
    scenario = ground.scenario
    loads = loads_of(ground, depot.villages)
    kinds = _fleet(depot, ground, loads)
    largest_kg = max((kind.capacity_kg for kind in kinds), default=1.0)
    largest = max((kind.capacity_parcels for kind in kinds), default=1)
    kg = ground.demand.kg_per_parcel
    customers: list[tuple[str, int, int]] = []
    patterns: list[Pattern] = []
    option_start, visit_start = [0], [0]
    price: list[float] = []
    slots: list[int] = []
    taken: list[Offer | None] = []
    demand: list[tuple[float, float]] = []
    service: list[float] = []
    outside: list[float] = []
    for need in depot.needs:
        village = need.village
        per_day = max(loads.received[village], loads.sent[village])
        both = loads.received[village] + loads.sent[village]
        options = village_options(need.village, need.visits, ground, may_fall_short=may_fall_short)
        worst = max((max(gaps_of(pattern)) for pattern, _ in options if pattern), default=1)
        parts = max(1, ceil(worst * per_day / largest), ceil(worst * per_day * kg / largest_kg))
        for part in range(parts):
            customers.append((village, part, parts))
            for pattern, missing in options:
                for day, gap in zip(pattern, gaps_of(pattern), strict=True):
                    load, handled = gap * per_day / parts, gap * both / parts
                    slots.append(day - 1)
                    demand.append((load * kg, load))
                    minutes = scenario.rounds.stop_min / parts + scenario.rounds.stop_min_per_parcel * handled
                    service.append(minutes * PER_MIN)
                    offer = best_offer(offers, village, day, gap * both)
                    outside.append(offer[1] / parts if offer else np.inf)
                    taken.append(offer[0] if offer else None)
                patterns.append(pattern)
                was = (previous or {}).get(village)
                moved = len(set(was) ^ set(pattern)) if was else 0
                change = moved * scenario.rounds.change_yuan
                uneven = scenario.promise.uneven_yuan * sum(gap * gap for gap in gaps_of(pattern))
                price.append(missing * scenario.promise.shortfall_yuan + (change + uneven) / parts)
                visit_start.append(len(slots))
            option_start.append(len(patterns))
    at = [1 + depot.villages.index(village) for village, _, _ in customers] + [0]
    days = range(7)
    return Week(
        depot=depot,
        customers=tuple(customers),
        patterns=tuple(patterns),
        kinds=kinds,
        visit_offers=tuple(taken),
        problem=RoutingProblem(
            distance=np.ascontiguousarray(depot.travel.distance_km[np.ix_(at, at)])[None],
            duration=np.ascontiguousarray(depot.travel.minutes[np.ix_(at, at)] * PER_MIN)[None],
            slot_depot=np.zeros(7, dtype=np.int32),
            slot_day=np.arange(7, dtype=np.int32),
            classes=_classes(kinds, scenario.rounds.shift_min),
            fleet=tuple(
                FleetEntry(slot=day, vehicle_class=number, count=len(kind.ids))
                for day in days
                for number, kind in enumerate(kinds, start=1)
            ),
            option_start=np.array(option_start, dtype=np.int32),
            visit_start=np.array(visit_start, dtype=np.int32),
            option_price=np.array(price),
            visit_slot=np.array(slots, dtype=np.int32),
            visit_demand=np.array(demand, dtype=np.float64).reshape(-1, 2),
            visit_service=np.array(service, dtype=np.float64),
            visit_outside_price=np.array(outside, dtype=np.float64),
            allowed=_allowed(customers, kinds, depot, ground),
        ),
    )


def village_options(
    village: str, visits: int, ground: Ground, *, may_fall_short: bool, available: Collection[int] = range(1, 8)
) -> list[tuple[Pattern, int]]:
    """Return the day sets of a village with the number of promised visits that each leaves out, the empty one last."""
    scenario = ground.scenario
    days = set(available) - set(scenario.forbidden_days.get(village, ()))
    locked = scenario.locks.get(village, ())
    options = [(pattern, 0) for pattern in list_patterns(visits, scenario.promise, locked=locked, available=days)]
    if may_fall_short or not options:
        for fewer in range(visits - 1, 0, -1):
            found = list_patterns(fewer, scenario.promise, available=days)
            options += [(pattern, visits - fewer) for pattern in found]
            if found and not may_fall_short:
                break
    return [*options, ((), visits)]


def _fleet(depot: Depot, ground: Ground, loads: Loads) -> tuple[FleetKind, ...]:
    own = pooled_vehicles(depot.outlets, ground)
    hired = hired_vans(_most_hired(depot, ground, loads), ground, _short_name(depot, ground))
    return (*own, *((hired,) if hired else ()))


def _most_hired(depot: Depot, ground: Ground, loads: Loads) -> int:
    """Vans that suffice on any day: by load of the largest gap, and by time with half the shift on the road."""
    levers = ground.scenario.vehicles[ground.scenario.hired.kind]
    rounds = ground.scenario.rounds
    parcels = sum(3 * max(loads.received[v], loads.sent[v]) for v in depot.villages)
    minutes = sum(rounds.stop_min + rounds.stop_min_per_parcel * 3 * loads.received[v] for v in depot.villages)
    far = float(depot.travel.minutes[0, 1:].max(initial=0.0)) * 2
    spare = max(rounds.shift_min - far, rounds.shift_min / 4)
    by_load = parcels * max(1 / levers.capacity_parcels, ground.demand.kg_per_parcel / levers.capacity_kg)
    return 2 + ceil(by_load) + ceil(minutes * 1.6 / spare)


def _short_name(depot: Depot, ground: Ground) -> str:
    division = ground.divisions.find(depot.code)
    return division.name if division else depot.code


def _classes(kinds: Sequence[FleetKind], shift_min: float) -> tuple[VehicleClass, ...]:
    nobody = VehicleClass(capacity=(1e9, 1e9), cost_per_distance=FIRST_OVERLOAD)
    return (
        nobody,
        *(
            VehicleClass(
                capacity=(kind.capacity_kg, float(kind.capacity_parcels)),
                max_duration=min(shift_min, kind.levers.hours * 60) * PER_MIN,
                cost_per_distance=kind.yuan_per_km,
                cost_per_duration=kind.levers.yuan_per_hour / 60 / PER_MIN,
                fixed_cost=kind.yuan_per_day,
                duration_factor=1 / kind.levers.speed_factor,
            )
            for kind in kinds
        ),
    )


def _allowed(
    customers: Sequence[tuple[str, int, int]], kinds: Sequence[FleetKind], depot: Depot, ground: Ground
) -> NDArray[np.bool_] | None:
    """Which vehicles may go where: within their range there and back, and cooled where produce needs it."""
    km = dict(zip(depot.villages, depot.travel.distance_km[0, 1:] + depot.travel.distance_km[1:, 0], strict=True))
    produce = ground.scenario.produce
    cold = set(produce.cold_villages) if ground.month in produce.months else set()
    allowed = np.ones((len(customers), len(kinds) + 1), dtype=np.bool_)
    for at, (village, _, _) in enumerate(customers):
        for number, kind in enumerate(kinds, start=1):
            allowed[at, number] = km[village] <= kind.levers.range_km and (
                village not in cold or kind.levers.cold_chain
            )
    return None if allowed.all() else allowed
