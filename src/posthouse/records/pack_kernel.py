"""Pages of Parquet files written straight from packed rows; `page_kernel` says what one is made of, and unpacks them.

A page is written in one sweep: a few rows are at hand in the nearest cache while their columns are written one after
the other. What stands before the values of a page says how many there are, so it is put in front of them at the end.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import (
    address_of,
    bit_length,
    fetch_line,
    load_half,
    load_number,
    store_byte,
    store_number,
    store_word,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

# What is told of a column, one word each.
START, END = 0, 1  # the bytes of its page
LACKING, LOW, HIGH = 2, 3, 4  # so far: how many values it lacks, and of numbers the least and the greatest
_COUNT, _HELD, _FIRST = 5, 6, 7  # of this page: how many values there are, those not written yet, and the first
_BITS, _FILLED = 8, 9  # what does not make a byte yet
TOLD = 10

_BLOCK = 128  # differences that share the least of them, and rows that are at hand together
_PART = 32  # differences that share a width
_HEAD = 64  # bytes in front of the values at most, beside a bit a row
_MOST_NEAR = 1 << 13  # rows that are brought near at once
_EIGHTH = 8  # of these, a quarter, which fill whole bytes
_MOST_BITS = 56  # that a word takes wherever in its first byte they begin, with less than a word behind them
_FEW_BITS = 14  # of which a word takes four
_EIGHT, _ONE, _SEVEN, _EVERY = np.uint64(8), np.uint64(1), np.uint64(7), np.uint64(2**64 - 1)
_HALF = np.uint64(2**32 - 1)


def room_for_page(rows: int) -> int:
    """Return the bytes that a column of so many rows takes at most, with those that are written over behind it."""
    return 2 * _HEAD + rows // 8 + (rows // _BLOCK + 2) * (8 * _BLOCK + 16)


@njit(cache=True, nogil=True)
def pack_pages(
    rows: "Ints", order: "Ints", most: "Int", numbers: "Int", flags: "Int", repeating: "Int", entries: "Ints",
    maps: "Codes", maps_at: "Ints", widths: "Ints", out: "Bytes", told: "Ints",
) -> "Int":  # fmt: skip
    """Write the pages of a row group: numbers as differences (DELTA_BINARY_PACKED), texts as codes (RLE_DICTIONARY).

    Parameters
    ----------
    rows : addresses of packed rows. order : which of them the group has, one at least. most : rows of a page.
    numbers : how many columns of numbers they have, which come first. flags : the half with the bits of those lacking.
    repeating : a column of numbers that no row lacks, written as runs of one code, the number's place among `entries`,
    which are filled.
    maps, maps_at : what a text's code becomes, as for `packed_kernel.place_rows`. widths : the bits of what it becomes.
    out : of each page, shape (pages, columns, room_for_page). told : of it, shape (pages, columns, TOLD).

    Returns
    -------
    how many entries there are.
    """
    known = np.int64(0)
    for page in range(len(told)):
        if page:
            told[page] = told[page - 1]
        else:
            told[0, :, LACKING], told[0, :, LOW], told[0, :, HIGH] = 0, 2**63 - 1, -(2**63)
        some = order[most * page : most * (page + 1)]
        known = _pack_page(
            rows, some, numbers, flags, repeating, entries, known, maps, maps_at, widths, out[page], told[page]
        )
    return known


@njit(cache=True, nogil=True)
def _pack_page(
    rows: "Ints", order: "Ints", numbers: "Int", flags: "Int", repeating: "Int", entries: "Ints", known: "Int",
    maps: "Codes", maps_at: "Ints", widths: "Ints", out: "Bytes", told: "Ints",
) -> "Int":  # fmt: skip
    """Write a page of each column; `entries` are filled from `known` on. Return how many there are now.

    Parameters
    ----------
    out : shape (columns, room_for_page). told : of each column, shape (columns, TOLD). The others are as for the group.
    """
    count, columns = len(order), numbers + len(maps_at)
    levels = np.zeros((columns, count // 8 + _BLOCK), np.uint8)
    held = np.empty((numbers, 2 * _BLOCK + 1), np.int64)
    near_rows, lacks = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.int64)
    rest, codes = np.empty(_BLOCK, np.int64), np.empty(_BLOCK, np.int64)
    some = address_of(near_rows)
    base = np.int64(_HEAD + count // 8)
    for column in range(columns):
        told[column, START], told[column, END] = base, base
        told[column, _COUNT:] = 0
    code_size = (np.int64(bit_length(np.uint64(known + count))) + 7) // 8
    near_to = order[0]
    for near in range(0, count, _BLOCK):
        size = min(_BLOCK, count - near)
        any_lacks, all_lack = np.int64(0), np.int64(-1)
        # Rows of a part stand together in memory: brought near in that order they come faster than in this one.
        last = near_to
        for row in range(size):
            last = max(last, order[np.uint64(near + row)])
        if last - near_to < _MOST_NEAR:
            for row in range(near_to, last):
                fetch_line(rows[np.uint64(row)])
        near_to = last
        for row in range(size):
            place = rows[np.uint64(order[np.uint64(near + row)])]
            near_rows[np.uint64(row)] = place
            bits = load_half(place, flags)
            lacks[np.uint64(row)] = bits
            any_lacks |= bits
            all_lack &= bits
        for column in range(columns):
            state = address_of(told) + 8 * TOLD * column
            to = address_of(out) + column * out.shape[1]
            level = address_of(levels) + column * levels.shape[1] + near // 8
            at = column - numbers
            if column == repeating:
                known = _add_runs(some, size, column, entries, known, code_size, state, to)
            elif at < 0 and (all_lack >> column) & 1:
                told[column, LACKING] += size
            elif at < 0:
                lacking = (any_lacks >> column) & 1
                _add_numbers(some, size, column, lacking, lacks, held[column], rest, level, state, to)
            else:
                map_at, half = address_of(maps) + 4 * maps_at[at], numbers + column
                _add_codes(some, size, half, map_at, widths[at], codes, level, state, to)
    for column in range(columns):
        if column == repeating:
            _end_runs(count, known, code_size, told[column], out[column])
        elif column < numbers:
            _end_numbers(held[column], rest, told[column], out[column])
        else:
            _end_codes(base, widths[column - numbers], told[column], out[column])
        _put_levels(levels[column], count, told[column], out[column])
    return known


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


@njit(cache=True, nogil=True)
def _add_numbers(
    rows: "Int", size: "Int", column: "Int", lacking: "Int", lacks: "Ints", held: "Ints", rest: "Ints", levels: "Int",
    state: "Int", to: "Int",
) -> None:  # fmt: skip
    """Add a column of at most _BLOCK rows.

    Parameters
    ----------
    rows, levels, state, to : addresses of the rows' addresses, of where their levels go, of what is told of the column,
    and of its page. lacking : whether any of them lacks it. lacks : the bits of numbers that each of them lacks.
    held : numbers that are not written yet, behind the one before them.
    """
    before = load_number(state, _HELD)
    count = before
    for part in range(0, size, 64):
        bits = _EVERY
        if lacking:
            bits = np.uint64(0)
            for row in range(part, min(part + 64, size)):
                held[np.uint64(count)] = load_number(load_number(rows, row), column)
                has = ~(lacks[np.uint64(row)] >> column) & 1
                count += has
                bits |= np.uint64(has) << np.uint64(row - part)
        store_word(levels, part // 8, bits)
    if not lacking:
        for row in range(size):
            held[np.uint64(before + row)] = load_number(load_number(rows, row), column)
        count += size
    low, high = load_number(state, LOW), load_number(state, HIGH)
    for one in range(before, count):
        low, high = min(low, held[np.uint64(one)]), max(high, held[np.uint64(one)])
    store_number(state, LOW, low)
    store_number(state, HIGH, high)
    store_number(state, LACKING, load_number(state, LACKING) + size - (count - before))
    if count > before and load_number(state, _COUNT) == 0:
        store_number(state, _FIRST, held[0])
    store_number(state, _COUNT, load_number(state, _COUNT) + count - before)
    if count > _BLOCK:
        store_number(state, END, _put_differences(held, np.int64(_BLOCK), rest, to, load_number(state, END)))
        for one in range(_BLOCK, count):
            held[np.uint64(one - _BLOCK)] = held[np.uint64(one)]
        count -= _BLOCK
    store_number(state, _HELD, count)


@njit(cache=True, nogil=True)
def _end_numbers(held: "Ints", rest: "Ints", state: "Ints", out: "Bytes") -> None:
    """Write what is held, and in front of the differences how they are written."""
    to = address_of(out)
    if state[_HELD] > 1:
        state[END] = _put_differences(held, state[_HELD] - 1, rest, to, state[END])
    at = _put_varint(to, np.int64(0), np.uint64(_BLOCK))
    at = _put_varint(to, at, np.uint64(_BLOCK // _PART))
    at = _put_varint(to, at, np.uint64(state[_COUNT]))
    _move_back(_put_varint(to, at, _zigzag(state[_FIRST])), out, state)


@njit(cache=True, nogil=True)
def _put_differences(numbers: "Ints", count: "Int", rest: "Ints", to: "Int", at: "Int") -> "Int":
    """Write a block with so many differences of the numbers from those before them; return where it ends."""
    least = np.int64(2**63 - 1)
    for one in range(count):
        difference = numbers[np.uint64(one + 1)] - numbers[np.uint64(one)]
        rest[np.uint64(one)] = difference
        least = min(least, difference)
    for one in range(count, _BLOCK):
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
        store_byte(to, widths + part, np.int64(width))
        at = _put_part(rest, part * _PART, width, to, at)
    return at


@njit(cache=True, nogil=True, inline="always")
def _put_part(numbers: "Ints", first: "Int", width: "Int", to: "Int", at: "Int") -> "Int":
    """Write the lowest bits of _PART numbers one behind the other, which end with a whole byte."""
    if width > _MOST_BITS:
        return _put_wide(numbers, first, width, to, at)
    # Eight numbers fill whole bytes, so four eights are written side by side.
    size, end, filled = np.int64(width), at, np.uint64(0)
    a = b = c = d = np.uint64(0)
    for one in range(first, first + _EIGHTH):
        a |= np.uint64(numbers[np.uint64(one)]) << filled
        b |= np.uint64(numbers[np.uint64(one + _EIGHTH)]) << filled
        c |= np.uint64(numbers[np.uint64(one + 2 * _EIGHTH)]) << filled
        d |= np.uint64(numbers[np.uint64(one + 3 * _EIGHTH)]) << filled
        store_word(to, end, a)
        store_word(to, end + size, b)
        store_word(to, end + 2 * size, c)
        store_word(to, end + 3 * size, d)
        filled += width
        end += np.int64(filled >> np.uint64(3))
        whole = filled & ~_SEVEN
        a, b, c, d = a >> whole, b >> whole, c >> whole, d >> whole
        filled &= _SEVEN
    # The last words of an eight went over the first bytes of the next.
    for eighth in range(1, 4):
        word, shift = np.uint64(0), np.uint64(0)
        for one in range(first + eighth * _EIGHTH, first + (eighth + 1) * _EIGHTH):
            word |= np.uint64(numbers[np.uint64(one)]) << shift
            shift += width
            if shift >= np.uint64(64):
                break
        store_word(to, at + eighth * size, word)
    return at + 4 * size


@njit(cache=True, nogil=True)
def _put_wide(numbers: "Ints", first: "Int", width: "Int", to: "Int", at: "Int") -> "Int":
    """Write the same where a number is too wide for what a word may hold already: its lower half goes first."""
    held, filled = np.uint64(0), np.uint64(0)
    for one in range(first, first + _PART):
        number: Any = np.uint64(numbers[np.uint64(one)])
        for half, bits in ((number & _HALF, np.uint64(32)), (number >> np.uint64(32), width - np.uint64(32))):
            held |= half << filled
            store_word(to, at, held)
            filled += bits
            at += np.int64(filled >> np.uint64(3))
            held >>= filled & ~_SEVEN
            filled &= _SEVEN
    return at


@njit(cache=True, nogil=True)
def _add_runs(
    rows: "Int", size: "Int", column: "Int", entries: "Ints", known: "Int", code_size: "Int", state: "Int", to: "Int"
) -> "Int":
    """Add a column of some rows as runs of codes of so many bytes; return how many entries there are now."""
    run, at = load_number(state, _HELD), load_number(state, END)
    low, high = load_number(state, LOW), load_number(state, HIGH)
    for row in range(size):
        number = load_number(load_number(rows, row), column)
        if known > 0 and number == entries[np.uint64(known - 1)]:
            run += 1
        else:
            at = _put_run(run, known, code_size, to, at)
            entries[np.uint64(known)] = number
            low, high = min(low, number), max(high, number)
            known += 1
            run = np.int64(1)
    store_number(state, LOW, low)
    store_number(state, HIGH, high)
    store_number(state, _HELD, run)
    store_number(state, END, at)
    return known


@njit(cache=True, nogil=True)
def _end_runs(count: "Int", known: "Int", code_size: "Int", state: "Ints", out: "Bytes") -> None:
    """Write the last run of so many rows, and in front of all how wide codes are."""
    state[_COUNT] = count
    state[END] = _put_run(state[_HELD], known, code_size, address_of(out), state[END])
    out[0] = 8 * code_size
    _move_back(np.int64(1), out, state)


@njit(cache=True, nogil=True, inline="always")
def _put_run(run: "Int", known: "Int", code_size: "Int", to: "Int", at: "Int") -> "Int":
    """Write a run of the last entry, unless there is none; return where it ends."""
    if run == 0:
        return at
    at = _put_varint(to, at, np.uint64(2 * run))
    store_word(to, at, np.uint64(known - 1))
    return at + code_size


@njit(cache=True, nogil=True)
def _add_codes(
    rows: "Int", size: "Int", half: "Int", map_at: "Int", width: "Int", codes: "Ints", levels: "Int", state: "Int",
    to: "Int",
) -> None:  # fmt: skip
    """Add the codes in a half of at most _BLOCK rows, without those that become negative, in so many bits each.

    Parameters
    ----------
    map_at : address of what code 0 becomes. codes : room for them. The others are as for `_add_numbers`.
    """
    count = np.int64(0)
    for part in range(0, size, 64):
        bits = np.uint64(0)
        for row in range(part, min(part + 64, size)):
            code = load_half(map_at, load_half(load_number(rows, row), half))
            codes[np.uint64(count)] = code
            has = np.int64(code >= 0)
            count += has
            bits |= np.uint64(has) << np.uint64(row - part)
        store_word(levels, part // 8, bits)
    store_number(state, LACKING, load_number(state, LACKING) + size - count)
    store_number(state, _COUNT, load_number(state, _COUNT) + count)
    held, filled = np.uint64(load_number(state, _BITS)), np.uint64(load_number(state, _FILLED))
    at, bit = load_number(state, END), np.uint64(width)
    fours = count & ~3 if width <= _FEW_BITS else np.int64(0)
    for one in range(0, fours, 4):
        first = np.uint64(codes[np.uint64(one)]) | np.uint64(codes[np.uint64(one + 1)]) << bit
        second = np.uint64(codes[np.uint64(one + 2)]) | np.uint64(codes[np.uint64(one + 3)]) << bit
        held |= (first | second << (bit + bit)) << filled
        store_word(to, at, held)
        filled += np.uint64(4) * bit
        at += np.int64(filled >> np.uint64(3))
        held >>= filled & ~_SEVEN
        filled &= _SEVEN
    for one in range(fours, count):
        held |= np.uint64(codes[np.uint64(one)]) << filled
        store_word(to, at, held)
        filled += bit
        at += np.int64(filled >> np.uint64(3))
        held >>= filled & ~_SEVEN
        filled &= _SEVEN
    store_number(state, _BITS, np.int64(held))
    store_number(state, _FILLED, np.int64(filled))
    store_number(state, END, at)


@njit(cache=True, nogil=True)
def _end_codes(base: "Int", width: "Int", state: "Ints", out: "Bytes") -> None:
    """Fill up the last group of eight codes, and write in front of all how wide they are and how many groups."""
    to, groups = address_of(out), (state[_COUNT] + 7) // 8
    store_word(to, state[END], np.uint64(state[_BITS]))
    for byte in range(state[END] + 1, base + groups * width):
        out[np.uint64(byte)] = 0
    state[END] = base + groups * width
    out[0] = width
    _move_back(_put_varint(to, np.int64(1), np.uint64(2 * groups + 1)), out, state)


@njit(cache=True, nogil=True)
def _put_levels(levels: "Bytes", count: "Int", state: "Ints", out: "Bytes") -> None:
    """Write in front of a page which of so many rows have a value (RLE)."""
    to, groups = address_of(out), (count + 7) // 8
    if state[_COUNT] < count:
        state[START] -= groups
        for byte in range(groups):
            out[state[START] + byte] = levels[byte]
        end = _put_varint(to, np.int64(4), np.uint64(2 * groups + 1))
        size = end - 4 + groups
    else:
        end = _put_varint(to, np.int64(4), np.uint64(2 * count)) + 1
        out[end - 1] = 1
        size = end - 4
    for byte in range(4):
        out[byte] = (size >> (8 * byte)) & 0xFF
    _move_back(end, out, state)


@njit(cache=True, nogil=True)
def _move_back(size: "Int", out: "Bytes", state: "Ints") -> None:
    """Move the first bytes of a page to right before its start."""
    state[START] -= size
    for byte in range(size - 1, -1, -1):
        out[state[START] + byte] = out[byte]


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
