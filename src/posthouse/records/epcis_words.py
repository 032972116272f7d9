"""The distinct words of the members of EPCIS events whose words repeat, and the codes that stand for them."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from posthouse.records.byte_words import WIDE, address_of, differing_bytes, load_number, load_word
from posthouse.records.code_kernel import is_utf8

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Codes = npt.NDArray[np.uint16]
    Ints = npt.NDArray[np.int64]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer
    Address = Any  # see byte_words.address_of

WORDS = 1 << 15  # distinct words a member may have; an event with a further one is read one by one
_FIRST_BITS, _LAST_BITS = 11, 16  # that number the places of the hash table, which grows with the words
_LOW_BYTES = np.array([(1 << 8 * size) - 1 for size in range(8)], np.uint64)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Dictionaries(NamedTuple):
    """The distinct words met so far, per coded member.

    places : hash table of one more than their codes, 0 where free, shape (members + 1, 1 << _LAST_BITS).
    bits : the first so many bits number a place, shape (members,).
    spans : start and size of each in `letters`, shape (members, WORDS, 2).
    counts : words of each member, and then the bytes in `letters`.
    """

    places: "Codes"
    bits: "Ints"
    spans: "Ints"
    counts: "Ints"
    letters: "Bytes"


def new_dictionaries(members: int) -> Dictionaries:
    """Return dictionaries without words for so many members."""
    return Dictionaries(
        places=np.zeros((members + 1, 1 << _LAST_BITS), np.uint16),  # the last row is read into, not used
        bits=np.full(members, _FIRST_BITS),
        spans=np.zeros((members, WORDS, 2), np.int64),
        counts=np.zeros(members + 1, np.int64),
        letters=np.zeros(WORDS * 64 * members + WIDE, np.uint8),
    )


def words_of(dictionaries: Dictionaries, member: int, first: int = 0) -> list[str]:
    """Return the words of a member, in the order of their codes from `first` on."""
    spans = dictionaries.spans[member, first : int(dictionaries.counts[member])].tolist()
    return [dictionaries.letters[start : start + size].tobytes().decode("utf-8") for start, size in spans]


@njit(cache=True, nogil=True, forceinline=True)
def find_word(  # noqa: PLR0917 arrays by position: numba compiles no keyword-only arguments
    data: "Address",
    left: "Int",
    right: "Int",
    member: "Int",
    places: "Address",
    bits: "Address",
    spans: "Address",
    letters: "Address",
) -> "Int":
    """Return the code of a word; -1 where it is not known."""
    size = right - left
    room = load_number(bits, member)
    place = _first_place(data, left, size, room)
    while True:
        code: Int = np.int64(load_word(places, 2 * ((member << _LAST_BITS) + place)) & np.uint64(0xFFFF)) - 1
        if code < 0:
            return -1
        span = 2 * (member * WORDS + code)
        if load_number(spans, span + 1) == size and _is_same(data, left, size, letters, load_number(spans, span)):
            return code
        place = (place + 1) & ((1 << room) - 1)


@njit(cache=True, nogil=True)
def add_word(  # noqa: PLR0917 arrays by position: numba compiles no keyword-only arguments
    data: "Bytes",
    left: "Int",
    right: "Int",
    member: "Int",
    places: "Codes",
    bits: "Ints",
    spans: "Ints",
    counts: "Ints",
    letters: "Bytes",
) -> "Int":
    """Return the code of a word that is new; -1 where there is no more room, or it is not UTF-8."""
    code: Int = counts[member]
    begin: Int = counts[-1]
    first: Int = code
    if code >= WORDS or begin + right - left + WIDE > len(letters) or not is_utf8(data, left, right):
        return -1
    for at in range(left, right):
        letters[begin + at - left] = data[at]
    spans[member, code, 0], spans[member, code, 1] = begin, right - left
    counts[-1] += right - left
    counts[member] += 1
    if 2 * code >= 1 << bits[member]:
        bits[member] += 1
        places[member, :] = 0
        first = 0
    room = bits[member]
    for again in range(first, code + 1):
        place = _first_place(address_of(letters), spans[member, again, 0], spans[member, again, 1], room)
        while places[member, place]:
            place = (place + 1) & ((1 << room) - 1)
        places[member, place] = again + 1
    return code


@njit(cache=True, nogil=True, forceinline=True)
def _first_place(data: "Address", left: "Int", size: "Int", room: "Int") -> "Int":
    """Return where to look for a word first: by its size and its last bytes."""
    tail = load_word(data, left + size - 8) if size >= 8 else load_word(data, left) & _LOW_BYTES[size]
    mixed = (tail ^ np.uint64(size)) * _GOLDEN
    return np.int64(mixed >> np.uint64(64 - room))


@njit(cache=True, nogil=True, forceinline=True)
def _is_same(data: "Address", left: "Int", size: "Int", letters: "Address", begin: "Int") -> bool:
    at: Int = 0
    while size - at > WIDE:
        if differing_bytes(data, left + at, letters, begin + at):
            return False
        at += WIDE
    # Of the bytes behind the end nothing is asked.
    return bool(size == at or differing_bytes(data, left + at, letters, begin + at) << np.uint64(WIDE + at - size) == 0)
