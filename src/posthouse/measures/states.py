"""Daily states: what a day of parcels leaves behind for the measures. Small, exact, merged by union, one day at a time.

A month of ten million parcels becomes some thousand rows; the report of a year reads these and no journey. Each has
`day` (days since 2020-01-01):

- village_days, town_days : parcels by place, brand and day (see `visits`).
- daily_figures : numerator, denominator, known and expected of every measure of parcels, by measure and its groups.

Where the tables hold states, `measure` reads them. A late scan changes the states of the days that it touches, so
these are made again; the others stay.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.expressions import get_expression
from posthouse.measures.expressions.quality import delivered_within_48h_of_any_brand, main_brands
from posthouse.measures.forms import EPOCH_ON, Parameters, Tables, text
from posthouse.measures.shared import sharing
from posthouse.measures.visits import town_days, village_days
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    import pyarrow as pa
    from ibis.expr.types import Table

_OF_MAIN_BRANDS = {"delivered_within_48h_share": delivered_within_48h_of_any_brand}
"""Measures of the main brands: main at the end of the period asked for, which a day does not know."""

_GROUPS = ("place", "brand", "outlet")
_SUMS = ("numerator", "denominator", "known", "expected")
STATES: Mapping[str, tuple[str, ...]] = {
    "village_days": ("place", "brand", "day", "parcels"),
    "town_days": ("place", "brand", "day", "parcels"),
    "daily_figures": ("measure", "day", *_GROUPS, *_SUMS),
}
"""Each with its columns."""

_TEXTS = ("measure", *_GROUPS)


def daily_states(tables: Tables, period: Period) -> "Mapping[str, pa.Table]":
    """Return the states of every day of the period, by name.

    What depends on the last day of the period asked for (which brands are main brands then) is left open, and
    settled when the states are read.

    Parameters
    ----------
    tables : journeys, parcels and registers; states among them are not read.
    """
    kept = [definition for definition in all_definitions() if is_kept(definition)]
    with sharing([(d, d.defaults) for d in kept], without_states(tables), period) as shared:
        figures = [_figures(definition, shared, period) for definition in kept]
        states = {
            "village_days": village_days(shared, period),
            "town_days": town_days(shared, period),
            "daily_figures": figures[0].union(*figures[1:]),
        }
        return {name: state.to_pyarrow() for name, state in states.items()}


def state_schema(name: str) -> "pa.Schema":
    """Return the Arrow schema of a state."""
    import pyarrow as pa

    return pa.schema([(column, pa.string() if column in _TEXTS else pa.int64()) for column in STATES[name]])


def kept_facts(definitions: Sequence[MeasureDefinition], tables: Tables, period: Period) -> "Table":
    """Return the facts of these measures from the kept states, in one table that says the measure of each row."""
    state = tables["daily_figures"]
    first = (period.start_on - EPOCH_ON).days
    kept = state.filter(
        state.measure.isin([definition.id for definition in definitions]),
        state.day >= first,
        state.day < first + period.days,
    )
    closed = [definition.id for definition in definitions if definition.id in _OF_MAIN_BRANDS]
    if closed:
        main = main_brands(tables, period).select(main_brand="brand")
        kept = kept.left_join(main, kept.brand == main.main_brand)
        kept = kept.filter(kept.measure.notin(closed) | kept.main_brand.notnull())
    return kept.select("measure", *_GROUPS, *_SUMS)


def answers(definition: MeasureDefinition, tables: Tables, parameters: Parameters) -> bool:
    """Whether the tables hold a state that answers for the measure.

    States are kept for the default parameters: a goal with another limit is measured from the journeys.
    """
    return "daily_figures" in tables and is_kept(definition) and dict(parameters) == dict(definition.defaults)


def without_states(tables: Tables) -> Tables:
    """Return the tables without the states among them."""
    return {name: table for name, table in tables.items() if name not in STATES}


def is_kept(definition: MeasureDefinition) -> bool:
    """Whether the measure counts parcels day by day; visits are kept apart, because brands meet in a village."""
    return definition.subject != "village" and bool({"journeys", "parcels"} & set(definition.tables))


def _figures(definition: MeasureDefinition, tables: Tables, period: Period) -> "Table":
    import ibis

    expression = _OF_MAIN_BRANDS.get(definition.id) or get_expression(definition)
    facts = expression(tables, period, definition.groups, definition.defaults)
    grouped = facts.group_by([*definition.groups, "day"]).aggregate(
        **{name: facts[name].sum().cast("int64") for name in _SUMS}
    )
    absent = {group: ibis.null("string") for group in _GROUPS if group not in definition.groups}
    columns = {**absent, "measure": text(definition.id)}
    return grouped.mutate(**columns).select("measure", "day", *_GROUPS, *_SUMS)
