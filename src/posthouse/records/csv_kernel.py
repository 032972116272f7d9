"""Where the cells of a block of CSV are: its separators and line ends, marked 64 bytes at a time."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import (
    WIDE,
    address_of,
    count_bits,
    find_byte,
    has_either,
    load_byte,
    load_word,
    lowest_bit,
    store_byte,
    store_word,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Positions = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_EVERY = np.uint64(2**64 - 1)


@njit(cache=True, nogil=True)
def mark_cells(
    data: "Bytes", first: Any, end: Any, separator: Any, width: Any, marks: "Positions"
) -> "tuple[Any, Any, Any, Any, Any]":
    """Find the separators and line ends outside quotes.

    Parameters
    ----------
    data : padded; if `end` is not a multiple of 64, with zeros. first, end : of the bytes, which begin with a row.
    width : cells of an even row. marks : filled with the position before `first` and then theirs.

    Returns
    -------
    how many marks, line ends, quotes and carriage returns there are, -1 returns where one is not before a line end; and
    whether every row that has its end here is even.
    """
    marks[0] = first - 1
    count, rows, quotes, returned = np.uint64(1), 0, 0, 0
    strange, even = False, True
    inside = np.uint64(0)
    one = np.uint64(1)
    live = _EVERY << np.uint64(first % WIDE)
    for at in range(first // WIDE * WIDE, end, WIDE):
        ends = find_byte(data, at, _NEWLINE) & live
        cells = (find_byte(data, at, separator) & live) | ends
        quoted = returns = np.uint64(0)
        if has_either(data, at, _QUOTE, _RETURN):
            quoted, returns = find_byte(data, at, _QUOTE) & live, find_byte(data, at, _RETURN) & live
        live = _EVERY
        if returns:
            after = (ends >> one) | (np.uint64(data[at + WIDE] == _NEWLINE) << np.uint64(63))
            if at + WIDE >= end:
                after |= one << np.uint64(end - 1 - at)  # the next block tells
            strange |= (returns & ~after) != 0
            returned += count_bits(returns)
        if quoted | inside:
            quotes += count_bits(quoted)
            for shift in (1, 2, 4, 8, 16, 32):
                quoted ^= quoted << np.uint64(shift)
            quoted ^= inside
            inside = np.uint64(np.int64(quoted) >> 63)
            cells &= ~quoted
            ends &= ~quoted
        if ends & (ends - one):
            rest = ends
            while rest:
                rows += 1
                before = cells & ((rest & (np.uint64(0) - rest)) - one)
                even &= count + np.uint64(count_bits(before)) == np.uint64(width * rows)
                rest &= rest - one
        else:
            rows += ends != 0
            place = count + np.uint64(count_bits(cells & (ends - one)))
            even &= (ends == 0) | (place == np.uint64(width * rows))
        # Eight at once, more than there are: the next ones overwrite them. One by one would cost a wrong guess.
        place = count
        count += np.uint64(count_bits(cells))
        while cells:
            for _ in range(8):
                marks[place] = at + lowest_bit(cells)
                place += one
                cells &= cells - one
    return np.int64(count), rows, quotes, -1 if strange else returned, even


@njit(cache=True, nogil=True)
def find_rows(data: "Bytes", marks: "Positions", firsts: "Positions") -> None:
    """Fill the place in `marks` before each row's first cell, and the end of the last row."""
    rows = len(firsts) - 1
    firsts[0] = 0
    found = 0
    for place in range(1, len(marks)):
        if found < rows and data[np.uint64(marks[place])] == _NEWLINE:
            found += 1
            firsts[found] = place


@njit(cache=True, nogil=True)
def bound_cells(
    data: "Bytes",
    marks: "Positions",
    firsts: "Positions",
    column: Any,
    begins: "Positions",
    ends: "Positions",
    odd: "Mask",
) -> Any:
    """Fill where the cells of a column begin and end, quotes left out; return how many quotes the cells explain.

    Parameters
    ----------
    firsts : of these rows and of the one after them.
    odd : cells with quotes inside become so; a row that lacks the column gets an empty cell.
    """
    quotes = 0
    for row in range(len(begins)):
        mark = min(np.int64(firsts[row]) + column, np.int64(firsts[row + 1]))
        start, end = np.int64(marks[mark]) + 1, np.int64(marks[mark + 1])
        if mark == np.int64(firsts[row + 1]):
            end = start
        elif end > start and data[end] == _NEWLINE and data[end - 1] == _RETURN:
            end -= 1
        if end > start and data[start] == _QUOTE:
            if end - start < 2 or data[end - 1] != _QUOTE:
                continue  # not explained
            start += 1
            end -= 1
            inner = 0
            for at in range(start, end):
                inner += data[at] == _QUOTE
            odd[row] |= inner > 0
            quotes += 2 + inner
        begins[row], ends[row] = start, end
    return quotes


@njit(cache=True, nogil=True)
def copy_texts(begins: "Positions", ends: "Positions", data: "Bytes", offsets: "Positions", out: "Bytes") -> None:
    """Fill an Arrow string array's buffers with texts; the offsets are given."""
    source, to = address_of(data), address_of(out)
    for row in range(len(begins)):
        start, first = np.int64(begins[row]), np.int64(offsets[row])
        size = np.int64(offsets[row + 1]) - first
        for at in range(0, size - 7, 8):
            store_word(to, first + at, load_word(source, start + at))
        for at in range(size & ~7, size):
            store_byte(to, first + at, load_byte(source, start + at))
