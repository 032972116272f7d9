"""The people who carry the parcels: how many they are, and the stations that care for them."""

from typing import TYPE_CHECKING

from posthouse.measures.expressions.returns import returned
from posthouse.measures.forms import (
    By,
    Parameters,
    Tables,
    integer,
    last_day,
    literal_date,
    months_ending,
    valid_at_end,
)
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def staff_count(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """Staff returned for the last month of the period."""
    return returned(tables, period, "staff", months_ending(period, 1))


def care_stations(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per care station opened."""
    stations = valid_at_end(tables["care_stations"], period)
    opened = stations.filter(stations.opened_on <= literal_date(last_day(period)))
    return opened.select(place="division", item="station_id", numerator=integer(1))
