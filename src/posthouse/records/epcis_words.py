"""The distinct words of the members of EPCIS events whose words repeat, and the codes that stand for them."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from posthouse.records.byte_words import load_word

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]
    Words = npt.NDArray[np.uint64]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

WORDS = 1 << 15  # distinct words a member may have; an event with a further one is read one by one
_SLOT_BITS = 17
_TAIL, _SIZE, _START, _CODE = range(
    4
)  # of a slot: last bytes, size and place in the letters, and one more than the code
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Dictionaries(NamedTuple):
    """The distinct words met so far, per coded member.

    slots : hash table to find them, shape (members, slots, 4): what is compared lies together in memory.
    spans : start and size of each in `letters`, shape (members, WORDS, 2).
    counts : words of each member, and then the bytes in `letters`.
    """

    slots: "Words"
    spans: "Ints"
    counts: "Ints"
    letters: "Bytes"


def new_dictionaries(members: int) -> Dictionaries:
    """Return dictionaries without words for so many members."""
    return Dictionaries(
        slots=np.zeros((members, 1 << _SLOT_BITS, 4), np.uint64),
        spans=np.zeros((members, WORDS, 2), np.int64),
        counts=np.zeros(members + 1, np.int64),
        letters=np.zeros(WORDS * 64 * members, np.uint8),
    )


def words_of(dictionaries: Dictionaries, member: int) -> list[str]:
    """Return the words of a member, in the order of their codes."""
    letters = dictionaries.letters[: int(dictionaries.counts[-1])].tobytes()
    spans = dictionaries.spans[member, : int(dictionaries.counts[member])].tolist()
    return [letters[start : start + size].decode("utf-8") for start, size in spans]


@njit(cache=True, nogil=True, inline="always")
def code_word(  # noqa: PLR0917 arrays by position: numba compiles no keyword-only arguments
    data: "Bytes",
    left: "Int",
    right: "Int",
    member: "Int",
    slots: "Words",
    spans: "Ints",
    counts: "Ints",
    letters: "Bytes",
) -> "Int":
    """Return the code of a word, a new one where it is new; -1 where there is no more room."""
    size = right - left
    tail = load_word(data, right - 8) if size >= 8 else _low_bytes(load_word(data, left), size)
    slot: Int = ((tail ^ np.uint64(size)) * _GOLDEN) >> np.uint64(64 - _SLOT_BITS)
    while slots[member, slot, _CODE]:
        if slots[member, slot, _TAIL] == tail and slots[member, slot, _SIZE] == np.uint64(size):
            begin: Int = np.int64(slots[member, slot, _START])
            differ = np.uint64(0)
            for at in range(0, size - 8, 8):
                differ |= load_word(data, left + at) ^ load_word(letters, begin + at)
            if differ == 0:
                return np.int64(slots[member, slot, _CODE]) - 1
        slot = (slot + np.uint64(1)) & np.uint64((1 << _SLOT_BITS) - 1)
    code, begin = counts[member], counts[-1]
    if code >= WORDS or begin + size + 8 > len(letters):
        return -1
    for at in range(size):
        letters[begin + at] = data[left + at]
    spans[member, code, 0], spans[member, code, 1] = begin, size
    slots[member, slot, _TAIL], slots[member, slot, _SIZE] = tail, np.uint64(size)
    slots[member, slot, _START], slots[member, slot, _CODE] = np.uint64(begin), np.uint64(code + 1)
    counts[-1] += size
    counts[member] += 1
    return code


@njit(cache=True, nogil=True, inline="always")
def _low_bytes(word: "Int", size: "Int") -> "Int":
    """Return a word of a text's bytes without those behind its end."""
    return word & ((np.uint64(1) << np.uint64(8 * size)) - np.uint64(1))
