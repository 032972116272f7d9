"""Quarantine on a person's desk: a list to mend in a spreadsheet, and the mended list read back.

The list has one line a row with what is wrong and every cell. Numbers of events and hashes of waybills are taken from
the quarantine, not from the list, unless they were empty: a spreadsheet rounds long numbers.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records.headings import fold_heading
from posthouse.records.load import LoadedTable, load_part
from posthouse.records.mapping import TableMapping
from posthouse.records.raw import RawBatch
from posthouse.records.read_csv import find_encodings, read_csv
from posthouse.records.read_excel import list_sheets, read_excel
from posthouse.records.schema import Table, get_table
from posthouse.records.text_values import clean_text
from posthouse.records.turned_away import CELL, quarantine_schema
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import pyarrow as pa

_ID = "隔离编号"
_ABOUT = (_ID, "表", "文件", "行", "问题", "怎样改")
_FAULTS = {
    "required": ("是空的", "补填"),
    "type": ("不是可读的数、日期或时间", "改成能读的写法，如 2021-06-05 08:30:00"),
    "words": ("不在可用的词里", "改成可用的词"),
    "range": ("超出范围", "改成范围内的数"),
    "clock": ("早于 2020 年或晚于上报时间", "核对两个时间；企业应校准扫描枪"),
    "cells": ("列数与标题行不一致", "改正原文件后重新导入，或在这里补填整行"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedRow:
    """One row in quarantine. faults : (rule, column, value). cells : column to text, as far as known."""

    id: str
    table: str
    file: str
    row: int
    faults: tuple[tuple[str, str, str | None], ...]
    cells: Mapping[str, str | None]
    recipe: str | None


@dataclass(slots=True, kw_only=True)
class Mended:
    """What a mended list brings. blocks : good rows. ids : table to numbers of the rows that leave quarantine."""

    blocks: list[LoadedTable] = field(default_factory=list)
    ids: dict[str, list[int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def list_rows(table: str, rejected: "pa.Table") -> Iterator[QuarantinedRow]:
    """Yield the rows of a table in quarantine, each once with all its faults.

    Parameters
    ----------
    rejected : in `quarantine_schema`.
    """
    found: dict[int, QuarantinedRow] = {}
    for entry in rejected.to_pylist():
        fault = (entry["rule"], entry["column"], entry["value"])
        known = found.get(entry["id"])
        if known is None:
            cells = {name.removeprefix(CELL): value for name, value in entry.items() if name.startswith(CELL)}
            found[entry["id"]] = QuarantinedRow(
                id=_shown_id(entry["id"]),
                table=table,
                file=entry["file"],
                row=entry["row"],
                faults=(fault,),
                cells=cells,
                recipe=entry["recipe"],
            )
        elif fault not in known.faults:
            found[entry["id"]] = replace(known, faults=(*known.faults, fault))
    yield from found.values()


def explain_faults(row: QuarantinedRow) -> tuple[str, str]:
    """Return what is wrong with a row, and what to do."""
    table = get_table(row.table)
    wrong, remedies = [], []
    for rule, column, value in row.faults:
        complaint, remedy = _FAULTS[rule]
        name = f"“{table.column(column).zh}”" if column else ""
        wrong.append(f"{name}{complaint}" + (f"：{value}" if value else ""))
        if rule == "words":
            declared = table.column(column)
            remedy += f"（{'、'.join(declared.values_zh or declared.values)}）"
        remedies.append(remedy)
    return "；".join(wrong), "；".join(dict.fromkeys(remedies))


def write_list(rows: Sequence[QuarantinedRow], path: Path) -> None:
    """Write the list as CSV in UTF-8 with BOM, which Excel opens as it is."""
    tables = dict.fromkeys(row.table for row in rows)
    headings = list(dict.fromkeys(column.zh for table in tables for column in get_table(table).columns))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*_ABOUT, *headings])
        for row in rows:
            cells = {column.zh: row.cells.get(column.name) or "" for column in get_table(row.table).columns}
            about = (row.id, get_table(row.table).zh, row.file, row.row, *explain_faults(row))
            writer.writerow([*about, *(cells.get(heading, "") for heading in headings)])


def read_mended(
    path: Path, rejected: "Mapping[str, pa.Table]", mended: Mapping[str, frozenset[int]], *, key: bytes
) -> Mended:
    """Return what a mended list brings: rows that break no rule any more.

    Parameters
    ----------
    rejected : table to its rows in quarantine. mended : table to numbers of rows mended before.

    Raises
    ------
    UnusableInputError : the file cannot be read, or is no such list.
    """
    waiting = {row.id: row for table, rows in rejected.items() for row in list_rows(table, rows)}
    done = {_shown_id(number) for numbers in mended.values() for number in numbers}
    groups: dict[tuple[str, str | None], list[tuple[int, QuarantinedRow, dict[str, str | None]]]] = {}
    unknown = []
    for number, line in _lines(path, {row.table for row in waiting.values()}):
        shown = line.get(fold_heading(_ID)) or ""
        if (row := waiting.get(shown)) is not None:
            groups.setdefault((row.table, row.recipe), []).append((number, row, line))
        elif shown and shown not in done:
            unknown.append(number)
    result = Mended()
    for (table, recipe), entries in groups.items():
        _load_group(get_table(table), path.name, recipe, entries, key, result=result)
    if unknown:
        result.findings.append(_unknown_rows(path.name, unknown))
    return result


def _load_group(
    table: Table,
    name: str,
    recipe: str | None,
    entries: Iterable[tuple[int, QuarantinedRow, dict[str, str | None]]],
    key: bytes,
    *,
    result: Mended,
) -> None:
    """Check the mended rows of one table; keep what is good."""
    import numpy as np
    import pyarrow as pa

    parts = json.loads(recipe) if recipe else {}
    made = {column: tuple(names) for column, names in parts.get("made_from", {}).items()}
    mapping = TableMapping(made_from=made, same=parts.get("same", {}))
    filled = [c for c in table.columns if c.name not in mapping.same and (c.name not in made or c.name in made[c.name])]
    by_number = {number: (row, line) for number, row, line in entries}
    numbers = sorted(by_number)
    cells = [[_cell(column.name, column.type, column.zh, *by_number[n]) for n in numbers] for column in filled]
    batch = RawBatch(
        headings=tuple(column.name for column in filled),
        columns=tuple(pa.array(values, pa.string()) for values in cells),
        rows=np.array(numbers, np.int64),
    )
    blank = {n for at, n in enumerate(numbers) if not any(values[at] for values in cells)}
    for block, _ in load_part(table, name, iter([batch]), mapping, key):
        faulty = set(block.rejected.column("row").to_pylist()) | blank
        good = [_hidden_id(by_number[number][0].id) for number in numbers if number not in faulty]
        result.ids.setdefault(table.name, []).extend(good)
        result.blocks.append(replace(block, rejected=quarantine_schema(table).empty_table(), findings=(), source=name))
        result.findings += [f for f in block.findings if f.code.removeprefix("records.") in _FAULTS]


def _cell(name: str, kind: str, zh: str, row: QuarantinedRow, line: Mapping[str, str | None]) -> str | None:
    kept = row.cells.get(name)
    if kind in ("hash", "key") and kept and clean_text(kept):
        return kept
    return line.get(fold_heading(zh)) or line.get(fold_heading(name))


def _lines(path: Path, tables: Iterable[str]) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Yield (row number, folded heading to text) of a list."""
    known = frozenset(fold_heading(heading) for heading in _ABOUT) | {
        fold_heading(column.zh) for table in tables for column in get_table(table).columns
    }
    if not path.is_file():
        raise UnusableInputError(f"找不到改好的隔离清单 {path}。请检查路径。")
    batches: list[Any]
    if path.suffix.lower() in (".csv", ".tsv"):
        batches = list(read_csv(path, find_encodings(path)[0], known, frozenset()))
    else:
        batches = list(read_excel(path, list_sheets(path)[0], known))
    for batch in batches:
        headings = [fold_heading(heading) for heading in batch.headings]
        if fold_heading(_ID) not in headings:
            raise UnusableInputError(
                f"{path.name} 应是 posthouse quarantine list --csv 导出的清单，没有“{_ID}”列。请保留这一列。"
            )
        columns: list[list[Any]] = [column.cast("string").to_pylist() for column in batch.columns]
        for at, number in enumerate(batch.rows.tolist()):
            yield number, {heading: values[at] for heading, values in zip(headings, columns, strict=True)}


def _unknown_rows(name: str, numbers: Sequence[int]) -> Finding:
    return Finding(
        code="records.not_quarantined",
        severity=Severity.WARNING,
        message=(
            f"清单 {name} 有 {len(numbers)} 行的隔离编号不在这个工作区的隔离区里（第 {numbers[0]} 行等），没有读入。"
            "请核对工作区。"
        ),
        place=f"{name}:{numbers[0]}",
        fields={"count": len(numbers), "rows": list(numbers[:10])},
    )


def _shown_id(number: int) -> str:
    """Return a row's number as the list shows it: no spreadsheet takes it for a number."""
    return f"q{number & (2**64 - 1):016x}"


def _hidden_id(shown: str) -> int:
    number = int(shown[1:], 16)
    return number - 2**64 if number >= 2**63 else number
