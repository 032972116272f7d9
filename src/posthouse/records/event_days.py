"""The Shanghai day of each event, counted since 1970, and the order of rows by it."""

from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import KERNEL_ROWS
from posthouse.records.schema import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Days = npt.NDArray[np.signedinteger]

NO_DAY = -1
_EPOCH_DAY = 18_262  # 2020-01-01, from which journeys count their seconds
LAST_DAY = 2_932_896  # 9999-12-31
SHANGHAI_US = 8 * 3600 * 1_000_000
DAY_US = 86_400 * 1_000_000


def days_of(table: Table, rows: "pa.Table") -> "Days | None":
    """Return the day of each row, NO_DAY where it has none that anyone means; None for tables without days."""
    import numpy as np
    import pyarrow as pa

    if table.day is None:
        return None
    values = rows.column(table.day)
    if table.kind == "derived":
        return (values.to_numpy() // 86_400 + _EPOCH_DAY).astype(np.int32)
    if table.column(table.day).type == "time":
        whole: Any = values.cast(pa.int64())
        micros = whole.fill_null(-2 * DAY_US).to_numpy()
        if len(micros) >= KERNEL_ROWS and micros.min() >= 0 and micros.max() < LAST_DAY * DAY_US:
            from posthouse.records.take_kernel import number_days

            numbered = np.empty(len(micros), np.int32)
            number_days(micros, numbered)
            return numbered
        days = ((micros + SHANGHAI_US) // DAY_US).astype(np.int32)
    else:
        plain: Any = values.cast(pa.int32())
        days = plain.fill_null(NO_DAY).to_numpy()
    # A year nobody means has no folder of its own.
    return np.where((days < 0) | (days > LAST_DAY), np.int32(NO_DAY), days)


def order_by_day(days: "Days") -> "npt.NDArray[np.int64]":
    """Return the positions that sort rows by day, rows of a day in their order."""
    import numpy as np

    low, high = int(days.min()), int(days.max())
    if len(days) < KERNEL_ROWS or high - low > len(days):
        return np.argsort(days, kind="stable")
    from posthouse.records.take_kernel import order_days

    order = np.empty(len(days), np.int64)
    order_days(days, low, np.zeros(high - low + 2, np.int64), order)
    return order
