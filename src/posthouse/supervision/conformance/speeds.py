"""Speeds that no vehicle reaches: between two cities by a least time, inside the city by the distance of the two ends.

Cities outside have no position in our tables, so a least time is declared for them; divisions have one.
"""

from collections.abc import Mapping
from math import cos, radians
from typing import TYPE_CHECKING

from posthouse.measures.forms import Tables, flag, integer, valid_at_end
from posthouse.supervision.conformance.judged import with_outlet
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table

TOO_SHORT, TOO_FAST = 1, 2
"""Patterns: the time between two cities; the speed inside the city. Both can hold."""

KM_PER_DEGREE = 111.2
"""Length of a degree of latitude on a sphere of 6371 km."""


def speed_patterns(journeys: "Table", tables: Tables, period: Period, parameters: Mapping[str, float]) -> "Table":
    """Return the journeys that were too fast, with their pattern.

    Only journeys that were fast enough to come into question look up their ends, and they are few.

    Parameters
    ----------
    parameters : least_other_city_s, least_abroad_s (from leaving one sorting centre to reaching the other) and
        fastest_kmh (straight line from the place of origin to that of destination, acceptance to delivery).
    """
    places = _places(tables, period)
    centre_lat, crossing_km = _extent(places)
    crossing_s = int(crossing_km / parameters["fastest_kmh"] * 3600) + 1
    least_s = int(parameters["least_other_city_s"]), int(parameters["least_abroad_s"])
    timed = journeys.mutate(
        between_s=journeys.destination_arrived_s - journeys.origin_departed_s,
        whole_s=journeys.delivered_s - journeys.accepted_s,
    )
    fast = timed.filter(_below(timed, "between_s", max(least_s)) | _below(timed, "whole_s", crossing_s))
    ends = with_outlet(fast, tables, period)
    ends = ends.inner_join(tables["parcels"].select("waybill", "origin", "destination"), ["waybill"])
    regions = tables["regions"].group_by("region_code").aggregate(country=lambda t: t.country.min())
    for end in ("origin", "destination"):
        ends = ends.left_join(regions.rename({end: "region_code", f"{end}_country": "country"}), [end])
        ends = ends.drop(f"{end}_right") if f"{end}_right" in ends.columns else ends
        ends = ends.left_join(places.rename({end: "code", f"{end}_lon": "lon", f"{end}_lat": "lat"}), [end])
        ends = ends.drop(f"{end}_right") if f"{end}_right" in ends.columns else ends
    is_outside = ends.origin_country.notnull() | ends.destination_country.notnull()
    is_abroad = (ends.origin_country.fill_null("CN") != "CN") | (ends.destination_country.fill_null("CN") != "CN")
    is_too_short = (is_outside & _below(ends, "between_s", least_s[0])) | (
        is_abroad & _below(ends, "between_s", least_s[1])
    )
    # Squares of kilometres against squares of kilometres: no root and no sine, which engines round differently.
    north_km = (ends.destination_lat - ends.origin_lat) * KM_PER_DEGREE
    east_km = (ends.destination_lon - ends.origin_lon) * (KM_PER_DEGREE * cos(radians(centre_lat)))
    reach_km = ends.whole_s * (parameters["fastest_kmh"] / 3600)
    is_too_fast = (ends.whole_s >= 0) & (north_km * north_km + east_km * east_km > reach_km * reach_km)
    found = ends.mutate(pattern=flag(is_too_short) * TOO_SHORT + flag(is_too_fast) * TOO_FAST, weight=integer(1))
    return found.filter(found.pattern > 0).select("waybill", "brand", "outlet", "pattern", "weight")


def _places(tables: Tables, period: Period) -> "Table":
    """Villages and communities with a position, each once."""
    divisions = valid_at_end(tables["divisions"], period)
    known = divisions.filter(divisions.level == "village", divisions.lon.notnull(), divisions.lat.notnull())
    return known.group_by("code").aggregate(lon=known.lon.min(), lat=known.lat.min())


def _extent(places: "Table") -> tuple[float, float]:
    """Mean latitude in degrees, and the diagonal of all places in km; zero where there are none."""
    bounds = places.aggregate(
        west=places.lon.min(), east=places.lon.max(), south=places.lat.min(), north=places.lat.max()
    )
    (row,) = bounds.to_pyarrow().to_pylist()
    if row["west"] is None:
        return 0.0, 0.0
    lat = (row["south"] + row["north"]) / 2
    north_km = (row["north"] - row["south"]) * KM_PER_DEGREE
    east_km = (row["east"] - row["west"]) * KM_PER_DEGREE * cos(radians(lat))
    return lat, (north_km**2 + east_km**2) ** 0.5


def _below(journeys: "Table", column: str, least_s: int) -> "BooleanValue":
    return (journeys[column] >= 0) & (journeys[column] < least_s)
