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

Kind = Literal["number", "time", "code", "hash", "text"]
Exactly = Callable[[bytes, "npt.NDArray[np.int64]"], RawBatch]

BLOCK_BYTES = 1 << 20  # the bytes of a block, and what is read from them, stay in the processor's cache
PADDING = 128  # bytes behind a block that the kernels may look at


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainCells:
    """The cells of one column, shape (n,) each; of a row that is odd they mean nothing.

    values, empty : of numbers, and of times in microseconds since 1970 UTC.
    codes, known : of repeating texts, the empty one among them, and the texts they stand for; -1 of odd rows.
    begins, ends : of other texts, where they stand in the block. Those of kind `text` are UTF-8.
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
    lines : the bytes of the rows of these positions. exactly : reads such lines.
    """

    headings: tuple[str, ...]
    cells: Mapping[int, PlainCells]
    odd: "npt.NDArray[np.bool_]"
    rows: "npt.NDArray[np.int64]"
    block: "npt.NDArray[np.uint8]"
    lines: "Callable[[npt.NDArray[np.int64]], bytes]"
    exactly: Exactly
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
            count, rows, quotes, returns = csv_kernel.mark_cells(block, size, ord(layout.separator), marks)
            if returns < 0 or (rows == 0 and size and (ended or size >= BLOCK_BYTES)):
                raise NotPlainError(done)
            even = csv_kernel.find_rows(block, marks[:count], len(layout.headings), firsts[: rows + 1])
            end = int(marks[firsts[rows]]) + 1
            if rows:
                numbers = np.arange(rows, dtype=np.int64) + layout.lines_before + done + 1
                plain = even and not quotes and not returns
                batch = _read_block(layout, known, block, marks, firsts[: rows + 1], quotes, plain, numbers)
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
    layout: Layout,
    known: Mapping[int, KnownTexts],
    block: Any,
    marks: Any,
    firsts: Any,
    quotes: int,
    plain: bool,
    numbers: Any,
) -> PlainBatch | None:
    """Return the rows of a block; None where there are quotes in the middle of cells.

    plain : whether every row has as many cells as there are headings, without quotes or carriage returns.
    """
    import numpy as np

    from posthouse.records import code_kernel, csv_kernel, text_kernel

    rows, width = len(numbers), len(layout.headings)
    cells = {}
    explained, columns, lead = 0, width, 1
    odd, left = np.zeros(rows, np.bool_), np.empty(rows, np.bool_)
    if not plain:
        sizes = np.diff(firsts)
        np.not_equal(sizes, width, out=odd)
        lead, columns = 0, max(int(sizes.max()), width)
    for position in range(columns):
        if plain:
            begins, ends = (marks[first : first + rows * width : width] for first in (position, position + 1))
        else:
            begins, ends = np.empty((2, rows, 2), np.int32)[:, :, 0]
            explained += csv_kernel.bound_cells(block, marks, firsts, position, begins, ends, odd)
        kind = layout.kinds.get(position)
        if kind in (None, "text", "hash"):
            first, last = begins + np.int32(lead), np.ascontiguousarray(ends)
            if kind != "hash" and not code_kernel.are_utf8(first, last, block):
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "not UTF-8")
            if kind:
                cells[position] = PlainCells(kind=kind, begins=first, ends=last)
        elif kind == "code":
            codes = np.empty(rows, np.int32)
            known[position].find_codes(begins, ends, block, codes, odd, lead)
            cells[position] = PlainCells(kind=kind, codes=codes, known=known[position])
        else:
            values = np.empty(rows, np.int64)
            read = text_kernel.read_times if kind == "time" else text_kernel.read_ints
            empty = np.zeros(rows, np.bool_)
            if read(begins, ends, block, values, left, lead):
                np.equal(ends - begins, lead, out=empty)
                odd |= left & ~empty
            cells[position] = PlainCells(kind=kind, values=values, empty=empty)
    if explained != quotes:
        return None

    def lines(at: Any) -> bytes:
        starts, stops = marks[firsts[at]] + 1, marks[firsts[at + 1]] + 1
        # Neighbours are taken together.
        breaks = np.flatnonzero(starts[1:] != stops[:-1])
        edges = zip(starts[np.r_[0, breaks + 1]].tolist(), stops[np.r_[breaks, len(at) - 1]].tolist(), strict=True)
        return b"".join(block[start:stop].tobytes() for start, stop in edges)

    return PlainBatch(
        headings=layout.headings,
        cells=cells,
        odd=odd,
        rows=numbers,
        block=block,
        lines=lines,
        exactly=layout.exactly,
        read_bytes=0,
    )
