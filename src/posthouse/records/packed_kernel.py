"""Rows packed into words, each to the place of its day, and taken apart again in the order in which they are stored."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import (
    address_of,
    load_byte,
    load_half,
    load_number,
    store_byte,
    store_half,
    store_number,
)
from posthouse.records.event_days import DAY_US, LAST_DAY, NO_DAY, SHANGHAI_US

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

_NEAR = 128  # rows that stay in the nearest cache while their columns are filled


@njit(cache=True, nogil=True, inline="always")
def day_of(micros: "Int") -> "Int":
    """Return the Shanghai day of an instant, counted since 1970, NO_DAY outside 1970 to 9999."""
    since = micros + SHANGHAI_US
    day = np.int64(np.uint64(since) // np.uint64(DAY_US))
    return np.int64(NO_DAY) if since < 0 or day > LAST_DAY else day


@njit(cache=True, nogil=True)
def pack_rows(numbers: "Ints", lacking: "Ints", codes: "Ints", dated_by: "Int", words: "Ints", days: "Codes") -> None:
    """Fill packed rows and their days.

    Parameters
    ----------
    numbers, lacking, codes : addresses of columns; 0 for columns of which no number is lacking.
    dated_by : the number column that has the instant of a row.
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
        days[row] = day_of(load_number(to, dated_by))


@njit(cache=True, nogil=True)
def count_days(days: "Codes", low: "Int", counts: "Ints") -> None:
    """Count the rows of each day from `low` on, which are zero before."""
    for row in range(len(days)):
        counts[np.uint64(days[row] - low)] += 1


@njit(cache=True, nogil=True)
def place_rows(
    rows: "Ints", days: "Codes", low: "Int", maps: "Codes", maps_at: "Ints", nexts: "Ints", words: "Ints",
    first: "Int", key: "Int", optional: "Int", keys: "Ints", spans: "Ints", having: "Ints",
) -> "Int":  # fmt: skip
    """Copy each row to the next place of its day; return how many have a number that rows may lack.

    Parameters
    ----------
    rows, words : packed rows. days : of each row. nexts : the next place of each day from `low` on.
    maps, maps_at : what a code becomes, those of all columns one behind the other, and where code 0 of each is; below
    it is what code -1 becomes. None of them : codes stay.
    first : the half at which the codes begin. key : the word that is written to `keys` too.
    spans : the least and greatest key of each day from `low` on, made to hold for these too, shape (days, 2).
    optional : the bits of numbers that rows may lack. having : filled with the places of rows that have any.
    """
    width = words.shape[1]
    found = 0
    map_at, starts = address_of(maps), address_of(maps_at)
    for row in range(len(rows)):
        day = np.uint64(days[row] - low)
        place = nexts[day]
        nexts[day] = place + 1
        source, to = address_of(rows) + 8 * width * row, address_of(words) + 8 * width * place
        for word in range(width):
            store_number(to, word, load_number(source, word))
        for column in range(len(maps_at)):
            code = load_half(source, first + column)
            store_half(to, first + column, load_half(map_at, load_number(starts, column) + code))
        known = load_number(to, key)
        keys[np.uint64(place)] = known
        spans[day, 0], spans[day, 1] = min(spans[day, 0], known), max(spans[day, 1], known)
        if load_half(to, 2 * width - 1) & optional != optional:
            having[found] = place
            found += 1
    return found


@njit(cache=True, nogil=True)
def copy_rows(rows: "Ints", out: "Ints") -> None:
    """Fill packed rows with those at some addresses."""
    width = out.shape[1]
    for row in range(len(rows)):
        for word in range(width):
            out[row, word] = load_number(rows[row], word)


@njit(cache=True, nogil=True)
def take_column(rows: "Ints", column: "Int", out: "Ints") -> None:
    """Fill one number column of the rows at some addresses."""
    for row in range(len(rows)):
        out[row] = load_number(rows[row], column)


@njit(cache=True, nogil=True)
def mark_codes(rows: "Ints", first: "Int", starts: "Ints", used: "Mask") -> None:
    """Mark which codes stand in the rows at some addresses, in the columns from half `first` on.

    Parameters
    ----------
    starts : of the marks of each column; the first is for rows without a code.
    """
    start_at, mark_at = address_of(starts), address_of(used)
    columns = len(starts)
    for row in range(len(rows)):
        for column in range(columns):
            code = load_half(rows[row], first + column)
            store_byte(mark_at, load_number(start_at, column) + code + 1, 1)


@njit(cache=True, nogil=True)
def spread_rows(
    rows: "Ints", flags: "Int", maps: "Codes", maps_at: "Ints", numbers: "Ints", codes: "Codes", lacking: "Ints"
) -> None:
    """Fill the columns of rows at some addresses, and count the codes and numbers that each column lacks.

    Parameters
    ----------
    flags : the half with the bits of numbers that are lacking. maps, maps_at : as for `place_rows`.
    numbers : shape (columns, at least as many rows). codes : the same, and behind them the bits of lacking numbers.
    lacking : of the numbers, then of the codes.
    """
    first = 2 * len(numbers)
    for near in range(0, len(rows), _NEAR):
        end = min(near + _NEAR, len(rows))
        for column in range(len(numbers)):
            for row in range(near, end):
                numbers[column, np.uint64(row)] = load_number(rows[np.uint64(row)], column)
        for column in range(len(maps_at)):
            start = maps_at[column]
            none = 0
            for row in range(near, end):
                place = maps[np.uint64(start + load_half(rows[np.uint64(row)], first + column))]
                codes[column, np.uint64(row)] = place
                none += place < 0
            lacking[len(numbers) + column] += none
        for row in range(near, end):
            bits = load_half(rows[np.uint64(row)], flags)
            codes[len(maps_at), np.uint64(row)] = bits
            column = 0
            while bits:
                lacking[column] += bits & 1
                bits >>= 1
                column += 1
