"""Villages that no van reaches: parcels by ferry or bus to the pier and on to the village, or by drone.

Ferries count on the days and with the room of the timetable. Where that is not enough for the promise, the village
gets the most that can be had, and it is said what is missing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf, isfinite
from types import MappingProxyType

from posthouse.planning.carried import award_carriage
from posthouse.planning.depots import Layout, Need
from posthouse.planning.ground import Ground
from posthouse.planning.offers import ROUNDING, Offer, Offers, Wish, best_offer, join_offers
from posthouse.planning.patterns import Pattern, gaps_of
from posthouse.planning.solve_week import Carry
from posthouse.planning.trips import ParcelTrip
from posthouse.planning.week import village_options
from posthouse.territory.distance import DEFAULT_DETOUR, straight_km


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteAnswer:
    """Day sets and visits of the remote villages. missing : visits that are not made. why : sentence by village."""

    patterns: Mapping[str, Pattern]
    carries: tuple[Carry, ...]
    missing: Mapping[str, int]
    why: Mapping[str, str]
    offers: Offers
    assumptions: tuple[str, ...] = ()


def serve_remote(
    layout: Layout,
    trips: Sequence[ParcelTrip],
    ground: Ground,
    *,
    before: Mapping[str, Pattern] = MappingProxyType({}),
) -> RemoteAnswer:
    """Return how the layout's remote villages are served, on the days `before` wherever these still do."""
    needs = [entry[0] for entry in layout.remote.values()]
    shipped = _by_ship(layout, trips, ground, before)
    flown, said = _by_drone(layout, {village for village, _ in shipped}, ground, before)
    linked, crossing = _by_link(layout, {village for village, _ in (*shipped, *flown)}, ground)
    said += crossing
    offers = join_offers(shipped, flown, linked)
    patterns: dict[str, Pattern] = {}
    carries: list[Carry] = []
    missing: dict[str, int] = {}
    why: dict[str, str] = {}
    for need in needs:
        village = need.village
        by_air = any(own == village for own, _ in flown)
        asked = replace(need, visits=_flying_days(need.visits, ground)) if by_air else need
        pattern, own = _cheapest(asked, offers, ground, before.get(village))
        if pattern:
            patterns[village] = pattern
            carries += own
        made = int(len(pattern) * ground.scenario.drone.weather_share + ROUNDING) if by_air else len(pattern)
        if made < need.visits:
            missing[village] = need.visits - made
            why[village] = _reason(need, layout.remote[village][2], offers, pattern)
            if by_air and pattern:
                why[village] += f"，按能飞的日子平均到{made}次；不能飞的日子要另备船只"
    return RemoteAnswer(
        patterns=patterns, carries=tuple(carries), missing=missing, why=why, offers=offers, assumptions=said
    )


def _cheapest(need: Need, offers: Offers, ground: Ground, before: Pattern | None) -> tuple[Pattern, list[Carry]]:
    """The day set with most visits, the one before or the cheapest of those; none where nobody comes."""
    per_day = _per_day(need.village, ground)
    days = {day for village, day in offers if village == need.village}
    best: tuple[int, bool, float, Pattern, list[Carry]] | None = None
    options = village_options(need.village, need.visits, ground, may_fall_short=True, available=days)
    loose = [(pattern, missing) for pattern, missing in options if pattern] or _any_days(need, days)
    for pattern, missing in loose:
        carries = []
        for day, gap in zip(pattern, gaps_of(pattern), strict=True):
            found = best_offer(offers, need.village, day, gap * per_day)
            if found is None:
                break
            carries.append(
                Carry(village=need.village, weekday=day, parcels=gap * per_day, offer=found[0], cost_yuan=found[1])
            )
        else:
            key = (missing, pattern != before, sum(carry.cost_yuan for carry in carries), pattern)
            if best is None or key < best[:4]:
                best = (*key, carries)
    return (best[3], best[4]) if best else ((), [])


def _any_days(need: Need, days: set[int]) -> list[tuple[Pattern, int]]:
    """All days with a carrier, where none of the promise's day sets fits them."""
    pattern = tuple(sorted(days))[: need.visits]
    return [(pattern, need.visits - len(pattern))] if pattern else []


def _by_ship(layout: Layout, trips: Sequence[ParcelTrip], ground: Ground, before: Mapping[str, Pattern]) -> Offers:
    """Room of ferries and buses for each remote village, asked for at its own stop or its island's pier."""
    stops = {call[0] for trip in trips for call in trip.calls}
    origins = set(_bases(layout, ground)) & stops
    piers: dict[str, str] = {}
    for stop in sorted(stops):
        if (island := ground.island_of(stop)) and stop not in origins:
            piers.setdefault(island, stop)
    worth = ground.scenario.promise.shortfall_yuan
    wishes: list[Wish] = []
    origin: dict[str, str] = {}
    onward: dict[str, str] = {}
    for village, (need, depot, _) in sorted(layout.remote.items()):
        stop = village if village in stops else piers.get(ground.island_of(village), "")
        if not stop or not origins:
            continue
        onward[village] = stop
        start = depot if depot in origins else _reaching(stop, origins, trips)
        if start is None:
            continue
        origin[village] = start
        days = {day for trip in trips if any(call[0] == stop for call in trip.calls[1:]) for day in trip.weekdays}
        options = [
            p for p, _ in village_options(village, need.visits, ground, may_fall_short=True, available=days) if p
        ]
        options = [p for p in options if len(p) == len(options[0])]
        # Neighbours take turns, so that they do not all ask for the same boat.
        turn = options[len(origin) % len(options) :][:1] if options else [tuple(sorted(days))]
        for pattern in [before[village]] if before.get(village) in options else turn:
            wishes += [
                Wish(village=village, weekday=day, parcels=gap * _per_day(village, ground), worth_yuan=worth)
                for day, gap in zip(pattern, gaps_of(pattern), strict=True)
                if _per_day(village, ground) > 0
            ]
    return _with_onward(
        award_carriage(wishes, origin, trips, ground, stop_of=onward, overnight=True).offers, onward, ground
    )


def _reaching(stop: str, origins: set[str], trips: Sequence[ParcelTrip]) -> str | None:
    """A depot from which some trip goes straight to the stop."""
    for trip in trips:
        codes = [call[0] for call in trip.calls]
        if stop in codes:
            for code in codes[: codes.index(stop)]:
                if code in origins:
                    return code
    return None


def _with_onward(offers: Offers, onward: Mapping[str, str], ground: Ground) -> Offers:
    """The offers with the way from the pier to the village added."""
    levers = ground.scenario.islands
    made = {}
    for (village, day), own in offers.items():
        pier = onward[village]
        if pier == village:
            made[village, day] = own
            continue
        km = _straight(pier, village, ground) * DEFAULT_DETOUR
        made[village, day] = tuple(
            Offer(
                mode=offer.mode,
                line=offer.line,
                room_parcels=offer.room_parcels,
                yuan_per_visit=offer.yuan_per_visit + levers.yuan_per_visit + km * levers.yuan_per_km,
                yuan_per_parcel=offer.yuan_per_parcel,
                arrive_min=offer.arrive_min + round(10 + km / levers.speed_kmh * 60),
            )
            for offer in own
        )
    return made


def _by_link(layout: Layout, served: Collection[str], ground: Ground) -> tuple[Offers, tuple[str, ...]]:
    """Villages behind a ferry that the road register knows but no timetable: taken to sail as the register says."""
    from posthouse.territory.roads import road_graph_from
    from posthouse.territory.ways import fastest_ways

    levers = ground.scenario.carriage.get("ferry")
    sailed = {row["division"] for row in ground.rows["timetable"]}
    asked = [v for v in layout.remote if v not in served and v not in sailed]
    ferries = [row for row in ground.rows["roads"] if row["kind"] == "ferry"]
    if levers is None or not levers.allowed or not asked or not ferries:
        return {}, ()
    graph = road_graph_from(ground.roads)
    depots = [code for code in _bases(layout, ground) if code in graph.number_of]
    here = [village for village in asked if village in graph.number_of]
    if not depots or not here:
        return {}, ()
    ends = [graph.number_of[c] for c in depots], [graph.number_of[v] for v in here]
    minutes, _ = fastest_ways(graph, *ends, closed=ground.closed)
    days = sorted({day for row in ferries for day in _sailing_days(row)})
    offers: dict[tuple[str, int], tuple[Offer, ...]] = {}
    for village, fastest in zip(here, minutes.min(axis=0), strict=True):
        if isfinite(fastest):
            offer = Offer(
                mode="ferry",
                line="轮渡",
                room_parcels=levers.room_parcels * levers.room_share,
                yuan_per_visit=levers.yuan_per_visit,
                yuan_per_parcel=levers.yuan_per_parcel,
                arrive_min=ground.scenario.hand_over.ready_min + round(float(fastest)),
            )
            offers |= {(village, day): (offer,) for day in days}
    count = len({village for village, _ in offers})
    return offers, (f"{count}个村经轮渡到达，没有登记班次：开行日和运费按缺省计，须与航班核对",) if count else ()


def _bases(layout: Layout, ground: Ground) -> dict[str, str]:
    """Name by code of every place that parcels can leave from, by code."""
    found = {depot.code: depot.name for depot in layout.depots}
    for _, code, _ in layout.remote.values():
        if code and code not in found:
            found[code] = ground.divisions.get(code).name
    return dict(sorted(found.items()))


def _sailing_days(row: Mapping[str, object]) -> list[int]:
    marks = str(row.get("weekdays") or "1111111")
    return [day for day, mark in enumerate(marks, start=1) if mark == "1"]


def _by_drone(
    layout: Layout, served: Collection[str], ground: Ground, before: Mapping[str, Pattern]
) -> tuple[Offers, tuple[str, ...]]:
    """Flights of the day to remote villages that no boat serves, from the nearest depot, shared out nearest first."""
    levers = ground.scenario.drone
    lost = ground.scenario.rounds.lost_vehicles
    drones = [str(r["vehicle_id"]) for r in ground.rows["vehicles"] if r["kind"] == "drone"]
    drones = [name for name in sorted(drones) if name not in lost]
    if not levers.allowed or not drones:
        return {}, ()
    per_flight = max(1, min(levers.payload_parcels, int(levers.payload_kg / ground.demand.kg_per_parcel)))
    reach = []
    for village, (need, _, _) in layout.remote.items():
        ways = [(_straight(code, village, ground), name) for code, name in _bases(layout, ground).items()]
        km, base = min(ways, default=(inf, ""))
        if village not in served and km * 2 <= levers.range_km:
            reach.append((km, village, base, need))
    left = dict.fromkeys(range(1, 8), levers.flights_per_day * len(drones))
    offers: dict[tuple[str, int], tuple[Offer, ...]] = {}
    for km, village, _, need in sorted(reach, key=lambda r: r[:2]):
        # A flight brings and fetches.
        each = max(ground.demand.per_week(village), sum(ground.demand.sent.get(village, {}).values())) / 7
        days = _flying_days(need.visits, ground)
        options = [p for p, _ in village_options(village, days, ground, may_fall_short=True) if p]
        flights = {p: [ceil(gap * each / per_flight) for gap in gaps_of(p)] for p in options}
        fitting = [p for p in options if all(left[d] >= n for d, n in zip(p, flights[p], strict=True))]
        for pattern in [before[village]] if before.get(village) in fitting else fitting[:1]:
            for day, count in zip(pattern, flights[pattern], strict=True):
                left[day] -= count
                offers[village, day] = (
                    Offer(
                        mode="drone",
                        line="、".join(drones),
                        room_parcels=inf,
                        yuan_per_visit=levers.yuan_per_visit + count * 2 * km * levers.yuan_per_km,
                        yuan_per_parcel=0.0,
                        arrive_min=ground.scenario.hand_over.ready_min + round(km / levers.speed_kmh * 60),
                    ),
                )
    bases = "、".join(sorted({base for _, village, base, _ in reach if any(v == village for v, _ in offers)}))
    said = f"无人机移驻{bases}，按{levers.weather_share:.0%}的日子能飞计，多排几天，使平均每周能到承诺的次数"
    return offers, (said,) if offers else ()


def _flying_days(visits: int, ground: Ground) -> int:
    """Days on which flights are planned, so that on average as many as promised can be flown."""
    return min(7, ceil(visits / ground.scenario.drone.weather_share - ROUNDING))


def _straight(one: str, other: str, ground: Ground) -> float:
    import numpy as np

    a, b = ground.divisions.find(one), ground.divisions.find(other)
    if a is None or b is None or a.position is None or b.position is None:
        return 3.0  # km, across a small island where nothing was surveyed
    (lon1, lat1), (lon2, lat2) = a.position, b.position
    return float(straight_km(np.array(lon1), np.array(lat1), np.array(lon2), np.array(lat2)))


def _per_day(village: str, ground: Ground) -> float:
    return (ground.demand.per_week(village) + sum(ground.demand.sent.get(village, {}).values())) / 7


def _reason(need: Need, why: str, offers: Offers, pattern: Pattern) -> str:
    days = sorted({day for village, day in offers if village == need.village})
    if not days:
        return f"{why}，也没有能带件的班车、轮渡或无人机到达"
    names = "、".join("一二三四五六日"[day - 1] for day in days)
    if not pattern:
        return f"{why}；周{names}有班次，但装不下一次的件量"
    return f"{why}；能带件的班次只有周{names}，每周最多{len(pattern)}次"
