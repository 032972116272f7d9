"""Why a figure is what it is: its definition and clause, its rows, and the query that made it.

For the liaison who doubts a figure, and the data officer who checks it.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from posthouse.measures.catalogue import get_definition
from posthouse.measures.expressions import get_expression
from posthouse.measures.forms import EPOCH_ON, By, Parameters, Tables, county_of, town_of
from posthouse.measures.measure import measure, resolve_parameters, summed_facts
from posthouse.measures.model import Measurement
from posthouse.measures.states import without_states
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.divisions import Level, level_of
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


_SHOWN = ("item", "place", "brand", "outlet", "day", "numerator", "denominator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One figure with all that it rests on.

    parameters : as used, defaults filled in. rows : a page of the rows counted, those with a numerator first, each
    with item, its groups, day (ISO date) where it happened on one, numerator and denominator; of a waybill's hash only
    the last digits. skipped : rows before the page. rows_total : how many there are.
    places : names of the divisions shown, by code. tables : rows of each table needed.
    sql : the query, in the dialect of the engine.
    """

    definition: MeasureDefinition
    measurement: Measurement
    parameters: Parameters
    rows: tuple[Mapping[str, object], ...]
    skipped: int
    rows_total: int
    places: Mapping[str, str]
    tables: Mapping[str, int]
    sql: str


def explain_measure(
    name: str,
    tables: Tables,
    period: Period,
    *,
    place: str | None = None,
    parameters: Mapping[str, object] = MappingProxyType({}),
    limit: int = 20,
    skip: int = 0,
) -> Explanation:
    """Return the figure of a measure, for the whole area or one place, with its rows and its query.

    Parameters
    ----------
    place : 12-digit code of a village, town or county. limit, skip : number of rows shown and
        left out before them, >= 0.

    Raises
    ------
    UnusableInputError : an unknown measure, or a place that the measure does not know.
    """
    import ibis

    definition = get_definition(name)
    tables = without_states(tables)
    by = _group_of(definition, place)
    given = resolve_parameters(definition, period, parameters)
    facts = get_expression(definition)(tables, period, by, given)
    if place is not None:
        facts = facts.filter(_lies_in(facts, by, place))
    rows, total = _page(facts, limit, skip)
    figures = measure([name], tables, period, by=by, parameters=parameters)
    return Explanation(
        definition=definition,
        measurement=_figure_of(figures, place),
        parameters=given,
        rows=rows,
        skipped=skip,
        rows_total=total,
        places=_names(tables["divisions"], {place, *(row.get("place") for row in rows)}),
        tables={needed: int(tables[needed].count().to_pyarrow().as_py()) for needed in definition.tables},
        sql=str(ibis.to_sql(summed_facts(facts, by))),
    )


def _group_of(definition: MeasureDefinition, place: str | None) -> By:
    if place is None:
        return ()
    if "place" not in definition.groups:
        raise UnusableInputError(f"{definition.id} 不分地区，不能用 --place {place}。请去掉 --place。")
    level = level_of(place)
    return ("county",) if level is Level.COUNTY else ("town",) if level is Level.TOWN else ("place",)


def _lies_in(facts: "Table", by: By, place: str) -> "Table":
    match by:
        case ("county",):
            return county_of(facts.place) == place
        case ("town",):
            return town_of(facts.place) == place
        case _:
            return facts.place == place


def _page(facts: "Table", limit: int, skip: int) -> tuple[tuple[Mapping[str, object], ...], int]:
    shown = [name for name in _SHOWN if name in facts.columns]
    counted = facts.filter((facts.numerator != 0) | (facts.denominator != 0 if "denominator" in shown else False))
    total = int(counted.count().to_pyarrow().as_py())
    order = [counted.numerator.desc(), *(counted[name] for name in shown if name not in ("numerator", "denominator"))]
    rows = counted.select(shown).order_by(order).limit(limit, offset=skip).to_pyarrow().to_pylist()
    return tuple(_as_shown(row) for row in rows), total


def _as_shown(row: Mapping[str, object]) -> Mapping[str, object]:
    day, item = row.get("day"), row["item"]
    # Whole numbers are hashes of waybills: enough digits to tell two apart, too few to look a parcel up elsewhere.
    shown = f"…{abs(item) % 1_000_000:06d}" if isinstance(item, int) else item
    dated = {} if day is None else {"day": (EPOCH_ON + timedelta(days=int(str(day)))).isoformat()}
    return {**row, "item": shown, **dated}


def _names(divisions: "Table", codes: Set[object]) -> Mapping[str, str]:
    wanted = sorted(str(code) for code in codes if code)
    if not wanted:
        return {}
    found = divisions.filter(divisions.code.isin(wanted)).select("code", "name").to_pyarrow().to_pylist()
    return {row["code"]: row["name"] for row in found if row["name"]}


def _figure_of(figures: tuple[Measurement, ...], place: str | None) -> Measurement:
    for figure in figures:
        if place is None or figure.place == place:
            return figure
    raise UnusableInputError(f"这个指标在这个期间没有 {place} 的数。请检查代码，或先不加 --place 看全市。")
