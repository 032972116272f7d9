"""The cells of one column, collected block by block: which break a rule, and the values of those that are good.

A block is first judged by all columns, then each keeps its values of the rows that all of them found good.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from posthouse.records.mapping import TableMapping
from posthouse.records.parse import parse_column, parse_distinct
from posthouse.records.plain_csv import Kind, PlainBatch, PlainCells
from posthouse.records.schema import Column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Ints = npt.NDArray[np.int64]


class GatheredCells(Protocol):
    """One column of the rows of a plain file."""

    def judge(self, batch: PlainBatch, odd: "Mask") -> None:
        """Take a block in hand, and mark its rows whose cell breaks a rule."""

    def keep(self, without: "Ints", at: int, room: int) -> None:
        """Keep the values of that block, without those at some positions, behind the first `at`, of at most `room`."""

    def take(self, count: int) -> Any:
        """Return so many values as an Arrow array, valid until more are kept."""


def gather_cells(
    column: Column, position: int | None, kind: Kind | None, mapping: TableMapping, key: bytes
) -> GatheredCells:
    """Return what collects a column.

    Parameters
    ----------
    position : among the headings; None where the file lacks it. kind : how its cells are read.
    """
    words = mapping.values.get(column.name, {})
    if position is None:
        return _Constant(column, mapping.constants.get(column.name), words, key)
    match kind:
        case "number" | "time":
            return _Values(column, position)
        case "code":
            return _Codes(column, position, words, key)
        case "hash":
            return _Hashes(column, position, key)
        case _:
            return _Texts(column, position, words, key)


def micros_of(cells: GatheredCells) -> Any:
    """Return the times of the block in hand, in microseconds since 1970 UTC; of odd rows they mean nothing."""
    import pyarrow as pa

    if isinstance(cells, _Values):
        return cells.cells.values
    assert isinstance(cells, _Texts | _Constant), "no other cells are times"
    return cells.values.cast(pa.int64()).fill_null(0).to_numpy()


class _Kept:
    """The values that are kept."""

    def __init__(self, kind: Any) -> None:
        import numpy as np

        self._values: npt.NDArray[Any] = np.empty(0, kind)

    def add(self, values: Any, without: "Ints", at: int, room: int) -> None:
        import numpy as np

        from posthouse.records.take_kernel import keep_values

        if len(self._values) < room:
            grown = np.empty(room, self._values.dtype)
            grown[:at] = self._values[:at]
            self._values = grown
        keep_values(values, without, self._values[at:])

    def take(self, count: int) -> Any:
        return self._values[:count]


class _Values:
    """Numbers and times."""

    def __init__(self, column: Column, position: int) -> None:
        import numpy as np

        self._column, self._position = column, position
        self._values, self._empty = _Kept(np.int64), _Kept(np.bool_)
        self.cells: Any = None

    def judge(self, batch: PlainBatch, odd: "Mask") -> None:
        self.cells = cells = batch.cells[self._position]
        values, empty = cells.values, cells.empty
        assert values is not None
        assert empty is not None
        if self._column.required:
            odd |= empty
        if self._column.minimum is not None:
            odd |= (values < self._column.minimum) & ~empty
        if self._column.maximum is not None:
            odd |= (values > self._column.maximum) & ~empty

    def keep(self, without: "Ints", at: int, room: int) -> None:
        self._values.add(self.cells.values, without, at, room)
        if not self._column.required:
            self._empty.add(self.cells.empty, without, at, room)

    def take(self, count: int) -> Any:
        import pyarrow as pa

        kind = pa.timestamp("us", tz="UTC") if self._column.type == "time" else pa.int64()
        empty = None if self._column.required else self._empty.take(count)
        return pa.array(self._values.take(count), mask=empty).cast(kind)


class _Codes:
    """Texts that repeat: what each means is worked out once."""

    def __init__(self, column: Column, position: int, words: Mapping[str, str], key: bytes) -> None:
        import numpy as np
        import pyarrow as pa

        self._column, self._position, self._words, self._key = column, position, words, key
        self._codes = _Kept(np.int32)
        self._cells: Any = None
        self._known = 0
        self._meaning = parse_distinct(pa.array([], pa.string()), column, key=key, words=words)

    def judge(self, batch: PlainBatch, odd: "Mask") -> None:
        self._cells = cells = batch.cells[self._position]
        assert cells.known is not None
        if cells.known.count > self._known:
            new = cells.known.texts(self._known)
            self._known = cells.known.count
            self._meaning = self._meaning.join(parse_distinct(new, self._column, key=self._key, words=self._words))
        if self._meaning.faulty[:-1].any():
            odd |= self._meaning.faulty[cells.codes]

    def keep(self, without: "Ints", at: int, room: int) -> None:
        self._codes.add(self._cells.codes, without, at, room)

    def take(self, count: int) -> Any:
        import numpy as np
        import pyarrow as pa

        from posthouse.records import take_kernel

        places: Any = np.empty(count, np.int32)
        valid: Any = np.empty((count + 7) // 8, np.uint8)
        lacking = take_kernel.spread_places(self._codes.take(count), self._meaning.places, places, valid)
        buffers = [pa.py_buffer(valid) if lacking else None, pa.py_buffer(places)]
        indices = pa.Array.from_buffers(pa.int32(), count, buffers, lacking)
        values = pa.DictionaryArray.from_arrays(indices, self._meaning.values, safe=False)
        return values if self._column.type == "text" else values.dictionary_decode()


class _Hashes:
    """Waybill numbers that no word of the mapping stands for."""

    def __init__(self, column: Column, position: int, key: bytes) -> None:
        import numpy as np

        self._column, self._position, self._key = column, position, key
        self._hashes = _Kept(np.int64)
        self._block: Any = None

    def judge(self, batch: PlainBatch, odd: "Mask") -> None:
        from posthouse.records.hash_kernel import hash_column

        cells = batch.cells[self._position]
        assert cells.begins is not None
        assert cells.ends is not None
        self._block, left = hash_column(cells.begins, cells.ends, batch.block, self._key)
        odd |= left

    def keep(self, without: "Ints", at: int, room: int) -> None:
        self._hashes.add(self._block, without, at, room)

    def take(self, count: int) -> Any:
        import pyarrow as pa

        return pa.array(self._hashes.take(count))


class _Texts:
    """What has no faster way: each block is parsed as the exact way does."""

    def __init__(self, column: Column, position: int, words: Mapping[str, str], key: bytes) -> None:
        self._column, self._position, self._words, self._key = column, position, words, key
        self.values: Any = None
        self._parts: list[Any] = []

    def judge(self, batch: PlainBatch, odd: "Mask") -> None:
        texts = _texts(batch, batch.cells[self._position])
        parsed = parse_column(texts, self._column, key=self._key, words=self._words, coded=True)
        self.values = parsed.values
        for _, mask in parsed.faults:
            odd |= mask

    def keep(self, without: "Ints", at: int, room: int) -> None:
        import numpy as np
        import pyarrow as pa

        del at, room
        good = np.ones(len(self.values), np.bool_)
        good[without] = False
        self._parts.append(self.values.filter(pa.array(good)) if len(without) else self.values)

    def take(self, count: int) -> Any:
        import pyarrow as pa

        del count
        parts, self._parts = self._parts, []
        whole = pa.chunked_array(parts).unify_dictionaries().combine_chunks()
        return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


class _Constant:
    """What the mapping gives to all rows, or nothing."""

    def __init__(self, column: Column, text: str | None, words: Mapping[str, str], key: bytes) -> None:
        import pyarrow as pa

        parsed = parse_column(pa.array([text], pa.string()), column, key=key, words=words, coded=True)
        self.values, self._is_faulty = parsed.values, bool(parsed.faults)

    def judge(self, batch: PlainBatch, odd: "Mask") -> None:
        del batch
        odd |= self._is_faulty

    def keep(self, without: "Ints", at: int, room: int) -> None:
        pass

    def take(self, count: int) -> Any:
        import numpy as np
        import pyarrow as pa

        return self.values.take(pa.array(np.zeros(count, np.int64)))


def _texts(batch: PlainBatch, cells: PlainCells) -> Any:
    """Return cells as an Arrow string array, null where empty."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from posthouse.records import csv_kernel

    begins: Any = cells.begins
    ends: Any = cells.ends
    sizes = ends - begins
    offsets: Any = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    data: Any = np.empty(int(offsets[-1]), np.uint8)
    csv_kernel.copy_texts(begins, ends, batch.block, offsets, data)
    texts = pa.StringArray.from_buffers(len(sizes), pa.py_buffer(offsets), pa.py_buffer(data))
    return texts if sizes.all() else pc.if_else(pa.array(sizes == 0), pa.scalar(None, pa.string()), texts)
