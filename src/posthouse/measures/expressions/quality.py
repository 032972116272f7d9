"""Service quality: how fast, by which means, at which price a parcel is handed over.

Time limits are measured on parcels delivered in the period, from the acceptance scan to the delivery scan; a journey
that lacks one of the two scans lowers the coverage. A day limit counts midnights: 0 is the same day.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING

from posthouse.measures.expressions.returns import returned
from posthouse.measures.forms import (
    DAY_S,
    By,
    Parameters,
    Tables,
    days_within,
    flag,
    integer,
    months_of,
    town_of,
    valid_at_end,
    within,
)
from posthouse.measures.visits import deliveries
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, IntegerScalar, IntegerValue, Table

HOUR_S = 3600

_GROUPS = (
    "is_in_province",
    "is_yangtze_delta_major",
    "is_national_major",
    "is_neighbouring_country",
    "is_global_major",
    "is_domestic",
    "is_abroad",
)
"""Groups of regions, by the place of their bit."""

_STAGES = {
    "door_to_door": ("accepted_s", "delivered_s"),
    "collection": ("accepted_s", "origin_arrived_s"),
    "origin_processing": ("origin_arrived_s", "origin_departed_s"),
    "transport": ("origin_departed_s", "destination_arrived_s"),
    "destination_processing": ("destination_arrived_s", "destination_departed_s"),
    "delivery": ("destination_departed_s", "delivered_s"),
}
"""Stage of a journey: from which time to which."""


def locker_delivery_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel delivered in the city with a known way: whether by locker."""
    if "delivery_sums" in tables:
        sums = tables["delivery_sums"]
        return sums.filter(sums.is_local).select(
            "brand",
            "outlet",
            "place",
            "day",
            item="day",
            numerator="in_locker",
            denominator="how_known",
            known="how_known",
            expected="delivered",
        )
    delivered = deliveries(tables, period)
    local = delivered.semi_join(tables["divisions"], delivered.destination == tables["divisions"].code)
    return local.select(
        "brand",
        "outlet",
        place=town_of(local.destination),
        day=local.delivered_s // DAY_S,
        item="waybill",
        numerator=flag(local.how == "locker"),
        denominator=flag(local.how.notnull()),
        known=flag(local.how.notnull()),
        expected=integer(1),
    )


def delivered_within_48h_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per main-brand parcel between the city and a major city: whether within the limit of hours."""
    facts = delivered_within_48h_of_any_brand(tables, period, by, parameters)
    return facts.semi_join(main_brands(tables, period), ["brand"])


def delivered_within_48h_of_any_brand(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel between the city and a major city: whether within the limit of hours."""
    legs = region_legs(tables, period)
    return _within_limit(legs.filter(_is_in(legs, "is_national_major")), parameters)


def main_brands(tables: Tables, period: Period) -> "Table":
    """The main brands at the end of the period, each once."""
    operators = valid_at_end(tables["operators"], period)
    return operators.filter(operators.is_main_brand).select("brand").distinct()


def delivered_within_72h_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per domestic parcel from or to the city: whether within the limit of hours."""
    legs = region_legs(tables, period)
    return _within_limit(legs.filter(_is_in(legs, "is_domestic")), parameters)


def same_day_in_province_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to elsewhere in the province: whether within the limit of days."""
    legs = region_legs(tables, period)
    return _within_limit(legs.filter(legs.is_outbound, _is_in(legs, "is_in_province")), parameters)


def next_day_yangtze_delta_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to a major city of the Yangtze delta: whether within the limit of days."""
    legs = region_legs(tables, period)
    return _within_limit(legs.filter(legs.is_outbound, _is_in(legs, "is_yangtze_delta_major")), parameters)


def day_after_national_major_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to a major city of the country: whether within the limit of days."""
    legs = region_legs(tables, period)
    return _within_limit(legs.filter(legs.is_outbound, _is_in(legs, "is_national_major")), parameters)


def domestic_one_day_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to elsewhere in the country: whether within the limit of days."""
    legs = region_legs(tables, period)
    return _within_limit(legs.filter(legs.is_outbound, _is_in(legs, "is_domestic")), parameters)


def neighbouring_countries_two_day_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to a neighbouring country: whether within the limit of days."""
    legs = region_legs(tables, period)
    return _within_limit(legs.filter(legs.is_outbound, _is_in(legs, "is_neighbouring_country")), parameters)


def global_major_cities_three_day_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to a major city abroad: whether within the limit of days."""
    legs = region_legs(tables, period)
    is_major_abroad = _is_in(legs, "is_global_major") & _is_in(legs, "is_abroad")
    return _within_limit(legs.filter(legs.is_outbound, is_major_abroad), parameters)


def door_to_door_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds from acceptance to delivery over 3600."""
    return _stage(tables, period, "door_to_door")


def collection_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds from acceptance to the origin sorting centre over 3600."""
    return _stage(tables, period, "collection")


def origin_processing_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds in the origin sorting centre over 3600."""
    return _stage(tables, period, "origin_processing")


def transport_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds between the two sorting centres over 3600."""
    return _stage(tables, period, "transport")


def destination_processing_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds in the destination sorting centre over 3600."""
    return _stage(tables, period, "destination_processing")


def delivery_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds from the destination sorting centre to delivery over 3600."""
    return _stage(tables, period, "delivery")


def complaints_per_million(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Complaints found valid, over the volume that operators returned for the months of the period."""
    filed = tables["complaints"]
    filed = filed.filter(days_within(filed.filed_on, period)).select(
        "brand",
        item=filed.complaint_id,
        numerator=flag(filed.is_valid),
        denominator=integer(0),
        known=integer(0),
        expected=integer(0),
    )
    volume = returned(tables, period, "volume", months_of(period))
    volume = volume.select(
        "brand", "item", numerator=integer(0), denominator="numerator", known="known", expected="expected"
    )
    return filed.union(volume)


def secondary_charge_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per call-back: households that were charged a second time over households reached."""
    checks = tables["checks"]
    calls = checks.filter(checks.kind == "charge_callback", days_within(checks.checked_on, period))
    return calls.select(
        "brand",
        place="division",
        item="check_id",
        numerator=calls.expected - calls.done,
        denominator=calls.expected,
    )


def region_legs(tables: Tables, period: Period) -> "Table":
    """Parcels delivered in the period between the city and a region outside, either way, with the region's groups.

    is_outbound : from the city. groups : bits of the region's _GROUPS. Summed already where the tables hold sums.
    """
    if "leg_sums" in tables:
        return tables["leg_sums"]
    journeys, parcels = tables["journeys"], tables["parcels"]
    delivered = journeys.filter(within(journeys.delivered_s, period))
    origins, destinations = (_ends(tables).rename("{name}_" + end) for end in ("origin", "destination"))
    legs = parcels.select("waybill", "origin", "destination")
    legs = legs.inner_join(origins, legs.origin == origins.code_origin)
    legs = legs.inner_join(destinations, legs.destination == destinations.code_destination)
    # Not "one differs from the other": DuckDB would make all pairs of ends first, and join them by two texts.
    legs = legs.filter(legs.local_origin + legs.local_destination == 1)
    groups = legs.groups_origin + legs.groups_destination
    legs = legs.select("waybill", is_outbound=legs.local_origin == 1, groups=groups)
    return delivered.select("waybill", "brand", "accepted_s", "delivered_s").inner_join(legs, ["waybill"])


def leg_sums(tables: Tables, period: Period, asked: Sequence[Parameters]) -> "Table":
    """The legs of `region_legs` counted by brand, day, direction and the region's groups, and within each limit asked.

    asked : parameters with limit_hours or limit_days.
    """
    legs = region_legs(tables, period)
    in_time = {_limit(parameters): flag(_is_in_time(legs, parameters)).sum().cast("int64") for parameters in asked}
    legs = legs.mutate(day=legs.delivered_s // DAY_S)
    return legs.group_by(["brand", "day", "is_outbound", "groups"]).aggregate(
        legs=legs.count(), known=legs.accepted_s.count(), **in_time
    )


def stage_sums(tables: Tables, period: Period) -> "Table":
    """The stages of the journeys delivered in the period, summed by brand and day: seconds, journeys that tell them."""
    journeys = tables["journeys"]
    delivered = journeys.filter(within(journeys.delivered_s, period))
    sums: dict[str, IntegerScalar] = {}
    for stage in _STAGES:
        took_s, is_known = _took(delivered, stage)
        sums |= {f"{stage}_s": took_s.sum().cast("int64"), f"{stage}_known": is_known.sum().cast("int64")}
    days = delivered.mutate(day=delivered.delivered_s // DAY_S)
    return days.group_by(["brand", "day"]).aggregate(journeys=days.count(), **sums)


def _ends(tables: Tables) -> "Table":
    """The two kinds of ends of a leg, by code: places of the city (local), each once, and regions with groups' bits."""
    places = tables["divisions"].select("code").distinct()
    places = places.select("code", local=integer(1), groups=integer(0))
    regions = tables["regions"]
    regions = regions.mutate(is_domestic=regions.country == "CN", is_abroad=regions.country != "CN")
    bits = [flag(regions[group]) * 2**place for place, group in enumerate(_GROUPS)]
    regions = regions.select(code="region_code", local=integer(0), groups=reduce(add, bits))
    return places.union(regions)


def _is_in(legs: "Table", group: str) -> "BooleanValue":
    return legs.groups // 2 ** _GROUPS.index(group) % 2 == 1


def _within_limit(legs: "Table", parameters: Parameters) -> "Table":
    if "accepted_s" not in legs.columns:
        return legs.select(
            "brand",
            "day",
            item="day",
            numerator=_limit(parameters),
            denominator="known",
            known="known",
            expected="legs",
        )
    is_known = flag(legs.accepted_s.notnull())
    return legs.select(
        "brand",
        day=legs.delivered_s // DAY_S,
        item="waybill",
        numerator=flag(_is_in_time(legs, parameters)),
        denominator=is_known,
        known=is_known,
        expected=integer(1),
    )


def _is_in_time(legs: "Table", parameters: Parameters) -> "BooleanValue":
    if "limit_days" in parameters:
        return legs.delivered_s // DAY_S - legs.accepted_s // DAY_S <= int(parameters["limit_days"])
    return legs.delivered_s - legs.accepted_s <= _limit_s(parameters)


def _limit(parameters: Parameters) -> str:
    """What the column is called that counts the legs within the limit."""
    if "limit_days" in parameters:
        return f"within_{int(parameters['limit_days'])}_days"
    return f"within_{_limit_s(parameters)}_s"


def _limit_s(parameters: Parameters) -> int:
    return int(float(parameters["limit_hours"]) * HOUR_S)


def _stage(tables: Tables, period: Period, stage: str) -> "Table":
    if "stage_sums" in tables:
        sums = tables["stage_sums"]
        return sums.select(
            "brand",
            "day",
            item="day",
            numerator=sums[f"{stage}_s"],
            denominator=sums[f"{stage}_known"] * HOUR_S,
            known=sums[f"{stage}_known"],
            expected="journeys",
        )
    journeys = tables["journeys"]
    delivered = journeys.filter(within(journeys.delivered_s, period))
    took_s, is_known = _took(delivered, stage)
    return delivered.select(
        "brand",
        day=delivered.delivered_s // DAY_S,
        item="waybill",
        numerator=took_s,
        denominator=is_known * HOUR_S,
        known=is_known,
        expected=integer(1),
    )


def _took(delivered: "Table", stage: str) -> "tuple[IntegerValue, IntegerValue]":
    """Seconds of the stage, 0 where unknown, and whether they are known."""
    start, end = _STAGES[stage]
    # A stage that ends before it starts is a fault of conformance, not a duration.
    is_known = flag(delivered[end] >= delivered[start])
    return is_known * (delivered[end] - delivered[start]).fill_null(0), is_known
