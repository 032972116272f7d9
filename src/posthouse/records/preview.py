"""What a load would do, by the beginning of each file: form, table, columns, first problems. Writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posthouse.records.headings import column_names
from posthouse.records.load import EXCEL, load_part
from posthouse.records.mapping import SourceMapping, TableMapping, read_shipped
from posthouse.records.propose import Proposal, propose_mapping
from posthouse.records.raw import RawBatch
from posthouse.records.read_columns import read_json_lines, read_parquet
from posthouse.records.read_csv import find_encodings, read_csv
from posthouse.records.read_epcis import EpcisFile
from posthouse.records.read_excel import list_sheets, read_excel
from posthouse.records.schema import Table, all_tables, get_table
from posthouse.records.source import SourceFile, list_files, table_named
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding

_ROWS = 2000
_KEY = b"preview"  # nothing is kept, so it hides nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePreview:
    """One file or sheet. form : `csv utf-8`, `excel` …; table : None where none fits. rows : how many were looked at.

    problem : why the file cannot be read; empty where it can. findings : what its first rows would give rise to.
    """

    file: str
    form: str
    table: str | None
    rows: int
    proposal: Proposal
    findings: tuple[Finding, ...] = ()
    problem: str = ""


def preview_source(source: Path, mapping: SourceMapping | None = None) -> tuple[FilePreview, ...]:
    """Return what loading this source would come to, and a proposal for each file that needs a mapping.

    Raises
    ------
    UnusableInputError : the source does not exist or holds no file that can be read.
    """
    mapping = mapping or SourceMapping()
    return tuple(preview for file in list_files(source, mapping) for preview in _preview_file(file, mapping))


def proposed_mapping(previews: tuple[FilePreview, ...]) -> dict[str, TableMapping]:
    """Return one mapping of all files, table by table."""
    tables: dict[str, TableMapping] = {}
    for preview in previews:
        if preview.table is None:
            continue
        proposed = preview.proposal.mapping
        base = tables.get(preview.table)
        tables[preview.table] = proposed if base is None else _joined(base, proposed)
    return tables


def _joined(first: TableMapping, second: TableMapping) -> TableMapping:
    both = second.over(first)
    files = tuple(dict.fromkeys((*first.files, *second.files)))
    return TableMapping(files=files).over(both)


def _preview_file(file: SourceFile, mapping: SourceMapping) -> Iterator[FilePreview]:
    try:
        for form, sheet, batch in _beginnings(file, mapping):
            yield _preview_batch(file, mapping, form, sheet, batch)
    except UnusableInputError as fault:
        yield FilePreview(
            file=file.name, form=file.path.suffix, table=file.table, rows=0, proposal=Proposal(), problem=str(fault)
        )


def _beginnings(file: SourceFile, mapping: SourceMapping) -> Iterator[tuple[str, str, RawBatch]]:
    """Yield (form, sheet, first rows) of a file or of each of its sheets."""
    suffix, none = file.path.suffix.lower(), frozenset[str]()
    known = frozenset(name for table in all_tables().values() for name in column_names(table, mapping.of(table.name)))
    readers: list[tuple[str, str, Iterator[Any]]]
    if file.is_epcis:
        shipped = mapping.of("scans").over(read_shipped("epcis").of("scans"))
        readers = [("epcis", "", EpcisFile(file.path, shipped, _KEY).scans())]
    elif suffix in EXCEL:
        readers = [("excel", sheet, read_excel(file.path, sheet, known)) for sheet in list_sheets(file.path)]
    elif suffix == ".parquet":
        readers = [("parquet", "", read_parquet(file.path, none))]
    elif suffix in (".jsonl", ".ndjson"):
        readers = [("json lines", "", read_json_lines(file.path))]
    else:
        encoding = find_encodings(file.path)[0]
        readers = [(f"csv {encoding}", "", read_csv(file.path, encoding, known, none))]
    for form, sheet, batches in readers:
        batch = next(batches, None)
        if batch is not None:
            yield form, sheet, _beginning(batch)


def _beginning(batch: RawBatch) -> RawBatch:
    return RawBatch(
        headings=batch.headings,
        columns=tuple(column.slice(0, _ROWS) for column in batch.columns),
        rows=batch.rows[:_ROWS],
        filled=batch.filled,
    )


def _preview_batch(file: SourceFile, mapping: SourceMapping, form: str, sheet: str, batch: RawBatch) -> FilePreview:
    name = f"{file.name}［{sheet}］" if sheet else file.name
    table = (table_named(sheet) if sheet else None) or file.table or _likeliest(batch, mapping)
    if table is None:
        return FilePreview(file=name, form=form, table=None, rows=len(batch.rows), proposal=Proposal())
    declared, given = get_table(table), mapping.of(table)
    if file.is_epcis:
        given = given.over(read_shipped("epcis").of(table))
    proposal = propose_mapping(declared, batch.headings, _texts(batch), given)
    if file.table is None and not (sheet and table_named(sheet)):
        proposal = Proposal(
            mapping=TableMapping(files=(file.path.name,)).over(proposal.mapping),
            columns=proposal.columns,
            missing=proposal.missing,
        )
    findings = tuple(
        finding
        for block, _ in load_part(declared, name, iter([batch]), proposal.mapping, _KEY)
        for finding in block.findings
    )
    return FilePreview(file=name, form=form, table=table, rows=len(batch.rows), proposal=proposal, findings=findings)


def _likeliest(batch: RawBatch, mapping: SourceMapping) -> str | None:
    """Return the table of which most columns are found, none required missing; the first declared of equals."""
    values = _texts(batch)

    def found(table: Table) -> int:
        proposal = propose_mapping(table, batch.headings, values, mapping.of(table.name))
        named = {guess.column for guess in proposal.columns if guess.column and guess.by != "content"}
        return 0 if len(proposal.missing) > 1 else len(named)

    counts = {table.name: found(table) for table in all_tables().values() if table.kind != "derived"}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > 1 else None


def _texts(batch: RawBatch) -> list[list[str | None]]:
    import pyarrow as pa

    return [column.cast(pa.string()).to_pylist() for column in batch.columns]
