"""From somebody's files to typed, checked rows: what is good, what is turned away, and what a person should know.

Works file by file and block by block, so memory does not grow with the source. Nothing is written here; `stores` does.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from posthouse.records.accept import PlainRows, plain_kinds
from posthouse.records.arrow import stored_schema
from posthouse.records.check import RowFaults, check_batch
from posthouse.records.headings import HeadingMatch, column_names, match_headings
from posthouse.records.mapping import SourceMapping, TableMapping, read_shipped
from posthouse.records.packed import PackedBlock, packing_of
from posthouse.records.plain_csv import Kind, PlainBatch
from posthouse.records.raw import RawBatch
from posthouse.records.read_columns import read_json_lines, read_parquet
from posthouse.records.read_csv import find_encodings, read_events
from posthouse.records.read_epcis import EpcisFile
from posthouse.records.read_excel import list_sheets, read_excel
from posthouse.records.schema import Table, get_table
from posthouse.records.source import SourceFile, list_files, table_named
from posthouse.records.translate import number_rows, skipped_finding, translate_batch, translates
from posthouse.records.turned_away import keep_cells, quarantine_schema
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[str, float], None]

EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedTable:
    """A block of one file: good rows and rejected ones.

    table : name of the table; empty where the file names none, and then there are no rows.
    rows : as `arrow.stored_schema` says. rejected : as `turned_away.quarantine_schema` says.
    findings : what a person should know; those that count rows come with the last block of a file.
    source : the file's path below the source, with the sheet where it is one of several.
    withdraws : this file turned out to be unreadable further on; what earlier blocks of it brought is not to be kept.
    packed : more good rows, valid until the next block is asked for; only where they were asked for.
    """

    table: str
    rows: "pa.Table"
    rejected: "pa.Table"
    findings: tuple[Finding, ...]
    source: str
    withdraws: bool = False
    packed: PackedBlock | None = None

    @property
    def count(self) -> int:
        """How many good rows there are."""
        return len(self.rows) + (0 if self.packed is None else len(self.packed))


def load_source(
    source: Path,
    *,
    key: bytes,
    mapping: SourceMapping | None = None,
    progress: Progress | None = None,
    packed: bool = False,
) -> Iterator[LoadedTable]:
    """Yield the rows of every file of a source, block by block, in a fixed order.

    Parameters
    ----------
    source : a file or a folder. A file's table is known by its name, its sheet's, its folder's, or the mapping.
    key : the owner's secret for waybill numbers, 1 to 32 bytes.
    progress : called with the file's name and the share 0..1 of the bytes of all files that have been read.
    packed : whether rows may come packed, which is faster, where `packed.packing_of` says how.

    Raises
    ------
    UnusableInputError : the source does not exist or holds no file that can be read.
    """
    mapping = mapping or SourceMapping()
    files = list_files(source, mapping)
    sizes = [max(file.path.stat().st_size, 1) for file in files]
    total, done = sum(sizes), 0
    for file, size in zip(files, sizes, strict=True):
        for loaded, read_bytes in _load_file(file, mapping, key, packed):
            if progress:
                progress(file.name, min(done + read_bytes, done + size) / total)
            yield loaded
        done += size
        if progress:
            progress(file.name, done / total)


def _load_file(file: SourceFile, mapping: SourceMapping, key: bytes, packed: bool) -> Iterator[tuple[LoadedTable, int]]:
    if file.is_epcis:
        shipped = read_shipped("epcis")
        mapping = SourceMapping(tables={name: mapping.of(name).over(e) for name, e in shipped.tables.items()})
    try:
        parts = _epcis_parts(file, mapping, key) if file.is_epcis else _parts(file, mapping, packed)
    except UnusableInputError as fault:
        yield _nothing(file.table or "", file.name, _unreadable(file.name, fault)), 0
        return
    if not parts:
        yield _nothing("", file.name, _unknown_file(file.name)), 0
    for table, name, readers in parts:
        for attempt, batches in enumerate(readers, start=1):
            try:
                yield from load_part(get_table(table), name, batches, mapping.of(table), key, packed=packed)
            except UnusableInputError as fault:
                findings = [_unreadable(name, fault)] if attempt == len(readers) else []
                yield replace(_nothing(table, name, *findings), withdraws=True), 0
            else:
                break


def _parts(
    file: SourceFile, mapping: SourceMapping, packed: bool
) -> list[tuple[str, str, list[Iterator[RawBatch | PlainBatch]]]]:
    """Return (table, name for people, readers to try in turn) of the file, or of each sheet that names a table."""
    suffix = file.path.suffix.lower()
    if suffix in EXCEL:
        sheets = list_sheets(file.path)
        named = [(table, sheet) for sheet in sheets if (table := table_named(sheet))]
        if file.table and (len(sheets) == 1 or not named):
            named = [(file.table, sheets[0])]
        return [
            (
                table,
                file.name if len(sheets) == 1 else f"{file.name}［{sheet}］",
                [read_excel(file.path, sheet, _known(table, mapping))],
            )
            for table, sheet in named
        ]
    if file.table is None:
        return []
    known, coded = _known(file.table, mapping), _coded(file.table, mapping)
    if suffix == ".parquet":
        return [(file.table, file.name, [read_parquet(file.path, coded)])]
    if suffix in (".jsonl", ".ndjson"):
        return [(file.table, file.name, [read_json_lines(file.path)])]
    plain = _plain(file.table, mapping)
    packed = packed and packing_of(get_table(file.table)) is not None
    readers = [
        read_events(file.path, encoding, known, coded, plain, packed=packed) for encoding in find_encodings(file.path)
    ]
    return [(file.table, file.name, readers)]


def _epcis_parts(
    file: SourceFile, mapping: SourceMapping, key: bytes
) -> Iterator[tuple[str, str, list[Iterator[RawBatch | PlainBatch]]]]:
    """Yield, as `_parts` does, the scans, and then the retractions where reading the scans has met any."""
    events = EpcisFile(file.path, mapping.of("scans"), key)
    yield "scans", file.name, [events.scans()]
    if events.has_retractions:
        yield "retractions", file.name, [events.retractions()]


def _known(table: str, mapping: SourceMapping) -> frozenset[str]:
    return frozenset(column_names(get_table(table), mapping.of(table)))


def _coded(table: str, mapping: SourceMapping) -> frozenset[str]:
    """Return the folded headings of columns whose texts repeat: free text and words, in events only."""
    declared = get_table(table)
    if declared.kind != "event":
        return frozenset()
    repeating = {c.name for c in declared.columns if c.type in ("text", "bool") and c.name not in declared.key}
    return frozenset(
        heading for heading, column in column_names(declared, mapping.of(table)).items() if column in repeating
    )


def _plain(table: str, mapping: SourceMapping) -> dict[str, Kind]:
    """Return the folded headings of columns that `plain_csv` may read, with their kinds: of events, simply mapped."""
    declared, of_table = get_table(table), mapping.of(table)
    if declared.kind != "event" or translates(of_table):
        return {}
    kinds = plain_kinds(declared, of_table)
    return {heading: kinds[column] for heading, column in column_names(declared, of_table).items()}


def load_part(
    table: Table,
    name: str,
    batches: Iterator[RawBatch | PlainBatch],
    mapping: TableMapping,
    key: bytes,
    *,
    packed: bool = False,
) -> Iterator[tuple[LoadedTable, int]]:
    """Yield the checked rows of one file or sheet, and how many bytes of it have been read.

    Parameters
    ----------
    name : the file as shown to people. packed : as for `load_source`.
    """
    import pyarrow as pa

    faults = RowFaults()
    match: HeadingMatch | None = None
    held: tuple[LoadedTable, int] | None = None
    filled: tuple[str, ...] = ()
    skipped: Counter[str] = Counter()
    nothing = _nothing(table.name, name)
    for accepted, raw, read_bytes in _accept(table, batches, mapping, key, packed=packed):
        if isinstance(accepted, PackedBlock):
            faults.rows += len(accepted)
            yield replace(nothing, packed=accepted), read_bytes
        if raw is None:
            continue
        batch = translate_batch(table, mapping, raw, skipped) if accepted is None else raw
        if match is None:
            match = match_headings(table, mapping, batch.headings)
            if match.missing:
                yield _nothing(table.name, name, *_missing_columns(table, name, match, batch.headings)), read_bytes
                return
        good = []
        rejected = quarantine_schema(table).empty_table()
        if isinstance(accepted, pa.Table):
            faults.rows += accepted.num_rows
            good = [accepted]
        filled += batch.filled
        if len(batch.rows) or batch.broken or not good:
            rows, rejected = check_batch(table, name, batch, match=match, mapping=mapping, key=key, faults=faults)
            good.append(number_rows(table, mapping, raw.headings, rows))
            rejected = keep_cells(table, mapping, raw.headings, batch, rejected, key=key)
        rows = pa.concat_tables(good)
        if held:
            yield held
        held = (
            LoadedTable(table=table.name, rows=rows, rejected=rejected, findings=(), source=name),
            read_bytes,
        )
    if held is None or match is None:
        yield _nothing(table.name, name, _empty_file(table, name)), 0
        return
    last, read_bytes = held
    findings = (*_heading_findings(table, name, match), *_filled(table, name, filled), *faults.findings(table, name))
    if skipped:
        findings = (*findings, skipped_finding(table, name, skipped))
    elif not faults.rows:
        findings = (*findings, _empty_file(table, name))
    yield (
        LoadedTable(table=last.table, rows=last.rows, rejected=last.rejected, findings=findings, source=last.source),
        read_bytes,
    )


def _accept(
    table: Table, batches: Iterator[RawBatch | PlainBatch], mapping: TableMapping, key: bytes, *, packed: bool
) -> "Iterator[tuple[pa.Table | PackedBlock | None, RawBatch | None, int]]":
    """Yield rows that are good as they stand, None where none were looked for, and rows to be checked one by one.

    With them comes how many bytes of the file have been read.
    """
    plain: PlainRows | None = None
    read_bytes = 0
    for batch in batches:
        if isinstance(batch, PlainBatch):
            if plain is None:
                match = match_headings(table, mapping, batch.headings)
                plain = PlainRows(table, batch, match=match, mapping=mapping, key=key, packed=packed)
            for good, odd in plain.add(batch):
                yield good, odd, read_bytes
        else:
            if plain:
                yield *plain.take_out(), read_bytes
                plain = None
            yield None, batch, batch.read_bytes
        read_bytes = batch.read_bytes
    if plain:
        yield *plain.take_out(), read_bytes


def _nothing(table: str, name: str, *findings: Finding) -> LoadedTable:
    import pyarrow as pa

    rows, rejected = pa.table({}), pa.table({})
    if table:
        rows = stored_schema(get_table(table)).empty_table()
        rejected = quarantine_schema(get_table(table)).empty_table()
    return LoadedTable(table=table, rows=rows, rejected=rejected, findings=findings, source=name)


def _unknown_file(name: str) -> Finding:
    return Finding(
        code="records.unknown_file",
        severity=Severity.WARNING,
        message=(
            f"文件 {name} 的名称没有说明是哪张表，没有导入。请改名为表名（如 scans 或 扫描），或在映射文件里写 files。"
        ),
        place=name,
    )


def _unreadable(name: str, fault: UnusableInputError) -> Finding:
    return Finding(code="records.unreadable_file", severity=Severity.ERROR, message=str(fault), place=name)


def _empty_file(table: Table, name: str) -> Finding:
    return Finding(
        code="records.empty_file",
        severity=Severity.WARNING,
        message=f"文件 {name}（{table.zh}）里没有数据行。如果这段时间确实没有数据，不必处理；否则请重新导出。",
        place=name,
        fields={"table": table.name},
    )


def _missing_columns(table: Table, name: str, match: HeadingMatch, headings: tuple[str, ...]) -> Iterator[Finding]:
    found = "、".join(heading for heading in headings if heading.strip())
    for column in match.missing:
        yield Finding(
            code="records.missing_column",
            severity=Severity.ERROR,
            message=(
                f"文件 {name} 缺少“{column.zh}”列（{table.zh} 表 {column.name}），整个文件没有导入。"
                f"读到的标题：{found}。请补上这一列，或在映射文件里写明它的标题。"
            ),
            place=name,
            fields={"table": table.name, "column": column.name, "file": name},
        )


def _filled(table: Table, name: str, filled: tuple[str, ...]) -> Iterator[Finding]:
    if filled:
        yield Finding(
            code="records.merged_cells",
            severity=Severity.INFO,
            message=f"文件 {name}（{table.zh}）的合并单元格已按左上角的值填满：{'、'.join(filled)}。请核对。",
            place=name,
            fields={"table": table.name, "cells": list(filled)},
        )


def _heading_findings(table: Table, name: str, match: HeadingMatch) -> Iterator[Finding]:
    for code, severity, headings, message in (
        (
            "records.unknown_column",
            Severity.WARNING,
            match.unknown,
            "不认识，没有读取。如果需要，请在映射文件里写明它是哪一列。",
        ),
        ("records.repeated_column", Severity.WARNING, match.repeated, "与前面的列重复，没有读取。请删去多余的列。"),
        ("records.absent_column", Severity.INFO, tuple(c.zh for c in match.absent), "没有提供，按空处理。"),
    ):
        if headings:
            yield Finding(
                code=code,
                severity=severity,
                message=f"文件 {name}（{table.zh}）的列“{'”“'.join(headings)}”{message}",
                place=name,
                fields={"table": table.name, "columns": list(headings)},
            )
