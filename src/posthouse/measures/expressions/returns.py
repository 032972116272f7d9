"""Operators' monthly returns as facts: the figure reported, and who should have reported."""

from typing import TYPE_CHECKING

from posthouse.measures.forms import Tables, flag, integer, months_to_date, valid_at_end
from posthouse.vocabulary.periods import Period, parse_period

if TYPE_CHECKING:
    from ibis.expr.types import DateValue, IntegerValue, Table

PUBLISHED = "ALL"
"""operator_id of an area total that a higher authority published."""


def returned(tables: Tables, period: Period, column: str, months: tuple[str, ...]) -> "Table":
    """One row per operator's return of the months with `column` as numerator, and one per operator that owes returns.

    known counts returns with a value of registered operators; expected counts the months in which an operator was
    registered. Joint delivery companies carry other operators' parcels and return nothing of their own.
    """
    own = own_returns(tables, months)
    owing = valid_at_end(tables["operators"], period)
    owing = owing.filter(owing.kind != "pooled")
    registered = owing.select("operator_id", is_registered=integer(1))
    reported = own.left_join(registered, ["operator_id"])
    reported = reported.select(
        "brand",
        item=reported.operator_id + " " + reported.month,
        numerator=reported[column].fill_null(0),
        known=flag(reported[column].notnull() & reported.is_registered.notnull()),
        expected=integer(0),
    )
    owed = owing.select(
        "brand", item="operator_id", numerator=integer(0), known=integer(0), expected=_months_owed(owing, months)
    )
    return reported.union(owed)


def growth(tables: Tables, period: Period, column: str, base_year: int) -> "Table":
    """Rows whose numerators add up to the figure to date less that of the base year, whose denominators to the base."""
    ratio = ratio_to_base(tables, period, column, base_year)
    return ratio.mutate(numerator=ratio.numerator - ratio.denominator)


def ratio_to_base(tables: Tables, period: Period, column: str, base_year: int) -> "Table":
    """The figure of the year to date as numerator, of the same months of the base year as denominator."""
    now = returned(tables, period, column, months_to_date(period))
    base = returned(tables, period, column, months_to_date(period, base_year))
    base = base.select("brand", "item", "known", "expected", numerator=integer(0), denominator="numerator")
    return now.mutate(denominator=integer(0)).select(*base.columns).union(base)


def own_returns(tables: Tables, months: tuple[str, ...]) -> "Table":
    """The city's own operators' returns of these months: every row that is not a published total."""
    returns = tables["returns"]
    return returns.filter(returns.operator_id != PUBLISHED, returns.month.isin(months))


def _months_owed(register: "Table", months: tuple[str, ...]) -> "IntegerValue":
    """In how many of these months, which follow one another, the row is valid on some day."""
    import ibis

    first, last = (parse_period(month).start_on for month in (months[0], months[-1]))
    first_month, last_month = (day.year * 12 + day.month for day in (first, last))
    begun = _month_number(register.valid_from).fill_null(first_month)
    # valid_to is the first day on which a row no longer holds: the first of May ends with April.
    ended = (_month_number(register.valid_to) - flag(register.valid_to.day() == 1)).fill_null(last_month)
    length = ibis.least(ended, last_month) - ibis.greatest(begun, first_month) + 1
    return ibis.greatest(length, 0).cast("int64")


def _month_number(day: "DateValue") -> "IntegerValue":
    return day.year().cast("int64") * 12 + day.month().cast("int64")
