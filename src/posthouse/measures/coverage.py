"""How much of a table that a measure needs is there: days with scans, rows of a register, anything at all.

A measure whose table has nothing for the period has no value: missing is not zero.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from posthouse.measures.forms import (
    DAY_S,
    Tables,
    days_within,
    end_second,
    journey_seconds,
    start_second,
    valid_at_end,
)
from posthouse.records.schema import get_table
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import IntegerValue, Table

DAILY: Mapping[str, Callable[["Table"], "IntegerValue"]] = {
    "journeys": lambda journeys: journeys.first_s,
    "parcels": lambda parcels: journey_seconds(parcels.accepted_at),
    "scans": lambda scans: journey_seconds(scans.event_at),
}
"""Events of which every day of the period should have some, with the column that says when, in journey seconds."""

_OCCASIONAL = ("checks", "complaints", "device_status")
"""Events that count as there when any row falls in the period; expressions say more where outlets owe days."""


def table_coverage(name: str, tables: Tables, period: Period) -> float:
    """Return the share 0..1 of what the table should hold for the period and does; 0.0 where it has no such row."""
    if name in DAILY and (name in tables or "table_days" in tables):
        return int(days_with_rows(name, tables, period).count().to_pyarrow().as_py()) / period.days
    table = tables.get(name)
    if table is None:
        return 0.0
    declared = get_table(name)
    if name in _OCCASIONAL:
        table = table.filter(days_within(table[declared.day], period))
    elif declared.kind == "register" and "valid_from" in table.columns:
        table = valid_at_end(table, period)
    return 1.0 if table.limit(1).count().to_pyarrow().as_py() else 0.0


def days_with_rows(name: str, tables: Tables, period: Period) -> "Table":
    """Return the days (since 2020-01-01) of the period on which a table of daily events has rows."""
    if "table_days" in tables:
        state = tables["table_days"]
        first = start_second(period) // DAY_S
        kept = state.filter(state.table == name, state.day >= first, state.day < first + period.days)
        return kept.select("day").distinct()
    table = tables[name]
    seconds = DAILY[name](table)
    in_period = table.filter(seconds >= start_second(period), seconds < end_second(period))
    return in_period.select(day=DAILY[name](in_period) // DAY_S).distinct()


def describe_gap(name: str, period: Period) -> str:
    """Return the sentence that tells a person which data is missing (中文)."""
    table = get_table(name)
    if name in DAILY or name in _OCCASIONAL:
        return f"缺少数据：{table.zh}（{name}）在 {period} 没有记录"
    if table.kind == "register":
        return f"缺少数据：{table.zh}（{name}）在 {period} 期末没有有效的记录"
    return f"缺少数据：{table.zh}（{name}）没有记录"
