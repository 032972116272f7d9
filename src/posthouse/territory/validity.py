"""Rows of a register that are valid on a day: [valid_from, valid_to), empty meaning always."""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow


def rows_valid_on(table: "pyarrow.Table", on: date | None) -> list[dict[str, Any]]:
    """Return the rows valid on the day, in the table's order; all rows where no day is given."""
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows if on is None else [row for row in rows if is_valid(row, on)]


def is_valid(row: dict[str, Any], on: date) -> bool:
    """Whether the day lies in [valid_from, valid_to) of the row."""
    start, end = row.get("valid_from"), row.get("valid_to")
    return (start is None or start <= on) and (end is None or on < end)
