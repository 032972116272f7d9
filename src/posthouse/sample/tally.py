"""Counts the truth of parcels while they are drawn: from the generator's own arrays, never from the files written."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from posthouse.sample.attributes import Attributes
from posthouse.sample.batches import (
    ACCEPTED,
    DELIVERED,
    DESTINATION_ARRIVED,
    DESTINATION_DEPARTED,
    LOCKER,
    ORIGIN_ARRIVED,
    ORIGIN_DEPARTED,
    OUTLET,
    STEPS,
    VILLAGE_ARRIVED,
    Batch,
)
from posthouse.sample.months import DAY_S, month_at
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]

Ratio = tuple[int, int]

STAGES = {
    "door_to_door_hours": (ACCEPTED, DELIVERED),
    "collection_hours": (ACCEPTED, ORIGIN_ARRIVED),
    "origin_processing_hours": (ORIGIN_ARRIVED, ORIGIN_DEPARTED),
    "transport_hours": (ORIGIN_DEPARTED, DESTINATION_ARRIVED),
    "destination_processing_hours": (DESTINATION_ARRIVED, DESTINATION_DEPARTED),
    "delivery_hours": (DESTINATION_DEPARTED, DELIVERED),
}
HOUR_S = 3_600


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts of one month's parcels; the arrays are filled batch by batch.

    visits : villages by days. brand_visits : villages by brands. signed, fetched : delivered parcels bound for a place,
    and those of them handed over at the town outlet. lockers, known : delivered parcels by place handed over by locker,
    and with a known way. delivered : numerator and denominator by measure, of parcels delivered in the month.
    accepted : the same by measure and month of acceptance. misconduct : parcels by habit and outlet.
    """

    visits: "Bools"
    brand_visits: "Bools"
    town_days: "Bools"
    signed: "npt.NDArray[np.int64]"
    fetched: "npt.NDArray[np.int64]"
    lockers: "npt.NDArray[np.int64]"
    known: "npt.NDArray[np.int64]"
    delivered: dict[str, Ratio] = field(default_factory=dict)
    accepted: dict[str, dict[str, Ratio]] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)
    misconduct: Counter[tuple[str, str]] = field(default_factory=Counter)
    parcels: int = 0


def open_tally(world: World) -> Tally:
    """Return a tally of nothing."""
    import numpy as np

    geography, days = world.geography, world.month.days
    n, places = geography.n_villages, geography.n_places
    return Tally(
        visits=np.zeros((n, days), dtype=bool),
        brand_visits=np.zeros((n, len(world.kind.brands)), dtype=bool),
        town_days=np.zeros((len(geography.town_codes), days), dtype=bool),
        signed=np.zeros(places, dtype=np.int64),
        fetched=np.zeros(places, dtype=np.int64),
        lockers=np.zeros(places, dtype=np.int64),
        known=np.zeros(places, dtype=np.int64),
        missing=Counter(dict.fromkeys(STEPS, 0)),
    )


def count_batch(world: World, tally: Tally, batch: Batch, attributes: Attributes) -> None:
    """Add a batch to the tally."""
    import numpy as np

    destinies, places = batch.destinies, world.geography.n_places
    delivered = batch.present[:, DELIVERED]
    seen = np.where(batch.present[:, VILLAGE_ARRIVED], batch.times[:, VILLAGE_ARRIVED], batch.times[:, DELIVERED])
    visit = (destinies.village >= 0) & (batch.present[:, VILLAGE_ARRIVED] | delivered)
    day = seen // DAY_S - world.month.first_day
    tally.visits[destinies.village[visit], day[visit]] = True
    tally.brand_visits[destinies.village[visit], destinies.brand[visit]] = True
    local = delivered & (destinies.destination >= 0)
    at = destinies.destination[local]
    tally.town_days[world.geography.place_town[at], batch.times[local, DELIVERED] // DAY_S - world.month.first_day] = (
        True
    )
    tally.signed += np.bincount(at, minlength=places)
    tally.fetched += np.bincount(at[destinies.how[local] == OUTLET], minlength=places)
    tally.known += np.bincount(at[destinies.how[local] >= 0], minlength=places)
    tally.lockers += np.bincount(at[destinies.how[local] == LOCKER], minlength=places)
    tally.missing.update(STEPS[i] for i in batch.missing[batch.missing >= 0])
    tally.parcels += len(batch)
    _count_times(world, tally, batch)
    _count_acceptance(world, tally, batch, attributes)


def merge_accepted(parts: Iterable[dict[str, dict[str, list[int]]]]) -> dict[str, dict[str, Ratio]]:
    """Return month -> measure -> counts over all months generated so far.

    A parcel accepted at the end of a month and delivered in the next lies in the next month's files, so what is known
    of a month's acceptances grows when the next month is added.
    """
    merged: dict[str, dict[str, Ratio]] = {}
    for part in parts:
        for measure, months in part.items():
            for month, (numerator, denominator) in months.items():
                before = merged.setdefault(month, {}).get(measure, (0, 0))
                merged[month][measure] = (before[0] + numerator, before[1] + denominator)
    return merged


def _count_times(world: World, tally: Tally, batch: Batch) -> None:
    import numpy as np

    destinies = batch.destinies
    known = batch.present[:, ACCEPTED] & batch.present[:, DELIVERED]
    accepted, delivered = batch.times[:, ACCEPTED], batch.times[:, DELIVERED]
    took = delivered - accepted
    midnights = delivered // DAY_S - accepted // DAY_S

    def ends(flags: list[bool]) -> "Bools":
        """Whether the other end lies in a region with this flag; local parcels have no other end."""
        return np.array([*flags, False])[np.where(destinies.region < 0, len(flags), destinies.region)]

    rows = [region.as_row() for region in world.regions]
    group = {
        name: ends([bool(row[name]) for row in rows])
        for name in (
            "is_in_province",
            "is_yangtze_delta_major",
            "is_national_major",
            "is_neighbouring_country",
            "is_global_major",
        )
    }
    domestic = ends([row["country"] == "CN" for row in rows])
    abroad = ends([row["country"] != "CN" for row in rows])
    outbound = known & (destinies.destination < 0)
    main = np.array([brand.is_main for brand in world.market.brands])[destinies.brand]
    limits = (
        ("delivered_within_48h_share", known & main & group["is_national_major"], took <= 48 * HOUR_S),
        ("delivered_within_72h_share", known & domestic, took <= 72 * HOUR_S),
        ("same_day_in_province_share", outbound & group["is_in_province"], midnights <= 0),
        ("next_day_yangtze_delta_share", outbound & group["is_yangtze_delta_major"], midnights <= 1),
        ("day_after_national_major_share", outbound & group["is_national_major"], midnights <= 2),
        ("domestic_one_day_share", outbound & domestic, midnights <= 1),
        ("neighbouring_countries_two_day_share", outbound & group["is_neighbouring_country"], midnights <= 2),
        ("global_major_cities_three_day_share", outbound & group["is_global_major"] & abroad, midnights <= 3),
    )
    for measure, counted, in_time in limits:
        _add(tally.delivered, measure, int((counted & in_time).sum()), int(counted.sum()))
    for measure, (start, end) in STAGES.items():
        both = batch.present[:, DELIVERED] & batch.present[:, start] & batch.present[:, end]
        seconds = batch.times[both, end] - batch.times[both, start]
        _add(tally.delivered, measure, int(seconds.sum()), HOUR_S * len(seconds))


def _count_acceptance(world: World, tally: Tally, batch: Batch, attributes: Attributes) -> None:
    import numpy as np

    day = batch.times[:, ACCEPTED] // DAY_S
    starts = [month_at(world.month.index - back) for back in (2, 1, 0)]
    own, ecommerce = attributes.own, attributes.own & attributes.is_ecommerce
    counts = (
        ("e_waybill_share", own, attributes.has_e_waybill),
        ("standard_packaging_share", own, attributes.is_standard_packaging),
        ("slim_tape_share", own, attributes.is_slim_tape),
        ("no_repackaging_share", ecommerce, ~attributes.is_repackaged),
        ("reusable_bag_share", own, attributes.in_reusable_bag),
        ("tape_per_parcel", own, attributes.tape_cm),
    )
    for month in starts:
        within = (day >= month.first_day) & (day < month.first_day + month.days)
        for measure, counted, value in counts:
            rows = within & counted
            if rows.any():
                part = tally.accepted.setdefault(measure, {})
                _add(part, month.text, int(np.asarray(value)[rows].sum()), int(rows.sum()))


def _add(counts: dict[str, Ratio], key: str, numerator: int, denominator: int) -> None:
    before = counts.get(key, (0, 0))
    counts[key] = (before[0] + numerator, before[1] + denominator)
