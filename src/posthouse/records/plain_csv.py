"""Big CSV files of events, read from their bytes straight into typed columns, many times faster than as text.

What is out of the ordinary is not read here: a row whose shape or cells are odd is handed to the exact reader
(see `read_csv`), and where the quotes of the file make no sense the exact reader takes over for the rest.
So both ways of reading a file give the same rows and findings.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from posthouse.records.known_texts import KnownTexts
from posthouse.records.raw import RawBatch
from posthouse.records.utf8 import open_utf8

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Kind = Literal["number", "time", "code", "text"]
Exactly = Callable[[bytes, "npt.NDArray[np.int64]"], RawBatch]

BLOCK_BYTES = 32 << 20
PADDING = 128  # bytes behind a block that the kernels may look at
_AT_ONCE = 16384  # rows whose cells are read together: their bytes stay in the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainCells:
    """The cells of one column, shape (n,) each; of a row that is odd they mean nothing.

    values, empty : of numbers, and of times in microseconds since 1970 UTC.
    codes, known : of repeating texts, the empty one among them, and the texts they stand for; -1 of odd rows.
    begins, ends : of other texts, where they stand in the block.
    """

    kind: Kind
    values: "npt.NDArray[np.int64] | None" = None
    empty: "npt.NDArray[np.bool_] | None" = None
    codes: "npt.NDArray[np.int32] | None" = None
    known: KnownTexts | None = None
    begins: "npt.NDArray[np.int32] | None" = None
    ends: "npt.NDArray[np.int32] | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainBatch:
    """Some rows of a file, valid until the next batch is asked for.

    cells : position among the headings to its cells, of the columns that are read. odd : rows not read, shape (n,).
    rows : numbers in the file, shape (n,). block : the bytes, padded.
    read_lines : the rows of these positions, read exactly, from their lines.
    """

    headings: tuple[str, ...]
    cells: Mapping[int, PlainCells]
    odd: "npt.NDArray[np.bool_]"
    rows: "npt.NDArray[np.int64]"
    block: "npt.NDArray[np.uint8]"
    read_lines: "Callable[[npt.NDArray[np.int64]], RawBatch]"
    read_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file is laid out.

    lines_before : lines of the file up to and with the headings. kinds : of each position that is to be read.
    exactly : reads lines in UTF-8 with these row numbers.
    """

    separator: str
    lines_before: int
    headings: tuple[str, ...]
    kinds: Mapping[int, Kind]
    exactly: Exactly


class NotPlainError(Exception):
    """From this row on the file cannot be cut into lines here. done : rows that were read before."""

    def __init__(self, done: int) -> None:
        super().__init__(f"not plain after {done} rows")
        self.done = done


def read_plain(path: Path, encoding: str, layout: Layout) -> Iterator[PlainBatch]:
    """Yield the rows below the headings.

    Raises
    ------
    NotPlainError : the exact reader is to go on. UnicodeDecodeError : the file is not of this encoding.
    """
    import numpy as np

    from posthouse.records import csv_kernel

    known = {position: KnownTexts() for position, kind in layout.kinds.items() if kind == "code"}
    done = 0
    with open_utf8(path, encoding) as source:
        if not source.skip_lines(layout.lines_before):
            raise NotPlainError(done)
        block = np.zeros(BLOCK_BYTES + PADDING, np.uint8)
        marks = np.empty(BLOCK_BYTES + PADDING, np.int32)
        firsts = np.empty(BLOCK_BYTES + PADDING, np.int32)
        held, ended = 0, False
        while not ended:
            size = held + source.fill(block[held:BLOCK_BYTES])
            ended = size == held
            if ended and size and block[size - 1] != ord("\n"):
                block[size] = ord("\n")
                size += 1
            block[size : size + PADDING] = 0
            count, rows, quotes, strange = csv_kernel.mark_cells(block, size, ord(layout.separator), marks, firsts)
            marks[count : count + 1] = size
            end = int(marks[firsts[rows]]) + 1
            if strange or (rows == 0 and size and (ended or size >= BLOCK_BYTES)):
                raise NotPlainError(done)
            if rows:
                numbers = np.arange(rows, dtype=np.int64) + layout.lines_before + done + 1
                batch = _read_block(layout, known, block, marks, firsts[: rows + 1], quotes, numbers)
                if batch is None:
                    raise NotPlainError(done)
                yield replace(batch, read_bytes=source.read_bytes())
                done += rows
            held = size - end
            if ended and held:
                raise NotPlainError(done)
            block[:held] = block[end:size].copy()
    if not done:
        raise NotPlainError(done)


def _read_block(  # noqa: PLR0917 - the arrays of a block, as the kernels take them
    layout: Layout, known: Mapping[int, KnownTexts], block: Any, marks: Any, firsts: Any, quotes: int, numbers: Any
) -> PlainBatch | None:
    """Return the rows of a block; None where there are quotes in the middle of cells."""
    import numpy as np

    from posthouse.records import code_kernel, csv_kernel, text_kernel

    rows = len(numbers)
    widths = np.diff(firsts)
    odd = widths != len(layout.headings)
    cells = {position: _room(kind, rows, known.get(position)) for position, kind in layout.kinds.items()}
    has_returns = bool(np.any(block[marks[firsts[1:]] - 1] == ord("\r")))
    plain = not quotes and not has_returns
    explained = 0
    begins, ends, left = np.empty(_AT_ONCE, np.int32), np.empty(_AT_ONCE, np.int32), np.empty(_AT_ONCE, np.bool_)
    columns = range(int(widths.max()) if quotes else len(layout.headings))
    for low in range(0, rows, _AT_ONCE):
        high = min(low + _AT_ONCE, rows)
        span, few = slice(low, high), slice(0, high - low)
        even = not odd[span].any()
        for position in columns:
            room = cells.get(position)
            first, last = begins[few], ends[few]
            if room is not None and room.kind == "text":
                assert room.begins is not None
                assert room.ends is not None
                first, last = room.begins[span], room.ends[span]
            explained += csv_kernel.bound_cells(
                block, marks, firsts[low : high + 1], position, plain, even, first, last, odd[span]
            )
            if room is None:
                if not code_kernel.are_utf8(first, last, block):
                    raise UnicodeDecodeError("utf-8", b"", 0, 1, "not UTF-8")
            elif room.known is not None:
                assert room.codes is not None
                room.known.find_codes(first, last, block, room.codes[span], odd[span])
            elif room.values is not None:
                assert room.empty is not None
                read = text_kernel.read_times if room.kind == "time" else text_kernel.read_ints
                read(first, last, block, room.values[span], left[few])
                np.equal(first, last, out=room.empty[span])
                odd[span] |= left[few] & ~room.empty[span]
    if explained != quotes:
        return None

    def read_lines(at: Any) -> RawBatch:
        if not len(at):
            return layout.exactly(b"", numbers[at])
        starts, stops = marks[firsts[at]] + 1, marks[firsts[at + 1]] + 1
        # Neighbours are taken together.
        breaks = np.flatnonzero(starts[1:] != stops[:-1])
        edges = zip(starts[np.r_[0, breaks + 1]].tolist(), stops[np.r_[breaks, len(at) - 1]].tolist(), strict=True)
        return layout.exactly(b"".join(block[start:stop].tobytes() for start, stop in edges), numbers[at])

    return PlainBatch(
        headings=layout.headings,
        cells=cells,
        odd=odd,
        rows=numbers,
        block=block,
        read_lines=read_lines,
        read_bytes=0,
    )


def _room(kind: Kind, rows: int, known: KnownTexts | None) -> PlainCells:
    import numpy as np

    if kind == "code":
        return PlainCells(kind=kind, codes=np.empty(rows, np.int32), known=known)
    if kind == "text":
        return PlainCells(kind=kind, begins=np.empty(rows, np.int32), ends=np.empty(rows, np.int32))
    return PlainCells(kind=kind, values=np.empty(rows, np.int64), empty=np.empty(rows, np.bool_))
