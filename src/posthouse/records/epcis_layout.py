"""Following the layout of an event met before: the events of a document come from one program and look alike.

A layout is what stands between the values of an event. Where the next event has the same bytes there, its values are
found without asking which members they belong to; where a byte differs, `epcis_cuts` cuts the event. Both ways give
the same cuts, because the cutter never looks into a value.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from posthouse.records.byte_words import WIDE, differing_bytes, find_byte, load_byte, load_number, store_number
from posthouse.records.epcis_cuts import EPCS, SKIPPED, add_cut, find_end

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer
    Address = Any  # see byte_words.address_of

LAYOUTS = 4  # remembered
_PIECES = 64  # of a layout at most
_WIDTH, _NEXT, _SIZE = range(3)  # of a piece: its bytes, the kind of the value behind it, and that one's last size
_ONLY_LAST = np.uint64(1 << (WIDE - 1))
_MORE, _END = -1, -2  # instead of a kind: another piece follows; the event ends


class Layouts(NamedTuple):
    """The layouts met last.

    pieces : width and what follows, shape (LAYOUTS * _PIECES, 3). letters : WIDE bytes a piece.
    order : layouts, the last used first.
    """

    pieces: "Ints"
    letters: "Bytes"
    order: "Ints"


def new_layouts() -> Layouts:
    """Return room for layouts, none known."""
    rows = LAYOUTS * _PIECES
    return Layouts(np.zeros((rows, 3), np.int64), np.zeros(rows * WIDE, np.uint8), np.arange(LAYOUTS))


@njit(cache=True, nogil=True, forceinline=True)
def follow_layouts(  # noqa: PLR0917 arrays by position: numba compiles no keyword-only arguments
    data: "Address", size: "Int", first: "Int", cuts: "Address", pieces: "Address", letters: "Address", order: "Address"
) -> "tuple[Int, Int]":
    """Write down the cuts of the event that opens at `first`, without those skipped; return (position behind it, cuts).

    The position is -1 where it has none of the layouts.
    """
    for turn in range(LAYOUTS):
        layout = load_number(order, turn)
        end, count = _follow(data, size, first, cuts, layout * _PIECES, pieces, letters)
        if end >= 0:
            for later in range(turn, 0, -1):
                store_number(order, later, load_number(order, later - 1))
            store_number(order, 0, layout)
            return end, count
    return -1, 0


@njit(cache=True, nogil=True, forceinline=True)
def _follow(  # noqa: PLR0917
    data: "Address", size: "Int", at: "Int", cuts: "Address", piece: "Int", pieces: "Address", letters: "Address"
) -> "tuple[Int, Int]":
    count: Int = 0
    while at < size:
        width, following = load_number(pieces, 3 * piece + _WIDTH), load_number(pieces, 3 * piece + _NEXT)
        differ = differing_bytes(data, at, letters, piece * WIDE)
        if width == 0 or differ << np.uint64(WIDE - width):
            return -1, 0
        at += width
        size_at = 3 * piece + _SIZE
        piece += 1
        if following == _END:
            return (at if at <= size else -1), count
        if following == _MORE:
            continue
        left = at
        at = _end_of_value(data, size, left, pieces, size_at)
        if following == SKIPPED:
            continue
        count = add_cut(cuts, count, following, left, at)
        while following == EPCS and load_byte(data, at + 1) == 44 and load_byte(data, at) == 34:
            left = at + 2
            while left < size and load_byte(data, left) <= 32:
                left += 1
            if load_byte(data, left) != 34:
                break
            left += 1
            at = _end_of_value(data, size, left, pieces, size_at)
            count = add_cut(cuts, count, following, left, at)
    return -1, 0


@njit(cache=True, nogil=True, forceinline=True)
def _end_of_value(data: "Address", size: "Int", left: "Int", pieces: "Address", size_at: "Int") -> "Int":
    """Return what `find_end` does. A value as long as the last one is guessed at: then nothing waits for its bytes."""
    guess = load_number(pieces, size_at)
    ends = find_byte(data, left, 34) | find_byte(data, left, 92)
    if ends << np.uint64(WIDE - 1 - guess) == _ONLY_LAST:
        return left + guess
    at = find_end(data, size, left)
    store_number(pieces, size_at, min(at - left, WIDE - 1))
    return at


@njit(cache=True, nogil=True)
def learn_layout(  # noqa: PLR0917
    data: "Bytes", first: "Int", end: "Int", cuts: "Ints", count: "Int", pieces: "Ints", letters: "Bytes", order: "Ints"
) -> None:
    """Remember the layout of an event that was cut, in place of the one not used for longest."""
    layout: Int = order[LAYOUTS - 1]
    start: Int = layout * _PIECES
    piece, at = start, first
    for cut in range(count + 1):
        following, until = _END, end
        if cut < count:
            following, until = cuts[cut, 0], cuts[cut, 1]
            if cut > 0 and following == EPCS and cuts[cut - 1, 0] == EPCS and _is_next(data, at + 1, until - 1):
                at = cuts[cut, 2]
                continue
        while at < until:
            if piece == start + _PIECES:
                pieces[start, _WIDTH] = 0
                return
            width = min(until - at, WIDE)
            for byte in range(width):
                letters[piece * WIDE + byte] = data[at + byte]
            at += width
            pieces[piece, _WIDTH] = width
            pieces[piece, _NEXT], pieces[piece, _SIZE] = following if at == until else _MORE, 0
            piece += 1
        if cut < count:
            at = cuts[cut, 2]
    for later in range(LAYOUTS - 1, 0, -1):
        order[later] = order[later - 1]
    order[0] = layout


@njit(cache=True, nogil=True, forceinline=True)
def _is_next(data: "Bytes", start: "Int", end: "Int") -> bool:
    """Whether only a comma, and space behind it, stands between two values of a list."""
    if data[start] != 44:
        return False
    for at in range(start + 1, end):  # noqa: SIM110 - the compiler knows no generators
        if data[at] > 32:
            return False
    return True
