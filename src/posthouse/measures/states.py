"""Daily states: what a day of parcels leaves behind for the measures. Small, exact, merged by union, one day at a time.

A month of ten million parcels becomes some thousand rows; the report of a year reads these and no journey. Three
tables, each with `day` (days since 2020-01-01):

- village_days, town_days : parcels by place, brand and day (see `visits`).
- daily_figures : numerator, denominator, known and expected of every measure of parcels, by measure and its groups.
- table_days : the days on which journeys and parcels have rows, for the coverage.

Where the tables hold states, `measure` reads them. A late scan changes the states of the days that it touches, so
these are made again; the others stay.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.coverage import days_with_rows
from posthouse.measures.expressions import get_expression
from posthouse.measures.forms import EPOCH_ON, Parameters, Tables, text
from posthouse.measures.visits import town_days, village_days
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table

_GROUPS = ("place", "brand", "outlet")
_SUMS = ("numerator", "denominator", "known", "expected")


def daily_states(tables: Tables, period: Period) -> Mapping[str, "Table"]:
    """Return the states of every day of the period, by name, as expressions over journeys, parcels and registers.

    Registers count as they are on the last day of the period, so make the states of a past day with the registers
    that held then.
    """
    raw = without_states(tables)
    figures = [_figures(definition, raw, period) for definition in all_definitions() if _is_kept(definition)]
    days = [days_with_rows(name, raw, period).mutate(table=text(name)) for name in ("journeys", "parcels")]
    return {
        "village_days": village_days(raw, period),
        "town_days": town_days(raw, period),
        "daily_figures": figures[0].union(*figures[1:]),
        "table_days": days[0].union(*days[1:]),
    }


def kept_facts(definition: MeasureDefinition, tables: Tables, period: Period, parameters: Parameters) -> "Table | None":
    """Return the facts of a measure from its kept state, or None where the tables hold none that answers.

    States are kept for the default parameters: a goal with another limit is measured from the journeys.
    """
    if "daily_figures" not in tables or not _is_kept(definition) or dict(parameters) != dict(definition.defaults):
        return None
    state = tables["daily_figures"]
    first = (period.start_on - EPOCH_ON).days
    kept = state.filter(state.measure == definition.id, state.day >= first, state.day < first + period.days)
    return kept.select(*definition.groups, *_SUMS)


def without_states(tables: Tables) -> Tables:
    """Return the tables without the states among them."""
    states = ("village_days", "town_days", "daily_figures", "table_days")
    return {name: table for name, table in tables.items() if name not in states}


def _is_kept(definition: MeasureDefinition) -> bool:
    """Whether the measure counts parcels day by day; visits are kept apart, because brands meet in a village."""
    return definition.subject != "village" and bool({"journeys", "parcels"} & set(definition.tables))


def _figures(definition: MeasureDefinition, tables: Tables, period: Period) -> "Table":
    import ibis

    facts = get_expression(definition)(tables, period, definition.groups, definition.defaults)
    grouped = facts.group_by([*definition.groups, "day"]).aggregate(
        **{name: facts[name].sum().cast("int64") for name in _SUMS}
    )
    absent = {group: ibis.null("string") for group in _GROUPS if group not in definition.groups}
    columns = {**absent, "measure": text(definition.id)}
    return grouped.mutate(**columns).select("measure", "day", *_GROUPS, *_SUMS)
