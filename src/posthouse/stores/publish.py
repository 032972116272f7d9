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
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import stored_schema
from posthouse.records.load import LoadedTable
from posthouse.records.schema import get_table
from posthouse.stores.corrections import RETRACTIONS
from posthouse.stores.counts import MergeCounts
from posthouse.stores.journeys import fold_workspace
from posthouse.stores.keyed_merge import is_keyed, merge_keyed
from posthouse.stores.load_report import FileReport, LoadReport, TableReport, count_late, count_rows, days_touched
from posthouse.stores.manifest import MANIFEST, Manifest, read_manifest, sync_folder, write_manifest
from posthouse.stores.merge import merge_small
from posthouse.stores.quarantine import add_rejected, take_out
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


def publish_loaded(
    folder: Path, blocks: Iterable[LoadedTable], *, mended: Mapping[str, Iterable[int]] | None = None
) -> LoadReport:
    """Merge loaded blocks into the workspace, fold the journeys, and publish the result as one step.

    Parameters
    ----------
    mended : table to numbers of quarantined rows that these blocks bring mended.

    Raises
    ------
    UnusableInputError : another process is writing into this workspace.
    """
    with writing(folder):
        staging = Staging(folder / STAGING)
        intake = _take_in(blocks, staging)
        before = manifest = read_manifest(folder)
        findings = list(intake.findings)
        counted: dict[str, MergeCounts] = {}
        with _computing() as connection:
            for name in staging.tables():
                table = get_table(name)
                if is_keyed(table):
                    manifest, counts = merge_keyed(folder, manifest, table, staging)
                else:
                    manifest, counts = merge_small(connection, folder, manifest, table, staging)
                findings += counts.findings(table)
                counted[name] = counts
            findings += check_references(connection, folder, before, manifest)
        for name, ids in (mended or {}).items():
            manifest = take_out(folder, manifest, name, ids)
        manifest = add_rejected(folder, manifest, intake.rejected)
        loaded = intake.loaded_rows()
        by_table = {
            name: _table_report(folder, before, manifest, name, loaded=loaded.get(name, 0), counts=counts)
            for name, counts in counted.items()
        }
        publish(folder, fold_workspace(folder, manifest))
    return LoadReport(
        loaded=loaded,
        rejected=intake.rejected_rows(),
        present={name: counts.present for name, counts in counted.items() if counts.present},
        stored={name: count_rows(folder, manifest, name) for name in staging.tables()},
        files=tuple(intake.sources),
        by_file=intake.by_file(),
        by_table=by_table,
        findings=tuple(findings),
    )


def _table_report(
    folder: Path, before: Manifest, after: Manifest, table: str, *, loaded: int, counts: MergeCounts
) -> TableReport:
    grown = count_rows(folder, after, table) - count_rows(folder, before, table)
    return TableReport(
        # What was stored and is superseded now left; what came and was superseded at once never got in.
        new=max(loaded - counts.repeated - counts.present - counts.conflicting, 0) if loaded else max(grown, 0),
        repeated=counts.repeated,
        updated=counts.updated,
        corrected=counts.superseded,
        late=count_late(folder, before, after, table),
        days=days_touched(before, after, table),
    )


@contextmanager
def _computing() -> "Iterator[duckdb.DuckDBPyConnection]":
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


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
    for place in ("records", "superseded", "quarantine", "mended", "journeys"):
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

    def by_file(self) -> tuple[FileReport, ...]:
        import pyarrow.compute as pc

        reports = []
        for table, source in dict.fromkeys((*self.loaded, *self.rejected)):
            rules: Counter[str] = Counter()
            for block in self.rejected.get((table, source), []):
                counted: Any = pc.value_counts(block.column("rule"))
                words, counts = (counted.field(at).to_pylist() for at in range(2))
                rules.update(dict(zip(map(str, words), counts, strict=True)))
            good = self.loaded.get((table, source), 0)
            reports.append(FileReport(file=source, table=table, good=good, rejected=dict(rules)))
        return tuple(reports)


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
        table, at = get_table(block.table), (block.table, block.source)
        if block.packed is not None:
            staging.add(table, block.packed, block.source)
        if block.packed is None or len(block.rows):
            staging.add(table, block.rows, block.source)
        intake.loaded[at] = intake.loaded.get(at, 0) + block.count
        if block.rejected.num_rows:
            intake.rejected.setdefault(at, []).append(block.rejected)
    if RETRACTIONS in staging.tables():
        scans = get_table("scans")
        staging.add(scans, stored_schema(scans).empty_table())  # so that those stored before are looked through
    return intake
