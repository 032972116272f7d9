"""Cutting one EPCIS event into the texts that matter, whatever its layout: the reference for `epcis_layout`.

A cut is (kind, start, end) of a string that is a value. The cutter goes from string to string: between two of them
there are only a few bytes that open and close things. It knows the members that make a scan, skips the values of all
others, and says where it is not sure; such an event is read by `epcis_event`, which defines the meaning.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import WIDE, find_byte, load_byte, load_word, lowest_bit, store_number

if TYPE_CHECKING:
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer
    Address = Any  # see byte_words.address_of

# Kinds: texts whose words repeat come first, and their number is the number of their dictionary.
STEP, READ_POINT, LOCATION, BRAND, HOW, EVENT_TIME, RECORD_TIME, EVENT_ID, EPCS, ERROR, DISPOSITION, SKIPPED = range(12)
CODED = 5
_NAMES = (
    ("bizStep", STEP),
    ("readPoint", READ_POINT),
    ("bizLocation", LOCATION),
    ("posthouse:brand", BRAND),
    ("posthouse:how", HOW),
    ("eventTime", EVENT_TIME),
    ("recordTime", RECORD_TIME),
    ("eventID", EVENT_ID),
    ("epcList", EPCS),
    ("childEPCs", EPCS),
    ("errorDeclaration", ERROR),
    ("disposition", DISPOSITION),
)
_NAME_SIZES = np.array([len(name) for name, _ in _NAMES])
_NAME_HEADS = np.array([int.from_bytes(name[:8].encode(), "little") for name, _ in _NAMES], np.uint64)
_NAME_TAILS = np.array([int.from_bytes(name[-8:].encode(), "little") for name, _ in _NAMES], np.uint64)
_NAME_KINDS = np.array([kind for _, kind in _NAMES])
_SEVEN = np.uint64((1 << 56) - 1)


@njit(cache=True, nogil=True)
def cut_event(  # noqa: PLR0912, PLR0915 one walk over the bytes
    data: "Address", size: "Int", first: "Int", cuts: "Address"
) -> "tuple[Int, Int, bool]":
    """Write down the cuts of the event that opens at `first`; return (position behind it, cuts, whether it is known).

    The position is -1 where the event is not whole. Known is an event of whose members nothing is unexpected.

    Parameters
    ----------
    data : `size` bytes of the document, then WIDE zeros. cuts : room for 3 numbers for every two bytes.
    """
    depth, opener, member, inner, sure, count = 1, 123, -1, False, True, 0
    at: Int = first + 1
    while True:
        while True:
            if at >= size:
                return -1, 0, False
            byte: Int = load_byte(data, at)
            if byte == 34:
                break
            at += 1
            if byte == 123 or byte == 91:  # noqa: PLR1714 - { [
                depth += 1
                if depth == 2:
                    opener = byte
                elif member == EPCS:
                    sure = False
            elif byte == 125 or byte == 93:  # noqa: PLR1714 - } ]
                depth -= 1
                if depth == 0:
                    return at, count, sure
            elif byte == 92:
                return _behind_escapes(data, size, first), 0, False
            elif depth == 2 and member == EPCS and byte > 32 and byte != 44:
                sure = False  # a number among the parcels
        left = at + 1
        right = find_end(data, size, left)
        if right >= size:
            return -1, 0, False
        if load_byte(data, right) == 92:
            return _behind_escapes(data, size, first), 0, False
        at = right + 1
        behind = _behind_space(data, size, at)
        is_name = behind < size and load_byte(data, behind) == 58  # :
        kind = SKIPPED
        if depth == 1:
            if is_name:
                member = _member(data, left, right)
                sure &= member != ERROR and _opens_as_known(data, size, behind + 1, member)
                at = behind + 1
                continue
            if member >= 0 and member <= EVENT_ID:
                kind = member
            member = -1
        elif depth == 2 and member == EPCS and opener == 91:
            kind = EPCS
        elif depth == 2 and (member == READ_POINT or member == LOCATION) and opener == 123:  # noqa: PLR1714, SIM109
            if is_name:
                inner = right - left == 2 and load_byte(data, left) == 105 and load_byte(data, left + 1) == 100  # id
                continue
            if inner:
                kind = member
            inner = False
        elif is_name:
            continue
        count = add_cut(cuts, count, kind, left, right)


@njit(cache=True, nogil=True, forceinline=True)
def add_cut(cuts: "Address", count: "Int", kind: "Int", left: "Int", right: "Int") -> "Int":
    """Write down one more cut; return how many there are now."""
    store_number(cuts, 3 * count, kind)
    store_number(cuts, 3 * count + 1, left)
    store_number(cuts, 3 * count + 2, right)
    return count + 1


@njit(cache=True, nogil=True, forceinline=True)
def find_end(data: "Address", size: "Int", at: "Int") -> "Int":
    """Return the position of the next quote or backslash from `at` on; `size` where there is none."""
    ends = find_byte(data, at, 34) | find_byte(data, at, 92)
    while ends == 0:
        at += WIDE
        if at >= size:
            return size
        ends = find_byte(data, at, 34) | find_byte(data, at, 92)
    return at + lowest_bit(ends)


@njit(cache=True, nogil=True)
def _behind_escapes(data: "Address", size: "Int", first: "Int") -> "Int":
    """Return the position behind an event with escapes; -1 where it is not whole."""
    depth, run, inside = 0, 0, False
    for at in range(first, size):
        byte = load_byte(data, at)
        if byte == 92:
            run += 1
            continue
        if byte == 34:
            inside ^= run % 2 == 0
        elif not inside and (byte == 123 or byte == 91):  # noqa: PLR1714 - { [
            depth += 1
        elif not inside and (byte == 125 or byte == 93):  # noqa: PLR1714 - } ]
            depth -= 1
            if depth == 0:
                return at + 1
        run = 0
    return -1


@njit(cache=True, nogil=True, forceinline=True)
def _behind_space(data: "Address", size: "Int", at: "Int") -> "Int":
    while at < size and load_byte(data, at) <= 32:
        at += 1
    return at


@njit(cache=True, nogil=True)
def _member(data: "Address", left: "Int", right: "Int") -> "Int":
    """Return the kind of the member of this name; -1 for all others. Two words hold a name of 7 to 16 bytes."""
    size = right - left
    if size < 7 or size > 16:
        return -1
    head = load_word(data, left)
    if size == 7:
        head &= _SEVEN
    for name in range(len(_NAME_SIZES)):
        tail_fits = size == 7 or load_word(data, right - 8) == _NAME_TAILS[name]
        if _NAME_HEADS[name] == head and _NAME_SIZES[name] == size and tail_fits:
            return _NAME_KINDS[name]
    return -1


@njit(cache=True, nogil=True)
def _opens_as_known(data: "Address", size: "Int", at: "Int", member: "Int") -> bool:
    """Whether the value is written as the cutter expects it of this member."""
    at = _behind_space(data, size, at)
    if at >= size or member < 0:
        return True  # not whole, and will be met again, or not a member that matters
    if member == EPCS:
        return bool(load_byte(data, at) == 91)
    if member == READ_POINT or member == LOCATION:  # noqa: PLR1714, SIM109
        return bool(load_byte(data, at) == 123)
    return bool(load_byte(data, at) == 34)
