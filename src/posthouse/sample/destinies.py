"""Draws parcels: who sends what where, by which brand, and on which day and how it is handed over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.sample.batches import DOOR, LOCKER, OUTLET, STATION, Destinies
from posthouse.sample.service_days import SLOTS, ServiceDays
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

BATCH = 50_000
"""Parcels a batch; bounds the memory."""

EVERY_DAY = 0b1111111
FEWEST_PER_VILLAGE = 45
"""Fewer parcels per village could not show up on every day that a village is served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Odds:
    """Cumulated odds of the month."""

    inbound: float
    local: float
    international: float
    place: "Floats"
    domestic_brand: "Floats"
    international_brand: "Floats"
    domestic_region: "Floats"
    foreign_region: "Floats"
    urban_locker: float
    sender: "Floats"


def draw_destinies(world: World, days: ServiceDays, parcels: int) -> Iterator[Destinies]:
    """Yield the month's parcels in batches of BATCH; each batch is a function of the world and its number.

    On every day that a village is served at least one parcel is handed over there, and every brand that comes at all
    hands over at least one in the month.
    """
    import numpy as np

    promised = _promised_visits(world, days)
    odds = _odds(world, parcels, len(promised))
    batches = -(-parcels // BATCH)
    for number in range(batches):
        stream = open_stream(world.seed, world.kind.name, "parcels", parcels, world.month.text, number)
        serial = np.arange(number * BATCH, min(parcels, (number + 1) * BATCH))
        yield _draw(world, days, odds, serial=serial, promised=promised[number::batches], stream=stream)


def urban_share(world: World) -> float:
    """Return the share of what is bound for the city that goes to communities and not to villages."""
    demand = _demand(world)
    return float(demand[world.geography.n_villages :].sum() / demand.sum())


def has_village_locker(world: World) -> "npt.NDArray[np.bool_]":
    """Return which villages have a parcel locker."""
    n = world.geography.n_villages
    return open_stream(world.seed, world.kind.name, n, "village lockers").random(n) < 0.12


def _promised_visits(world: World, days: ServiceDays) -> "Ints":
    """Return rows (village, brand, day) that must happen for the truth to be seen, shuffled."""
    import numpy as np

    service = world.service
    stream = open_stream(world.seed, world.kind.name, "promised", world.month.text)
    rows = []
    joint = np.array([brand.pool == "joint" for brand in world.kind.brands])
    for village, union in enumerate(service.union):
        if not union:
            continue
        days_of = np.flatnonzero(days.is_service[union])
        days_of = days_of[~service.skipped[village, days_of]]
        carriers = np.flatnonzero(joint & (service.pattern[village] > 0))
        rows += [
            (village, int(brand), int(day))
            for brand, day in zip(stream.choice(carriers, len(days_of)), days_of, strict=True)
        ]
        for brand in np.flatnonzero(service.pattern[village]):
            own = np.flatnonzero(days.is_service[service.pattern[village, brand]])
            own = own[~service.skipped[village, own]]
            rows.append((village, int(brand), int(stream.choice(own))))
    promised = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return promised[stream.permutation(len(promised))]


def _demand(world: World) -> "Floats":
    import numpy as np

    geography = world.geography
    demand = geography.place_population.astype(np.float64)
    demand[: geography.n_villages] *= world.kind.flow.rural_demand
    return demand


def _odds(world: World, parcels: int, promised: int) -> _Odds:
    import numpy as np

    kind, flow = world.kind, world.kind.flow
    free = max(1, parcels - promised)
    quality = kind.quality
    locker = quality.locker_share + quality.monthly_gain * max(0, world.month.index)
    share = np.array([brand.share for brand in kind.brands])
    abroad = np.array(
        [(0.6 if b.kind == "international" else 0.2) if b.is_international else 0.0 for b in kind.all_brands]
    )
    weight = np.array([region.weight for region in world.regions])
    foreign = np.array([region.is_foreign for region in world.regions])
    demand = _demand(world)
    return _Odds(
        inbound=max(0.0, (flow.inbound * parcels - promised) / free),
        local=flow.local * parcels / free,
        international=flow.international,
        place=_cumulated(demand),
        domestic_brand=_cumulated(share),
        international_brand=_cumulated(abroad),
        domestic_region=_cumulated(np.where(foreign, 0.0, weight)),
        foreign_region=_cumulated(np.where(foreign, weight, 0.0)),
        urban_locker=min(0.75, locker / max(0.05, urban_share(world))),
        sender=_cumulated(demand**0.8),
    )


def _draw(
    world: World,
    days: ServiceDays,
    odds: _Odds,
    *,
    serial: "Ints",
    promised: "Ints",
    stream: "np.random.Generator",
) -> Destinies:
    import numpy as np

    n, held = len(serial), min(len(promised), len(serial))
    promised = promised[:held]
    service, n_villages = world.service, world.geography.n_villages
    u = stream.random(n)
    is_promised = np.arange(n) < held
    inbound = is_promised | (u < odds.inbound)
    local = ~inbound & (u < odds.inbound + odds.local)
    outbound = ~inbound & ~local
    abroad = outbound & (stream.random(n) < odds.international)
    brand = _pick(odds.domestic_brand, stream, n)
    brand[abroad] = _pick(odds.international_brand, stream, int(abroad.sum()))
    brand[:held] = promised[:, 1]
    destination = np.where(outbound, -1, _pick(odds.place, stream, n))
    destination[:held] = promised[:, 0]
    region = np.where(local, -1, _pick(odds.domestic_region, stream, n))
    region[abroad] = _pick(odds.foreign_region, stream, int(abroad.sum()))
    to_village = (destination >= 0) & (destination < n_villages)
    village = np.where(to_village, destination, 0)
    pattern = np.where(to_village, service.pattern[village, np.minimum(brand, len(world.kind.brands) - 1)], 0)
    fetched = stream.random(n) < service.outlet_share[village]
    in_village = to_village & (pattern > 0) & (~fetched | is_promised)
    pattern = np.where(in_village, pattern, EVERY_DAY)
    day = days.slots[pattern, stream.integers(0, SLOTS, n)].astype(np.int64)
    skipped = in_village[:, None] & service.skipped[village]
    for other in (days.following, days.preceding):
        day = _off_skipped(day, pattern, skipped, other)
    day[:held] = promised[:, 2]
    return Destinies(
        serial=serial,
        brand=brand,
        origin=np.where(inbound, -1, _pick(odds.sender, stream, n)),
        destination=destination,
        region=region,
        village=np.where(in_village, destination, -1),
        day=day,
        how=_hows(world, odds, destination, in_village=in_village, to_village=to_village, stream=stream),
        pattern=pattern,
    )


def _off_skipped(day: "Ints", pattern: "Ints", skipped: "npt.NDArray[np.bool_]", other: "Ints") -> "Ints":
    """Return the days, those that were skipped moved to another day of service, as long as there is one."""
    import numpy as np

    row = np.arange(len(day))
    while True:
        moved = np.where(skipped[row, day], other[pattern, day], -1)
        if not (moved >= 0).any():
            return day
        day = np.where(moved >= 0, moved, day)


def _hows(
    world: World,
    odds: _Odds,
    destination: "Ints",
    *,
    in_village: "npt.NDArray[np.bool_]",
    to_village: "npt.NDArray[np.bool_]",
    stream: "np.random.Generator",
) -> "Ints":
    import numpy as np

    n = len(destination)
    u = stream.random(n)
    village = np.where(to_village, destination, 0)
    station, locker = world.service.has_station[village], has_village_locker(world)[village]
    rural = np.where(locker & (u > 0.92), LOCKER, np.where(station & (u < 0.70), STATION, DOOR))
    kept = odds.urban_locker
    urban = np.where(u < kept, LOCKER, np.where(u < kept + 0.45 * (1 - kept), DOOR, STATION))
    urban = np.where(u > 0.97, OUTLET, urban)
    how = np.where(in_village, rural, np.where(to_village, OUTLET, urban))
    return np.where(destination < 0, -1, how)


def _cumulated(weights: "Floats") -> "Floats":
    import numpy as np

    total: Floats = np.cumsum(weights, dtype=np.float64)
    return total / float(total[-1])


def _pick(cumulated: "Floats", stream: "np.random.Generator", count: int) -> "Ints":
    import numpy as np

    return np.searchsorted(cumulated, stream.random(count), side="right").astype(np.int64)
