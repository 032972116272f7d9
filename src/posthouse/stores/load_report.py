"""What a load came to, file by file and table by table: what is told to the person who loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from posthouse.stores.manifest import Manifest
from posthouse.stores.parts import UNDATED, WHOLE
from posthouse.vocabulary.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """One file or sheet in one table. good : rows that break no rule. rejected : rule to rows turned away."""

    file: str
    table: str
    good: int
    rejected: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """One table, in rows.

    new : that it did not have before. repeated : equal to another of this load. updated : replaced by this load.
    corrected : scans that a correction or retraction took out. late : new ones on days before the latest day that was
    stored before. days : parts that changed, as `2021-06-05`, `undated` or `all`.
    """

    new: int
    repeated: int
    updated: int
    corrected: int
    late: int
    days: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What a load did.

    loaded : table to rows read and found good. rejected : table to rows turned away. present : table to rows of
    `loaded` that were stored already. stored : table to rows it has now. files : files read.
    by_file : the same file by file. by_table : what became of the good rows.
    findings : all that a person should know.
    """

    loaded: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    present: Mapping[str, int] = field(default_factory=dict)
    stored: Mapping[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    by_file: tuple[FileReport, ...] = ()
    by_table: Mapping[str, TableReport] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def count_rows(folder: Path, manifest: Manifest, table: str) -> int:
    """Return how many rows of a table are stored, from the footers of its files."""
    return sum(_rows(folder, file) for file in manifest.records.get(table, {}).values())


def days_touched(before: Manifest, after: Manifest, table: str) -> tuple[str, ...]:
    """Return the parts of a table that a load changed."""
    old, new = before.records.get(table, {}), after.records.get(table, {})
    return tuple(sorted(part for part in {*old, *new} if old.get(part) != new.get(part)))


def count_late(folder: Path, before: Manifest, after: Manifest, table: str) -> int:
    """Return by how many rows the days before the latest one stored before have grown."""
    old, new = before.records.get(table, {}), after.records.get(table, {})
    latest = max((part for part in old if part not in (WHOLE, UNDATED)), default="")
    grown = 0
    for part in days_touched(before, after, table):
        if part < latest and part in new:
            grown += max(_rows(folder, new[part]) - (_rows(folder, old[part]) if part in old else 0), 0)
    return grown


def _rows(folder: Path, file: str) -> int:
    from pyarrow import parquet

    return int(parquet.read_metadata(folder / file).num_rows)
