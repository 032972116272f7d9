"""What somebody else asks for a visit: partners' vans, buses, ferries, drones; and who gets room that is short.

Room is awarded before the rounds are searched, to the visits where it saves most; the rounds then take an award or
leave it. So whatever the search decides, no bus carries more than it can.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf

from posthouse.planning.depots import Depot
from posthouse.planning.ground import Ground
from posthouse.planning.scenario import Mode

ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A visit on one weekday for a price. line : trip or partner. arrive_min : after midnight."""

    mode: str
    line: str
    room_parcels: float
    yuan_per_visit: float
    yuan_per_parcel: float
    arrive_min: int

    def price_yuan(self, parcels: float) -> float:
        """Return what so many parcels cost; infinite above the room."""
        return inf if parcels > self.room_parcels + ROUNDING else self.yuan_per_visit + self.yuan_per_parcel * parcels


Offers = Mapping[tuple[str, int], tuple[Offer, ...]]
"""By village and weekday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visit by others would save: the village's visit on a day, its parcels, what our van asks for it."""

    village: str
    weekday: int
    parcels: float
    worth_yuan: float


def best_offer(offers: Offers, village: str, weekday: int, parcels: float) -> tuple[Offer, float] | None:
    """Return the cheapest offer for a visit with its price, None where there is none."""
    priced = [(offer.price_yuan(parcels), offer.mode, offer) for offer in offers.get((village, weekday), ())]
    price, _, offer = min(priced, key=lambda p: p[:2], default=(inf, "", None))
    return None if offer is None or price == inf else (offer, price)


def join_offers(*many: Offers) -> Offers:
    """Return all offers together."""
    joined: dict[tuple[str, int], tuple[Offer, ...]] = {}
    for offers in many:
        for key, own in offers.items():
            joined[key] = (*joined.get(key, ()), *own)
    return joined


def wishes_of(depots: Sequence[Depot], worth_yuan: Mapping[str, float], ground: Ground) -> tuple[Wish, ...]:
    """Return a wish for each village and possible day, for a load that no gap of its promise exceeds on average.

    Parameters
    ----------
    worth_yuan : by village, what one visit by our own vans costs at the margin.
    """
    wishes = []
    for depot in depots:
        for need in depot.needs:
            per_day = _per_day(need.village, ground)
            parcels = per_day * ceil(7 / max(need.visits, 1))
            days = set(ground.scenario.promise.weekdays) - set(ground.scenario.forbidden_days.get(need.village, ()))
            wishes += [
                Wish(village=need.village, weekday=day, parcels=parcels, worth_yuan=worth_yuan.get(need.village, 0.0))
                for day in sorted(days)
                if parcels > 0
            ]
    return tuple(wishes)


def award_partners(wishes: Sequence[Wish], depots: Sequence[Depot], ground: Ground) -> Offers:
    """Return the offers of postal, shop and farm vans: room of each depot's day to the visits where it saves most."""
    place = {need.village: depot.code for depot in depots for need in depot.needs}
    hosts = _hosts(ground)
    awarded: dict[tuple[str, int], tuple[Offer, ...]] = {}
    for name, mode in sorted(ground.scenario.modes.items()):
        if name == "pooled_van" or not mode.allowed:
            continue
        taken: dict[tuple[str, int], float] = defaultdict(float)
        gains = [
            (wish.worth_yuan - mode.yuan_per_visit - mode.yuan_per_parcel * wish.parcels, wish)
            for wish in wishes
            if _may_serve(mode, wish, hosts)
        ]
        for gain, wish in sorted(gains, key=lambda g: (-g[0] / g[1].parcels, g[1].village, g[1].weekday)):
            at = place[wish.village], wish.weekday
            if gain <= 0 or taken[at] + wish.parcels > mode.town_parcels_per_day:
                continue
            taken[at] += wish.parcels
            offer = Offer(
                mode=name,
                line=name,
                room_parcels=wish.parcels,
                yuan_per_visit=mode.yuan_per_visit,
                yuan_per_parcel=mode.yuan_per_parcel,
                arrive_min=mode.arrive_min,
            )
            key = wish.village, wish.weekday
            awarded[key] = (*awarded.get(key, ()), offer)
    return awarded


def _may_serve(mode: Mode, wish: Wish, hosts: Mapping[str, set[str]]) -> bool:
    if wish.weekday not in mode.weekdays or wish.parcels > mode.room_parcels:
        return False
    return not mode.needs_host or bool(hosts.get(wish.village, set()) & set(mode.needs_host))


def _hosts(ground: Ground) -> dict[str, set[str]]:
    hosts: dict[str, set[str]] = defaultdict(set)
    for row in ground.rows["service_points"]:
        if row["host"]:
            hosts[row["division"]].add(row["host"])
    return hosts


def _per_day(village: str, ground: Ground) -> float:
    sent = sum(ground.demand.sent.get(village, {}).values())
    return (ground.demand.per_week(village) + sent) / 7
