"""Rows packed into words, and put together by day and by the part of all hashes in which theirs is."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import (
    WIDE,
    address_of,
    copy_line,
    fetch_line,
    load_byte,
    load_half,
    load_number,
    store_byte,
    store_half,
    store_number,
)
from posthouse.records.event_days import DAY_US, LAST_DAY, NO_DAY, SHANGHAI_US
from posthouse.records.order_kernel import PART_BITS

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

PARTS = 1 << PART_BITS
_NEAR = 64  # rows that are at hand together
_COMING = 24  # rows ahead that are brought near


@njit(cache=True, nogil=True, inline="always")
def day_of(micros: "Int") -> "Int":
    """Return the Shanghai day of an instant, counted since 1970, NO_DAY outside 1970 to 9999."""
    since = micros + SHANGHAI_US
    day = np.int64(np.uint64(since) // np.uint64(DAY_US))
    return np.int64(NO_DAY) if since < 0 or day > LAST_DAY else day


@njit(cache=True, nogil=True, inline="always")
def group_of(micros: "Int", number: "Int") -> "Int":
    """Return PARTS times the day of an instant, and the part of all hashes in which a hash is."""
    top = (np.uint64(number) ^ (np.uint64(1) << np.uint64(63))) >> np.uint64(64 - PART_BITS)
    return day_of(micros) * PARTS + np.int64(top)


@njit(cache=True, nogil=True)
def pack_rows(
    numbers: "Ints", lacking: "Ints", codes: "Ints", dated_by: "Int", sorted_by: "Int", words: "Ints", groups: "Codes"
) -> None:
    """Fill packed rows and their groups.

    Parameters
    ----------
    numbers, lacking, codes : addresses of columns; 0 for columns of which no number is lacking.
    dated_by, sorted_by : the number columns that have the instant of a row and its hash, as for `group_of`.
    """
    columns, texts = len(numbers), len(codes)
    for row in range(len(words)):
        bits = np.int64(0)
        to = address_of(words) + 8 * words.shape[1] * row
        for column in range(columns):
            store_number(to, column, load_number(numbers[column], row))
            if lacking[column]:
                bits |= load_byte(lacking[column], row) << column
        for column in range(texts):
            store_half(to, 2 * columns + column, load_half(codes[column], row))
        store_half(to, 2 * words.shape[1] - 1, bits)
        groups[row] = group_of(load_number(to, dated_by), load_number(to, sorted_by))


@njit(cache=True, nogil=True)
def count_groups(groups: "Codes", low: "Int", counts: "Ints") -> None:
    """Count the rows of each group from `low` on, which are zero before."""
    for row in range(len(groups)):
        counts[np.uint64(groups[row] - low)] += 1


@njit(cache=True, nogil=True)
def place_rows(
    rows: "Ints", groups: "Codes", low: "Int", maps: "Codes", maps_at: "Ints", nexts: "Ints", words: "Ints",
    first: "Int", key: "Int", optional: "Int", keys: "Ints", spans: "Ints", having: "Ints",
) -> "Int":  # fmt: skip
    """Copy each row to the next place of its group; return how many have a number that rows may lack.

    Parameters
    ----------
    rows, words : packed rows. groups : of each row. nexts : the next place of each group from `low` on.
    maps, maps_at : what a code becomes, those of all columns one behind the other, and where code 0 of each is; below
    it is what code -1 becomes. None of them : codes stay.
    first : the half at which the codes begin. key : the word that is written to `keys` too.
    spans : the least and greatest key of each PARTS groups from `low` on, made to hold for these too, shape (days, 2).
    optional : the bits of numbers that rows may lack. having : filled with the places of rows that have any.
    """
    width = words.shape[1]
    found = 0
    map_at, starts = address_of(maps), address_of(maps_at)
    held = np.empty(_NEAR * width + WIDE // 8, np.int64)
    held_at = (address_of(held) + WIDE - 1) // WIDE * WIDE
    before = (held_at - address_of(held)) // 8
    in_lines = 8 * width == WIDE and address_of(words) % WIDE == 0
    for near in range(0, len(rows), _NEAR):
        size = min(_NEAR, len(rows) - near)
        given = address_of(rows) + 8 * width * near
        if len(maps_at):
            # Not where they are: the rows given stay as they are.
            for word in range(width * size):
                held[np.uint64(before + word)] = load_number(given, word)
            given = held_at
        for column in range(len(maps_at)):
            start = load_number(starts, column)
            for row in range(size):
                half = 2 * width * row + first + column
                store_half(held_at, half, load_half(map_at, start + load_half(held_at, half)))
        for row in range(size):
            group = np.uint64(groups[near + row] - low)
            place = nexts[group]
            nexts[group] = place + 1
            source, to = given + 8 * width * row, address_of(words) + 8 * width * place
            if in_lines:
                copy_line(source, to)
            else:
                for word in range(width):
                    store_number(to, word, load_number(source, word))
            known = load_number(source, key)
            keys[np.uint64(place)] = known
            day = group >> np.uint64(PART_BITS)
            spans[day, 0], spans[day, 1] = min(spans[day, 0], known), max(spans[day, 1], known)
            if load_half(source, 2 * width - 1) & optional != optional:
                having[found] = place
                found += 1
    return found


@njit(cache=True, nogil=True)
def list_rows(starts: "Ints", keys_at: "Ints", counts: "Ints", size: "Int", rows: "Ints", keys: "Ints") -> None:
    """Fill the addresses and keys of rows that stand one behind the other in some places of memory.

    Parameters
    ----------
    starts, keys_at : addresses of the first row, and of its key, in each place. counts : the rows there. size : of one.
    """
    to = np.uint64(0)
    for place in range(len(starts)):
        for row in range(counts[place]):
            rows[to] = starts[place] + size * row
            keys[to] = load_number(keys_at[place], row)
            to += np.uint64(1)


@njit(cache=True, nogil=True)
def copy_rows(rows: "Ints", out: "Ints") -> None:
    """Fill packed rows with those at some addresses."""
    width = out.shape[1]
    for row in range(len(rows)):
        for word in range(width):
            out[row, word] = load_number(rows[row], word)


@njit(cache=True, nogil=True)
def pick_rows(
    rows: "Ints", keys: "Ints", gone: "Ints", column: "Int", first: "Int", starts: "Ints", used: "Mask",
    out: "Ints", out_keys: "Ints", numbers: "Ints",
) -> None:  # fmt: skip
    """Fill addresses, keys and a column of numbers of the rows at some addresses, and mark which codes stand in them.

    Parameters
    ----------
    gone : positions of rows that are left out, sorted. first : the half at which the codes begin.
    starts : of the marks of each column; the first is for rows without a code.
    """
    start_at, mark_at = address_of(starts), address_of(used)
    columns, to, left = len(starts), np.uint64(0), np.uint64(0)
    for row in range(len(rows)):
        if left < len(gone) and gone[left] == row:
            left += np.uint64(1)
            continue
        place = rows[np.uint64(row)]
        fetch_line(rows[np.uint64(min(row + _COMING, len(rows) - 1))])
        out[to], out_keys[to], numbers[to] = place, keys[np.uint64(row)], load_number(place, column)
        to += np.uint64(1)
        for one in range(columns):
            store_byte(mark_at, load_number(start_at, one) + load_half(place, first + one) + 1, 1)
