"""Visits: which days parcels reached a village or a town, and journeys with the two ends of their parcel.

A day of visits is small, so it can be kept (see `states`): where the tables hold `village_days` or `town_days` these
are read; where they do not, the same rows are made from journeys on the spot.
"""

from typing import TYPE_CHECKING

from posthouse.measures.forms import DAY_S, EPOCH_ON, Tables, town_of, within
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def village_days(tables: Tables, period: Period) -> "Table":
    """Parcels by village (place), brand and day that arrived in, or were signed in, the village in the period.

    day : days since 2020-01-01. parcels : journeys, > 0.
    """
    if "village_days" in tables:
        return _in_period(tables["village_days"], period)
    journeys = tables["journeys"]
    seen = journeys.filter(journeys.village.notnull()).mutate(
        at_s=lambda t: t.village_arrived_s.coalesce(t.delivered_s)
    )
    seen = seen.filter(within(seen.at_s, period))
    return (
        seen.select("brand", place="village", day=seen.at_s // DAY_S)
        .group_by(["place", "brand", "day"])
        .aggregate(parcels=lambda t: t.count())
    )


def town_days(tables: Tables, period: Period) -> "Table":
    """Parcels by town of destination (place), brand and day that were delivered in the period.

    day : days since 2020-01-01. parcels : journeys, > 0.
    """
    if "town_days" in tables:
        return _in_period(tables["town_days"], period)
    delivered = deliveries(tables, period)
    return (
        delivered.select("brand", place=town_of(delivered.destination), day=delivered.delivered_s // DAY_S)
        .group_by(["place", "brand", "day"])
        .aggregate(parcels=lambda t: t.count())
    )


def deliveries(tables: Tables, period: Period) -> "Table":
    """Journeys delivered in the period with where they came from and went to (those with a parcels row)."""
    if "deliveries" in tables:
        return tables["deliveries"]
    journeys = tables["journeys"]
    delivered = journeys.filter(within(journeys.delivered_s, period)).select(
        "waybill", "brand", "accepted_s", "delivered_s", "outlet", "how"
    )
    return delivered.inner_join(tables["parcels"].select("waybill", "origin", "destination"), ["waybill"])


def _in_period(state: "Table", period: Period) -> "Table":
    first = (period.start_on - EPOCH_ON).days
    return state.filter(state.day >= first, state.day < first + period.days)
