"""Comparing stored rows: their order, which are equal, and what one version of a day has that another has not."""

from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import KERNEL_ROWS, plain_columns, take_rows
from posthouse.records.schema import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]


def order_of(table: Table, rows: "pa.Table") -> "Ints":
    """Return the positions that sort rows by waybill, then key; equal ones keep their order.

    Scans are stored by waybill first: the fold then meets each parcel's scans together.
    """
    import numpy as np

    from posthouse.records.order_kernel import order_rows

    waybills, key = numbers_of(rows, "waybill"), table.key[0]
    return order_rows(waybills, np.zeros(len(waybills), np.int64) if key == "waybill" else numbers_of(rows, key))


def find_copies(table: Table, rows: "pa.Table", order: "Ints") -> "Ints":
    """Return where in `order` stands a row that equals the one before it in every column.

    Parameters
    ----------
    rows : one chunk a column, so that equal codes mean equal texts. order : as `order_of` gives it.
    """
    import numpy as np

    keys = numbers_of(rows, table.key[0])[order]
    again = np.flatnonzero(keys[1:] == keys[:-1]) + 1
    if not len(again):
        return again
    both = plain_columns(take_rows(rows, order[np.concatenate([again - 1, again])]))
    same = np.ones(len(again), np.bool_)
    for column in both.columns:
        same &= _equal_halves(column.chunk(0))
    return again[same]


def difference(table: Table, old: "pa.Table", new: "pa.Table") -> "tuple[pa.Table, pa.Table]":
    """Return the rows that only `new` has, and those that only `old` has, each sorted; keys are unique in both."""
    import numpy as np
    import pyarrow as pa

    rows = plain_columns(pa.concat_tables([old, new]))
    order = order_of(table, rows)
    copies = find_copies(table, rows, order)
    alone = np.ones(len(order), np.bool_)
    alone[copies] = False
    alone[copies - 1] = False
    left = order[alone]
    return take_rows(rows, left[left >= old.num_rows]), take_rows(rows, left[left < old.num_rows])


def numbers_of(rows: "pa.Table", name: str) -> "Ints":
    """Return an integer column without nulls."""
    values: Ints = rows.column(name).to_numpy()
    return values


def is_in(numbers: "Ints", wanted: "Ints") -> "npt.NDArray[np.bool_]":
    """Return which numbers are among those wanted."""
    import numpy as np

    found: npt.NDArray[np.bool_] = np.zeros(len(numbers), np.bool_)
    wanted = np.sort(wanted)
    if len(numbers) >= KERNEL_ROWS and len(wanted):
        from posthouse.records.take_kernel import find_wanted

        find_wanted(numbers, wanted, found)
    elif len(wanted):
        found = wanted[np.minimum(np.searchsorted(wanted, numbers), len(wanted) - 1)] == numbers
    return found


def _equal_halves(column: Any) -> Any:
    """Return where the first half of an array agrees with the second, empty cells included."""
    import pyarrow as pa

    values = column.indices if pa.types.is_dictionary(column.type) else column
    half = len(values) // 2
    valid = None
    if values.null_count:
        valid = values.is_valid().to_numpy(zero_copy_only=False)
        zero = pa.scalar("" if pa.types.is_string(values.type) else 0).cast(values.type)
        values = values.fill_null(zero)
    plain = values.to_numpy(zero_copy_only=False)
    same = plain[:half] == plain[half:]
    return same if valid is None else same & (valid[:half] == valid[half:])
