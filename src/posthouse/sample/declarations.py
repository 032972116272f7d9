"""What liaisons and companies report of themselves: mostly rounded truth, some of it false.

A false figure is at least 1.5 days a week, or 0.08 of a share, better than the truth; an honest one lies within 0.5
days, or 0.02.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from posthouse.sample.inspection import Inspection
from posthouse.sample.streams import open_stream
from posthouse.sample.tally import Tally
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declarations:
    """rows : of table `declarations`. false : ids of the false ones. declared : days a week by village code."""

    rows: list[Row]
    false: tuple[str, ...]
    declared: Mapping[str, float]


def declare(world: World, tally: Tally, inspection: Inspection) -> Declarations:
    """Return the reports of the month."""
    rows: list[Row] = []
    false: list[str] = []
    declared: dict[str, float] = {}
    entries = (*_days_per_week(world, tally, declared), *_lockers(world, tally), *_operators(world, inspection))
    stream = open_stream(world.seed, world.kind.name, "declared on", world.month.text)
    for number, (unit, measure, place, brand, value, is_false) in enumerate(entries, start=1):
        name = f"ZB{world.month.text.replace('-', '')}{number:05d}"
        if is_false:
            false.append(name)
        rows.append(
            {
                "declaration_id": name,
                "unit": unit,
                "measure": measure,
                "place": place,
                "brand": brand,
                "period": world.month.text,
                "value": value,
                "declared_on": world.month.period.end_on - timedelta(days=int(stream.integers(0, 5))),
            }
        )
    return Declarations(rows=rows, false=tuple(false), declared=declared)


Entry = tuple[str, str, str, str | None, float, bool]


def _days_per_week(world: World, tally: Tally, declared: dict[str, float]) -> list[Entry]:
    """One per village by its town's liaison. Some towns lie often, some hardly ever; one lie at least is planted."""
    import numpy as np

    geography, month, faults = world.geography, world.month, world.kind.faults
    steady = open_stream(world.seed, world.kind.name, geography.n_villages, "honesty of towns")
    honesty = steady.choice((0.15, 0.9, 2.0), size=len(geography.town_codes), p=(0.35, 0.4, 0.25))
    inclined = steady.random(geography.n_villages)
    stream = open_stream(world.seed, world.kind.name, "declared days", month.text)
    observed = 7 * tally.visits.sum(axis=1) / month.days
    # Whoever lied before lies again; a little changes from month to month.
    lots = 0.8 * inclined + 0.2 * stream.random(geography.n_villages)
    may_lie = observed < min(world.kind.promise_days_per_week - 0.4, 4.5)
    lies = may_lie & (lots < faults.false_declaration * honesty[geography.place_town[: geography.n_villages]])
    if may_lie.any() and not lies.any():
        lies[int(np.argmin(np.where(may_lie, lots, 2.0)))] = True
    rounds = stream.random(geography.n_villages) < 0.7
    entries: list[Entry] = []
    for village in range(geography.n_villages):
        true, town, code = float(observed[village]), int(geography.place_town[village]), geography.place_codes[village]
        if lies[village]:
            value = 5.0 if true <= 3.5 else 6.0
        else:
            value = float(round(true)) if rounds[village] else round(true, 1)
        declared[code] = value
        unit = geography.town_names[town]
        entries.append((unit, "delivery_days_per_week", code, None, value, bool(lies[village])))
    return entries


def _lockers(world: World, tally: Tally) -> list[Entry]:
    """One per town: the share of parcels handed over by locker."""
    import numpy as np

    geography = world.geography
    stream = open_stream(world.seed, world.kind.name, "declared lockers", world.month.text)
    towns = len(geography.town_codes)
    lockers = np.bincount(geography.place_town, tally.lockers, towns)
    known = np.bincount(geography.place_town, tally.known, towns)
    entries: list[Entry] = []
    for town, code in enumerate(geography.town_codes):
        if known[town] == 0:
            continue
        entries.append(
            (
                geography.town_names[town],
                "locker_delivery_share",
                code,
                None,
                *_share(lockers[town] / known[town], 0.12, stream),
            )
        )
    return entries


def _operators(world: World, inspection: Inspection) -> list[Entry]:
    """One per brand and measure: real names, and X-ray machines on the net, which all claim to be at 100 %."""
    stream = open_stream(world.seed, world.kind.name, "declared by operators", world.month.text)
    entries: list[Entry] = []
    for index, brand in enumerate(world.kind.brands):
        unit = next(o.name for o in world.market.operators if o.brand == index)
        done, expected = inspection.controls_by_brand["real_name", brand.name]
        value = round(min(1.0, done / expected + float(stream.uniform(0, 0.004))), 4)
        entries.append((unit, "real_name_rate", world.kind.city.code, brand.name, value, False))
        if brand.name in inspection.xray_by_brand:
            good, days = inspection.xray_by_brand[brand.name]
            true = good / days
            # Between 0.02 and 0.08 short of 100 %, the claim of 100 % would be neither honest nor plainly false.
            is_false = true <= 0.92
            value = 1.0 if is_false or true >= 0.98 else round(true, 3)
            entries.append((unit, "xray_network_rate", world.kind.city.code, brand.name, value, is_false))
    return entries


def _share(true: float, chance: float, stream: "np.random.Generator") -> tuple[float, bool]:
    """Return a declared share and whether it is false."""
    is_false = stream.random() < chance and true < 0.85
    if is_false:
        return round(true + float(stream.uniform(0.09, 0.14)), 3), True
    return round(max(0.0, true + float(stream.uniform(-0.01, 0.01))), 3), False
