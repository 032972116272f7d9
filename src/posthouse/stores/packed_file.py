"""Packed rows as the bytes of a Parquet file.

Any Parquet reader reads it. It is written here, and not by a library, because rows go from their words straight into
pages: picked, sorted, and packed in one pass (decision 0005). https://parquet.apache.org/docs/file-format/ defines the
form; what of it is used: differences for numbers, dictionaries for texts, and for hashes, by which rows are sorted, a
dictionary in their order and runs of equal ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from posthouse.records.pack_kernel import END, HIGH, LACKING, START, TOLD, pack_pages, pack_texts, room_for_page
from posthouse.records.packed import OrderedRows, Packing
from posthouse.stores.thrift import Value, binary, flag, long, many, short, struct, whole

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]

PAGE_ROWS = 20_000
_GROUP_PAGES = 6
_MAGIC = b"PAR1"
_VERSION = 2
_INT64, _BYTE_ARRAY = 2, 6
_OPTIONAL = 1
_PLAIN, _RLE, _DIFFERENCES, _CODES = 0, 3, 5, 8
_UNCOMPRESSED = 0
_DATA, _DICTIONARY = 0, 2


class PackedFiles:
    """Encodes parts of a table; remembers the sorted order of the texts that parts share."""

    def __init__(self, packing: Packing) -> None:
        self._packing = packing
        self._sorted: dict[str, tuple[Any, Ints]] = {}
        self._names = (*packing.numbers, *packing.texts)
        # Memory is used again: new memory costs as much as what is written to it.
        self._room: list[tuple[Ints, npt.NDArray[np.uint8]]] = []

    def encode(self, rows: OrderedRows) -> list[Any]:
        """Return the pieces of a file with some rows; valid until the next file.

        Texts are numbered by the sorted ones that occur: so the way the rows came together leaves no trace.
        """
        texts = self._number_texts(rows)
        pieces: list[Any] = [_MAGIC]
        groups: list[Value] = []
        at = len(_MAGIC)
        for first in range(0, len(rows), _GROUP_PAGES * PAGE_ROWS):
            some = rows.order[first : first + _GROUP_PAGES * PAGE_ROWS]
            chunks = self._pack_group(rows.rows.rows, some, texts, len(groups))
            described = []
            for column in self._packing.table.columns:
                chunk = chunks[column.name]
                described.append(chunk.describe(at, len(some)))
                pieces += [*chunk.dictionary, *chunk.pages]
                at += chunk.size
            size = sum(chunk.size for chunk in chunks.values())
            groups.append(_describe_group(described, size, len(some), len(groups)))
        footer = _footer(self._packing, groups, len(rows))
        return [*pieces, footer, len(footer).to_bytes(4, "little"), _MAGIC]

    def _pack_group(self, rows: "Ints", order: "Ints", texts: "_Texts", group: int) -> "dict[str, _Chunk]":
        """Return the columns of rows at some addresses, in an order, which make a row group."""
        packing, numbers = self._packing, len(self._packing.numbers)
        if group == len(self._room):
            shape = _GROUP_PAGES, len(self._names), room_for_page(PAGE_ROWS)
            self._room.append((np.empty(_GROUP_PAGES * PAGE_ROWS, np.int64), np.empty(shape, np.uint8)))
        entries, room = self._room[group]
        told: Ints = np.empty((-(-len(order) // PAGE_ROWS), len(self._names), TOLD), np.int64)
        repeating = packing.numbers.index(packing.sorted_by)
        known = pack_pages(
            rows, order, PAGE_ROWS, numbers, packing.lacking_at, repeating, entries,
            texts.maps, texts.starts, texts.widths, room, told,
        )  # fmt: skip
        pages: dict[str, list[Any]] = {name: [] for name in self._names}
        for page, bounds in enumerate(told[:, :, START : END + 1].tolist()):
            count = min(PAGE_ROWS, len(order) - page * PAGE_ROWS)
            for at, (name, (first, end)) in enumerate(zip(self._names, bounds, strict=True)):
                head = _data_head(count, at == repeating or at >= numbers)
                pages[name] += [_page(_DATA, end - first, 5, head), room[page, at, first:end].data]
        met = _dictionary(entries[:known].view(np.uint8).data, known)
        dictionaries = {packing.sorted_by: met, **texts.dictionaries}
        return {
            name: _Chunk(
                name=name,
                is_text=name in packing.texts,
                dictionary=dictionaries.get(name, ()),
                pages=pages[name],
                size=sum(map(len, (*dictionaries.get(name, ()), *pages[name]))),
                lacking=lacking,
                bounds=(low, high),
            )
            for name, (lacking, low, high) in zip(self._names, told[-1, :, LACKING : HIGH + 1].tolist(), strict=True)
        }

    def _number_texts(self, rows: OrderedRows) -> "_Texts":
        """Number the texts that occur in some rows."""
        maps, widths, dictionaries = [], [], {}
        for name, used in rows.used.items():
            texts = rows.rows.texts[name]
            by_text = self._order_of(name, texts)
            kept = by_text[used[by_text]]
            numbers = np.full(len(texts) + 1, -1, np.int32)
            numbers[1 + kept] = np.arange(len(kept), dtype=np.int32)
            maps.append(numbers)
            widths.append(max((len(kept) - 1).bit_length(), 1))
            dictionaries[name] = _dictionary(_bytes_of(texts, kept), len(kept))
        starts = np.cumsum([1, *(len(one) for one in maps[:-1])])
        return _Texts(np.concatenate(maps), starts, np.array(widths), dictionaries)

    def _order_of(self, name: str, texts: Any) -> "Ints":
        """Return the order that sorts the texts of a column."""
        import pyarrow.compute as pc

        known = self._sorted.get(name)
        if known is None or known[0] is not texts:
            known = self._sorted[name] = texts, pc.sort_indices(texts).to_numpy().astype(np.int64)
        return known[1]


class _Texts(NamedTuple):
    """Those of a file. maps, starts : the number of each code, as `pack_pages` takes them. widths : of the numbers.

    dictionaries : of each column, the page with its texts, header and content.
    """

    maps: "Codes"
    starts: "Ints"
    widths: "Ints"
    dictionaries: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """A column in a row group. dictionary, pages : headers and contents in turn; no dictionary where it has none.

    size : how many bytes it has.
    lacking, bounds : how many values are lacking, and of numbers the least and the greatest.
    """

    name: str
    is_text: bool
    dictionary: Sequence[Any]
    pages: Sequence[Any]
    size: int
    lacking: int
    bounds: tuple[int, int]

    def describe(self, at: int, rows: int) -> Value:
        """Return what the footer says of the column. at : where its bytes begin in the file."""
        known, size = {3: long(self.lacking)}, long(self.size)
        if not self.is_text and self.lacking < rows:
            low, high = (binary(bound.to_bytes(8, "little", signed=True)) for bound in self.bounds)
            known |= {5: high, 6: low}
        described = {**_column(self.name, self.is_text, bool(self.dictionary)), 5: long(rows), 6: size, 7: size}
        described[9] = long(at + sum(map(len, self.dictionary)))
        if self.dictionary:
            described[11] = long(at)
        described[12] = struct(known)
        return struct({2: long(at), 3: struct(described)})


@cache
def _column(name: str, is_text: bool, is_coded: bool) -> Mapping[int, Value]:
    """Return what the footer says of a column in every row group."""
    return {
        1: whole(_BYTE_ARRAY if is_text else _INT64),
        2: many([whole(encoding) for encoding in ([_PLAIN, _RLE, _CODES] if is_coded else [_RLE, _DIFFERENCES])]),
        3: many([binary(name.encode())]),
        4: whole(_UNCOMPRESSED),
    }


def _bytes_of(texts: Any, kept: "Ints") -> bytes:
    """Return the texts at some places of an Arrow string array as a page has them."""
    _, offsets, letters = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset :]
    sizes = bounds[1:][kept] - bounds[:-1][kept]
    content: npt.NDArray[np.uint8] = np.empty(int(sizes.sum()) + 4 * len(kept), np.uint8)
    pack_texts(bounds, np.frombuffer(letters if letters else b"", np.uint8), kept, content)
    return content.tobytes()


def _dictionary(content: Any, count: int) -> Sequence[Any]:
    """Return the page with a dictionary of so many entries, header and content."""
    return _page(_DICTIONARY, len(content), 7, struct({1: whole(count), 2: whole(_PLAIN)})), content


def _page(kind: int, size: int, at: int, head: Value) -> bytes:
    """Return the header of a page of so many bytes. at : where in it what is told of pages of this kind goes."""
    told = whole(size)
    return struct({1: whole(kind), 2: told, 3: told, at: head}).content


@cache
def _data_head(rows: int, is_coded: bool) -> Value:
    return struct({1: whole(rows), 2: whole(_CODES if is_coded else _DIFFERENCES), 3: whole(_RLE), 4: whole(_RLE)})


def _describe_group(columns: list[Value], size: int, rows: int, number: int) -> Value:
    return struct({1: many(columns), 2: long(size), 3: long(rows), 6: long(size), 7: short(number)})


def _footer(packing: Packing, groups: list[Value], rows: int) -> bytes:
    columns, orders = _schema(packing)
    # A file always has a row group, but not always a row.
    described = {1: whole(_VERSION), 2: columns, 3: long(rows), 4: many(groups), 6: binary(b"posthouse"), 7: orders}
    return struct(described).content


@cache
def _schema(packing: Packing) -> tuple[Value, Value]:
    """Return what the columns are and how their bounds are compared."""
    nothing = struct({})
    micros = struct({8: struct({1: flag(True), 2: struct({2: nothing})})})
    kinds = {
        "text": {1: whole(_BYTE_ARRAY), 6: whole(0), 10: struct({1: nothing})},
        "time": {1: whole(_INT64), 6: whole(10), 10: micros},
    }
    columns = [struct({4: binary(b"schema"), 5: whole(len(packing.table.columns))})]
    for column in packing.table.columns:
        kind: Mapping[int, Value] = kinds.get(column.type, {1: whole(_INT64)})
        columns.append(struct(dict(sorted({**kind, 3: whole(_OPTIONAL), 4: binary(column.name.encode())}.items()))))
    return many(columns), many([struct({1: nothing})] * len(packing.table.columns))
