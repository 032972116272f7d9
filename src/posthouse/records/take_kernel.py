"""Rows picked by position, column by column, without the checks and copies that a general library makes."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]
    Bytes = npt.NDArray[np.uint8]

_SHANGHAI_US = np.uint64(8 * 3600 * 1_000_000)
_DAY_US = np.uint64(86_400 * 1_000_000)


@njit(cache=True, nogil=True)
def take_values(values: Any, positions: "Ints", out: Any) -> None:
    """Fill the values at these positions, all of them valid."""
    for row in range(len(positions)):
        out[row] = values[np.uint64(positions[row])]


@njit(cache=True, nogil=True)
def keep_values(values: Any, without: "Ints", out: Any) -> None:
    """Fill the values, one behind the other, without those at these positions, which are sorted."""
    start = np.uint64(0)
    for run in range(len(without) + 1):
        stop = np.uint64(without[run]) if run < len(without) else np.uint64(len(values))
        kept = start - np.uint64(run)
        for row in range(stop - start):
            out[kept + row] = values[start + row]
        start = stop + np.uint64(1)


@njit(cache=True, nogil=True)
def take_bits(bits: "Bytes", first: Any, positions: "Ints", out: "Bytes") -> Any:
    """Fill the bits at these positions, counted from bit `first`; return how many are not set."""
    lacking: Any = 0
    for byte in range(len(out)):
        gathered = np.uint64(0)
        for bit in range(min(8, len(positions) - 8 * byte)):
            at = np.uint64(positions[8 * byte + bit] + first)
            one = (np.uint64(bits[at >> np.uint64(3)]) >> (at & np.uint64(7))) & np.uint64(1)
            gathered |= one << np.uint64(bit)
            lacking += 1 - np.int64(one)
        out[byte] = gathered
    return lacking


@njit(cache=True, nogil=True)
def spread_places(codes: "Codes", places: "Codes", out: "Codes", valid: "Bytes") -> Any:
    """Fill the place of each code, -1 meaning the last, and which places are not negative; count the others."""
    lacking: Any = 0
    rows = len(codes)
    for byte in range(len(valid)):
        bits = np.uint64(0)
        for bit in range(min(8, rows - 8 * byte)):
            row = 8 * byte + bit
            code = np.int64(codes[row])
            place = places[np.uint64(code if code >= 0 else len(places) - 1)]
            is_valid = place >= 0
            out[row] = place if is_valid else 0
            bits |= np.uint64(is_valid) << np.uint64(bit)
            lacking += not is_valid
        valid[byte] = bits
    return lacking


@njit(cache=True, nogil=True)
def take_codes(codes: "Codes", valid: "Bytes", first: Any, positions: "Ints", out: "Codes", used: "Mask") -> None:
    """Fill one more than the code at each position, counted from `first`, 0 for rows without one; mark what occurs.

    Parameters
    ----------
    valid : bits of the rows with a code; empty where all have one.
    """
    some_lack = len(valid) > 0
    for row in range(len(positions)):
        at = np.uint64(positions[row] + first)
        one = np.int64(codes[at]) + 1
        if some_lack:
            one *= np.int64((valid[at >> np.uint64(3)] >> np.uint8(at & np.uint64(7))) & np.uint8(1))
        out[row] = one
        used[np.uint64(one)] = True


@njit(cache=True, nogil=True)
def number_codes(codes: "Codes", numbers: "Codes", valid: "Bytes") -> Any:
    """Put the new number of each code, 0 for the first code, in its place; fill the bits of the others; count it."""
    lacking: Any = 0
    rows = len(codes)
    for byte in range(len(valid)):
        bits = np.uint64(0)
        for bit in range(min(8, rows - 8 * byte)):
            row = 8 * byte + bit
            number = np.int64(numbers[np.uint64(codes[row])])
            lacks = number < 0
            codes[row] = 0 if lacks else number
            bits |= np.uint64(not lacks) << np.uint64(bit)
            lacking += lacks
        valid[byte] = bits
    return lacking


@njit(cache=True, nogil=True)
def number_days(micros: "Ints", days: "Codes") -> None:
    """Fill the Shanghai day, counted since 1970, of each instant after 1969."""
    for row in range(len(micros)):
        days[row] = (np.uint64(micros[row]) + _SHANGHAI_US) // _DAY_US


@njit(cache=True, nogil=True)
def order_days(days: "Codes", low: Any, starts: "Ints", order: "Ints") -> None:
    """Fill the positions that sort rows by day, rows of a day in their order, and where each day starts.

    Parameters
    ----------
    low : the first day. starts : zeros, shape (number of days + 1,).
    """
    for row in range(len(days)):
        starts[days[row] - low + 1] += 1
    for later in range(1, len(starts)):
        starts[later] += starts[later - 1]
    next_at = starts.copy()
    for row in range(len(days)):
        day: Any = np.int64(days[row] - low)
        order[next_at[day]] = row
        next_at[day] += 1


@njit(cache=True, nogil=True)
def find_wanted(numbers: "Ints", wanted: "Ints", found: "Mask") -> None:
    """Fill which numbers are among those wanted, which are sorted."""
    bits = 16
    while (1 << bits) < 64 * len(wanted) and bits < 30:
        bits += 1
    shift = np.uint64(64 - bits)
    factor = np.uint64(0x9E3779B97F4A7C15)  # of the golden ratio: spreads neighbouring numbers
    near = np.zeros(1 << (bits - 3), np.uint8)
    for at in range(len(wanted)):
        place = (np.uint64(wanted[at]) * factor) >> shift
        near[place >> np.uint64(3)] |= np.uint8(1) << np.uint8(place & np.uint64(7))
    for row in range(len(numbers)):
        place = (np.uint64(numbers[row]) * factor) >> shift
        hit = (near[place >> np.uint64(3)] >> np.uint8(place & np.uint64(7))) & np.uint8(1)
        if hit:
            spot: Any = np.searchsorted(wanted, numbers[row])
            found[row] = spot < len(wanted) and wanted[spot] == numbers[row]
        else:
            found[row] = False
