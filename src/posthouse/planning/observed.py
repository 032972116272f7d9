"""What happened in a month, village by village and day by day: who was there, with how many parcels, when first."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from posthouse.measures.forms import DAY_S, EPOCH_ON, within
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    import ibis


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One village on one day. arrived_min : after midnight, of the first arrival scan; None where there is none."""

    parcels: int
    brands: frozenset[str]
    arrived_min: float | None


Visits = Mapping[tuple[str, date], Seen]
"""By village and day, where at least one parcel was seen."""


def observe_visits(journeys: "ibis.Table", period: Period) -> Visits:
    """Return the visits of the period, as `delivery_days_per_week` counts them."""
    seen = journeys.filter(journeys.village.notnull())
    seen = seen.mutate(at_s=seen.village_arrived_s.coalesce(seen.delivered_s))
    seen = seen.filter(within(seen.at_s, period))
    counted = (
        seen.group_by("village", "brand", day=seen.at_s // DAY_S)
        .aggregate(parcels=seen.count(), first_s=seen.village_arrived_s.min())
        .to_pyarrow()
    )
    parcels: dict[tuple[str, date], int] = defaultdict(int)
    brands: dict[tuple[str, date], set[str]] = defaultdict(set)
    first: dict[tuple[str, date], int] = {}
    for row in counted.to_pylist():
        key = row["village"], EPOCH_ON + timedelta(days=row["day"])
        parcels[key] += row["parcels"]
        brands[key].add(row["brand"])
        if row["first_s"] is not None:
            first[key] = min(row["first_s"] % DAY_S, first.get(key, DAY_S))
    return {
        key: Seen(parcels=count, brands=frozenset(brands[key]), arrived_min=first[key] / 60 if key in first else None)
        for key, count in sorted(parcels.items())
    }
