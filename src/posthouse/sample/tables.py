"""Writes rows of declared tables as office files: CSV and Excel with Chinese headings, Parquet with ids as headings."""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records.schema import Column, Table, get_table

if TYPE_CHECKING:
    import pyarrow as pa

Rows = Iterable[Mapping[str, object]]

_WRITTEN_AT = datetime(2021, 1, 1)
"""Fixed, so that the same city gives the same bytes."""


def write_csv(path: Path, table_name: str, rows: Rows) -> None:
    """Write rows as UTF-8 CSV under the Chinese headings; yes and no as 是 and 否, nothing for an empty cell."""
    table = get_table(table_name)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.zh for column in table.columns])
        for row in rows:
            writer.writerow([_text(row.get(column.name)) for column in table.columns])


def write_excel(path: Path, table_name: str, rows: Rows) -> None:
    """Write rows as a workbook with one sheet under the Chinese headings; days are real Excel dates."""
    import xlsxwriter

    table = get_table(table_name)
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": table.zh, "created": _WRITTEN_AT})
        sheet = book.add_worksheet(table.zh)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        head = book.add_format({"bold": True})
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, column.zh, head)
        for line, row in enumerate(rows, start=1):
            for at, column in enumerate(table.columns):
                value = row.get(column.name)
                if isinstance(value, date):
                    sheet.write_datetime(line, at, value, day)
                elif isinstance(value, bool | str):
                    sheet.write_string(line, at, _text(value))
                elif isinstance(value, int | float):
                    sheet.write_number(line, at, value)


def event_table(table_name: str, columns: Mapping[str, list[object]]) -> "pa.Table":
    """Return columns of an event table as Arrow, in the declared order; text as dictionary codes."""
    import pyarrow as pa

    table = get_table(table_name)
    return pa.table({column.name: _array(table, column, columns[column.name]) for column in table.columns})


def write_json(path: Path, value: object) -> None:
    """Write a value as readable JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n", encoding="utf-8")


def _array(table: Table, column: Column, values: list[object]) -> "pa.Array[Any]":
    import pyarrow as pa

    types = {"int": pa.int64(), "real": pa.float64(), "bool": pa.bool_(), "date": pa.date32()}
    if column.type in types:
        return pa.array(values, types[column.type])
    text = pa.array(values, pa.string())
    return text if column.name in table.key else text.dictionary_encode()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)
