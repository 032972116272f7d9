"""Sorting centres, outlets, lockers at homes and the sites that a plan sets up, from the registers."""

from typing import TYPE_CHECKING

from posthouse.measures.expressions.outlets import outlet_counts, outlet_shares, valid_outlets
from posthouse.measures.expressions.parks import valid_parks
from posthouse.measures.expressions.projects import done_projects
from posthouse.measures.forms import By, Parameters, Tables, flag, integer, last_day, literal_date, valid_at_end
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def sorting_capacity_per_day(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per sorting centre: its design capacity."""
    centres = valid_outlets(tables, period, "sorting_centre")
    return centres.select(
        "place",
        "brand",
        "outlet",
        "item",
        numerator=centres.sorting_capacity_per_day.fill_null(0),
        known=flag(centres.sorting_capacity_per_day.notnull()),
        expected=integer(1),
    )


def automated_sorting_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per sorting centre: whether it sorts automatically."""
    return outlet_shares(valid_outlets(tables, period, "sorting_centre"), "is_automated")


def large_sorting_centres(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per sorting centre: whether its area is above the threshold."""
    centres = valid_outlets(tables, period, "sorting_centre")
    return centres.select(
        "place",
        "brand",
        "item",
        numerator=flag(centres.area_m2 > float(parameters["area_m2"])),
        known=flag(centres.area_m2.notnull()),
        expected=integer(1),
    )


def outlets_count(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per outlet."""
    return valid_outlets(tables, period).select("place", "brand", "item", numerator=integer(1))


def standardised_outlet_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per outlet: whether it is standardised."""
    return outlet_shares(valid_outlets(tables, period), "is_standardised")


def filed_outlet_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per outlet: whether it is filed."""
    return outlet_shares(valid_outlets(tables, period), "is_filed")


def demonstration_outlets(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per outlet: whether it is a demonstration outlet."""
    return outlet_counts(valid_outlets(tables, period), "is_demonstration")


def lockers_per_hundred_households(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per accepted residential project: its locker groups over its households."""
    homes = _accepted_homes(tables, period)
    is_known = flag(homes.locker_groups.notnull())
    return homes.select(
        "place",
        "item",
        numerator=homes.locker_groups.fill_null(0),
        denominator=is_known * homes.households,
        known=is_known,
        expected=integer(1),
    )


def distribution_centre_rule_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per accepted residential project of the population: whether its distribution centre is large enough."""
    homes = _accepted_homes(tables, period)
    homes = homes.filter(homes.population >= int(parameters["min_population"]))
    is_known = flag(homes.distribution_centre_m2.notnull())
    return homes.select(
        "place",
        "item",
        numerator=flag(homes.distribution_centre_m2 >= float(parameters["min_area_m2"])),
        denominator=is_known,
        known=is_known,
        expected=integer(1),
    )


def processing_areas(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per cluster of express processing."""
    return valid_parks(tables, period, "processing_area").select("place", "item", numerator=integer(1))


def service_zones(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per express service zone."""
    return valid_parks(tables, period, "service_zone").select("place", "item", numerator=integer(1))


def express_logistics_parks(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per express logistics park that express has entered."""
    parks = valid_parks(tables, period, "express_logistics")
    return parks.filter(parks.has_express).select("place", "item", numerator=integer(1))


def safety_centres(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per safety centre done."""
    return done_projects(tables, period, "safety_centre")


def _accepted_homes(tables: Tables, period: Period) -> "Table":
    homes = valid_at_end(tables["residential_projects"], period).rename(place="division", item="project_id")
    return homes.filter(homes.accepted_on <= literal_date(last_day(period)))
