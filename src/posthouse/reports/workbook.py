"""Workbooks as offices read and print them: ruled sheets with a repeated head, wrapped long texts, landscape A4."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

Rows = Iterable[Sequence[object]]
Columns = Sequence[tuple[str, int]]
"""Heading and width in characters of each column."""

WRAPPED_FROM = 30
"""Characters of width from which on a column holds sentences, which wrap."""

_CREATED = datetime(2000, 1, 1)
"""A fixed creation date: the same content gives the same file."""


@contextmanager
def new_workbook(stream: IO[bytes], title: str) -> "Iterator[tuple[Any, dict[str, Any]]]":
    """Yield an empty workbook and its styles; it is written to the stream at the end."""
    import xlsxwriter

    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": title, "author": "Posthouse", "created": _CREATED})
        head = {"bold": True, "bg_color": "#EDEFF2", "border": 1, "text_wrap": True, "valign": "vcenter"}
        yield (
            book,
            {
                "head": book.add_format({**head, "align": "center"}),
                "cell": book.add_format({"border": 1, "valign": "top"}),
                "long": book.add_format({"border": 1, "valign": "top", "text_wrap": True}),
                "open": book.add_format({"border": 1, "bg_color": "#FFF8E1", "align": "center", "valign": "top"}),
            },
        )


def write_sheet(
    book: Any, name: str, columns: Columns, rows: Rows, styles: dict[str, Any], *, open_from: int | None = None
) -> int:
    """Write one sheet and return its number of rows; cells from column `open_from` on are marked as open to change."""
    sheet = book.add_worksheet(name)
    last = 0
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, max(width, 2 * len(title) + 1))  # a 汉字 is two characters wide
        sheet.write(0, column, title, styles["head"])
    kinds = ["long" if width >= WRAPPED_FROM else "cell" for _, width in columns]
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            is_open = open_from is not None and column >= open_from
            sheet.write(last, column, value, styles["open" if is_open else kinds[column]])
    sheet.freeze_panes(1, open_from or 0)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.print_area(0, 0, max(last, 1), len(columns) - 1)
    sheet.set_footer(f"&L{name}&C第 &P 页，共 &N 页")
    return last
