"""Reading a workbook as text: merged regions are filled with their value, titles above the headings are passed over."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from posthouse.records.headings import find_heading_row
from posthouse.records.raw import RawBatch
from posthouse.vocabulary.errors import UnusableInputError

_HEAD_ROWS = 20


def list_sheets(path: Path) -> tuple[str, ...]:
    """Return the names of the visible sheets of a workbook.

    Raises
    ------
    UnusableInputError : not a workbook, or locked with a password.
    """
    import python_calamine

    try:
        book = python_calamine.load_workbook(str(path))
    except (python_calamine.CalamineError, OSError) as fault:
        raise UnusableInputError(
            f"文件 {path.name} 应是 Excel 工作簿，读不出（{fault}）。请去掉密码，另存为 .xlsx 后重试。"
        ) from None
    visible = python_calamine.SheetVisibleEnum.Visible
    return tuple(sheet.name for sheet in book.sheets_metadata if sheet.visible == visible)


def read_excel(path: Path, sheet: str, known: frozenset[str]) -> Iterator[RawBatch]:
    """Yield the rows of one sheet as text, in one batch; nothing for an empty sheet.

    Parameters
    ----------
    known : folded headings that name a column.
    """
    import numpy as np
    import pyarrow as pa
    import python_calamine

    opened = python_calamine.load_workbook(str(path)).get_sheet_by_name(sheet)
    cells: list[list[object]] = [list(row) for row in opened.to_python(skip_empty_area=False)]
    merged = opened.merged_cell_ranges or ()
    for (top, left), (bottom, right) in merged:
        _fill(cells, top, left, bottom, right)
    texts = [[_text(cell) for cell in row] for row in cells]
    kept = [(number, row) for number, row in enumerate(texts, start=1) if any(row)]
    if not kept:
        return
    index = find_heading_row([[cell or "" for cell in row] for _, row in kept[:_HEAD_ROWS]], known)
    headings = tuple(cell or "" for cell in kept[index][1])
    body = kept[index + 1 :]
    first = body[0][0] if body else len(cells) + 1
    columns = tuple(pa.array([row[position] for _, row in body], pa.string()) for position in range(len(headings)))
    yield RawBatch(
        headings=headings,
        columns=columns,
        rows=np.array([number for number, _ in body], dtype=np.int64),
        filled=tuple(
            f"{_cell_name(top, left)}:{_cell_name(bottom, right)}"
            for (top, left), (bottom, right) in merged
            if top + 1 >= first
        ),
        read_bytes=path.stat().st_size,
    )


def _fill(cells: list[list[object]], top: int, left: int, bottom: int, right: int) -> None:
    value = cells[top][left]
    for row in range(top, min(bottom + 1, len(cells))):
        for column in range(left, min(right + 1, len(cells[row]))):
            cells[row][column] = value


def _cell_name(row: int, column: int) -> str:
    """Return the name of a cell counted from 0.

    >>> _cell_name(3, 27)
    'AB4'
    """
    letters, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def _text(cell: object) -> str | None:  # noqa: PLR0911 one return per kind of cell
    """Return a cell as it would be typed; None where it is empty."""
    match cell:
        case None | "":
            return None
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell).strip() or None
