"""Whole rows of a block of CSV read into packed rows, cell after cell while the row is at hand."""

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
from posthouse.records.code_kernel import NOT_NEAR, NOT_UTF8, TOO_LONG, find_code, is_utf8, seek_code
from posthouse.records.packed_kernel import group_of
from posthouse.records.text_kernel import NOT_READ, read_instant, read_whole

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]
    Positions = npt.NDArray[np.int32]

# What a plan says of a column, one word each.
KIND = 0  # how its cells are read
BEGINS, ENDS = 1, 2  # addresses of where they stand in the block
SLOT = 3  # the word or half of the packed row
LACKING = 4  # the bit that says that a number is lacking, any for a text; 0 where it is required
LOW, HIGH = 5, 6  # of numbers
TABLE, PLACES, SPANS, LETTERS, ROOM, KNOWN = 7, 8, 9, 10, 11, 12  # of codes, as `code_kernel.seek_code` takes them
MAP, MAPPED = 13, 14  # of codes: the address of what each becomes, -1 for no text, FAULTY for a wrong one; how many
DAY = 15  # of times: the first of three words for `text_kernel.read_instant`
HASHES, LEFT = 7, 8  # of hashes, read before: addresses of their values, and of which are left to others
FIELDS = 18

SKIP, NUMBER, TIME, CODE, HASH = range(5)
FAULTY = -2


_NEAR = 128  # rows that are read together, column by column: they stay in the nearest cache
_ODD, _UNKNOWN = 1, 2


@njit(cache=True, nogil=True)
def read_rows(
    data: "Bytes",
    plan: "Ints",
    stride: Any,
    lead: Any,
    rows: "Positions",
    lacking: Any,
    clock: "Ints",
    words: "Ints",
    groups: "Positions",
    written: Any,
    odd: "Positions",
    oddities: Any,
    waiting: "Positions",
) -> "tuple[Any, Any, Any, Any, Any]":
    """Read rows of a block.

    Parameters
    ----------
    plan : of each column, its fields; KNOWN and DAY are kept up. stride, lead : from one row's place in BEGINS and ENDS
    to the next; how many bytes behind it a cell begins.
    rows : which are to be read. lacking : the bits of numbers that no row has.
    clock : the word by which rows are dated, its least value, the word that must not be less, and that of the hash by
    which rows are sorted.
    words, groups : filled from row `written` on. odd : filled from `oddities` on with rows that others are to read.
    waiting : filled with rows that have a text which MAP does not know yet.

    Returns
    -------
    how many of the rows were read, how many rows are written, odd and waiting, and what stopped it:
    0, `code_kernel.NO_ROOM` or `code_kernel.NOT_UTF8`.
    """
    at, width = address_of(data), 8 * words.shape[1]
    flags = 2 * words.shape[1] - 1
    states = np.zeros(_NEAR, np.uint8)
    state_at = address_of(states)
    waits = np.int64(0)
    for near in range(0, len(rows), _NEAR):
        count = min(_NEAR, len(rows) - near)
        row_at = address_of(rows) + 4 * near
        to = address_of(words) + width * written
        for row in range(count):
            states[row] = 0
            store_half(to + width * row, flags, lacking)
        for number in range(plan.shape[0]):
            column = address_of(plan) + 8 * FIELDS * number
            fault = _read_column(column, at, stride, lead, row_at, count, to, width, flags, state_at)
            if fault:
                return near, written, oddities, waits, fault
        kept = np.int64(0)
        for row in range(count):
            source, state = to + width * row, states[row]
            event = load_number(source, clock[0])
            if (event < clock[1]) | (load_number(source, clock[2]) < event) | (state & _ODD != 0):
                # What waits for a text may have a time of its own that is wrong; it is odd at once.
                odd[oddities] = load_half(row_at, row)
                oddities += 1
            elif state:
                waiting[waits] = load_half(row_at, row)
                waits += 1
            else:
                groups[written + kept] = group_of(event, load_number(source, clock[3]))
                if kept < row:
                    for word in range(words.shape[1]):
                        store_number(to + width * kept, word, load_number(source, word))
                kept += 1
        written += kept
    return np.int64(len(rows)), written, oddities, waits, np.int64(0)


@njit(cache=True, nogil=True)
def _read_column(  # noqa: PLR0915 - all kinds of cells
    column: Any, data: Any, stride: Any, lead: Any, rows: Any, count: Any, to: Any, width: Any, flags: Any, states: Any
) -> Any:
    """Read a column of some rows; return what stopped it, or 0.

    Parameters
    ----------
    column, data, rows, to, states : addresses of the plan's fields, of the block, of the rows' numbers, of the first of
    the packed rows, and of what is wrong with each. width : bytes of a packed row. flags : the half of lacking numbers.
    """
    kind, slot = load_number(column, KIND), load_number(column, SLOT)
    begins, ends = load_number(column, BEGINS), load_number(column, ENDS)
    if kind == CODE:
        table, places = load_number(column, TABLE), load_number(column, PLACES)
        optional = load_number(column, LACKING)
        meanings, mapped = load_number(column, MAP), load_number(column, MAPPED)
        for one in range(count):
            row = stride * load_half(rows, one)
            start, end = load_half(begins, row) + lead, load_half(ends, row)
            if start == end:
                # Many columns are mostly empty.
                store_half(to + width * one, slot, -1)
                if not optional:
                    store_byte(states, one, _ODD)
                continue
            code = find_code(data, start, end, table, places)
            if code == NOT_NEAR:
                code = _seek(column, data, start, end)
                if code < TOO_LONG:
                    return code
            if (code < 0) | (code >= mapped):
                store_byte(states, one, load_byte(states, one) | (_ODD if code < 0 else _UNKNOWN))
            else:
                place = load_half(meanings, code)
                store_half(to + width * one, slot, place)
                if place == FAULTY:
                    store_byte(states, one, _ODD)
    elif kind < CODE and kind != SKIP:
        bit, low, high = load_number(column, LACKING), load_number(column, LOW), load_number(column, HIGH)
        for one in range(count):
            row = stride * load_half(rows, one)
            start, end = load_half(begins, row) + lead, load_half(ends, row)
            good, value = bit != 0, np.int64(0)
            if start != end:
                if kind == TIME:
                    value = read_instant(data, start, end, column + 8 * DAY)
                    good = value != NOT_READ
                else:
                    value = read_whole(data, start, end)
                    good = value >= 0
                good &= (value >= low) & (value <= high)
            else:
                store_half(to + width * one, flags, load_half(to + width * one, flags) | bit)
            store_number(to + width * one, slot, value)
            if not good:
                store_byte(states, one, _ODD)
    elif kind == HASH:
        hashes, left = load_number(column, HASHES), load_number(column, LEFT)
        for one in range(count):
            row = load_half(rows, one)
            store_number(to + width * one, slot, load_number(hashes, row))
            if load_byte(left, row):
                store_byte(states, one, _ODD)
    else:
        for one in range(count):
            row = stride * load_half(rows, one)
            if not is_utf8(data, load_half(begins, row) + lead, load_half(ends, row)):
                return np.int64(NOT_UTF8)
    return np.int64(0)


@njit(cache=True, nogil=True)
def _seek(column: Any, data: Any, start: Any, end: Any) -> Any:
    """Return `code_kernel.seek_code` of a cell, and count a new text in the plan."""
    known = load_number(column, KNOWN)
    code = seek_code(
        data,
        start,
        end,
        load_number(column, TABLE),
        load_number(column, PLACES),
        load_number(column, SPANS),
        load_number(column, LETTERS),
        load_number(column, ROOM),
        known,
    )
    if code == known:
        store_number(column, KNOWN, known + 1)
    return code
