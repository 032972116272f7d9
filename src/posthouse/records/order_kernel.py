"""Sorting by a keyed hash, and finding repeated event numbers, in time that grows with the rows.

A keyed hash is spread evenly, so its top bits cut the rows into parts, and those into small buckets that
are sorted one by one.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import address_of, load_number

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Rows = npt.NDArray[np.int64]  # shape (n, 3)

_PART_ROWS, _BUCKET_ROWS = 512, 2
_MOST_BITS = 12  # of parts
_FULL_BUCKET = 512  # more rows of one waybill than any parcel has: the hash is not spread, or the number is a dummy
PART_BITS = 6  # top bits of a hash by which rows may have been put together before
_MOST_PART_ROWS = 1 << 16  # of which a cache holds what is moved
_DENSE = 64  # bits a row that a bitmap may take
PAGE_BITS = 16
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # of the golden ratio: spreads neighbouring groups


def order_rows(hashes: "Ints", numbers: "Ints") -> "Ints":
    """Return the positions that sort rows by (hash, number), shape (n,)."""
    order = np.empty(len(hashes), np.int64)
    if _order_buckets(hashes, numbers, order):
        return order
    return np.lexsort((numbers, hashes)).astype(np.int64)


def repeated_numbers(numbers: "Ints") -> "Ints":
    """Return the numbers that occur more than once, sorted."""
    if not len(numbers):
        return numbers
    low, high = int(numbers.min()), int(numbers.max())
    if high - low < _DENSE * len(numbers):
        bitmap = np.zeros((high - low) // 64 + 1, np.uint64)
        found = np.empty(len(numbers), np.int64)
        return np.unique(found[: set_bits(bitmap, low, numbers, found)])
    ordered = np.sort(numbers)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


@njit(cache=True, nogil=True)
def set_bits(bitmap: "npt.NDArray[np.uint64]", low: int, numbers: "Ints", found: "Ints") -> int:
    """Set the bit of each number; fill `found` with the numbers whose bit was set already and return how many."""
    count = 0
    for row in range(len(numbers)):
        bit = np.uint64(numbers[row] - low)
        word, mask = bit >> np.uint64(6), np.uint64(1) << (bit & np.uint64(63))
        if bitmap[word] & mask:
            found[count] = numbers[row]
            count += 1
        bitmap[word] |= mask
    return count


@njit(cache=True, nogil=True)
def test_bits(bitmap: "npt.NDArray[np.uint64]", low: int, numbers: "Ints", found: "Ints") -> int:
    """Fill `found` with the numbers whose bit is set and return how many."""
    count = 0
    for row in range(len(numbers)):
        bit = np.uint64(numbers[row] - low)
        if bitmap[bit >> np.uint64(6)] & (np.uint64(1) << (bit & np.uint64(63))):
            found[count] = numbers[row]
            count += 1
    return count


@njit(cache=True, nogil=True)
def number_pages(numbers: "Ints", table: "Ints", pages: int, out: "Ints") -> int:
    """Fill each number with that of its page of 2**PAGE_BITS neighbours in place of its top bits; pages count from 0.

    Parameters
    ----------
    table : of two words a place, a power of two of places: one more than the page's number, 0 where it is free, and its
    top bits. pages : how many there are.

    Returns
    -------
    how many pages there are now; -1 where the table has no room for them.
    """
    places = np.uint64(len(table) // 2)
    shift, low = np.uint64(PAGE_BITS), np.uint64((1 << PAGE_BITS) - 1)
    for row in range(len(numbers)):
        top = np.uint64(numbers[row]) >> shift
        spread = top * _GOLDEN
        at = (spread ^ (spread >> np.uint64(32))) & (places - np.uint64(1))
        while table[np.uint64(2) * at] and np.uint64(table[np.uint64(2) * at + np.uint64(1)]) != top:
            at = (at + np.uint64(1)) & (places - np.uint64(1))
        if not table[np.uint64(2) * at]:
            if 2 * pages >= np.int64(places):
                return -1
            pages += 1
            table[np.uint64(2) * at], table[np.uint64(2) * at + np.uint64(1)] = pages, np.int64(top)
        page = np.uint64(table[np.uint64(2) * at] - 1)
        out[row] = np.int64((page << shift) | (np.uint64(numbers[row]) & low))
    return pages


@njit(cache=True, nogil=True)
def set_near(bitmap: "npt.NDArray[np.uint64]", numbers: "Ints", found: "Ints") -> int:
    """Set the bit that each number falls on; fill `found` with the numbers whose bit was set and return how many.

    Parameters
    ----------
    bitmap : its length is a power of two.
    """
    count = 0
    for row in range(len(numbers)):
        word, bit = _near(numbers[row], len(bitmap))
        found[count] = numbers[row]
        count += (bitmap[word] & bit) != 0
        bitmap[word] |= bit
    return count


@njit(cache=True, nogil=True, inline="always")
def _near(number: Any, words: Any) -> Any:
    """Return the word and bit of a number: 4096 neighbours stay together, such groups are spread."""
    group = (np.uint64(number) >> np.uint64(12)) * _GOLDEN
    # Twice: series of numbers that run side by side would otherwise fall on each other as a whole.
    group = (group ^ (group >> np.uint64(32))) * _GOLDEN
    place = np.uint64(number) + (group >> np.uint64(20))
    return (place >> np.uint64(6)) & np.uint64(words - 1), np.uint64(1) << (place & np.uint64(63))


@njit(cache=True, nogil=True)
def _order_buckets(hashes: "Ints", numbers: "Ints", order: "Ints") -> bool:
    """Fill the order; False, and nothing useful, where one bucket has too many rows.

    Rows are put into parts by the top bits of their hash, few enough to write to side by side, and each part, which the
    nearest cache holds, into buckets by the bits behind. Rows that come in parts of PART_BITS are left in these.
    """
    rows = len(hashes)
    bits, ends = np.int64(PART_BITS), _count_parts(hashes, PART_BITS)
    in_parts = ends[0] < 0
    if not in_parts:
        bits = np.int64(min(_bits_for(rows // _PART_ROWS), _MOST_BITS))
        ends = np.abs(_count_parts(hashes, bits))
    ends[0] = 0
    most = ends.max()
    for after in range(1, len(ends)):
        ends[after] += ends[after - 1]
    starts = ends.copy()
    room = np.empty((most, 3), np.int64)
    if in_parts:
        for number in range(len(starts) - 1):
            start, end = starts[number], starts[number + 1]
            places = address_of(hashes) + 8 * start, address_of(numbers) + 8 * start, np.int64(0)
            if not _order_part(places, 1, start, bits, room, order[start:end]):
                return False
        return True
    # What is compared and moved together lies together in memory.
    placed = np.empty((rows, 3), np.int64)
    shift, sign = np.uint64(64 - bits), np.uint64(1) << np.uint64(63)
    for row in range(rows):
        part: Any = (np.uint64(hashes[row]) ^ sign) >> shift
        at = np.uint64(ends[part])
        ends[part] += 1
        placed[at, 0], placed[at, 1], placed[at, 2] = hashes[row], numbers[row], row
    for number in range(len(starts) - 1):
        start, end = starts[number], starts[number + 1]
        first = address_of(placed) + 24 * start
        if not _order_part((first, first + 8, first + 16), 3, start, bits, room, order[start:end]):
            return False
    return True


@njit(cache=True, nogil=True)
def _count_parts(hashes: "Ints", bits: Any) -> "Ints":
    """Return how many rows each part has, shape (parts + 1,); the first is -1 where they come in the order of parts."""
    shift, sign, one = np.uint64(64 - bits), np.uint64(1) << np.uint64(63), np.uint64(1)
    counts = np.zeros((1 << bits) + 1, np.int64)
    before, in_order = np.uint64(0), True
    for row in range(len(hashes)):
        part: Any = (np.uint64(hashes[row]) ^ sign) >> shift
        counts[part + one] += 1
        in_order &= part >= before
        before = part
    counts[0] = -1 if in_order and counts.max() <= _MOST_PART_ROWS else 0
    return counts


@njit(cache=True, nogil=True)
def _order_part(places: "tuple[Any, Any, Any]", step: Any, first: Any, known: Any, room: "Rows", order: "Ints") -> bool:
    """Fill the positions that sort some rows, whose hashes have so many top bits in common.

    Parameters
    ----------
    places : addresses of the hashes, the numbers and the positions of the rows; 0 where these count from `first`.
    step : words from one row's to the next one's.
    """
    rows = len(order)
    hashes, numbers, positions = places
    bits = _bits_for(rows // _BUCKET_ROWS)
    shift, sign, one = np.uint64(64 - bits), np.uint64(1) << np.uint64(63), np.uint64(1)
    above = np.uint64(known)
    ends = np.zeros((1 << bits) + 1, np.int64)
    for row in range(rows):
        ends[(((np.uint64(load_number(hashes, step * row)) ^ sign) << above) >> shift) + one] += 1
    for after in range(1, len(ends)):
        if ends[after] > _FULL_BUCKET:
            return False
        ends[after] += ends[after - 1]
    for row in range(rows):
        value = load_number(hashes, step * row)
        bucket: Any = ((np.uint64(value) ^ sign) << above) >> shift
        at = np.uint64(ends[bucket])
        ends[bucket] += 1
        position = load_number(positions, step * row) if positions else first + row
        room[at, 0], room[at, 1], room[at, 2] = value, load_number(numbers, step * row), position
    # Few stand before one that is less, and none far.
    for row in range(1, rows):
        first, number, position = room[row, 0], room[row, 1], room[row, 2]
        to = row
        while to > 0 and (room[to - 1, 0] > first or (room[to - 1, 0] == first and room[to - 1, 1] > number)):
            room[to, 0], room[to, 1], room[to, 2] = room[to - 1, 0], room[to - 1, 1], room[to - 1, 2]
            to -= 1
        room[to, 0], room[to, 1], room[to, 2] = first, number, position
    for row in range(rows):
        order[row] = room[row, 2]
    return True


@njit(cache=True, nogil=True)
def _bits_for(buckets: Any) -> Any:
    """Return how many bits tell at least so many buckets apart, one at least."""
    bits = 1
    while (1 << bits) < buckets:
        bits += 1
    return bits
