"""Rows in the form in which they are stored: one chunk a column, codes numbered by the sorted texts that occur.

So the way the rows came together leaves no trace.
"""

from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import is_same_memory, plain_columns, take_flat

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]


class Canonical:
    """Makes rows canonical; remembers the sorted order of texts that several parts of a table share."""

    def __init__(self) -> None:
        self._sorted: dict[str, tuple[Any, Ints]] = {}

    def rows(self, rows: "pa.Table", order: "Ints | None" = None) -> "pa.Table":
        """Return rows of a table. order : which, and in what order; None for all as they stand."""
        import numpy as np
        import pyarrow as pa

        rows = plain_columns(rows)
        columns: list[Any] = []
        for name, chunked in zip(rows.column_names, rows.columns, strict=True):
            column = chunked.chunk(0)
            if pa.types.is_dictionary(column.type):
                at = np.arange(len(column)) if order is None else order
                columns.append(self._codes(name, column, at))
            else:
                columns.append(column if order is None else take_flat(column, order))
        return pa.table(columns, names=rows.column_names)

    def _codes(self, name: str, column: Any, order: "Ints") -> Any:
        import numpy as np
        import pyarrow as pa

        from posthouse.records.take_kernel import number_codes, take_codes

        indices, texts = column.indices, column.dictionary
        bits, data = indices.buffers()
        valid = np.frombuffer(bits if bits is not None and indices.null_count else b"", np.uint8)
        taken: Any = np.empty(len(order), np.int32)
        used = np.zeros(len(texts) + 1, np.bool_)
        take_codes(np.frombuffer(data, np.int32), valid, indices.offset, order, taken, used)
        by_text = self._order_of(name, texts)
        kept = by_text[used[by_text + 1]]
        numbers = np.full(len(texts) + 1, -1, np.int32)
        numbers[kept + 1] = np.arange(len(kept), dtype=np.int32)
        present: Any = np.empty((len(order) + 7) // 8, np.uint8)
        lacking = number_codes(taken, numbers, present)
        buffers = [pa.py_buffer(present) if lacking else None, pa.py_buffer(taken)]
        codes = pa.Array.from_buffers(pa.int32(), len(order), buffers, lacking)
        return pa.DictionaryArray.from_arrays(codes, texts.take(pa.array(kept)), safe=False)

    def _order_of(self, name: str, texts: Any) -> "Ints":
        """Return the order that sorts the texts of a column."""
        import pyarrow.compute as pc

        known = self._sorted.get(name)
        if known is None or not is_same_memory(known[0], texts):
            known = self._sorted[name] = texts, pc.sort_indices(texts).to_numpy().astype("int64")
        return known[1]
