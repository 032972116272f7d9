"""快递进厂: industries, parks, projects and factories that express serves, from the registers."""

from typing import TYPE_CHECKING

from posthouse.measures.expressions.parks import valid_parks
from posthouse.measures.expressions.projects import done_projects
from posthouse.measures.forms import By, Parameters, Tables, flag, integer, last_day, literal_date, valid_at_end
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def key_industries(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per key industry with at least one cooperating factory."""
    factories = _factories(tables, period)
    cooperating = factories.filter(factories.is_key_industry, factories.is_cooperating == 1)
    industries = cooperating.select(item="industry").distinct()
    return industries.mutate(numerator=integer(1))


def key_parks(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per key park that express has entered."""
    parks = valid_parks(tables, period)
    return parks.filter(parks.is_key, parks.has_express).select("place", "item", numerator=integer(1))


def key_projects(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per key project done."""
    return done_projects(tables, period, "factory_key")


def typical_projects(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per typical project done."""
    return done_projects(tables, period, "factory_typical")


def warehouse_value_added_projects(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per project of warehousing with delivery and added value done."""
    return done_projects(tables, period, "warehouse_value_added")


def cooperating_factories(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per factory: whether it cooperates by the end of the period."""
    factories = _factories(tables, period)
    return factories.select("place", "item", numerator="is_cooperating")


def factory_coverage(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per factory: whether it cooperates, over one."""
    return cooperating_factories(tables, period, by, parameters).mutate(denominator=integer(1))


def small_enterprise_parks_entered(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per small-enterprise park that express has entered."""
    parks = valid_parks(tables, period, "small_enterprise")
    return parks.filter(parks.has_express).select("place", "item", numerator=integer(1))


def demonstration_parks(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per park: whether it is a demonstration park of clustered express."""
    parks = valid_parks(tables, period)
    return parks.select(
        "place",
        "item",
        numerator=flag(parks.is_demonstration),
        known=flag(parks.is_demonstration.notnull()),
        expected=integer(1),
    )


def _factories(tables: Tables, period: Period) -> "Table":
    factories = valid_at_end(tables["factories"], period)
    has_begun = factories.cooperating_from <= literal_date(last_day(period))
    return factories.select(
        "industry",
        "is_key_industry",
        place="division",
        item="factory_id",
        is_cooperating=flag(factories.cooperation.notnull() & has_begun),
    )
