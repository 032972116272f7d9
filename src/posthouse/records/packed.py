"""Rows of numbers, times and texts that repeat, each row in a few words of memory side by side.

Scans are too many to be moved column by column: a row that is sorted, picked or written is one place in memory here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import stored_schema
from posthouse.records.schema import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]

_WORD_TYPES = ("key", "hash", "int", "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """Where the columns of a table are in a row: numbers and times a word each, then codes of texts half a word each.

    A code is -1 where there is no text. The last half of a row has a bit for each number that is lacking, which is 0.
    """

    table: Table
    numbers: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def words(self) -> int:
        """How many words of eight bytes a row takes."""
        return (2 * len(self.numbers) + len(self.texts) + 2) // 2

    @property
    def optional(self) -> int:
        """The bits of numbers that a row may lack."""
        return sum(1 << at for at, name in enumerate(self.numbers) if not self.table.column(name).required)

    @property
    def day(self) -> str:
        """The number column that rows are dated by."""
        assert self.table.day is not None, "packed rows have a day"
        return self.table.day

    @property
    def key(self) -> str:
        """The number column that rows are known by."""
        return self.table.key[0]

    @property
    def sorted_by(self) -> str:
        """The number column that rows are stored by, a hash: all rows of a parcel stand together."""
        return next(name for name in self.numbers if self.table.column(name).type == "hash")

    @property
    def codes_at(self) -> int:
        """The half at which the codes begin."""
        return 2 * len(self.numbers)

    @property
    def lacking_at(self) -> int:
        """The half with the bits of numbers that are lacking, the last one."""
        return 2 * self.words - 1


@cache
def packing_of(table: Table) -> Packing | None:
    """Return how rows of a table are packed; None where they are not: it has other columns, or few rows."""
    if table.name != "scans":
        return None
    numbers = tuple(column.name for column in table.columns if column.type in _WORD_TYPES)
    texts = tuple(column.name for column in table.columns if column.type == "text")
    assert len(numbers) + len(texts) == len(table.columns), "a column of another type has no place in a row"
    return Packing(table=table, numbers=numbers, texts=texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedBlock:
    """Rows as they come in.

    words : shape (n, packing.words). groups : of each row, `packed_kernel.group_of`, shape (n,).
    texts : of each text column, in the order of the packing, what its codes stand for, an Arrow string array.
    """

    packing: Packing
    words: "Ints"
    groups: "Codes"
    texts: Sequence[Any]

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedRows:
    """Rows of a table, wherever they are in memory.

    rows : the address of each, shape (n,). keys : of each, shape (n,).
    texts : of each text column, what its codes stand for. memory : what the rows are in, kept as long as this is.
    """

    packing: Packing
    rows: "Ints"
    keys: "Ints"
    texts: Mapping[str, Any]
    memory: Sequence[Any]

    def __len__(self) -> int:
        return len(self.rows)

    def some(self, at: "Ints") -> "PackedRows":
        """Return the rows at some places."""
        return replace(self, rows=self.rows[at], keys=self.keys[at])

    def copies(self, at: "Ints") -> "tuple[Ints, Ints]":
        """Return some places in the order of their rows, and those of them whose row equals the one before it.

        Rows are equal where their words are: codes stand for shared texts, and a number that is lacking is 0.
        """
        import numpy as np

        from posthouse.records.order_kernel import order_rows
        from posthouse.records.packed_kernel import copy_rows

        words: Ints = np.empty((len(at), self.packing.words), np.int64)
        copy_rows(self.rows[at], words)
        column = self.packing.numbers.index(self.packing.sorted_by)
        order = order_rows(np.ascontiguousarray(words[:, column]), self.keys[at])
        words = words[order]
        return at[order], at[order[1:][(words[1:] == words[:-1]).all(axis=1)]]

    def ordered(self, gone: "Ints") -> "OrderedRows":
        """Return the rows, without those at some places, in the order in which they are stored."""
        import numpy as np

        from posthouse.records.order_kernel import order_rows
        from posthouse.records.packed_kernel import pick_rows

        packing, count = self.packing, len(self) - len(gone)
        rows, keys, numbers = (np.empty(count, np.int64) for _ in range(3))
        sizes = [1 + len(self.texts[name]) for name in packing.texts]
        starts = np.cumsum([0, *sizes[:-1]])
        used = np.zeros(sum(sizes), np.bool_)
        column = packing.numbers.index(packing.sorted_by)
        pick_rows(self.rows, self.keys, np.sort(gone), column, packing.codes_at, starts, used, rows, keys, numbers)
        marks = [used[start + 1 : start + size] for start, size in zip(starts, sizes, strict=True)]
        return OrderedRows(
            rows=replace(self, rows=rows, keys=keys),
            order=order_rows(numbers, keys),
            used=dict(zip(packing.texts, marks, strict=True)),
        )

    def take(self, at: "Ints") -> "pa.Table":
        """Return the rows at some places among these, in `stored_schema`."""
        import numpy as np
        import pyarrow as pa

        from posthouse.records.packed_kernel import copy_rows

        words: Ints = np.empty((len(at), self.packing.words), np.int64)
        copy_rows(self.rows[at], words)
        halves = words.view(np.int32)
        schema = stored_schema(self.packing.table)
        columns: list[Any] = []
        for field in schema:
            if field.name in self.packing.texts:
                codes = halves[:, self.packing.codes_at + self.packing.texts.index(field.name)]
                places: Any = pa.array(np.ascontiguousarray(codes), mask=codes < 0)
                columns.append(pa.DictionaryArray.from_arrays(places, self.texts[field.name]))
            else:
                number = self.packing.numbers.index(field.name)
                lacking = halves[:, self.packing.lacking_at] & (1 << number) != 0
                values = np.ascontiguousarray(words[:, number])
                columns.append(pa.array(values, mask=lacking if lacking.any() else None).cast(field.type))
        return pa.table(columns, schema=schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedRows:
    """Rows in the order in which they are stored: by `Packing.sorted_by`, then by their keys.

    order : their places among `rows`, shape (n,). used : of each text column, which texts occur in them.
    """

    rows: PackedRows
    order: "Ints"
    used: "Mapping[str, Mask]"

    def __len__(self) -> int:
        return len(self.order)


def pack(packing: Packing, rows: "pa.Table") -> PackedBlock:
    """Return rows in `stored_schema`, one chunk a column, packed."""
    import numpy as np
    import pyarrow as pa

    from posthouse.records.packed_kernel import pack_rows

    numbers, lacking = [], []
    for name in packing.numbers:
        column: Any = rows.column(name).chunk(0)
        lacking.append(column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None)
        numbers.append(column.cast(pa.int64()).fill_null(0).to_numpy())
    texts: list[Any] = [rows.column(name).chunk(0) for name in packing.texts]
    codes = [column.indices.fill_null(-1).to_numpy() for column in texts]
    words: Ints = np.empty((len(rows), packing.words), np.int64)
    groups: Codes = np.empty(len(rows), np.int32)
    places = [addresses_of(arrays) for arrays in (numbers, lacking, codes)]
    dated_by, sorted_by = (packing.numbers.index(name) for name in (packing.day, packing.sorted_by))
    pack_rows(*places, dated_by, sorted_by, words, groups)
    return PackedBlock(packing=packing, words=words, groups=groups, texts=[column.dictionary for column in texts])


def rows_at(words: "Ints") -> "Ints":
    """Return the addresses of packed rows, shape (n, packing.words)."""
    import numpy as np

    width, start = words.strides[0], words.ctypes.data
    return np.arange(start, start + width * len(words), width)


def addresses_of(arrays: "Sequence[npt.NDArray[Any] | None]") -> "Ints":
    """Return where arrays are in memory, 0 for None; it is for the caller to keep them."""
    import numpy as np

    return np.array([0 if array is None else array.ctypes.data for array in arrays], np.int64)
