"""The workspace: a folder that holds a city's programme, its records and every run's results.

programme.toml         what the plan says
key                    the owner's secret for waybill numbers, readable by the owner only
manifest.json          which files below are the published state
records/<table>/       Parquet, a file a day for events, one file for registers
superseded/scans/      scans that a correction has replaced
quarantine/<table>/    rows turned away: file, row, rule, column, value, and their cells
mended/<table>/        which rows have left the quarantine
journeys/              one row per parcel, by the day of its first scan
states/                what each day leaves for the measures, by month; states.json says from which files
runs/<id>/             what one run of the program took in and gave; never changed
reports/               bulletins, lists, maps
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.measures.coverage import DAILY
from posthouse.measures.forms import EPOCH_ON
from posthouse.measures.states import STATES, state_schema, without_states
from posthouse.records.arrow import arrow_schema, empty_rows, rejected_schema, stored_schema
from posthouse.records.load import LoadedTable, load_source
from posthouse.records.mapping import SourceMapping
from posthouse.records.schema import Table, all_tables, get_table
from posthouse.records.source import list_files
from posthouse.stores.journeys import fold_workspace
from posthouse.stores.load_report import LoadReport
from posthouse.stores.manifest import MANIFEST, Manifest, read_manifest, write_atomically, write_manifest
from posthouse.stores.mending import QuarantinedRow, list_rows, read_mended
from posthouse.stores.parts import UNDATED, quote_files, stream_part
from posthouse.stores.publish import publish, publish_loaded, writing
from posthouse.stores.quarantine import mended_ids, read_rejected
from posthouse.stores.runs import write_run_folder
from posthouse.stores.states import are_current, read_states, write_states
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.sources import Run

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

_KEY = "key"
_PROGRAMME = "programme.toml"


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace folder. Open it with `open_workspace` or `create_workspace`."""

    path: Path

    def key(self) -> bytes:
        """Return the secret for waybill numbers; made at random the first time, readable by its owner only.

        Raises
        ------
        UnusableInputError : the key is gone, but there are rows that were hashed with it.
        """
        path = self.path / _KEY
        if not path.exists():
            if any(read_manifest(self.path).records.get(table) for table in ("scans", "parcels")):
                raise UnusableInputError(
                    f"工作区 {self.path} 的密钥文件 {_KEY} 不见了，新导入的运单会与已有的对不上。请从备份恢复它。"
                )
            write_atomically(path, secrets.token_bytes(32), mode=0o600)
        return path.read_bytes()

    def load(
        self,
        source: Path,
        *,
        mapping: SourceMapping | None = None,
        progress: Callable[[str, float], None] | None = None,
    ) -> LoadReport:
        """Load a file or folder into the records and fold the journeys, as one step that happens wholly or not at all.

        Raises
        ------
        UnusableInputError : the source cannot be read at all, or another process is writing.
        """
        list_files(source, mapping or SourceMapping())
        return self.write_blocks(load_source(source, key=self.key(), mapping=mapping, progress=progress, packed=True))

    def write_blocks(self, blocks: Iterable[LoadedTable]) -> LoadReport:
        """Merge blocks of any tables into the records as one step."""
        return publish_loaded(self.path, blocks)

    def write_table(self, table: str, rows: "pa.Table") -> LoadReport:
        """Merge rows that need no checking into a table; columns by name, absent ones are null."""
        import pyarrow as pa

        schema = stored_schema(get_table(table))
        columns = [
            rows.column(f.name).cast(arrow_schema(get_table(table)).field(f.name).type).cast(f.type)
            if f.name in rows.column_names
            else pa.nulls(rows.num_rows, f.type)
            for f in schema
        ]
        block = LoadedTable(
            table=table,
            rows=pa.table(columns, schema=schema),
            rejected=rejected_schema().empty_table(),
            findings=(),
            source=f"write_table:{table}",
        )
        return self.write_blocks([block])

    def tables(self) -> "Mapping[str, ir.Table]":
        """Return every declared table as an Ibis table on DuckDB, `journeys` folded; empty where nothing is stored.

        The daily states are among them as long as they are up to date, so that `measure` reads these. All share one
        in-memory connection whose days are Shanghai days.
        """
        import ibis
        import ibis.expr.operations as ops

        backend = ibis.duckdb.connect()
        backend.raw_sql("SET TimeZone = 'Asia/Shanghai'")
        # A join hashes its right side, as it is written: by DuckDB's guess of rows it would often be the larger one.
        backend.raw_sql("SET disabled_optimizers = 'build_side_probe_side'")
        manifest = self._folded()
        for table in all_tables().values():
            parts = manifest.journeys if table.name == "journeys" else manifest.records.get(table.name, {})
            if parts:
                _view_parts(backend, table, quote_files(self.path, self._largest_first(parts)))
            else:
                backend.create_table(table.name, empty_rows(table))
        backend.create_table("table_days", _table_days(manifest))
        kept = read_states(self.path)
        states = {name: kept.files.get(name, {}) for name in STATES} if are_current(kept, manifest) else {}
        states = states if all(states.values()) else {}
        for name, months in states.items():
            backend.raw_sql(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet({quote_files(self.path, months)})')
        schemas = {name: arrow_schema(table) for name, table in all_tables().items()}
        schemas |= {name: state_schema(name) for name in states} | {"table_days": _table_days(manifest).schema}
        # The schemas are known: asking the engine for each takes longer than a year's figures.
        return {
            name: ops.DatabaseTable(name=name, schema=ibis.Schema.from_pyarrow(schema), source=backend).to_expr()
            for name, schema in schemas.items()
        }

    def keep_states(self) -> None:
        """Bring the daily states up to date with the journeys: a year is then measured without reading these.

        Raises
        ------
        UnusableInputError : another process is writing.
        """
        self._folded()
        with writing(self.path):
            write_states(self.path, read_manifest(self.path), without_states(self.tables()))

    def read_table(self, name: str) -> "pa.Table":
        """Return the rows of a table, sorted as stored; `journeys` folded."""
        table = get_table(name)
        manifest = self._folded() if name == "journeys" else read_manifest(self.path)
        parts = manifest.journeys if name == "journeys" else manifest.records.get(name, {})
        return _read_parts(self.path, parts, empty_rows(table))

    def stream_journeys(self, columns: Sequence[str], start_on: date, end_on: date) -> "Iterator[pa.Table]":
        """Yield columns of the journeys that began from one day until before another, texts as dictionary codes."""
        for day, file in self._folded().journeys.items():
            if start_on <= date.fromisoformat(day) < end_on:
                yield from stream_part(self.path / file, get_table("journeys"), columns)

    def read_quarantine(self, table: str) -> "pa.Table":
        """Return the rows of a table that were turned away, of all files: file, row, rule, column, value."""
        return read_rejected(self.path, read_manifest(self.path), table).select(rejected_schema().names)

    def list_quarantine(self, table: str | None = None) -> tuple[QuarantinedRow, ...]:
        """Return the rows in quarantine of one table or all, with what is wrong and every cell, to be mended."""
        manifest = read_manifest(self.path)
        tables = [table] if table else [name for name, parts in manifest.quarantine.items() if parts]
        return tuple(row for name in tables for row in list_rows(name, read_rejected(self.path, manifest, name)))

    def reload_quarantine(self, path: Path) -> LoadReport:
        """Load the rows of a mended list; those that break no rule any more leave the quarantine.

        Raises
        ------
        UnusableInputError : no such list, or another process is writing.
        """
        manifest = read_manifest(self.path)
        rejected = {name: read_rejected(self.path, manifest, name) for name in manifest.quarantine}
        done = {name: mended_ids(self.path, manifest, name) for name in manifest.mended}
        mended = read_mended(path, rejected, done, key=self.key())
        report = publish_loaded(self.path, mended.blocks, mended=mended.ids)
        return replace(report, findings=(*mended.findings, *report.findings))

    def list_days(self, table: str) -> tuple[str, ...]:
        """Return the parts of a table that hold rows: days as `2021-06-05`, `undated`, or `all`."""
        return tuple(read_manifest(self.path).records.get(table, {}))

    def write_programme(self, text: str) -> Path:
        """Write programme.toml."""
        path = self.path / _PROGRAMME
        write_atomically(path, text.encode("utf-8"))
        return path

    def read_programme(self) -> str:
        """Return the text of programme.toml.

        Raises
        ------
        UnusableInputError : the workspace has no programme yet.
        """
        try:
            return (self.path / _PROGRAMME).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise UnusableInputError(
                f"工作区 {self.path} 还没有方案（{_PROGRAMME}）。"
                f"请先用 posthouse read 方案 -o {self.path / _PROGRAMME} 读入。"
            ) from None

    def write_run(self, run: Run, artefacts: Mapping[str, bytes | Path]) -> Path:
        """Write runs/<id>/ with run.json and the artefacts, once and for all; return the folder."""
        return write_run_folder(self.path / "runs", run, artefacts)

    def write_report(self, name: str, content: bytes) -> Path:
        """Write a file into reports/ and return its path."""
        folder = self.path / "reports"
        folder.mkdir(exist_ok=True)
        write_atomically(folder / name, content)
        return folder / name

    def _largest_first(self, parts: Mapping[str, str]) -> Mapping[str, str]:
        """Return the parts by size: DuckDB guesses from the first file how many rows all have, and so what to hash."""
        return dict(sorted(parts.items(), key=lambda part: -(self.path / part[1]).stat().st_size))

    def _folded(self) -> Manifest:
        manifest = read_manifest(self.path)
        if manifest.folded == manifest.records.get("scans", {}):
            return manifest
        with writing(self.path):
            manifest = fold_workspace(self.path, read_manifest(self.path))
            publish(self.path, manifest)
        return manifest


def create_workspace(path: Path) -> Workspace:
    """Return the workspace in this folder, made if it is not there yet.

    Raises
    ------
    UnusableInputError : the folder holds other things.
    """
    if (path / MANIFEST).exists():
        return open_workspace(path)
    if path.exists() and (not path.is_dir() or any(entry.name != _KEY for entry in path.iterdir())):
        raise UnusableInputError(f"{path} 应为工作区、空文件夹或尚不存在，实际里面有别的文件。请换一个位置。")
    path.mkdir(parents=True, exist_ok=True)
    write_manifest(path, Manifest())
    return Workspace(path)


def open_workspace(path: Path) -> Workspace:
    """Return the workspace in this folder.

    Raises
    ------
    UnusableInputError : the folder is not a workspace.
    """
    read_manifest(path)
    return Workspace(path)


def _table_days(manifest: Manifest) -> "pa.Table":
    """Return the days (since 2020-01-01) on which each daily table has rows: those of its parts; no part is empty."""
    import pyarrow as pa

    parts = {**manifest.records, "journeys": manifest.journeys}
    named = [(name, part) for name in DAILY for part in parts.get(name, {}) if part != UNDATED]
    days = [(date.fromisoformat(part) - EPOCH_ON).days for _, part in named]
    return pa.table({"table": pa.array([name for name, _ in named], pa.string()), "day": pa.array(days, pa.int64())})


def _view_parts(backend: Any, table: Table, files: str) -> None:
    """Make the view of a table; a column that was declared after its files were written is null in them."""
    import duckdb

    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    view = f'CREATE VIEW "{table.name}" AS SELECT {columns} FROM'
    try:
        backend.raw_sql(f"{view} read_parquet({files})")
    except duckdb.BinderException:
        backend.create_table(f"{table.name}_as_declared", empty_rows(table))
        stored = f"FROM read_parquet({files}, union_by_name = true)"
        backend.raw_sql(f'{view} (FROM "{table.name}_as_declared" UNION ALL BY NAME {stored})')


def _read_parts(folder: Path, parts: Mapping[str, str], empty: "pa.Table") -> "pa.Table":
    import pyarrow as pa
    from pyarrow import parquet

    read = [parquet.read_table(os.fspath(folder / file), partitioning=None) for file in parts.values()]
    declared = [rows.select([name for name in empty.schema.names if name in rows.schema.names]) for rows in read]
    return pa.concat_tables([empty, *declared], promote_options="permissive").cast(empty.schema)
