"""Speeds that no vehicle reaches: between two cities by a least time, inside the city by the distance of the two ends.

Cities outside have no position in our tables, so a least time is declared for them; villages and communities have one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING

from posthouse.measures.forms import Tables, flag, valid_at_end
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, Table

TOO_SHORT, TOO_FAST = 1, 2
"""Bits: the time between two cities, the speed inside the city. Both can hold."""

KM_PER_DEGREE = 111.2
"""Length of a degree of latitude on a sphere of 6371 km."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedLimits:
    """Least seconds between sorting centres of two cities, or with a border between; fastest straight line in km/h.

    crossing_s : seconds after which no journey inside the city is too fast. east_km : length of a degree of longitude.
    """

    other_city_s: int
    abroad_s: int
    fastest_kmh: float
    crossing_s: int
    east_km: float


def speed_limits(tables: Tables, period: Period, parameters: Mapping[str, float]) -> SpeedLimits:
    """Return the limits of the city whose places the tables hold."""
    places = _places(tables, period)
    bounds = places.aggregate(
        west=places.lon.min(), east=places.lon.max(), south=places.lat.min(), north=places.lat.max()
    )
    (row,) = bounds.to_pyarrow().to_pylist()
    east_km, diagonal_km = KM_PER_DEGREE, 0.0
    if row["west"] is not None:
        east_km = KM_PER_DEGREE * cos(radians((row["south"] + row["north"]) / 2))
        north, east = (row["north"] - row["south"]) * KM_PER_DEGREE, (row["east"] - row["west"]) * east_km
        diagonal_km = (north * north + east * east) ** 0.5
    return SpeedLimits(
        other_city_s=int(parameters["least_other_city_s"]),
        abroad_s=int(parameters["least_abroad_s"]),
        fastest_kmh=parameters["fastest_kmh"],
        crossing_s=int(diagonal_km / parameters["fastest_kmh"] * 3600) + 1,
        east_km=east_km,
    )


def needs_ends(journeys: "Table", limits: SpeedLimits) -> "BooleanValue":
    """Whether a journey (between_s, whole_s) is so fast that one has to look where it went."""
    longest = max(limits.other_city_s, limits.abroad_s)
    return _below(journeys, "between_s", longest) | _below(journeys, "whole_s", limits.crossing_s)


def speed_bits(parcels: "Table", tables: Tables, period: Period, limits: SpeedLimits) -> "Table":
    """Return parcels (between_s, whole_s, origin, destination, …) with their bits of speed added as `speed`."""
    ends = parcels
    regions = tables["regions"].group_by("region_code").aggregate(country=lambda t: t.country.min())
    places = _places(tables, period)
    for end in ("origin", "destination"):
        region = regions.rename({f"{end}_region": "region_code", f"{end}_country": "country"})
        place = places.rename({f"{end}_place": "code", f"{end}_lon": "lon", f"{end}_lat": "lat"})
        ends = ends.left_join(region, ends[end] == region[f"{end}_region"])
        ends = ends.left_join(place, ends[end] == place[f"{end}_place"])
    is_abroad = (ends.origin_country.fill_null("CN") != "CN") | (ends.destination_country.fill_null("CN") != "CN")
    is_outside = ends.origin_country.notnull() | ends.destination_country.notnull()
    is_too_short = (is_outside & _below(ends, "between_s", limits.other_city_s)) | (
        is_abroad & _below(ends, "between_s", limits.abroad_s)
    )
    return ends.mutate(speed=flag(is_too_short) * TOO_SHORT + flag(_is_too_fast(ends, limits)) * TOO_FAST).select(
        *parcels.columns, "speed"
    )


def read_speed(bits: int) -> tuple[tuple[str, str], ...]:
    """Return the kinds that bits of speed show, each with its step.

    >>> read_speed(TOO_FAST)
    (('impossible_speed', ''),)
    """
    kinds = {TOO_SHORT: ("interval_too_short", "destination_arrived"), TOO_FAST: ("impossible_speed", "")}
    return tuple(kind for bit, kind in kinds.items() if bits & bit)


def _is_too_fast(ends: "Table", limits: SpeedLimits) -> "BooleanValue":
    # Squares of kilometres against squares of kilometres: no root and no sine, which engines round differently.
    # The cast keeps whole numbers times a decimal point from becoming a decimal number, which overflows when squared.
    north_km = (ends.destination_lat - ends.origin_lat) * KM_PER_DEGREE
    east_km = (ends.destination_lon - ends.origin_lon) * limits.east_km
    reach_km = ends.whole_s.cast("float64") * (limits.fastest_kmh / 3600)
    return (ends.whole_s >= 0) & (north_km * north_km + east_km * east_km > reach_km * reach_km)


def _places(tables: Tables, period: Period) -> "Table":
    """Villages and communities with a position, each once."""
    divisions = valid_at_end(tables["divisions"], period)
    known = divisions.filter(divisions.level == "village", divisions.lon.notnull(), divisions.lat.notnull())
    return known.group_by("code").aggregate(lon=known.lon.min(), lat=known.lat.min())


def _below(journeys: "Table", column: str, least_s: int) -> "BooleanValue":
    return (journeys[column] >= 0) & (journeys[column] < least_s)
