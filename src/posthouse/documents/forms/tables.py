"""Rows of a table to lines of text, so that a plan set as a table reads like a plan set as text.

A table of tasks with a column 责任单位 becomes items with （责任单位：…） behind them; a list of members with columns
姓名 and 单位 becomes 姓名（单位）; rows of short cells become one line; anything else one line for each paragraph.
"""

import re
from collections.abc import Sequence

from posthouse.documents.cues import cue_pattern, list_cues
from posthouse.documents.forms.limits import MAX_NESTED_TABLES

SHORT_ROW_LENGTH = 60
"""Rows with fewer characters in all, one paragraph a cell, stay on one line."""

Cell = Sequence[str]
"""The paragraphs of one cell."""

_PLAIN_NUMBER = re.compile(r"\d{1,3}")
_LABEL = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|第.{1,3}[章条]|附件")


def render_table(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return the lines of a table.

    >>> render_table([[["任务"], ["责任单位"]], [["1.建站。"], ["市商务局"]]])
    ['1.建站。（责任单位：市商务局）']
    """
    filled = [[[part for part in (_squeezed(part) for part in cell) if part] for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    for i, row in enumerate(filled[:3]):
        headings = ["".join("".join(cell).split()) for cell in row]
        if len(row) > 1 and any(heading in list_cues("unit_columns") for heading in headings):
            before = [line for earlier in filled[:i] for line in _plain_row(earlier)]
            return before + [line for later in filled[i + 1 :] for line in _task_row(later, headings)]
        if len(row) > 1 and "姓名" in headings:
            return [line for later in filled[i + 1 :] for line in _member_row(later, headings)]
    return [line for row in filled for line in _plain_row(row)]


def _squeezed(part: str) -> str:
    return part.strip(" \t\r\n\u3000\xa0")


def _plain_row(row: Sequence[Cell]) -> list[str]:
    cells = [cell for cell in row if cell]
    if (
        len(cells) > 1
        and all(len(cell) == 1 for cell in cells)
        and sum(len(cell[0]) for cell in cells) <= SHORT_ROW_LENGTH
        and not any(_LABEL.match(cell[0]) for cell in cells[1:])
    ):
        return ["\t".join(cell[0] for cell in cells)]
    return [part for cell in cells for part in cell]


def _task_row(row: Sequence[Cell], headings: Sequence[str]) -> list[str]:
    """Return the lines of a row of tasks: what the columns before say, then the units and dates in one bracket."""
    lines: list[str] = []
    notes: list[str] = []
    number = ""
    for i, cell in enumerate(row):
        heading = headings[i] if i < len(headings) else ""
        if not cell:
            continue
        if heading in list_cues("unit_columns") or heading in list_cues("date_columns"):
            notes.append(f"{heading}：{_listed(cell)}")
        elif heading in list_cues("number_columns") and len(cell) == 1 and _PLAIN_NUMBER.fullmatch(cell[0]):
            number = f"{cell[0]}. "
        else:
            lines += [number + cell[0], *cell[1:]]
            number = ""
    if notes and lines:
        lines[-1] += f"（{'；'.join(notes)}）"
    elif notes:
        lines.append(f"（{'；'.join(notes)}）")
    return lines


def _member_row(row: Sequence[Cell], headings: Sequence[str]) -> list[str]:
    """Return one member as 姓名（单位职务）, with the role before it where the row has one."""
    cells = {heading: "".join(cell) for heading, cell in zip(headings, row, strict=False) if cell}
    name = cells.pop("姓名", "")
    if not name:
        return _plain_row(row)
    role = next((cells.pop(heading) for heading in list(cells) if heading in list_cues("role_columns")), "")
    post = "".join(text for heading, text in cells.items() if heading not in list_cues("number_columns"))
    role = role.rstrip("：:")
    return [f"{role}：" * bool(role) + name + f"（{post}）" * bool(post)]


def _listed(cell: Cell) -> str:
    """Return the units of a cell as one list; units on lines of their own are parted by 、."""
    joined = cell[0]
    for part in cell[1:]:
        joined += (
            part
            if re.search(rf"[，、；：（]$|^[，、；）]|^{cue_pattern('unit_columns')}", joined[-1:] + part)
            else f"、{part}"
        )
    return joined


class OpenTables:
    """The tables that are open while a file is read as a stream: lines go to the innermost open cell.

    Tables nested deeper than `MAX_NESTED_TABLES` are not told from the cell they stand in.
    """

    __slots__ = ("_depth", "_tables")

    def __init__(self) -> None:
        self._depth = 0
        self._tables: list[list[list[list[str]]]] = []

    def open_table(self) -> None:
        """Enter a table."""
        self._depth += 1
        if self._depth <= MAX_NESTED_TABLES:
            self._tables.append([])

    def open_row(self) -> None:
        """Enter a row of the innermost table."""
        if self._tables and self._depth <= MAX_NESTED_TABLES:
            self._tables[-1].append([])

    def open_cell(self) -> None:
        """Enter a cell of the innermost row."""
        if self._tables and self._depth <= MAX_NESTED_TABLES:
            if not self._tables[-1]:
                self.open_row()
            self._tables[-1][-1].append([])

    def close_table(self) -> list[str]:
        """Leave a table; return the lines that now stand outside any table."""
        self._depth = max(0, self._depth - 1)
        if not self._tables or self._depth >= MAX_NESTED_TABLES:
            return []
        return self.put(render_table(self._tables.pop()))

    def put(self, lines: Sequence[str]) -> list[str]:
        """Put lines into the innermost open cell; return them if there is none."""
        if not self._tables:
            return list(lines)
        if not self._tables[-1] or not self._tables[-1][-1]:
            self.open_cell()
        if self._tables[-1] and self._tables[-1][-1]:
            self._tables[-1][-1][-1].extend(lines)
        return []

    def close_all(self) -> list[str]:
        """Leave every table, as at the end of a file that is cut short."""
        lines: list[str] = []
        while self._tables:
            self._depth = len(self._tables)
            lines = self.close_table()
        self._depth = 0
        return lines
