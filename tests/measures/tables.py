"""Tiny records for tests: rows given as dicts of the columns that matter, the others empty or harmless."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType

import ibis
import pyarrow as pa

from posthouse.measures.catalogue import get_definition
from posthouse.measures.measure import measure
from posthouse.measures.model import Measurement
from posthouse.records.arrow import arrow_schema
from posthouse.records.schema import Column, all_tables
from posthouse.vocabulary.periods import parse_period

Row = Mapping[str, object]

_HARMLESS: Mapping[str, object] = {
    "text": "x",
    "int": 0,
    "real": 0.0,
    "bool": False,
    "date": date(2021, 6, 1),
    "time": datetime(2021, 6, 1, tzinfo=UTC),
    "hash": 0,
    "key": 0,
}


def make_tables(**rows: Sequence[Row]) -> Mapping[str, ibis.Table]:
    """Return every declared table on DuckDB in memory, with the rows given by table name."""
    engine = ibis.duckdb.connect()
    return {name: engine.create_table(name, arrow_rows(name, rows.get(name, ()))) for name in all_tables()}


def measured(name: str, period: str = "2021-06", **rows: Sequence[Row]) -> Measurement:
    """Return the one figure of a measure on these rows; only the tables that its definition needs exist."""
    (figure,) = figures(name, (), period, **rows)
    return figure


def figures(
    name: str,
    by: tuple[str, ...],
    period: str = "2021-06",
    parameters: Mapping[str, object] = MappingProxyType({}),
    **rows: Sequence[Row],
) -> tuple[Measurement, ...]:
    """Return the figures of a measure on these rows, broken down."""
    wanted = {*get_definition(name).tables, *rows}
    tables = {table: ibis.memtable(arrow_rows(table, rows.get(table, ()))) for table in wanted}
    return measure([name], tables, parse_period(period), by=by, parameters=parameters)


def arrow_rows(table: str, rows: Sequence[Row]) -> pa.Table:
    """Return the rows in the table's schema; keys number themselves."""
    declared = all_tables()[table]
    unknown = {key for row in rows for key in row} - {column.name for column in declared.columns}
    assert not unknown, f"{table} has no column {unknown}"
    columns = [
        [_cell(column, row, number, declared.key) for number, row in enumerate(rows)] for column in declared.columns
    ]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, arrow_schema(declared), strict=True)],
        schema=arrow_schema(declared),
    )


def _cell(column: Column, row: Row, number: int, key: tuple[str, ...]) -> object:
    if column.name in row:
        return row[column.name]
    if (column.name,) == key:
        return number if column.type in ("hash", "key") else f"{column.name}-{number}"
    return _HARMLESS[column.type] if column.required else None


def at_s(day: str, hour: float = 12.0) -> int:
    """Seconds of the journey clock at an hour of a Shanghai day."""
    return (date.fromisoformat(day) - date(2020, 1, 1)).days * 86_400 + int(hour * 3600)


def at(day: str, hour: float = 12.0) -> datetime:
    """The aware time at an hour of a Shanghai day."""
    return datetime.fromtimestamp(1_577_808_000 + at_s(day, hour), tz=UTC)
