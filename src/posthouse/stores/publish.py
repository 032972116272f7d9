"""Writing into a workspace: stage everything, merge, fold, and publish with one rename of the manifest.

Whatever kills the writer before that rename, the workspace stands as it was; files that nobody names are swept away
by the next writer. Writers exclude each other by a lock that dies with its process.
"""

import fcntl
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from posthouse.records.load import LoadedTable
from posthouse.records.schema import get_table
from posthouse.stores.journeys import fold_workspace
from posthouse.stores.keyed_merge import is_keyed, merge_keyed
from posthouse.stores.manifest import MANIFEST, Manifest, read_manifest, sync_folder, write_manifest
from posthouse.stores.merge import merge_small
from posthouse.stores.parts import write_part
from posthouse.stores.references import check_references
from posthouse.stores.staging import Staging
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

STAGING = ".staging"
PREVIOUS = "manifest.previous.json"
_LOCK = ".lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What a load did.

    loaded : table to rows read and found good. rejected : table to rows turned away. present : table to rows of
    `loaded` that were stored already. stored : table to rows it has now. files : files read.
    findings : all that a person should know.
    """

    loaded: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    present: Mapping[str, int] = field(default_factory=dict)
    stored: Mapping[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def publish_loaded(folder: Path, blocks: Iterable[LoadedTable]) -> LoadReport:
    """Merge loaded blocks into the workspace, fold the journeys, and publish the result as one step.

    Raises
    ------
    UnusableInputError : another process is writing into this workspace.
    """
    with writing(folder):
        staging = Staging(folder / STAGING)
        intake = _take_in(blocks, staging)
        before = manifest = read_manifest(folder)
        findings = list(intake.findings)
        present: dict[str, int] = {}
        with _computing() as connection:
            for name in staging.tables():
                table = get_table(name)
                if is_keyed(table):
                    manifest, counts = merge_keyed(folder, manifest, table, staging)
                else:
                    manifest, counts = merge_small(connection, folder, manifest, table, staging)
                findings += counts.findings(table)
                present[name] = counts.present
            findings += check_references(connection, folder, before, manifest)
        manifest = _quarantine(folder, manifest, intake)
        publish(folder, fold_workspace(folder, manifest))
    return LoadReport(
        loaded=intake.loaded_rows(),
        rejected=intake.rejected_rows(),
        present={name: count for name, count in present.items() if count},
        stored={name: count_rows(folder, manifest, name) for name in staging.tables()},
        files=tuple(intake.sources),
        findings=tuple(findings),
    )


@contextmanager
def _computing() -> "Iterator[duckdb.DuckDBPyConnection]":
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def count_rows(folder: Path, manifest: Manifest, table: str) -> int:
    """Return how many rows of a table are stored, from the footers of its files."""
    from pyarrow import parquet

    return sum(parquet.read_metadata(folder / file).num_rows for file in manifest.records.get(table, {}).values())


def publish(folder: Path, manifest: Manifest) -> None:
    """Make a state the published one; the former one is kept as `manifest.previous.json` until the next."""
    for place in {(folder / file).parent for file in manifest.files()}:
        sync_folder(place)
    current = folder / MANIFEST
    if current.exists():
        draft = folder / f".{PREVIOUS}.draft"
        shutil.copyfile(current, draft)
        draft.rename(folder / PREVIOUS)
    write_manifest(folder, manifest)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the workspace for writing; sweep away what a killed writer left before, and what is not needed after.

    Raises
    ------
    UnusableInputError : another process is writing into this workspace.
    """
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnusableInputError(f"工作区 {folder} 正被另一个进程写入。请等它结束后重试。") from None
        _sweep(folder)
        try:
            yield
        finally:
            _sweep(folder)


def _sweep(folder: Path) -> None:
    """Delete files that neither the published nor the former state names; readers may still be at the former."""
    shutil.rmtree(folder / STAGING, ignore_errors=True)
    named = set(read_manifest(folder).files())
    if (folder / PREVIOUS).exists():
        named |= read_manifest(folder, PREVIOUS).files()
    for place in ("records", "superseded", "quarantine", "journeys"):
        for path in (folder / place).rglob("*"):
            if path.is_file() and path.relative_to(folder).as_posix() not in named:
                path.unlink()


@dataclass(slots=True)
class _Intake:
    """What came in: by table and source where a source may be withdrawn."""

    loaded: dict[tuple[str, str], int] = field(default_factory=dict)
    rejected: "dict[tuple[str, str], list[pa.Table]]" = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def withdraw(self, source: str) -> None:
        for group in (self.loaded, self.rejected):
            for key in [key for key in group if key[1] == source]:
                del group[key]

    def loaded_rows(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for (table, _), count in self.loaded.items():
            counts[table] += count
        return dict(counts)

    def rejected_rows(self) -> dict[str, int]:
        """A row that breaks two rules counts once."""
        import pyarrow.compute as pc

        counts: Counter[str] = Counter()
        for (table, _), blocks in self.rejected.items():
            counts[table] += sum(pc.count_distinct(block.column("row")).as_py() for block in blocks)
        return dict(counts)


def _take_in(blocks: Iterable[LoadedTable], staging: Staging) -> _Intake:
    intake = _Intake()
    for block in blocks:
        intake.findings += block.findings
        intake.sources[block.source] = None
        if block.withdraws:
            staging.drop(block.source)
            intake.withdraw(block.source)
        if not block.table:
            continue
        staging.add(get_table(block.table), block.rows, block.source)
        at = (block.table, block.source)
        intake.loaded[at] = intake.loaded.get(at, 0) + block.rows.num_rows
        if block.rejected.num_rows:
            intake.rejected.setdefault(at, []).append(block.rejected)
    return intake


def _quarantine(folder: Path, manifest: Manifest, intake: _Intake) -> Manifest:
    """Keep the rejected rows of every file; the same file loaded again leaves them once."""
    import pyarrow as pa

    for (table, source), blocks in intake.rejected.items():
        parts = dict(manifest.quarantine.get(table, {}))
        file = write_part(folder, f"quarantine/{table}", Path(source).stem, pa.concat_tables(blocks))
        parts[Path(file).name] = file
        manifest = manifest.with_parts("quarantine", table, parts)
    return manifest
