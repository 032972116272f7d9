"""Service quality: how fast, by which means, at which price a parcel is handed over.

Time limits are measured on parcels delivered in the period, from the acceptance scan to the delivery scan; a journey
that lacks one of the two scans lowers the coverage. A day limit counts midnights: 0 is the same day.
"""

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
    from ibis.expr.types import Table

HOUR_S = 3600


def locker_delivery_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel delivered in the city with a known way: whether by locker."""
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
    operators = valid_at_end(tables["operators"], period)
    main = operators.filter(operators.is_main_brand).select("brand").distinct()
    legs = _both_ways(tables, period)
    legs = legs.filter(legs.is_national_major).semi_join(main, ["brand"])
    return _within_hours(legs, parameters)


def delivered_within_72h_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per domestic parcel from or to the city: whether within the limit of hours."""
    legs = _both_ways(tables, period)
    return _within_hours(legs.filter(legs.country == "CN"), parameters)


def same_day_in_province_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to elsewhere in the province: whether within the limit of days."""
    legs = _outbound(tables, period)
    return _within_days(legs.filter(legs.is_in_province), parameters)


def next_day_yangtze_delta_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to a major city of the Yangtze delta: whether within the limit of days."""
    legs = _outbound(tables, period)
    return _within_days(legs.filter(legs.is_yangtze_delta_major), parameters)


def day_after_national_major_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to a major city of the country: whether within the limit of days."""
    legs = _outbound(tables, period)
    return _within_days(legs.filter(legs.is_national_major), parameters)


def domestic_one_day_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to elsewhere in the country: whether within the limit of days."""
    legs = _outbound(tables, period)
    return _within_days(legs.filter(legs.country == "CN"), parameters)


def neighbouring_countries_two_day_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to a neighbouring country: whether within the limit of days."""
    legs = _outbound(tables, period)
    return _within_days(legs.filter(legs.is_neighbouring_country), parameters)


def global_major_cities_three_day_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per parcel from the city to a major city abroad: whether within the limit of days."""
    legs = _outbound(tables, period)
    return _within_days(legs.filter(legs.is_global_major, legs.country != "CN"), parameters)


def door_to_door_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds from acceptance to delivery over 3600."""
    return _stage(tables, period, "accepted_s", "delivered_s")


def collection_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds from acceptance to the origin sorting centre over 3600."""
    return _stage(tables, period, "accepted_s", "origin_arrived_s")


def origin_processing_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds in the origin sorting centre over 3600."""
    return _stage(tables, period, "origin_arrived_s", "origin_departed_s")


def transport_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds between the two sorting centres over 3600."""
    return _stage(tables, period, "origin_departed_s", "destination_arrived_s")


def destination_processing_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds in the destination sorting centre over 3600."""
    return _stage(tables, period, "destination_arrived_s", "destination_departed_s")


def delivery_hours(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per delivered journey: seconds from the destination sorting centre to delivery over 3600."""
    return _stage(tables, period, "destination_departed_s", "delivered_s")


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


def _outbound(tables: Tables, period: Period) -> "Table":
    """Parcels delivered in the period from the city to a region outside, with the region's groups."""
    delivered = deliveries(tables, period)
    local = delivered.semi_join(tables["divisions"], delivered.origin == tables["divisions"].code)
    return _with_region(local, "destination", tables)


def _both_ways(tables: Tables, period: Period) -> "Table":
    """Parcels delivered in the period between the city and a region outside, either way."""
    delivered = deliveries(tables, period)
    local = delivered.semi_join(tables["divisions"], delivered.destination == tables["divisions"].code)
    return _outbound(tables, period).union(_with_region(local, "origin", tables))


def _with_region(delivered: "Table", end: str, tables: Tables) -> "Table":
    regions = tables["regions"].select(
        "country",
        "is_in_province",
        "is_yangtze_delta_major",
        "is_national_major",
        "is_neighbouring_country",
        "is_global_major",
        region="region_code",
    )
    legs = delivered.select("waybill", "brand", "accepted_s", "delivered_s", region=end)
    return legs.inner_join(regions, ["region"])


def _within_hours(legs: "Table", parameters: Parameters) -> "Table":
    limit_s = int(float(parameters["limit_hours"]) * HOUR_S)
    return _within_limit(legs.mutate(is_in_time=legs.delivered_s - legs.accepted_s <= limit_s))


def _within_days(legs: "Table", parameters: Parameters) -> "Table":
    days = legs.delivered_s // DAY_S - legs.accepted_s // DAY_S
    return _within_limit(legs.mutate(is_in_time=days <= int(parameters["limit_days"])))


def _within_limit(legs: "Table") -> "Table":
    is_known = flag(legs.accepted_s.notnull())
    return legs.select(
        "brand",
        day=legs.delivered_s // DAY_S,
        item="waybill",
        numerator=flag(legs.is_in_time),
        denominator=is_known,
        known=is_known,
        expected=integer(1),
    )


def _stage(tables: Tables, period: Period, start: str, end: str) -> "Table":
    journeys = tables["journeys"]
    delivered = journeys.filter(within(journeys.delivered_s, period))
    # A stage that ends before it starts is a fault of conformance, not a duration.
    is_known = flag(delivered[end] >= delivered[start])
    return delivered.select(
        "brand",
        day=delivered.delivered_s // DAY_S,
        item="waybill",
        numerator=is_known * (delivered[end] - delivered[start]).fill_null(0),
        denominator=is_known * HOUR_S,
        known=is_known,
        expected=integer(1),
    )
