"""From the cuts of EPCIS events to values: codes of words, instants, and the texts that are hashed, packed together."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from posthouse.records.byte_words import WIDE, bit_length, find_byte, load_byte, load_word, store_word
from posthouse.records.epcis_cuts import CODED

if TYPE_CHECKING:
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Ints = npt.NDArray[np.int64]
    Positions = npt.NDArray[np.int32]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer
    Address = Any  # see byte_words.address_of

EVENTS, PARCELS, OTHERS, LETTERS = range(4)  # of `Found.counts`
UNREAD = np.int64(-(2**63))  # instead of an instant
_LEAST_EVENT = 64  # bytes that an event has at least of which all is understood
_LEAST_STRING = 2
_MONTHS = np.arange("1992-01", "2201-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
_FIRST_YEAR, _LAST_YEAR = 1992, 2200  # of the plain times: Shanghai has kept +08:00 since 1992
_SHANGHAI_S = 8 * 3600
_SHANGHAI = np.uint64(int.from_bytes(b"+08:00", "little"))
_DATE_MARKS = np.uint64(int.from_bytes(b"0000-00-", "little"))
_CLOCK_MARKS = np.uint64(int.from_bytes(b"00:00:00", "little"))
_SIXES = np.uint64(0x0606060606060606)  # added to a digit they do not reach the tens place, added to more they do
_TENS_PLACES = np.uint64(0xF0F0F0F0F0F0F0F0)
_DATE_BYTES, _CLOCK_BYTES = np.uint64(0xFF0000FF00000000), np.uint64(0x0000FF0000FF0000)  # that are no digits
_URN_UUID = np.uint64(int.from_bytes(b"urn:uuid", "little"))
_EVERY = np.uint64(0xFFFFFFFFFFFFFFFF)


class Found(NamedTuple):
    """The values of some events.

    times : instants of event and record in microseconds since 1970 UTC, shape (2, events); UNREAD where not plain.
    spans : start and end in `letters` of the texts of event time, record time and event number, shape (6, events).
    codes : of words, -1 for none, shape (CODED, events). firsts : where an event's parcels begin.
    offsets, waybills : the parcels' numbers as an Arrow string array holds them.
    odd : (start, end, events before) of events left to be read one by one. counts : how many, in that order of kinds.
    """

    times: "Ints"
    spans: "Positions"
    codes: "Positions"
    firsts: "Ints"
    letters: "Bytes"
    offsets: "Positions"
    waybills: "Bytes"
    odd: "Ints"
    counts: "Ints"


def room_for(size: int) -> Found:
    """Return the arrays that the events of so many bytes fit into."""
    events, parcels = size // _LEAST_EVENT + 2, size // _LEAST_STRING + 2
    return Found(
        times=np.empty((2, events), np.int64),
        spans=np.empty((6, events), np.int32),
        codes=np.empty((CODED, events), np.int32),
        firsts=np.zeros(events + 1, np.int64),
        letters=np.zeros(size + WIDE, np.uint8),
        offsets=np.zeros(parcels + 1, np.int32),
        waybills=np.empty(size + WIDE, np.uint8),
        odd=np.empty((size // 2 + 2, 3), np.int64),
        counts=np.zeros(4, np.int64),
    )


@njit(cache=True, nogil=True, forceinline=True)
def copy_bytes(data: "Address", left: "Int", right: "Int", out: "Address", to: "Int") -> None:
    """Copy bytes by eight; up to seven behind the end are written too."""
    for at in range(0, right - left, 8):
        store_word(out, to + at, load_word(data, left + at))


@njit(cache=True, nogil=True, forceinline=True)
def behind_urn(data: "Address", left: "Int", right: "Int") -> "Int":
    """Return where an event's number begins behind `urn:uuid:`; the same place where it is another URI."""
    is_uuid = right - left > 9 and load_word(data, left) == _URN_UUID and load_byte(data, left + 8) == 58
    return left + 9 if is_uuid else left


@njit(cache=True, nogil=True, forceinline=True)
def behind_scheme(data: "Address", left: "Int", right: "Int") -> "Int":
    """Return where a parcel's number begins behind the last `:` or `/`; its end where it is not written plainly."""
    begin = left
    for start in range(left, right, WIDE):
        inside = _EVERY >> np.uint64(max(start + WIDE - right, 0))
        marks = (find_byte(data, start, 58) | find_byte(data, start, 47)) & inside  # : /
        dots = find_byte(data, start, 46) & inside
        queries = (find_byte(data, start, 63) | find_byte(data, start, 35)) & inside  # ? #
        if marks:
            begin = start + np.int64(bit_length(marks))
        if queries or (dots and start + np.int64(bit_length(dots)) > begin):
            return right
    return begin


@njit(cache=True, nogil=True, forceinline=True)
def has_zone(data: "Address", left: "Int", right: "Int") -> bool:
    """Whether a time ends with its zone."""
    if right - left < 20:
        return False
    sign = load_byte(data, right - 6)
    return bool(load_byte(data, right - 1) == 90 or sign == 43 or sign == 45)  # noqa: PLR1714 - Z + -


@njit(cache=True, nogil=True, forceinline=True)
def read_time(data: "Address", left: "Int", right: "Int") -> "Int":
    """Return the instant of `2021-06-05T08:30:00+08:00` or `2021-06-05T00:30:00Z`, UNREAD of all other forms."""
    east = right - left == 25 and load_word(data, right - 8) >> np.uint64(16) == _SHANGHAI
    day = load_word(data, left) ^ _DATE_MARKS  # digits become 0 to 9, the marks between them 0
    clock = load_word(data, left + 11) ^ _CLOCK_MARKS
    plain = ((day | (day + _SIXES) | clock | (clock + _SIXES)) & _TENS_PLACES) == 0
    plain &= ((day & _DATE_BYTES) | (clock & _CLOCK_BYTES)) == 0  # no mark is a digit
    plain &= east or (right - left == 20 and load_byte(data, right - 1) == 90)  # Z
    plain &= (load_byte(data, left + 10) == 84) | (load_byte(data, left + 10) == 32)  # T
    year = 1000 * _byte(day, 0) + 100 * _byte(day, 1) + 10 * _byte(day, 2) + _byte(day, 3)
    month = 10 * _byte(day, 5) + _byte(day, 6)
    tens, ones = np.int64(load_byte(data, left + 8)) - 48, np.int64(load_byte(data, left + 9)) - 48
    hour, minute = 10 * _byte(clock, 0) + _byte(clock, 1), 10 * _byte(clock, 3) + _byte(clock, 4)
    second = 10 * _byte(clock, 6) + _byte(clock, 7)
    plain &= (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= 12)
    plain &= (tens >= 0) & (tens <= 3) & (ones >= 0) & (ones <= 9) & (hour <= 23) & (minute <= 59) & (second <= 59)
    if not plain:
        return UNREAD
    months = 12 * (year - _FIRST_YEAR) + month - 1
    days = _MONTHS[months] + 10 * tens + ones - 1
    if days < _MONTHS[months] or days >= _MONTHS[months + 1]:
        return UNREAD
    return (days * 86_400 + hour * 3600 + minute * 60 + second - (_SHANGHAI_S if east else 0)) * 1_000_000


@njit(cache=True, nogil=True, forceinline=True)
def _byte(word: "Int", place: "Int") -> "Int":
    return np.int64((word >> np.uint64(8 * place)) & np.uint64(0xFF))
