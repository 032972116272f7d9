"""Blocks of a plain file read straight into packed rows; what is odd is left to the exact way, as in `accept`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from posthouse.records import row_kernel as k
from posthouse.records.byte_words import zeros_in_lines
from posthouse.records.check import FIRST_EVENT_US
from posthouse.records.code_kernel import NO_ROOM
from posthouse.records.hash_kernel import hash_column
from posthouse.records.headings import HeadingMatch
from posthouse.records.known_texts import KnownTexts
from posthouse.records.mapping import TableMapping
from posthouse.records.packed import PackedBlock, Packing
from posthouse.records.parse import DistinctTexts, parse_column, parse_distinct
from posthouse.records.plain_csv import Kind, PlainBatch

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Positions = npt.NDArray[np.int32]

_KINDS: Mapping[Kind, int] = {"number": k.NUMBER, "time": k.TIME, "code": k.CODE, "hash": k.HASH}


class PackedReader:
    """Reads the blocks of one file."""

    def __init__(
        self, packing: Packing, first: PlainBatch, *, match: HeadingMatch, mapping: TableMapping, key: bytes
    ) -> None:
        self._packing, self._mapping, self._key = packing, mapping, key
        self._plan: Ints = np.zeros((len(first.headings), k.FIELDS), np.int64)
        self._known: dict[int, KnownTexts] = {}
        self._meanings: dict[str, DistinctTexts] = {}
        self._maps: dict[int, Positions] = {}
        self._absent: dict[str, Any] = {}
        self.lacks_any = False
        self._positions = match.positions
        for column in packing.table.columns:
            if column.name not in match.positions:
                parsed = parse_column(
                    _one(mapping.constants.get(column.name)),
                    column,
                    key=key,
                    words=self._words(column.name),
                    coded=True,
                )
                self._absent[column.name] = parsed.values
                self.lacks_any |= bool(parsed.faults)
                continue
            plan = self._plan[match.positions[column.name]]
            plan[k.KIND] = _KINDS[first.kinds[match.positions[column.name]]]
            plan[k.LACKING] = 0 if column.required else 1
            if column.name in packing.texts:
                plan[k.SLOT] = packing.codes_at + packing.texts.index(column.name)
                self._known[match.positions[column.name]] = KnownTexts()
                self._meanings[column.name] = parse_distinct(
                    _one(None)[:0], column, key=key, words=self._words(column.name)
                )
            else:
                plan[k.SLOT] = number = packing.numbers.index(column.name)
                plan[k.LACKING] <<= number
                plan[k.LOW] = -(2**63) if column.minimum is None else int(np.ceil(column.minimum))
                plan[k.HIGH] = 2**63 - 1 if column.maximum is None else int(np.floor(column.maximum))
        self._lacking = sum(
            1 << packing.numbers.index(n) for n, v in self._absent.items() if n in packing.numbers and v.null_count
        )
        # Scans are recorded after they happen, and not before records begin (see `check.clock_faults`).
        event, recorded, hashed = (packing.numbers.index(n) for n in ("event_at", "recorded_at", packing.sorted_by))
        self._clock = np.array([event, FIRST_EVENT_US, recorded, hashed], np.int64)
        # Room for a block, used again; `_make_room` makes it greater.
        self._rows: Ints = np.empty((0, packing.words), np.int64)
        self._every, self._groups, self._left, self._waiting = np.empty((4, 0), np.int32)
        self._learn()

    def read(self, batch: PlainBatch) -> "tuple[PackedBlock, Ints]":
        """Return the rows of a block that break no rule, valid until the next is read, and where the others are.

        Raises
        ------
        UnicodeDecodeError : a cell is not UTF-8.
        """
        self._make_room(len(batch))
        odd = np.flatnonzero(batch.odd)
        rows = np.delete(self._every[: len(batch)], odd) if len(odd) else self._every[: len(batch)]
        hashes = self._point_to(batch)
        stride = batch.bounds[0][0].strides[0] // 4
        written, oddities = 0, 0
        while len(rows):
            done, written, oddities, waits, fault = k.read_rows(
                batch.block, self._plan, stride, batch.lead, rows, self._lacking, self._clock,
                self._rows, self._groups, written, self._left, oddities, self._waiting,
            )  # fmt: skip
            if fault == NO_ROOM:
                self._learn(grow=True)
            elif fault:
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "not UTF-8")
            else:
                self._learn()
            rows = np.concatenate([self._waiting[:waits], rows[done:]])
        del hashes
        texts = [
            self._meanings[name].values if name in self._meanings else self._absent[name].dictionary
            for name in self._packing.texts
        ]
        words, groups = self._rows[:written], self._groups[:written]
        block = PackedBlock(packing=self._packing, words=words, groups=groups, texts=texts)
        return block, np.sort(np.concatenate([odd, self._left[:oddities]]))

    def _words(self, name: str) -> Mapping[str, str]:
        return self._mapping.values.get(name, {})

    def _make_room(self, rows: int) -> None:
        """Have room for so many rows; what the file does not have is in all of them already."""
        if rows <= len(self._rows):
            return
        self._rows = zeros_in_lines((rows, self._packing.words), np.int64)
        self._every = np.arange(rows, dtype=np.int32)
        self._groups, self._left, self._waiting = (np.empty(rows, np.int32) for _ in range(3))
        for name, values in self._absent.items():
            if name in self._packing.texts:
                halves = self._rows.view(np.int32)
                halves[:, self._packing.codes_at + self._packing.texts.index(name)] = -1 if values.null_count else 0
            elif not values.null_count:
                self._rows[:, self._packing.numbers.index(name)] = values.cast("int64")[0].as_py()

    def _point_to(self, batch: PlainBatch) -> Any:
        """Put into the plan where the cells of a block are; return what is to be kept while it is read."""
        kept: list[Any] = []
        for position, plan in enumerate(self._plan):
            begins, ends = batch.bounds[position]
            plan[k.BEGINS], plan[k.ENDS] = begins.ctypes.data, ends.ctypes.data
            if plan[k.KIND] == k.HASH:
                hashes, left = hash_column(begins, ends, batch.block, self._key, batch.lead)
                plan[k.HASHES], plan[k.LEFT] = hashes.ctypes.data, left.ctypes.data
                kept.append((hashes, left))
            kept.append((begins, ends))
        return kept

    def _learn(self, *, grow: bool = False) -> None:
        """Work out what texts mean that are new. grow : make room for more first."""
        if not grow and all(
            known.count == self._plan[at, k.MAPPED] == self._plan[at, k.KNOWN] and self._plan[at, k.PLACES]
            for at, known in self._known.items()
        ):
            return
        for position, known in self._known.items():
            plan = self._plan[position]
            if known.count != plan[k.KNOWN] or not plan[k.PLACES]:
                known.count = int(plan[k.KNOWN])
                name = next(name for name, at in self._positions.items() if at == position)
                column, before = self._packing.table.column(name), self._meanings[name]
                new = known.texts(len(before.places) - 1)
                meaning = before.join(parse_distinct(new, column, key=self._key, words=self._words(name)))
                self._meanings[name] = meaning
                self._maps[position] = np.where(meaning.faulty, np.int32(k.FAULTY), meaning.places)
                plan[k.MAP], plan[k.MAPPED] = self._maps[position].ctypes.data, known.count
            if grow and known.is_nearly_full():
                known.grow()
            table, spans, texts = known.memory()
            plan[k.TABLE], plan[k.PLACES] = table.ctypes.data, len(table) // 4
            plan[k.SPANS], plan[k.LETTERS], plan[k.ROOM] = spans.ctypes.data, texts.ctypes.data, len(texts)


def _one(text: str | None) -> Any:
    import pyarrow as pa

    return pa.array([text], pa.string())
