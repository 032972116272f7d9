"""Big CSV files of events, read from their bytes straight into typed columns, many times faster than as text.

What is out of the ordinary is not read here: a row whose shape or cells are odd is handed to the exact reader
(see `read_csv`), and where the quotes of the file make no sense the exact reader takes over for the rest.
So both ways of reading a file give the same rows and findings.
"""

import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from posthouse.records.known_texts import KnownTexts
from posthouse.records.raw import RawBatch
from posthouse.records.utf8 import PADDING, open_utf8

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Kind = Literal["number", "time", "code", "hash", "text"]
Exactly = Callable[[bytes, "npt.NDArray[np.int64]"], RawBatch]

BLOCK_BYTES = 1 << 20  # the bytes of a block, and what is read from them, stay in the processor's cache
PACKED_BLOCKS = 8  # times as great is a block that is read row by row: it costs less to go from one to the next


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

    kinds : of each position among the headings that is to be read. odd : rows that are not read here, shape (n,).
    bounds : of each position, where the cells begin and end in the block, shape (n,); `lead` bytes behind the begins.
    first_row : the number of the first in the file. block : the bytes, padded.
    lines : the bytes of the rows of these positions. exactly : reads such lines.
    known : of each position with codes, the texts they stand for. cells : what `read_cells` has read.
    """

    headings: tuple[str, ...]
    kinds: Mapping[int, Kind]
    bounds: "Sequence[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]]"
    lead: int
    odd: "npt.NDArray[np.bool_]"
    first_row: int
    block: "npt.NDArray[np.uint8]"
    lines: "Callable[[npt.NDArray[np.int64]], bytes]"
    exactly: Exactly
    read_bytes: int
    known: Mapping[int, KnownTexts]
    cells: Mapping[int, PlainCells] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.odd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file is laid out.

    lines_before : lines of the file up to and with the headings. kinds : of each position that is to be read.
    block_bytes : how many bytes are cut into cells together.
    exactly : reads lines in UTF-8 with these row numbers.
    """

    separator: str
    lines_before: int
    headings: tuple[str, ...]
    kinds: Mapping[int, Kind]
    block_bytes: int
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
    done, used, is_last = 0, 0, False
    with open_utf8(path, encoding, layout.block_bytes) as source:
        if not source.skip_lines(layout.lines_before):
            raise NotPlainError(done)
        most = layout.block_bytes + mmap.ALLOCATIONGRANULARITY + PADDING
        marks, firsts = np.empty(most, np.int32), np.empty(most, np.int32)
        while not is_last:
            block, first, end, is_last = source.block(used)
            if is_last and end and block[end - 1] != ord("\n"):
                block[end] = ord("\n")
                end += 1
            width = len(layout.headings)
            found = csv_kernel.mark_cells(block, first, end, ord(layout.separator), width, marks)
            count, rows, quotes, returns, even = found
            if returns < 0 or (rows == 0 and first < end):
                raise NotPlainError(done)
            plain = even and not quotes and not returns
            if not plain:
                csv_kernel.find_rows(block, marks[:count], firsts[: rows + 1])
            used = int(marks[width * rows if plain else firsts[rows]]) + 1
            if rows:
                number = layout.lines_before + done + 1
                batch = _cut_block(layout, known, block, marks, firsts[: rows + 1], quotes, plain, number)
                if batch is None:
                    raise NotPlainError(done)
                yield replace(batch, read_bytes=source.read_bytes())
                done += rows
            if is_last and used < end:
                raise NotPlainError(done)
    if not done:
        raise NotPlainError(done)


def read_cells(batch: PlainBatch) -> PlainBatch:
    """Return the batch with its cells read; rows with cells that are not read here become odd.

    Raises
    ------
    UnicodeDecodeError : a cell is not UTF-8.
    """
    import numpy as np

    from posthouse.records import code_kernel, text_kernel

    cells = {}
    rows, block, lead, odd = len(batch), batch.block, batch.lead, batch.odd
    left = np.empty(rows, np.bool_)
    for position, (begins, ends) in enumerate(batch.bounds):
        kind = batch.kinds.get(position)
        if kind in (None, "text", "hash"):
            first, last = begins + np.int32(lead), np.ascontiguousarray(ends)
            if kind != "hash" and not code_kernel.are_utf8(first, last, block):
                raise UnicodeDecodeError("utf-8", b"", 0, 1, "not UTF-8")
            if kind:
                cells[position] = PlainCells(kind=kind, begins=first, ends=last)
        elif kind == "code":
            codes = np.empty(rows, np.int32)
            batch.known[position].find_codes(begins, ends, block, codes, odd, lead)
            cells[position] = PlainCells(kind=kind, codes=codes, known=batch.known[position])
        else:
            values = np.empty(rows, np.int64)
            read = text_kernel.read_times if kind == "time" else text_kernel.read_ints
            empty = np.zeros(rows, np.bool_)
            if read(begins, ends, block, values, left, lead):
                np.equal(ends - begins, lead, out=empty)
                odd |= left & ~empty
            cells[position] = PlainCells(kind=kind, values=values, empty=empty)
    return replace(batch, cells=cells)


def _cut_block(  # noqa: PLR0917 - the arrays of a block, as the kernels take them
    layout: Layout,
    known: Mapping[int, KnownTexts],
    block: Any,
    marks: Any,
    firsts: Any,
    quotes: int,
    plain: bool,
    first_row: int,
) -> PlainBatch | None:
    """Return the rows of a block; None where there are quotes in the middle of cells.

    firsts : has a place more than there are rows; what it says means nothing where the block is plain.
    plain : whether every row has as many cells as there are headings, without quotes or carriage returns.
    """
    import numpy as np

    from posthouse.records import csv_kernel

    rows, width = len(firsts) - 1, len(layout.headings)
    odd = np.zeros(rows, np.bool_)
    if plain:
        edges = [marks[first : first + rows * width : width] for first in range(width + 1)]
        bounds = [(edges[position], edges[position + 1]) for position in range(width)]
    else:
        sizes = np.diff(firsts)
        np.not_equal(sizes, width, out=odd)
        bounds, explained = [], 0
        for position in range(max(int(sizes.max()), width)):
            # Not one behind the other, as the others are not either: the kernels are compiled but once.
            begins, ends = np.empty((2, rows, 2), np.int32)[:, :, 0]
            explained += csv_kernel.bound_cells(block, marks, firsts, position, begins, ends, odd)
            bounds.append((begins, ends))
        if explained != quotes:
            return None

    def lines(at: Any) -> bytes:
        first, last = (width * at, width * (at + 1)) if plain else (firsts[at], firsts[at + 1])
        starts, stops = marks[first] + np.int32(1), marks[last] + np.int32(1)
        offsets: Any = np.zeros(len(at) + 1, np.int32)
        np.cumsum(stops - starts, out=offsets[1:])
        taken: Any = np.empty(int(offsets[-1]), np.uint8)
        csv_kernel.copy_texts(starts, stops, block, offsets, taken)
        return bytes(taken)

    return PlainBatch(
        headings=layout.headings,
        kinds=layout.kinds,
        bounds=bounds,
        lead=1 if plain else 0,
        odd=odd,
        first_row=first_row,
        block=block,
        lines=lines,
        exactly=layout.exactly,
        read_bytes=0,
        known=known,
    )
