"""Sorting by a keyed hash, and finding repeated event numbers, in time that grows with the rows.

A keyed hash is spread evenly, so its top bits cut the rows into small buckets that are sorted one by one.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_BUCKET_ROWS = 2
_MOST_BITS = 22
_FULL_BUCKET = 512  # more rows of one waybill than any parcel has: the hash is not spread, or the number is a dummy
_DENSE = 64  # bits a row that a bitmap may take
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # of the golden ratio: spreads neighbouring groups


def order_rows(hashes: "Ints", numbers: "Ints") -> "Ints":
    """Return the positions that sort rows by (hash, number), shape (n,)."""
    bits = min(max(int(len(hashes) / _BUCKET_ROWS).bit_length(), 1), _MOST_BITS)
    order = np.empty(len(hashes), np.int64)
    if _order_buckets(hashes, numbers, bits, order):
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
def _order_buckets(hashes: "Ints", numbers: "Ints", bits: int, order: "Ints") -> bool:
    """Fill the order; False, and nothing useful, where one bucket has too many rows."""
    shift = np.uint64(64 - bits)
    sign = np.uint64(1) << np.uint64(63)
    one = np.uint64(1)
    ends = np.zeros((1 << bits) + 1, np.int32)
    for row in range(len(hashes)):
        ends[((np.uint64(hashes[row]) ^ sign) >> shift) + one] += 1
    most: Any = np.int32(0)
    for after in range(np.uint64(1), np.uint64(len(ends))):
        most = max(most, ends[after])
        ends[after] += ends[after - one]
    if most > _FULL_BUCKET:
        return False
    placed = np.empty((len(hashes), 3), np.int64)  # what is compared and moved together lies together in memory
    for row in range(len(hashes)):
        bucket: Any = (np.uint64(hashes[row]) ^ sign) >> shift
        at = np.uint64(ends[bucket])
        ends[bucket] += 1
        placed[at, 0], placed[at, 1], placed[at, 2] = hashes[row], numbers[row], row
    # Few stand before one that is less, and none far.
    for row in range(1, len(hashes)):
        first, number, position = placed[row, 0], placed[row, 1], placed[row, 2]
        to = row
        while to > 0 and (placed[to - 1, 0] > first or (placed[to - 1, 0] == first and placed[to - 1, 1] > number)):
            placed[to, 0], placed[to, 1], placed[to, 2] = placed[to - 1, 0], placed[to - 1, 1], placed[to - 1, 2]
            to -= 1
        placed[to, 0], placed[to, 1], placed[to, 2] = first, number, position
    order[:] = placed[:, 2]
    return True
