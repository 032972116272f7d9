"""Which files of a source hold which table, by their names: `scans.csv`, `scans-2021-06.csv`, `扫描（6月）.xlsx`."""

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from posthouse.records.mapping import SourceMapping
from posthouse.records.read_epcis import is_epcis
from posthouse.records.schema import all_tables
from posthouse.vocabulary.errors import UnusableInputError

SUFFIXES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", ".jsonl", ".ndjson")
_EPCIS_SUFFIXES = (".json", ".jsonld", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file to load.

    name : its path below the source. table : None where the name does not say. is_epcis : it holds EPCIS events.
    """

    path: Path
    name: str
    table: str | None
    is_epcis: bool = False


def list_files(source: Path, mapping: SourceMapping) -> tuple[SourceFile, ...]:
    """Return the files of a source in a fixed order; a file whose form is not read (`plan.md`) is left out.

    Raises
    ------
    UnusableInputError : no such file or folder, or a folder without any file that can be read.
    """
    if source.is_file():
        file = _file(source, Path(source.name), mapping)
        if file is None:
            raise UnusableInputError(
                f"应为 {'、'.join(SUFFIXES)} 之一，或 EPCIS 2.0 的 .json，实际为 {source.name}。"
                "请另存为其中一种格式后重试。"
            )
        return (file,)
    if not source.is_dir():
        raise UnusableInputError(f"找不到要导入的文件或文件夹 {source}。请检查路径。")
    found = []
    for path in sorted(source.rglob("*")):
        below = path.relative_to(source)
        hidden = any(part.startswith((".", "~$")) for part in below.parts)
        if path.is_file() and not hidden and (file := _file(path, below, mapping)):
            found.append(file)
    if not found:
        raise UnusableInputError(
            f"文件夹 {source} 里没有可导入的文件（{'、'.join(SUFFIXES)}）。请检查路径，或先把数据另存为其中一种格式。"
        )
    return tuple(found)


def table_named(text: str) -> str | None:
    """Return the table that a file's stem or a sheet's name means; None where it means none.

    >>> table_named("scans-2021-06"), table_named("行政区划（2021）"), table_named("scanner")
    ('scans', 'divisions', None)
    """
    name = text.strip().casefold()
    best: tuple[int, str] | None = None
    for table in all_tables().values():
        if table.kind == "derived":
            continue
        for word in (table.name, table.zh):
            if not name.startswith(word):
                continue
            rest = name[len(word) :]
            if (not rest or re.match(r"[\W\d_]", rest)) and (best is None or len(word) > best[0]):
                best = (len(word), table.name)
    return best[1] if best else None


def _file(path: Path, below: Path, mapping: SourceMapping) -> SourceFile | None:
    """Return the file as one to load; None where its form is not read."""
    suffix, name = path.suffix.lower(), below.as_posix()
    if suffix in _EPCIS_SUFFIXES and is_epcis(path):
        return SourceFile(path=path, name=name, table="scans", is_epcis=True)
    if suffix not in SUFFIXES:
        return None
    return SourceFile(path=path, name=name, table=_table_of(path, below, mapping))


def _table_of(path: Path, below: Path, mapping: SourceMapping) -> str | None:
    for table, entry in mapping.tables.items():
        if any(fnmatch(path.name, pattern) for pattern in entry.files):
            return table
    for part in (path.stem, *(parent.name for parent in below.parents)):
        if named := table_named(part):
            return named
    return None
