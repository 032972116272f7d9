"""Text files of rows under headings (CSV, and the .txt of GTFS), with the number of every row in its file.

Python's own reader: it keeps exact line numbers across blank and broken lines, which a Finding must name, and a
county's feed has some hundred thousand rows, a second's work.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One row: its line in the file (the heading is line 1), and its cells by heading, stripped."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """The rows of a file. Rows with more or fewer cells than headings are left out, each with a Finding."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[TextRow, ...]
    findings: tuple[Finding, ...]


def read_text_table(content: bytes, name: str) -> TextTable:
    """Return the rows of a file's bytes: UTF-8 with or without byte order mark, or GBK.

    Raises
    ------
    UnusableInputError : neither encoding, or no heading.
    """
    # A field longer than 128 KB is no cell but a quotation mark that was never closed.
    reader = csv.reader(io.StringIO(_decode(content, name), newline=""))
    headings: tuple[str, ...] = ()
    rows, findings = [], []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not headings:
                headings = tuple(cell.strip() for cell in cells)
            elif len(cells) != len(headings):
                findings.append(_ragged(name, reader.line_num, len(cells), len(headings)))
            else:
                stripped = {heading: cell.strip() for heading, cell in zip(headings, cells, strict=True)}
                rows.append(TextRow(line=reader.line_num, cells=stripped))
    except csv.Error as fault:
        raise UnusableInputError(
            f"{name} 应为逗号分隔的文本，第 {reader.line_num} 行读不下去（{fault}）。请改正后重试。"
        ) from None
    if not headings:
        raise UnusableInputError(f"{name} 应有标题行，实际是空文件。请补上标题和数据。")
    return TextTable(name=name, headings=headings, rows=tuple(rows), findings=tuple(findings))


def _decode(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableInputError(f"{name} 应为 UTF-8 或 GBK 编码的文本，实际两者都不是。请另存为 UTF-8。")


def _ragged(name: str, line: int, found: int, expected: int) -> Finding:
    return Finding(
        code="territory.ragged_row",
        severity=Severity.WARNING,
        message=f"{name} 第{line}行有{found}格，标题有{expected}格，没有采用。请检查引号和逗号。",
        place=f"{name}:{line}",
        fields={"cells": found, "headings": expected},
    )
