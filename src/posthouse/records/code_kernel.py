"""Repeating texts to codes: each distinct text of a column is kept once and found again by its bytes."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import HIGH_BITS, count_bits, load_word

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Positions = npt.NDArray[np.int32]
    Words = npt.NDArray[np.uint64]
    Mask = npt.NDArray[np.bool_]

LONGEST = 1 << 10  # bytes of a text that repeats
NO_ROOM, NOT_UTF8 = -2, -3

_PLACE = np.uint64(4)  # words of a place: its first and last bytes, size, and one more than the code
_TAIL, _SIZE, _CODE = np.uint64(1), np.uint64(2), np.uint64(3)
_SHORT = 16  # bytes of a text that its first and last ones are the whole of
_LOW_BYTES = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
_ODD_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # of the golden ratio: spreads neighbouring texts over the table


@njit(cache=True, nogil=True)
def find_codes(
    begins: "Positions",
    ends: "Positions",
    data: "Bytes",
    first: Any,
    codes: "Positions",
    odd: "Mask",
    table: "Words",
    spans: "Positions",
    texts: "Bytes",
    known: Any,
    lead: Any = 0,
) -> "tuple[Any, Any, Any]":
    """Fill the codes of cells from row `first` on; mark texts that are too long, which get -1.

    Parameters
    ----------
    data : padded by 8 bytes. table : hash table of what a text is known by, four words a place, a power of two of
    places; all zero where a place is free.
    spans, texts, known : where each known text ends in `texts`; how many are known.
    lead : how many bytes behind `begins` the texts begin.

    Returns
    -------
    the row to go on with, how many texts are known now, and 0, or NO_ROOM or NOT_UTF8 for the cell of that row.
    """
    top = np.uint64(len(table) // 4 - 1)
    shift = np.uint64(64 - count_bits(top))
    for row in range(np.uint64(first), np.uint64(len(codes))):
        start, end = np.int64(begins[row]) + lead, np.int64(ends[row])
        size = end - start
        short: Any = min(size, 8)
        mask = _LOW_BYTES[np.uint64(short)]
        head, tail = load_word(data, start) & mask, load_word(data, end - short) & mask
        mixed = ((head * _ODD_FACTOR) ^ tail) + np.uint64(size)
        at: Any = (mixed * _ODD_FACTOR >> shift) * _PLACE
        same = (table[at] == head) & (table[at + _TAIL] == tail) & (table[at + _SIZE] == np.uint64(size))
        code: Any = np.int64(table[at + _CODE]) - 1
        if same & (size <= _SHORT) & (code >= 0):
            codes[row] = code
            continue
        if size > LONGEST:
            codes[row] = -1
            odd[row] = True
            continue
        for byte in range(start + 8, end - 8, 8):
            mixed = (mixed ^ (mixed >> np.uint64(29)) ^ load_word(data, byte)) * _ODD_FACTOR
        at = (mixed * _ODD_FACTOR >> shift) * _PLACE
        code = -1
        while table[at + _CODE]:
            if (table[at] == head) & (table[at + _TAIL] == tail) & (table[at + _SIZE] == np.uint64(size)):
                code = np.int64(table[at + _CODE]) - 1
                differ: Any = np.uint8(0)
                for byte in range(8, size - 8):
                    differ |= texts[np.int64(spans[code]) + byte] ^ data[start + byte]
                if differ == 0:
                    break
                code = -1
            at = (at + _PLACE) & (_PLACE * top | np.uint64(3))
        if code < 0:
            if np.uint64(4 * known) >= top or np.int64(spans[known]) + size > len(texts):
                return np.int64(row), known, NO_ROOM
            if not is_utf8(data, start, end):
                return np.int64(row), known, NOT_UTF8
            code = known
            known += 1
            spans[known] = spans[code] + size
            for byte in range(size):
                texts[np.int64(spans[code]) + byte] = data[start + byte]
            table[at], table[at + _TAIL], table[at + _SIZE], table[at + _CODE] = (
                head,
                tail,
                np.uint64(size),
                np.uint64(known),
            )
        codes[row] = code
    return len(codes), known, 0


@njit(cache=True, nogil=True)
def are_utf8(begins: "Positions", ends: "Positions", data: "Bytes") -> bool:
    """Whether all these texts are well-formed UTF-8."""
    for row in range(len(begins)):  # noqa: SIM110 - the compiler knows no generators
        if not is_utf8(data, np.int64(begins[row]), np.int64(ends[row])):
            return False
    return True


@njit(cache=True, nogil=True)
def is_utf8(data: "Bytes", start: Any, end: Any) -> Any:
    """Whether the bytes are well-formed UTF-8 (RFC 3629)."""
    at = start
    while at < end:
        if at + 8 <= end and load_word(data, at) & HIGH_BITS == 0:
            at += 8
            continue
        lead = data[at]
        at += 1
        if lead < 0x80:
            continue
        more = 1 if lead < 0xE0 else 2 if lead < 0xF0 else 3
        if lead < 0xC2 or lead > 0xF4 or at + more > end:
            return False
        low = 0xA0 if lead == 0xE0 else 0x90 if lead == 0xF0 else 0x80
        high = 0x9F if lead == 0xED else 0x8F if lead == 0xF4 else 0xBF
        if data[at] < low or data[at] > high:
            return False
        for rest in range(1, more):
            if data[at + rest] & 0xC0 != 0x80:
                return False
        at += more
    return True
