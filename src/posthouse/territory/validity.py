"""Rows of a register that are valid on a day: [valid_from, valid_to), empty meaning always."""

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow


def rows_valid_on(table: "pyarrow.Table", on: date | None) -> list[dict[str, Any]]:
    """Return the rows valid on the day, in the table's order; all rows where no day is given."""
    rows: list[dict[str, Any]] = valid_rows(table, on).to_pylist()
    return rows


def valid_rows(table: "pyarrow.Table", on: date | None) -> "pyarrow.Table":
    """Return the part of the table that is valid on the day; the table where no day is given."""
    import pyarrow as pa

    if on is None or not {"valid_from", "valid_to"} & set(table.column_names):
        return table
    open_ended: list[date | None] = [None] * table.num_rows
    starts, ends = (
        table[name].to_pylist() if name in table.column_names else open_ended for name in ("valid_from", "valid_to")
    )
    valid = [
        (start is None or start <= on) and (end is None or on < end) for start, end in zip(starts, ends, strict=True)
    ]
    return table.filter(pa.array(valid, pa.bool_()))
