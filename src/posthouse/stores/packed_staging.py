"""Packed rows on their way into the workspace: by day, in one arena of memory that is used again, or in files."""

import mmap
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from posthouse.records.arrow import plain_columns, stored_schema
from posthouse.records.packed import PackedBlock, PackedRows, Packing, pack, rows_at
from posthouse.records.packed_kernel import PARTS, copy_rows, count_groups, list_rows, place_rows
from posthouse.stores.shared_texts import SharedTexts

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]

_POPULATE_WRITE = 23  # of madvise(2), which Python has no name for yet
_MOST_DAYS = 1 << 9  # that are counted one by one; more of them are numbered first


class _Run(NamedTuple):
    """Rows of one day and source, one behind the other: of the arena, or of a file.

    counts : the rows of each part of the hashes, which stand in this order; so they are sorted and picked part by part,
    near to each other in memory. low, high : of their keys.
    """

    source: str
    start: int
    counts: "Ints"
    low: int
    high: int
    file: Path | None = None

    @property
    def end(self) -> int:
        """The place behind its last row."""
        return self.start + int(self.counts.sum())


class PackedDays:
    """The rows of one table by day and source."""

    def __init__(self, folder: Path, packing: Packing, memory_bytes: int) -> None:
        self.packing = packing
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._room = mmap.mmap(-1, mmap.PAGESIZE)
        self._fetched = 0
        self._words: Ints = np.empty((0, packing.words), np.int64)
        self._keys: Ints = np.empty(0, np.int64)
        self._used = 0
        self._spilled = 0
        self._runs: dict[int, list[_Run]] = {}
        # Rows with a number that rows may lack, by source: their places in the arena, and those that have left it.
        self._places: list[tuple[str, Ints]] = []
        self._having: list[tuple[str, pa.Table]] = []
        self._shared = {name: SharedTexts() for name in packing.texts}
        self._maps: list[tuple[Any, Codes | None]] = [(None, None) for _ in packing.texts]

    def add(self, block: PackedBlock, source: str) -> None:
        """Take rows in; `source` is where they come from."""
        if not len(block):
            return
        groups, names = block.groups, None
        first, last = int(groups.min()) // PARTS, int(groups.max()) // PARTS
        if last - first >= _MOST_DAYS:
            names, places = np.unique(groups // PARTS, return_inverse=True)
            groups = (places * PARTS + groups % PARTS).astype(np.int32)
            first, last = 0, len(names) - 1
        counts = np.zeros((last - first + 1) * PARTS, np.int64)
        count_groups(groups, first * PARTS, counts)
        if self._used + len(block) > len(self._words):
            self._make_room(len(block))
        starts = self._used + np.cumsum(counts) - counts
        self._used += len(block)
        self._fetch(self._used)
        spans, places = self._place(block, groups, first * PARTS, starts.copy(), self._words, self._keys)
        if len(places):
            self._places.append((source, places))
        by_day = counts.reshape(-1, PARTS)
        at = np.flatnonzero(by_day.any(axis=1))
        found = names[at] if names is not None else at + first
        columns = (found, starts[::PARTS][at], spans[at, 0], spans[at, 1])
        for of_day, *told in zip(at.tolist(), *(column.tolist() for column in columns), strict=True):
            day, start, low, high = told
            self._runs.setdefault(day, []).append(_Run(source, start, by_day[of_day], low, high))

    def drop(self, source: str) -> None:
        """Forget all rows of a source."""
        kept = {day: [run for run in runs if run.source != source] for day, runs in self._runs.items()}
        self._runs = {day: runs for day, runs in kept.items() if runs}
        self._places = [held for held in self._places if held[0] != source]
        self._having = [held for held in self._having if held[0] != source]

    def days(self) -> tuple[int, ...]:
        """Return the days of which there are rows."""
        return tuple(sorted(self._runs))

    def span(self, day: int) -> tuple[int, int, int]:
        """Return the least and the greatest key of a day, and how many rows it has."""
        runs = self._runs[day]
        return min(run.low for run in runs), max(run.high for run in runs), int(sum(run.counts.sum() for run in runs))

    def keys(self, day: int) -> "Ints":
        """Return the keys of a day's rows as they came."""
        parts = [
            self._keys[run.start : run.end] if run.file is None else np.fromfile(_keys_of(run.file), np.int64)
            for run in self._runs.get(day, ())
        ]
        return np.concatenate([*parts, self._keys[:0]])

    def read(self, day: int) -> PackedRows:
        """Return the rows of a day, part by part as they came; valid until more are added."""
        return self._listed(self._runs.get(day, []))

    def _listed(self, runs: "list[_Run]") -> PackedRows:
        memory: list[Any] = []
        starts, keys_at = [], []
        for run in runs:
            words, keys = self._words[run.start :], self._keys[run.start :]
            if run.file is not None:
                words = np.memmap(run.file, np.int64, "r").reshape(-1, self.packing.words)
                keys = np.memmap(_keys_of(run.file), np.int64, "r")
            starts.append(words.ctypes.data)
            keys_at.append(keys.ctypes.data)
            memory += [words, keys]
        size = 8 * self.packing.words
        counts = np.array([run.counts for run in runs], np.int64).reshape(-1, PARTS)
        before = np.cumsum(counts, axis=1) - counts
        places = [np.array(at, np.int64)[:, None] + each * before for at, each in ((starts, size), (keys_at, 8))]
        total = int(counts.sum())
        rows, keys = np.empty(total, np.int64), np.empty(total, np.int64)
        # Part by part: what was listed run by run is turned round.
        list_rows(*(at.T.ravel() for at in (*places, counts)), size, rows, keys)
        return self._rows(rows, keys, memory)

    def having(self, name: str) -> "pa.Table":
        """Return all rows that have an optional number, in `stored_schema`; there are few."""
        import pyarrow as pa

        tables = [rows for _, rows in self._having] + [self._taken([places for _, places in self._places])]
        rows = pa.concat_tables([stored_schema(self.packing.table).empty_table(), *tables])
        return rows.filter(rows.column(name).is_valid())

    def _taken(self, parts: "list[Ints]") -> "pa.Table":
        """Return the rows at some places of the arena."""
        places = np.concatenate([np.empty(0, np.int64), *parts])
        rows = self._words.ctypes.data + 8 * self.packing.words * places
        return self._rows(rows, places, [self._words]).take(np.arange(len(places)))

    def join(self, parts: "Sequence[PackedRows | pa.Table]") -> PackedRows:
        """Return rows one behind the other, codes of those of tables made the shared ones."""
        if len(parts) == 1 and isinstance(parts[0], PackedRows):
            return parts[0]
        packed = [part if isinstance(part, PackedRows) else self._pack(part) for part in parts if len(part)]
        none: Ints = np.empty(0, np.int64)
        return self._rows(
            np.concatenate([none, *(part.rows for part in packed)]),
            np.concatenate([none, *(part.keys for part in packed)]),
            [memory for part in packed for memory in part.memory],
        )

    def _pack(self, rows: "pa.Table") -> PackedRows:
        words: Ints = np.empty((len(rows), self.packing.words), np.int64)
        keys: Ints = np.empty(len(rows), np.int64)
        block = pack(self.packing, plain_columns(rows))
        self._place(block, np.zeros(len(rows), np.int32), 0, np.zeros(1, np.int64), words, keys)
        return self._rows(rows_at(words), keys, [words])

    def _rows(self, rows: "Ints", keys: "Ints", memory: Sequence[Any]) -> PackedRows:
        return PackedRows(packing=self.packing, rows=rows, keys=keys, texts=self._texts(), memory=memory)

    def _texts(self) -> dict[str, Any]:
        return {name: shared.texts for name, shared in self._shared.items()}

    def _place(  # noqa: PLR0917 - as the kernel takes them
        self, block: PackedBlock, groups: "Codes", low: int, nexts: "Ints", words: "Ints", keys: "Ints"
    ) -> "tuple[Ints, Ints]":
        """Copy rows to the next places of their groups.

        Return the least and greatest key of each PARTS groups, and the places of rows with a number that rows may lack.
        """
        for at, texts in enumerate(block.texts):
            if self._maps[at][0] is not texts:
                moved = self._shared[self.packing.texts[at]].add(texts)
                self._maps[at] = texts, None if moved is None else np.append(np.int32(-1), moved)
        maps: Codes = np.empty(0, np.int32)
        starts: Ints = np.empty(0, np.int64)
        if any(moved is not None for _, moved in self._maps):
            every = [
                np.arange(-1, len(texts), dtype=np.int32) if moved is None else moved for texts, moved in self._maps
            ]
            maps, starts = np.concatenate(every), np.cumsum([1, *(len(one) for one in every[:-1])])
        spans = np.full((-(-len(nexts) // PARTS), 2), (2**63 - 1, -(2**63)))
        key = self.packing.numbers.index(self.packing.key)
        having: Ints = np.empty(len(block), np.int64)
        first, optional = self.packing.codes_at, self.packing.optional
        found = place_rows(
            block.words, groups, low, maps, starts, nexts, words, first, key, optional, keys, spans, having
        )
        return spans, having[:found].copy()

    def _make_room(self, rows: int) -> None:
        """Put what is held into files, unless there is none, and have room for so many rows more."""
        if self._used:
            self._spill()
        room = max(self._memory_bytes // (8 * self.packing.words), rows)
        if room > len(self._words):
            # Only what is written to is taken from the machine.
            self._room = mmap.mmap(-1, 8 * room * self.packing.words, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
            self._words = np.frombuffer(self._room, np.int64).reshape(room, self.packing.words)
            self._keys = np.empty(room, np.int64)
            self._fetched = 0

    def _fetch(self, rows: int) -> None:
        """Have the memory of so many rows at hand: taken page by page it costs half as much again."""
        end = -(-8 * rows * self.packing.words // mmap.PAGESIZE) * mmap.PAGESIZE
        if end > self._fetched:
            with suppress(OSError):  # an older kernel does not know it
                self._room.madvise(_POPULATE_WRITE, self._fetched, end - self._fetched)
            self._fetched = end

    def _spill(self) -> None:
        """Put what is in the arena into files, one for each day and source."""
        self._folder.mkdir(parents=True, exist_ok=True)
        sources = dict.fromkeys(source for source, _ in self._places)
        self._having += [(of, self._taken([at for source, at in self._places if source == of])) for of in sources]
        self._places = []
        for day, runs in self._runs.items():
            held: dict[str, list[_Run]] = {}
            for run in runs:
                if run.file is None:
                    held.setdefault(run.source, []).append(run)
            kept = [run for run in runs if run.file is not None]
            self._runs[day] = kept + [self._file(of_source, day) for of_source in held.values()]
        self._used = 0

    def _file(self, runs: "list[_Run]", day: int) -> _Run:
        """Return runs of the arena as one, which is in a file; its keys are in another beside."""
        path = self._folder / f"{self.packing.table.name}.{day}.{self._spilled}.words"
        self._spilled += 1
        rows = self._listed(runs)
        words: Ints = np.empty((len(rows), self.packing.words), np.int64)
        copy_rows(rows.rows, words)
        words.tofile(path)
        rows.keys.tofile(_keys_of(path))
        return _Run(
            source=runs[0].source,
            start=0,
            counts=sum((run.counts for run in runs), np.zeros(PARTS, np.int64)),
            low=min(run.low for run in runs),
            high=max(run.high for run in runs),
            file=path,
        )


def _keys_of(path: Path) -> Path:
    return path.with_suffix(".keys")
