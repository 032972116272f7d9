"""快递进村: which villages parcels really reach, on how many days a week, and by whom.

A village is visited on a day when at least one journey arrived there, or was signed there, on that Shanghai day.
"""

from typing import TYPE_CHECKING

from posthouse.measures.expressions.projects import done_projects
from posthouse.measures.forms import By, Parameters, Tables, flag, integer, valid_at_end
from posthouse.measures.visits import town_days, village_days
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def delivery_days_per_week(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Seven for each day on which an administrative village was visited, over each village's days of the period."""
    return _days_per_week(_villages(tables, period), village_days(tables, period), period, by)


def main_island_delivery_days_per_week(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """As delivery_days_per_week, for villages on the main islands."""
    villages = _villages(tables, period)
    villages = villages.filter(villages.is_main_island)
    return _days_per_week(villages, village_days(tables, period), period, by)


def village_coverage(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per administrative village (and brand): whether it was visited."""
    return _covered(_villages(tables, period), tables, period, by)


def main_island_village_coverage(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """As village_coverage, for villages on the main islands."""
    villages = _villages(tables, period)
    return _covered(villages.filter(villages.is_main_island), tables, period, by)


def village_coverage_by_brand(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per administrative village and main brand: whether that brand visited it."""
    operators = valid_at_end(tables["operators"], period)
    brands = operators.filter(operators.is_main_brand).select("brand").distinct()
    wanted = _villages(tables, period).cross_join(brands)
    return _visited(wanted, _visits(tables, period, ("brand",)))


def town_delivery_days_per_week(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Seven for each day on which a parcel for a town was delivered, over the days of the period for each town."""
    divisions = valid_at_end(tables["divisions"], period)
    towns = divisions.filter(divisions.kind.isin(["town", "township"])).select(place="code", item="code")
    return _days_per_week(towns, town_days(tables, period), period, by)


def village_station_coverage(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per administrative village: whether it has a village station."""
    points = valid_at_end(tables["service_points"], period)
    stations = points.filter(points.kind == "village_station").select(place="division").distinct()
    return _visited(_villages(tables, period), stations.mutate(days=integer(1)))


def strong_village_counties(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per county recognised."""
    return done_projects(tables, period, "strong_village_county")


def farm_gold_projects(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per gold project done."""
    return done_projects(tables, period, "farm_gold")


def _villages(tables: Tables, period: Period) -> "Table":
    divisions = valid_at_end(tables["divisions"], period)
    return divisions.filter(divisions.kind == "administrative_village").select(
        "is_main_island", place="code", item="code"
    )


def _visits(tables: Tables, period: Period, by: By) -> "Table":
    """Visited days by place, and by brand if `by` asks for it."""
    keys = ["place", "brand"] if "brand" in by else ["place"]
    days = village_days(tables, period).select(*keys, "day").distinct()
    return days.group_by(keys).aggregate(days=lambda t: t.count())


def _covered(villages: "Table", tables: Tables, period: Period, by: By) -> "Table":
    visits = _visits(tables, period, by)
    if "brand" in by:
        villages = villages.cross_join(visits.select("brand").distinct())
    return _visited(villages, visits)


def _visited(wanted: "Table", visits: "Table") -> "Table":
    keys = [key for key in ("place", "brand") if key in wanted.columns and key in visits.columns]
    joined = wanted.left_join(visits, keys)
    groups = [key for key in ("place", "brand") if key in wanted.columns]
    return joined.select(*groups, "item", numerator=flag(joined.days > 0), denominator=integer(1))


def _days_per_week(wanted: "Table", days: "Table", period: Period, by: By) -> "Table":
    """One row of seven per place (and brand) and day, and one per place (and brand) that owes the period's days."""
    keys = ["place", "brand"] if "brand" in by else ["place"]
    days = days.semi_join(wanted, ["place"]).select(*keys, "day").distinct()
    owing = wanted.select("place")
    if "brand" in by:
        owing = owing.cross_join(days.select("brand").distinct())
    owed = owing.select(
        *keys, item="place", day=integer(0).nullif(0), numerator=integer(0), denominator=integer(period.days)
    )
    return days.select(*keys, item="place", day="day", numerator=integer(7), denominator=integer(0)).union(owed)
