"""Visits: which days parcels reached a village or a town, and journeys with the two ends of their parcel.

A day of visits is small, so it can be kept (see `states`): where the tables hold `village_days` or `town_days` these
are read; where they do not, the same rows are made from journeys on the spot.
"""

from typing import TYPE_CHECKING

from posthouse.measures.forms import DAY_S, EPOCH_ON, Tables, flag, town_of, within
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
    if "delivery_sums" in tables:
        sums = tables["delivery_sums"]
        return sums.group_by(["place", "brand", "day"]).aggregate(parcels=sums.delivered.sum().cast("int64"))
    delivered = deliveries(tables, period)
    return (
        delivered.select("brand", place=town_of(delivered.destination), day=delivered.delivered_s // DAY_S)
        .group_by(["place", "brand", "day"])
        .aggregate(parcels=lambda t: t.count())
    )


def deliveries(tables: Tables, period: Period) -> "Table":
    """Journeys delivered in the period with where they came from and went to (those with a parcels row)."""
    journeys = tables["journeys"]
    delivered = journeys.filter(within(journeys.delivered_s, period)).select(
        "waybill", "brand", "accepted_s", "delivered_s", "outlet", "how"
    )
    return delivered.inner_join(tables["parcels"].select("waybill", "origin", "destination"), ["waybill"])


def delivery_sums(tables: Tables, period: Period) -> "Table":
    """Deliveries of the period counted by brand, outlet, town of destination (place) and day.

    is_local : to a place of the city. in_locker, how_known : of them, by locker, and by a known way.
    """
    import ibis

    towns = tables["divisions"].select(code="code").distinct().mutate(local=ibis.literal(True))
    delivered = deliveries(tables, period)
    delivered = delivered.left_join(towns, delivered.destination == towns.code)
    rows = delivered.select(
        "brand",
        "outlet",
        place=town_of(delivered.destination),
        is_local=delivered.local.notnull(),
        day=delivered.delivered_s // DAY_S,
        in_locker=flag(delivered.how == "locker"),
        how_known=flag(delivered.how.notnull()),
    )
    return rows.group_by(["brand", "outlet", "place", "is_local", "day"]).aggregate(
        delivered=rows.count(),
        in_locker=rows.in_locker.sum().cast("int64"),
        how_known=rows.how_known.sum().cast("int64"),
    )


def _in_period(state: "Table", period: Period) -> "Table":
    first = (period.start_on - EPOCH_ON).days
    return state.filter(state.day >= first, state.day < first + period.days)
