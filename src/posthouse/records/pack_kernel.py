"""Numbers and codes packed into pages of Parquet files; `page_kernel` says what a page is made of, and unpacks them.

A buffer that is written into has room for SPARE bytes more than what is written.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import address_of, bit_length, store_word

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

SPARE = 16
_BLOCK = 128  # differences that share the least of them
_PART = 32  # of them that share a width
_MOST_BITS = 57  # that a word takes wherever in its first byte they begin
_EIGHT, _ONE, _SEVEN = np.uint64(8), np.uint64(1), np.uint64(7)


def room_for_numbers(rows: int) -> int:
    """Return the bytes that so many numbers take at most."""
    return 64 + 8 * rows + (rows // _BLOCK + 1) * (8 * _BLOCK // 4 + 16) + SPARE


@njit(cache=True, nogil=True)
def pack_numbers(numbers: "Ints", out: "Bytes", first: "Int", bounds: "Ints") -> "Int":
    """Write numbers as differences (DELTA_BINARY_PACKED) from byte `first` on; return where they end.

    Parameters
    ----------
    bounds : the least and the greatest number so far, made to hold for these too.
    """
    to = address_of(out)
    at: Int = np.int64(first)
    count: Any = np.int64(len(numbers))
    at = _put_varint(to, at, np.uint64(_BLOCK))
    at = _put_varint(to, at, np.uint64(_BLOCK // _PART))
    at = _put_varint(to, at, np.uint64(count))
    at = _put_varint(to, at, _zigzag(numbers[0]) if count else np.uint64(0))
    rest = np.empty(_BLOCK, np.int64)
    low, high = bounds[0], bounds[1]
    for row in range(count):
        low, high = min(low, numbers[np.uint64(row)]), max(high, numbers[np.uint64(row)])
    bounds[0], bounds[1] = low, high
    for start in range(1, count, _BLOCK):
        size: Any = min(_BLOCK, count - start)
        least = np.int64(2**63 - 1)
        for one in range(size):
            difference = numbers[np.uint64(start + one)] - numbers[np.uint64(start + one - 1)]
            rest[np.uint64(one)] = difference
            least = min(least, difference)
        for one in range(size, _BLOCK):
            rest[np.uint64(one)] = least
        at = _put_varint(to, at, _zigzag(least))
        widths = at
        at += _BLOCK // _PART
        for part in range(_BLOCK // _PART):
            bits = np.uint64(0)
            for one in range(part * _PART, (part + 1) * _PART):
                above = rest[np.uint64(one)] - least
                rest[np.uint64(one)] = above
                bits |= np.uint64(above)
            width = bit_length(bits)
            out[np.uint64(widths + part)] = width
            at = _put_part(rest, part * _PART, width, to, at)
    return at


@njit(cache=True, nogil=True, inline="always")
def _put_part(numbers: "Ints", first: "Int", width: "Int", to: "Int", at: "Int") -> "Int":
    """Write the lowest bits of _PART numbers one behind the other, which end with a whole byte."""
    held, filled = np.uint64(0), np.uint64(0)
    narrow = min(width, np.uint64(32)) if width > _MOST_BITS else width
    for one in range(_PART):
        number: Any = np.uint64(numbers[np.uint64(first + one)])
        if narrow < width:
            # Too wide for what a word may hold already: the lower half goes first.
            held |= (number & np.uint64(0xFFFFFFFF)) << filled
            store_word(to, at, held)
            filled += narrow
            at += np.int64(filled >> np.uint64(3))
            held >>= filled & ~_SEVEN
            filled &= _SEVEN
            held |= (number >> narrow) << filled
            store_word(to, at, held)
            filled += width - narrow
        else:
            held |= number << filled
            store_word(to, at, held)
            filled += width
        at += np.int64(filled >> np.uint64(3))
        held = held >> (filled & ~_SEVEN) if filled < np.uint64(64) else np.uint64(0)
        filled &= _SEVEN
    return at


@njit(cache=True, nogil=True)
def pack_codes(codes: "Codes", width: "Int", out: "Bytes", first: "Int") -> "Int":
    """Write codes, without those that are negative, in so many bits each (RLE_DICTIONARY); return where they end."""
    to = address_of(out)
    rows = len(codes)
    present = 0
    for row in range(rows):
        present += codes[np.uint64(row)] >= 0
    at: Int = np.int64(first)
    out[np.uint64(at)] = width
    groups = np.uint64(present + 7) >> np.uint64(3)
    at = _put_varint(to, at + 1, groups + groups + _ONE)
    end = at + np.int64(groups) * np.int64(width)
    bits = np.uint64(width)
    held, filled = np.uint64(0), np.uint64(0)
    for row in range(rows):
        code = np.int64(codes[np.uint64(row)])
        has = np.uint64(code >= 0)
        held |= (np.uint64(code) * has) << filled
        store_word(to, at, held)
        filled += bits * has
        at += np.int64(filled >> np.uint64(3))
        held >>= filled & ~_SEVEN
        filled &= _SEVEN
    # What the last bits leave over of their group is nothing.
    store_word(to, at, held)
    for byte in range(at + 1, end):
        out[np.uint64(byte)] = 0
    return end


@njit(cache=True, nogil=True)
def pack_levels(codes: "Codes", lacking: bool, out: "Bytes", first: "Int") -> "Int":
    """Write which rows have a value, those whose code is not negative (RLE); return where it ends."""
    to = address_of(out)
    rows = len(codes)
    start = np.int64(first) + 4
    if lacking:
        groups = np.uint64(rows + 7) >> np.uint64(3)
        at = _put_varint(to, start, groups + groups + _ONE)
        for group in range(np.int64(groups)):
            bits = np.uint64(0)
            for one in range(min(8, rows - 8 * group)):
                bits |= np.uint64(codes[np.uint64(8 * group + one)] >= 0) << np.uint64(one)
            out[np.uint64(at)] = bits
            at += 1
    else:
        at = _put_varint(to, start, np.uint64(rows + rows))
        out[np.uint64(at)] = 1
        at += 1
    for byte in range(4):
        out[np.uint64(first + byte)] = ((at - start) >> (8 * byte)) & 0xFF
    return at


@njit(cache=True, nogil=True)
def pack_texts(offsets: "Codes", letters: "Bytes", wanted: "Ints", out: "Bytes") -> "Int":
    """Write texts (PLAIN), each behind its size in four bytes; return where they end.

    Parameters
    ----------
    offsets, letters : of an Arrow string array. wanted : positions in it.
    """
    at = np.uint64(0)
    for one in range(len(wanted)):
        start, end = offsets[np.uint64(wanted[one])], offsets[np.uint64(wanted[one] + 1)]
        size = np.uint64(end - start)
        for byte in range(np.uint64(4)):
            out[at + byte] = (size >> (_EIGHT * byte)) & np.uint64(0xFF)
        at += np.uint64(4)
        for byte in range(size):
            out[at + byte] = letters[np.uint64(start) + byte]
        at += size
    return np.int64(at)


@njit(cache=True, nogil=True, inline="always")
def _put_varint(to: "Int", at: "Int", number: "Int") -> "Int":
    """Write a number as seven bits a byte and return where it ends."""
    word, bytes_ = np.uint64(0), np.uint64(0)
    while number > np.uint64(127) and bytes_ < _SEVEN:
        word |= ((number & np.uint64(127)) | np.uint64(128)) << (_EIGHT * bytes_)
        number >>= _SEVEN
        bytes_ += _ONE
    word |= (number & np.uint64(127) | (np.uint64(128) * np.uint64(number > np.uint64(127)))) << (_EIGHT * bytes_)
    store_word(to, at, word)
    at += np.int64(bytes_) + 1
    while number > np.uint64(127):
        number >>= _SEVEN
        store_word(to, at, (number & np.uint64(127)) | (np.uint64(128) * np.uint64(number > np.uint64(127))))
        at += 1
    return at


@njit(cache=True, nogil=True, inline="always")
def _zigzag(number: "Int") -> "Int":
    """Return a signed number in the form that keeps small ones small."""
    return (np.uint64(number) << _ONE) ^ np.uint64(number >> 63)
