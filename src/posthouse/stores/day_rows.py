"""A day's rows while they are merged and written: as an Arrow table, or packed where there are very many."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from posthouse.records.arrow import plain_columns, take_rows
from posthouse.records.packed import packing_of
from posthouse.records.schema import Table
from posthouse.stores.canonical import Canonical
from posthouse.stores.parts import encode_rows, write_content
from posthouse.stores.rows import find_copies, numbers_of, order_of
from posthouse.stores.staging import Staging, stored_part

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from posthouse.records.packed import OrderedRows, PackedRows

    Ints = npt.NDArray[np.int64]


class DayRows(Protocol):
    """Rows of one table and day."""

    def __len__(self) -> int: ...

    @property
    def keys(self) -> "Ints":
        """The key of each row."""

    def some(self, at: "Ints") -> Self:
        """Return the rows at some places."""

    def copies(self, at: "Ints") -> "tuple[Ints, Ints]":
        """Return some places in the order of their rows, and those of them whose row equals the one before it."""

    def ordered(self, gone: "Ints") -> Any:
        """Return the rows, without those at some places, in the order in which they are stored; for `Form.write`."""

    def take(self, at: "Ints") -> "pa.Table":
        """Return the rows at some places among these, in `stored_schema`."""


class Form(Protocol):
    """How the rows of a table are held while a load is merged."""

    def span(self, day: int) -> tuple[int, int, int]:
        """Return the least and the greatest key of a day's rows that came with this load, and how many there are."""

    def keys(self, day: int) -> "Ints":
        """Return the keys of these rows."""

    def staged(self, day: int) -> DayRows:
        """Return these rows."""

    def having(self, name: str) -> "pa.Table":
        """Return the rows of all days, of this load, that have a value in an optional column of integers."""

    def join(self, parts: Sequence[Any]) -> DayRows:
        """Return rows one behind the other, such as `staged` gives and tables in `stored_schema`."""

    def write(self, folder: Path, place: str, part: str, rows: Any) -> str:
        """Write rows, as `DayRows.ordered` gives them, as `parts.write_part` does."""


def form_of(table: Table, staging: Staging) -> Form:
    """Return how the rows of a table are held."""
    return _PackedForm(table, staging) if packing_of(table) else _TableForm(table, staging)


class _TableRows:
    def __init__(self, table: Table, rows: "pa.Table") -> None:
        self.table, self.rows = table, rows

    def __len__(self) -> int:
        return self.rows.num_rows

    @property
    def keys(self) -> "Ints":
        return numbers_of(self.rows, self.table.key[0])

    def some(self, at: "Ints") -> "_TableRows":
        return _TableRows(self.table, self.take(at))

    def copies(self, at: "Ints") -> "tuple[Ints, Ints]":
        few = plain_columns(self.take(at))
        order = order_of(self.table, few)
        return at[order], at[order[find_copies(self.table, few, order)]]

    def ordered(self, gone: "Ints") -> "tuple[pa.Table, Ints]":
        import numpy as np

        rows = self.take(np.delete(np.arange(len(self)), gone)) if len(gone) else self.rows
        return rows, order_of(self.table, rows)

    def take(self, at: "Ints") -> "pa.Table":
        return take_rows(self.rows, at)


class _TableForm:
    def __init__(self, table: Table, staging: Staging) -> None:
        self._table, self._staging = table, staging
        self._canonical = Canonical()

    def span(self, day: int) -> tuple[int, int, int]:
        keys = self.keys(day)
        return int(keys.min()), int(keys.max()), len(keys)

    def keys(self, day: int) -> "Ints":
        key = self._table.key[0]
        return numbers_of(self._staging.read(self._table.name, day, [key]), key)

    def staged(self, day: int) -> _TableRows:
        return _TableRows(self._table, self._staging.read(self._table.name, day))

    def having(self, name: str) -> "pa.Table":
        import pyarrow as pa

        days = [self._staging.read(self._table.name, day) for day in self._staging.days(self._table.name)]
        rows = pa.concat_tables([stored_part(self._table, None), *days])
        return rows.filter(rows.column(name).is_valid())

    def join(self, parts: "Sequence[_TableRows | pa.Table]") -> _TableRows:
        import pyarrow as pa

        tables = [part.rows if isinstance(part, _TableRows) else part for part in parts]
        return _TableRows(self._table, plain_columns(pa.concat_tables(tables)))

    def write(self, folder: Path, place: str, part: str, rows: "tuple[pa.Table, Ints]") -> str:
        return write_content(folder, place, part, encode_rows(self._canonical.rows(*rows)))


class _PackedForm:
    def __init__(self, table: Table, staging: Staging) -> None:
        from posthouse.stores.packed_file import PackedFiles

        self._table, self._days = table, staging.packed(table)
        self._files = PackedFiles(self._days.packing)

    def span(self, day: int) -> tuple[int, int, int]:
        return self._days.span(day)

    def keys(self, day: int) -> "Ints":
        return self._days.keys(day)

    def staged(self, day: int) -> "PackedRows":
        return self._days.read(day)

    def having(self, name: str) -> "pa.Table":
        return self._days.having(name)

    def join(self, parts: "Sequence[PackedRows | pa.Table]") -> "PackedRows":
        return self._days.join(parts)

    def write(self, folder: Path, place: str, part: str, rows: "OrderedRows") -> str:
        return write_content(folder, place, part, self._files.encode(rows))
