"""Packed rows as the bytes of a Parquet file.

Any Parquet reader reads it. It is written here, and not by a library, because rows go from their words straight into
pages: picked, sorted, and packed in one pass (decision 0005). https://parquet.apache.org/docs/file-format/ defines the
form; what of it is used: differences for numbers, dictionaries for texts, LZ4 where it finds something.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from posthouse.records.pack_kernel import pack_codes, pack_levels, pack_numbers, pack_texts, room_for_numbers
from posthouse.records.packed import PackedRows, Packing
from posthouse.records.packed_kernel import mark_codes, spread_rows
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
_UNCOMPRESSED, _LZ4 = 0, 7
_DATA, _DICTIONARY = 0, 2


class PackedFiles:
    """Encodes parts of a table; remembers the sorted order of the texts that parts share."""

    def __init__(self, packing: Packing) -> None:
        self._packing = packing
        self._sorted: dict[str, tuple[Any, Ints]] = {}
        numbers, texts = len(packing.numbers), len(packing.texts)
        self._numbers: Ints = np.empty((numbers, PAGE_ROWS), np.int64)
        self._codes: Codes = np.empty((texts + 1, PAGE_ROWS), np.int32)
        self._room: npt.NDArray[np.uint8] = np.empty(room_for_numbers(PAGE_ROWS) + PAGE_ROWS, np.uint8)

    def encode(self, rows: PackedRows, order: "Ints") -> list[Any]:
        """Return the pieces of a file with some rows, in an order.

        Texts are numbered by the sorted ones that occur: so the way the rows came together leaves no trace.
        """
        dictionaries = self._number_texts(rows, order)
        maps = [np.append(np.int32(-1), dictionaries[name].numbers) for name in self._packing.texts]
        starts = np.cumsum([1, *(len(one) for one in maps[:-1])])
        pieces: list[Any] = [_MAGIC]
        groups: list[Value] = []
        at = len(_MAGIC)
        ordered = rows.rows[order]
        for first in range(0, len(order), _GROUP_PAGES * PAGE_ROWS):
            some = ordered[first : first + _GROUP_PAGES * PAGE_ROWS]
            chunks = [
                _Chunk(
                    column.name,
                    dictionaries.get(column.name),
                    is_sorted=column.type == "hash",
                )
                for column in self._packing.table.columns
            ]
            for start in range(0, len(some), PAGE_ROWS):
                self._add_page(some[start : start + PAGE_ROWS], np.concatenate(maps), starts, chunks)
            described = []
            for chunk in chunks:
                described.append(chunk.describe(at, len(some)))
                pieces += chunk.pieces
                at += chunk.stored
            groups.append(_describe_group(described, chunks, len(some), len(groups)))
        footer = _footer(self._packing, groups, len(order))
        return [*pieces, footer, len(footer).to_bytes(4, "little"), _MAGIC]

    def _add_page(self, rows: "Ints", maps: "Codes", starts: "Ints", chunks: "list[_Chunk]") -> None:
        """Add the rows at some addresses to the chunks of their columns."""
        count = len(rows)
        lacking = np.zeros(len(chunks), np.int64)
        spread_rows(rows, self._packing.lacking_at, maps, starts, self._numbers, self._codes, lacking)
        room = self._room
        for chunk in chunks:
            if chunk.dictionary is None:
                at = self._packing.numbers.index(chunk.name)
                missing = int(lacking[at])
                numbers = self._numbers[at, :count]
                levels = self._codes[0, :count]
                if missing:
                    levels = -(self._codes[-1, :count] & (1 << at))
                    numbers = numbers[levels == 0]
                start = pack_levels(levels, missing > 0, room, 0)
                end = pack_numbers(numbers, room, start, chunk.bounds)
            else:
                at = self._packing.texts.index(chunk.name)
                missing = int(lacking[len(self._packing.numbers) + at])
                codes = self._codes[at, :count]
                start = pack_levels(codes, missing > 0, room, 0)
                end = pack_codes(codes, chunk.dictionary.width, room, start)
            chunk.lacking += missing
            chunk.add_page(room[:end], count)

    def _number_texts(self, rows: PackedRows, order: "Ints") -> "dict[str, _Dictionary]":
        """Return, of each text column, the texts that occur in some rows, and the number of each."""
        packing = self._packing
        if len(order) < len(rows):
            wanted = np.zeros(len(rows), np.bool_)
            wanted[order] = True
            rows = rows.only(wanted)
        sizes = [1 + len(rows.texts[name]) for name in packing.texts]
        starts = np.cumsum([0, *sizes[:-1]])
        used = np.zeros(sum(sizes), np.bool_)
        mark_codes(rows.rows, packing.codes_at, starts, used)
        found = {}
        for name, start, size in zip(packing.texts, starts.tolist(), sizes, strict=True):
            by_text = self._order_of(name, rows.texts[name])
            kept = by_text[used[start + 1 : start + size][by_text]]
            numbers = np.full(size - 1, -1, np.int32)
            numbers[kept] = np.arange(len(kept), dtype=np.int32)
            found[name] = _Dictionary(rows.texts[name], kept, numbers)
        return found

    def _order_of(self, name: str, texts: Any) -> "Ints":
        """Return the order that sorts the texts of a column."""
        import pyarrow.compute as pc

        known = self._sorted.get(name)
        if known is None or known[0] is not texts:
            known = self._sorted[name] = texts, pc.sort_indices(texts).to_numpy().astype(np.int64)
        return known[1]


class _Dictionary:
    """The texts of a column that occur in a part. numbers : of each shared text, -1 where it does not occur."""

    def __init__(self, texts: Any, kept: "Ints", numbers: "Codes") -> None:
        self.numbers = numbers
        self.size = len(kept)
        self.width = max((self.size - 1).bit_length(), 1)
        _, offsets, letters = texts.buffers()
        bounds = np.frombuffer(offsets, np.int32)[texts.offset :]
        sizes = bounds[1:][kept] - bounds[:-1][kept]
        self.content: npt.NDArray[np.uint8] = np.empty(int(sizes.sum()) + 4 * self.size, np.uint8)
        pack_texts(bounds, np.frombuffer(letters if letters else b"", np.uint8), kept, self.content)


@dataclass(slots=True)
class _Chunk:
    """The pages of a column in a row group. is_sorted : whether its values are."""

    name: str
    dictionary: _Dictionary | None
    is_sorted: bool
    pieces: list[Any] = field(default_factory=list)
    size: int = 0
    stored: int = 0
    first_page: int = 0
    lacking: int = 0
    bounds: "Ints" = field(default_factory=lambda: np.array([2**63 - 1, -(2**63)]))

    def __post_init__(self) -> None:
        if self.dictionary is not None:
            head = struct({1: whole(self.dictionary.size), 2: whole(_PLAIN)})
            self._add(self.dictionary.content, _DICTIONARY, 7, head)
            self.first_page = self.stored

    @property
    def codec(self) -> int:
        """How its pages are compressed."""
        # LZ4 halves what is sorted. In codes and in other differences it finds next to nothing, but takes its time.
        return _LZ4 if self.is_sorted else _UNCOMPRESSED

    def add_page(self, content: Any, rows: int) -> None:
        encoding = _DIFFERENCES if self.dictionary is None else _CODES
        self._add(content, _DATA, 5, _data_head(rows, encoding))

    def _add(self, content: Any, kind: int, at: int, head: Value) -> None:
        import pyarrow as pa

        stored = pa.compress(content, "lz4_raw", asbytes=True) if self.is_sorted else content.tobytes()
        header = struct({1: whole(kind), 2: whole(len(content)), 3: whole(len(stored)), at: head}).content
        self.pieces += [header, stored]
        self.size += len(header) + len(content)
        self.stored += len(header) + len(stored)

    def describe(self, at: int, rows: int) -> Value:
        """Return what the footer says of the column. at : where its bytes begin in the file."""
        encodings = [_RLE, _DIFFERENCES] if self.dictionary is None else [_PLAIN, _RLE, _CODES]
        known = {3: long(self.lacking)}
        if self.dictionary is None and self.lacking < rows:
            low, high = (binary(bound.to_bytes(8, "little", signed=True)) for bound in self.bounds.tolist())
            known |= {5: high, 6: low}
        described = {
            1: whole(_INT64 if self.dictionary is None else _BYTE_ARRAY),
            2: many([whole(encoding) for encoding in encodings]),
            3: many([binary(self.name.encode())]),
            4: whole(self.codec),
            5: long(rows),
            6: long(self.size),
            7: long(self.stored),
            9: long(at + self.first_page),
        }
        if self.dictionary is not None:
            described |= {11: long(at)}
        described |= {12: struct(known)}
        return struct({2: long(at), 3: struct(described)})


@cache
def _data_head(rows: int, encoding: int) -> Value:
    return struct({1: whole(rows), 2: whole(encoding), 3: whole(_RLE), 4: whole(_RLE)})


def _describe_group(columns: list[Value], chunks: list[_Chunk], rows: int, number: int) -> Value:
    size, stored = sum(chunk.size for chunk in chunks), sum(chunk.stored for chunk in chunks)
    return struct({1: many(columns), 2: long(size), 3: long(rows), 6: long(stored), 7: short(number)})


def _footer(packing: Packing, groups: list[Value], rows: int) -> bytes:
    nothing = struct({})
    micros = struct({8: struct({1: flag(True), 2: struct({2: nothing})})})
    kinds = {
        "text": {1: whole(_BYTE_ARRAY), 6: whole(0), 10: struct({1: nothing})},
        "time": {1: whole(_INT64), 6: whole(10), 10: micros},
    }
    schema = [struct({4: binary(b"schema"), 5: whole(len(packing.table.columns))})]
    for column in packing.table.columns:
        kind: Mapping[int, Value] = kinds.get(column.type, {1: whole(_INT64)})
        schema.append(struct(dict(sorted({**kind, 3: whole(_OPTIONAL), 4: binary(column.name.encode())}.items()))))
    orders = many([struct({1: nothing})] * len(packing.table.columns))
    footer = {1: whole(_VERSION), 2: many(schema), 3: long(rows)}
    # A file always has a row group, but not always a row.
    footer |= {4: many(groups), 6: binary(b"posthouse"), 7: orders}
    return struct(footer).content
