"""量收规模: volume, revenue and rank from the operators' monthly returns and the published totals.

A year is measured to date: from January to the last month of the period; growth holds these months against the same
months of the base year.
"""

from typing import TYPE_CHECKING

from posthouse.measures.expressions.returns import PUBLISHED, growth, own_returns, ratio_to_base, returned
from posthouse.measures.forms import (
    By,
    Parameters,
    Tables,
    flag,
    integer,
    months_ending,
    months_to_date,
    text,
)
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def express_volume(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Volume returned, January to the last month of the period."""
    return returned(tables, period, "volume", months_to_date(period))


def express_volume_growth(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Volume to date less that of the same months of the base year, over the latter."""
    return growth(tables, period, "volume", int(parameters["base_year"]))


def express_volume_yearly_growth(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Volume to date over that of the same months of the base year."""
    return ratio_to_base(tables, period, "volume", int(parameters["base_year"]))


def express_revenue(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Revenue returned, January to the last month of the period."""
    return returned(tables, period, "revenue_yuan", months_to_date(period))


def express_revenue_growth(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Revenue to date less that of the same months of the base year, over the latter."""
    return growth(tables, period, "revenue_yuan", int(parameters["base_year"]))


def express_revenue_yearly_growth(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Revenue to date over that of the same months of the base year."""
    return ratio_to_base(tables, period, "revenue_yuan", int(parameters["base_year"]))


def online_retail_supported(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Online retail supported, January to the last month of the period."""
    return returned(tables, period, "online_retail_yuan", months_to_date(period))


def operators_above_revenue(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per operator: whether its revenue of twelve months is above the threshold."""
    months = months_ending(period, 12)
    totals = (
        own_returns(tables, months)
        .group_by(["operator_id", "brand"])
        .aggregate(revenue_yuan=lambda t: t.revenue_yuan.sum())
    )
    above = totals.select(
        "brand",
        item="operator_id",
        numerator=flag(totals.revenue_yuan > int(parameters["revenue_yuan"])),
        known=integer(0),
        expected=integer(0),
    )
    owed = returned(tables, period, "revenue_yuan", months)
    return above.union(owed.mutate(numerator=integer(0)).select(*above.columns))


def province_volume_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """The city's volume to date over the province's, for the months that the province published."""
    months = months_to_date(period)
    divisions = tables["divisions"]
    provinces = divisions.filter(divisions.level == "province")
    published = tables["returns"].semi_join(provinces, tables["returns"].area == provinces.code)
    published = published.filter(
        published.operator_id == PUBLISHED, published.month.isin(months), published.volume.notnull()
    )
    own = own_returns(tables, months).semi_join(published, ["month"])
    ours = own.select(
        item=own.operator_id + " " + own.month,
        numerator=own.volume.fill_null(0),
        denominator=integer(0),
        known=integer(0),
        expected=integer(0),
    )
    theirs = published.aggregate(denominator=published.volume.sum().cast("int64"), known=published.count())
    theirs = theirs.select(
        item=text("全省"),
        numerator=integer(0),
        denominator="denominator",
        known="known",
        expected=integer(len(months)),
    )
    return ours.union(theirs)


def province_volume_rank(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row: one more than the published areas of the province whose volume to date is above the city's."""
    months = months_to_date(period)
    returns = tables["returns"]
    divisions = tables["divisions"]
    provinces = divisions.filter(divisions.level == "province")
    ours = own_returns(tables, months)
    others = returns.filter(returns.operator_id == PUBLISHED, returns.month.isin(months), returns.volume.notnull())
    others = others.anti_join(provinces, others.area == provinces.code).anti_join(ours, ["area"])
    published = others.select("month").distinct()
    rivals = others.group_by("area").aggregate(theirs=lambda t: t.volume.sum())
    own = ours.semi_join(published, ["month"]).aggregate(ours=lambda t: t.volume.sum())
    # Without a rival published the sum is null: no rank, rather than the first.
    above = rivals.cross_join(own).aggregate(above=lambda t: flag(t.theirs > t.ours).sum())
    ranked = above.cross_join(published.aggregate(known=lambda t: t.count()))
    return ranked.select(
        item=text("位次"),
        numerator=(ranked.above + 1).cast("int64"),
        known="known",
        expected=integer(len(months)),
    )
