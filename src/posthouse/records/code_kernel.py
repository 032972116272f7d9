"""Repeating texts to codes: each distinct text of a column is kept once and found again by its bytes."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import (
    HIGH_BITS,
    address_of,
    count_bits,
    load_byte,
    load_half,
    load_number,
    load_word,
    store_byte,
    store_half,
    store_number,
    store_word,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Positions = npt.NDArray[np.int32]
    Words = npt.NDArray[np.uint64]
    Mask = npt.NDArray[np.bool_]

LONGEST = 1 << 10  # bytes of a text that repeats
TOO_LONG, NO_ROOM, NOT_UTF8, NOT_NEAR = -1, -2, -3, -4

# A place of the table is four words: a text's first and last bytes, its size, and one more than its code.
_SHORT = 16  # bytes of a text that its first and last ones are the whole of
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
    places = len(table) // 4
    at, table_at, span_at, text_at = address_of(data), address_of(table), address_of(spans), address_of(texts)
    for row in range(np.uint64(first), np.uint64(len(codes))):
        start, end = np.int64(begins[row]) + lead, np.int64(ends[row])
        code = find_code(at, start, end, table_at, places)
        if code == NOT_NEAR:
            code = seek_code(at, start, end, table_at, places, span_at, text_at, len(texts), known)
            if code < TOO_LONG:
                return np.int64(row), known, code
            known += code == known
            odd[row] |= code == TOO_LONG
        codes[row] = code
    return len(codes), known, 0


@njit(cache=True, nogil=True, inline="always")
def find_code(data: Any, start: Any, end: Any, table: Any, places: Any) -> Any:
    """Return the code of a text that stands where it is looked for first, as nearly all do; NOT_NEAR of others.

    Parameters
    ----------
    data, table : addresses. places : of the table.
    """
    size = end - start
    if size > _SHORT:
        return np.int64(NOT_NEAR)
    head, tail, mixed = _ends(data, start, size)
    at = table + 32 * _spread(mixed, places)
    same = (load_word(at, 0) == head) & (load_word(at, 8) == tail) & (load_word(at, 16) == np.uint64(size))
    code = load_number(at, 3) - 1
    return code if same & (code >= 0) else np.int64(NOT_NEAR)


@njit(cache=True, nogil=True, inline="always")
def _ends(data: Any, start: Any, size: Any) -> Any:
    """Return the first and the last bytes of a text, at most eight each, and both and the size mixed."""
    short: Any = np.int64(min(size, 8))
    # A shift by 64 would be one by 0.
    mask = np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - 8 * max(short, 1)) if size else np.uint64(0)
    head, tail = load_word(data, start) & mask, load_word(data, start + size - short) & mask
    return head, tail, ((head * _ODD_FACTOR) ^ tail) + np.uint64(size)


@njit(cache=True, nogil=True, inline="always")
def _spread(mixed: Any, places: Any) -> Any:
    """Return the place of the table at which a text is looked for first."""
    return np.int64(mixed * _ODD_FACTOR >> np.uint64(64 - count_bits(np.uint64(places - 1))))


@njit(cache=True, nogil=True)
def seek_code(
    data: Any, start: Any, end: Any, table: Any, places: Any, spans: Any, texts: Any, room: Any, known: Any
) -> Any:
    """Return the code of a text, which is learnt where it is new; or TOO_LONG, NO_ROOM or NOT_UTF8.

    Parameters
    ----------
    data, table, spans, texts : addresses. places : of the table. room : bytes of `texts`. known : texts so far; a text
    that is learnt gets this code.
    """
    size = end - start
    if size > LONGEST:
        return np.int64(TOO_LONG)
    head, tail, mixed = _ends(data, start, size)
    for byte in range(start + 8, end - 8, 8):
        mixed = (mixed ^ (mixed >> np.uint64(29)) ^ load_word(data, byte)) * _ODD_FACTOR
    at = 4 * _spread(mixed, places)
    while load_number(table, at + 3):
        one = table + 8 * at
        if (load_word(one, 0) == head) & (load_word(one, 8) == tail) & (load_word(one, 16) == np.uint64(size)):
            code = load_number(one, 3) - 1
            known_at = texts + load_half(spans, code)
            differ = np.int64(0)
            for byte in range(8, size - 8):
                differ |= load_byte(known_at, byte) ^ load_byte(data, start + byte)
            if differ == 0:
                return code
        at = (at + 4) & (4 * places - 1)
    end_at = load_half(spans, known)
    if 4 * known >= places - 1 or end_at + size > room:
        return np.int64(NO_ROOM)
    if not is_utf8(data, start, end):
        return np.int64(NOT_UTF8)
    store_half(spans, known + 1, end_at + size)
    for byte in range(size):
        store_byte(texts, end_at + byte, load_byte(data, start + byte))
    one = table + 8 * at
    store_word(one, 0, head)
    store_word(one, 8, tail)
    store_word(one, 16, np.uint64(size))
    store_number(one, 3, known + 1)
    return np.int64(known)


@njit(cache=True, nogil=True)
def are_utf8(begins: "Positions", ends: "Positions", data: "Bytes") -> bool:
    """Whether all these texts are well-formed UTF-8."""
    for row in range(len(begins)):  # noqa: SIM110 - the compiler knows no generators
        if not is_utf8(address_of(data), np.int64(begins[row]), np.int64(ends[row])):
            return False
    return True


@njit(cache=True, nogil=True)
def is_utf8(data: Any, start: Any, end: Any) -> Any:
    """Whether the bytes from `start` on behind an address are well-formed UTF-8 (RFC 3629)."""
    at = start
    while at < end:
        if at + 8 <= end and load_word(data, at) & HIGH_BITS == 0:
            at += 8
            continue
        lead = load_byte(data, at)
        at += 1
        if lead < 0x80:
            continue
        more = 1 if lead < 0xE0 else 2 if lead < 0xF0 else 3
        if lead < 0xC2 or lead > 0xF4 or at + more > end:
            return False
        low = 0xA0 if lead == 0xE0 else 0x90 if lead == 0xF0 else 0x80
        high = 0x9F if lead == 0xED else 0x8F if lead == 0xF4 else 0xBF
        if load_byte(data, at) < low or load_byte(data, at) > high:
            return False
        for rest in range(1, more):
            if load_byte(data, at + rest) & 0xC0 != 0x80:
                return False
        at += more
    return True
