"""Measuring: definitions and tables in, Measurements out; each value comes with numerator, denominator and coverage.

The expressions run on whatever engine the tables belong to; the division is done here, once, so that every engine
gives the same bits.
"""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from posthouse.measures.catalogue import all_definitions, get_definition
from posthouse.measures.coverage import describe_gap, table_coverage
from posthouse.measures.expressions import get_expression
from posthouse.measures.forms import By, Parameters, Tables, county_of, last_day, town_of
from posthouse.measures.model import Measurement
from posthouse.measures.shared import sharing
from posthouse.measures.states import answers, kept_facts
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Grain, Period

if TYPE_CHECKING:
    from ibis.expr.types import Table

Coverages = dict[tuple[str, Period], float]

GROUPS = ("place", "town", "county", "brand", "outlet")
"""What a figure can be broken down by; town and county gather the places of a measure that knows places."""

_PLACES = ("place", "town", "county")
_GRAINS = tuple(Grain)
"""From the shortest to the longest."""


def measure(
    ids: Sequence[str] | None,
    tables: Tables,
    period: Period,
    *,
    by: By = (),
    parameters: Mapping[str, object] = MappingProxyType({}),
    coverages: Coverages | None = None,
) -> tuple[Measurement, ...]:
    """Return the measurements of these measures for one period, in the order of `ids`, then by place, brand, outlet.

    Parameters
    ----------
    ids : measures of the catalogue; None for all.
    tables : the records by name, as Ibis tables of one engine.
    by : any of place (or town, or county), brand and outlet; empty for one figure of the whole area. A measure that
        cannot be broken down so gives no measurement (its definition's `groups` says what it can).
    parameters : what a goal adds (base_year, limit_hours …); a measure takes those it declares.
    coverages : of tables by (name, period), looked up here and added to; share one between calls on the same tables.

    Raises
    ------
    UnusableInputError : an unknown measure or group, or a parameter that is no number where one is needed.
    """
    check_groups(by)
    definitions = all_definitions() if ids is None else tuple(get_definition(name) for name in ids)
    known: Coverages = {} if coverages is None else coverages
    wanted = [definition for definition in definitions if can_group(definition, by)]
    kept = _kept_rows(wanted, tables, period, by=by, given=parameters)
    asked = [(d, resolve_parameters(d, period, parameters)) for d in wanted if d.id not in kept]
    with sharing(asked, tables, period) as shared:
        return tuple(
            measurement
            for definition in wanted
            for measurement in _measure_one(
                definition, shared, period, by=by, given=parameters, known=known, kept=kept.get(definition.id)
            )
        )


def check_groups(by: By) -> None:
    """Raise UnusableInputError unless `by` names known groups, and places at one level only."""
    unknown = [group for group in by if group not in GROUPS]
    if unknown or len(set(by) & set(_PLACES)) > 1 or len(set(by)) < len(by):
        raise UnusableInputError(
            f"分组应取自 {'、'.join(GROUPS)}（place、town、county 只取其一），实际为 {','.join(by)!r}。请改正 --by。"
        )


def can_group(definition: MeasureDefinition, by: By) -> bool:
    """Whether the measure can be broken down by these groups."""
    return all(("place" if group in _PLACES else group) in definition.groups for group in by)


def resolve_parameters(definition: MeasureDefinition, period: Period, given: Mapping[str, object]) -> Parameters:
    """Return the measure's parameters: those given that it declares, else its defaults; base_year else the year before.

    Raises
    ------
    UnusableInputError : a value is no number where the default is one.
    """
    resolved: dict[str, str | int | float] = dict(definition.defaults)
    if "base_year" in definition.parameters:
        resolved["base_year"] = last_day(period).year - 1
    for name in definition.parameters:
        value = given.get(name)
        if value is not None and value != "":
            resolved[name] = _number(definition, name, value) if name in resolved else str(value)
    return resolved


def summed_facts(facts: "Table", by: By) -> "Table":
    """Return the facts summed by group: the one place where rows become figures."""
    keys: dict[str, object] = {}
    for group in by:
        match group:
            case "town":
                keys["place"] = town_of(facts.place)
            case "county":
                keys["place"] = county_of(facts.place)
            case _:
                keys[group] = facts[group]
    sums = [name for name in ("numerator", "denominator", "known", "expected") if name in facts.columns]
    grouped = facts.select(*sums, **keys)
    for key in keys:
        grouped = grouped.filter(grouped[key].notnull())
    return grouped.aggregate(
        by=list(keys), rows=grouped.count(), **{name: grouped[name].sum().cast("int64") for name in sums}
    )


def _measure_one(
    definition: MeasureDefinition,
    tables: Tables,
    period: Period,
    *,
    by: By,
    given: Mapping[str, object],
    known: Coverages,
    kept: "list[dict[str, object]] | None",
) -> list[Measurement]:
    parameters = resolve_parameters(definition, period, given)
    reason = _why_not(definition, period, parameters)
    coverage = 1.0
    for name in () if reason else definition.tables:
        if (name, period) not in known:
            known[name, period] = table_coverage(name, tables, period)
        coverage = min(coverage, known[name, period])
        reason = reason or ("" if known[name, period] else describe_gap(name, period))
    if reason:
        return [] if by else [_missing(definition, period, {}, reason)]
    rows = kept
    if rows is None:
        rows = summed_facts(get_expression(definition)(tables, period, by, parameters), by).to_pyarrow().to_pylist()
    rows.sort(key=lambda row: tuple(row.get(group) or "" for group in ("place", "brand", "outlet")))
    return [_figure(definition, period, parameters, row, coverage) for row in rows]


def _kept_rows(
    definitions: Sequence[MeasureDefinition], tables: Tables, period: Period, *, by: By, given: Mapping[str, object]
) -> dict[str, list[dict[str, object]]]:
    """Return the summed rows of the measures that the daily states answer for: one query for all of them."""
    answered = [d for d in definitions if answers(d, tables, resolve_parameters(d, period, given))]
    rows: dict[str, list[dict[str, object]]] = {definition.id: [] for definition in answered}
    if answered:
        for row in summed_facts(kept_facts(answered, tables, period), ("measure", *by)).to_pyarrow().to_pylist():
            rows[row.pop("measure")].append(row)
    if not by:
        nothing = {"rows": 0, "numerator": None, "denominator": None, "known": None, "expected": None}
        rows = {name: found or [dict(nothing)] for name, found in rows.items()}
    return rows


def _why_not(definition: MeasureDefinition, period: Period, parameters: Parameters) -> str:
    if not definition.computed:
        return f"尚不能计算：{definition.needs}"
    if period.end_on <= definition.valid_from or (definition.valid_to and period.start_on >= definition.valid_to):
        until = f"至 {definition.valid_to}（不含）" if definition.valid_to else "起"
        return f"指标定义的适用日期为 {definition.valid_from} {until}，不含 {period}"
    if _GRAINS.index(period.grain) < _GRAINS.index(Grain(definition.grain)):
        return f"该指标最短按 {definition.grain} 计算，{period} 太短"
    if int(parameters.get("base_year", 0)) >= last_day(period).year:
        return f"基年 {parameters['base_year']} 不早于 {last_day(period).year} 年，没有可比的同期"
    return ""


def _figure(
    definition: MeasureDefinition,
    period: Period,
    parameters: Parameters,
    row: Mapping[str, object],
    coverage: float,
) -> Measurement:
    numerator, denominator, expected = (_int(row.get(name)) for name in ("numerator", "denominator", "expected"))
    is_count = "denominator" not in row
    if is_count and not row["rows"]:
        numerator = 0
    if expected:
        coverage = min(coverage, (_int(row["known"]) or 0) / expected)
    if not coverage:
        return _missing(definition, period, row, "应有的数据一份也没有")
    if numerator is None or not (is_count or denominator):
        what = definition.numerator if numerator is None and row["rows"] else definition.denominator
        return _missing(definition, period, row, f"没有可计算的对象：{what}")
    notes = [f"以 {parameters['base_year']} 年同期为基数"] if "base_year" in parameters else []
    if coverage < 1.0:
        # Rounded down: 99.96 % is not all.
        notes.append(f"数据只有应有的 {math.floor(coverage * 1000) / 10:.1f}%")
    return Measurement(
        measure=definition.id,
        period=period,
        **_groups(row),
        value=_value(definition, period, parameters, numerator, denominator),
        numerator=numerator,
        denominator=denominator,
        coverage=coverage,
        unit=definition.unit,
        version=definition.version,
        note="；".join(notes),
    )


def _value(
    definition: MeasureDefinition, period: Period, parameters: Parameters, numerator: int, denominator: int | None
) -> float:
    if denominator is None:
        return float(numerator * definition.scale)
    if definition.form == "yearly_growth":
        years = last_day(period).year - int(parameters["base_year"])
        return float((numerator / denominator) ** (1 / years) - 1)
    return numerator * definition.scale / denominator


def _missing(definition: MeasureDefinition, period: Period, row: Mapping[str, object], note: str) -> Measurement:
    return Measurement(
        measure=definition.id,
        period=period,
        **_groups(row),
        value=None,
        numerator=None,
        denominator=None,
        coverage=0.0,
        unit=definition.unit,
        version=definition.version,
        note=note,
    )


def _groups(row: Mapping[str, object]) -> dict[str, str | None]:
    return {group: None if row.get(group) is None else str(row[group]) for group in ("place", "brand", "outlet")}


def _number(definition: MeasureDefinition, name: str, value: object) -> int | float:
    try:
        number = float(str(value))
    except ValueError:
        raise UnusableInputError(f"{definition.id} 的参数 {name} 应为数，实际为 {value!r}。请改正后重试。") from None
    return int(number) if number.is_integer() else number


def _int(value: object) -> int | None:
    return None if value is None else int(str(value))
