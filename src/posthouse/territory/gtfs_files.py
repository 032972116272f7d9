"""The files of a GTFS feed, from a folder or a zip, and the cells in them; what is wrong becomes a Finding."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from posthouse.territory.text_table import TextTable, read_text_table
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity

_TIME = re.compile(r"^(\d{1,3}):(\d{2}):(\d{2})$")


@cache
def gtfs_forms() -> Mapping[str, Any]:
    """Return the declared files, columns and modes (`gtfs.toml`)."""
    forms: Mapping[str, Any] = tomllib.loads(files("posthouse.territory").joinpath("gtfs.toml").read_text("utf-8"))
    return forms


def read_tables(path: Path) -> tuple[dict[str, TextTable], list[Finding]]:
    """Return the files of the feed by name, and Findings for broken rows and optional files without their columns.

    Raises
    ------
    UnusableInputError : no feed there, or a required file or column is missing.
    """
    contents, forms = _contents(path), gtfs_forms()
    tables: dict[str, TextTable] = {}
    findings: list[Finding] = []
    for name, columns in {**forms["required"], **forms["optional"]}.items():
        is_required = name in forms["required"]
        if name not in contents:
            if is_required:
                raise UnusableInputError(f"GTFS 班次应含 {name}，实际 {path.name} 里没有。请向发布单位要完整的数据。")
            continue
        table = read_text_table(contents[name], name)
        missing = [column for column in columns if column not in table.headings]
        if missing and is_required:
            raise UnusableInputError(f"{name} 应有 {'、'.join(missing)} 列，实际没有。请向发布单位要完整的数据。")
        findings += table.findings
        if missing:
            findings.append(_unusable_file(name, missing))
        else:
            tables[name] = table
    return tables, findings


def seconds_of(text: str) -> int | None:
    """Return the seconds of H:MM:SS, which may be above 24 hours; None where it is none.

    >>> seconds_of("25:10:00")
    90600
    """
    found = _TIME.match(text)
    if found is None or int(found[2]) > 59 or int(found[3]) > 59:
        return None
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3])


def day_of(text: str) -> date | None:
    """Return the day of YYYYMMDD; None where it is none."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 else None
    except ValueError:
        return None


def number_of(text: str) -> float | None:
    """Return a number >= 0; None for an empty cell or anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def bad_cell(name: str, line: int, column: str, value: str, then: str) -> Finding:
    """Return the Finding for a cell that could not be used; then : what was done about it, in 中文."""
    return Finding(
        code="territory.gtfs_cell",
        severity=Severity.WARNING,
        message=f"{name} 第{line}行的 {column} 是“{value}”，不可用，{then}。请向发布单位核对。",
        place=f"{name}:{line}",
        fields={"column": column, "value": value},
    )


def _contents(path: Path) -> dict[str, bytes]:
    known = {*gtfs_forms()["required"], *gtfs_forms()["optional"]}
    if path.is_dir():
        return {name: (path / name).read_bytes() for name in known if (path / name).is_file()}
    try:
        with ZipFile(path) as archive:
            # Some publishers put the files into a folder inside the archive.
            names = {Path(name).name: name for name in archive.namelist()}
            return {name: archive.read(names[name]) for name in known if name in names}
    except (BadZipFile, OSError):
        raise UnusableInputError(f"GTFS 班次应为文件夹或 zip，实际 {path} 不是。请检查路径。") from None


def _unusable_file(name: str, missing: list[str]) -> Finding:
    return Finding(
        code="territory.gtfs_file",
        severity=Severity.WARNING,
        message=f"{name} 缺 {'、'.join(missing)} 列，整个文件没有采用。请补全。",
        place=name,
        fields={"missing": missing},
    )
