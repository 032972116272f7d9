"""Times and whole numbers read straight from the bytes of a text column, for files of many rows.

Each kernel reads the plain forms that exports have and marks every other row; those go one by one through
`text_values`, which defines the meaning of all forms. What a kernel accepts it reads exactly as `text_values` does.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.byte_words import address_of, load_byte, load_number, load_word, store_number

if TYPE_CHECKING:
    import numpy.typing as npt

    Positions = npt.NDArray[np.int32]
    Bytes = npt.NDArray[np.uint8]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

_SHANGHAI_S = 8 * 3600
_PLAIN_SIZE = 19  # 2021-06-05 08:30:00
_ZONED_SIZE = 25  # 2021-06-05T08:30:00+08:00
_SHORT_SIZE = 22  # 2021-06-05 08:30:00+08, as databases write it
_SHANGHAI = np.uint64(int.from_bytes(b"+08:00", "little"))
_SHANGHAI_SHORT = np.uint64(int.from_bytes(b"+08", "little"))
NOT_READ = np.int64(-(2**62))
_ZEROS = np.uint64(0x3030303030303030)
_SIXES = np.uint64(0x0606060606060606)  # added to a digit they do not reach the tens place, added to more they do
_TENS_PLACES = np.uint64(0xF0F0F0F0F0F0F0F0)
_PAIRS = np.uint64(0x000000FF000000FF)


@njit(cache=True, nogil=True)
def read_times(
    begins: "Positions",
    ends: "Positions",
    data: "Bytes",
    out: "npt.NDArray[np.int64]",
    other: "npt.NDArray[np.bool_]",
    lead: "Int" = 0,
) -> "Int":
    """Fill microseconds since 1970 UTC of each text; mark in `other`, and count, the rows not understood.

    Understood: `2021-06-05 08:30:00`, with `/`, `T`, one-digit parts, no seconds, a fraction up to 6 digits,
    a zone `Z`, `+08:00`, `+0800` or `+08`; without a zone the text is Asia/Shanghai.

    Parameters
    ----------
    lead : how many bytes behind `begins` the texts begin.
    """
    left: Int = 0
    at, known = address_of(data), np.zeros(3, np.int64)
    for row in range(len(out)):
        value = read_instant(at, np.int64(begins[row]) + lead, np.int64(ends[row]), address_of(known))
        other[row] = value == NOT_READ
        left += value == NOT_READ
        out[row] = 0 if value == NOT_READ else value
    return left


@njit(cache=True, nogil=True, inline="always")
def read_instant(data: "Int", start: "Int", end: "Int", known: "Int") -> "Int":
    """Return microseconds since 1970 UTC of a text, NOT_READ where it is not understood.

    Parameters
    ----------
    data : address of the bytes. known : address of three words, zeros at first, that remember the last day.
    """
    value = NOT_READ
    size = end - start
    if size == _PLAIN_SIZE or _is_shanghai(data, end, size):
        # Neighbouring rows mostly share their day: then its bytes are compared, not read.
        first, last = np.int64(load_word(data, start)), np.int64(load_word(data, start + 2))
        if (first != load_number(known, 0)) | (last != load_number(known, 1)):
            store_number(known, 0, first)
            store_number(known, 1, last)
            store_number(known, 2, _plain_day(data, start))
        value = _plain_clock(data, start, load_number(known, 2))
    if value == NOT_READ and end > start:
        value = _read_instant(data, start, end)
    return value


@njit(cache=True, nogil=True, inline="always")
def _is_shanghai(data: "Int", end: "Int", size: "Int") -> bool:
    """Whether a time of a plain size ends with the zone of Shanghai."""
    if size == _ZONED_SIZE:
        return bool(load_word(data, end - 8) >> np.uint64(16) == _SHANGHAI)
    return size == _SHORT_SIZE and bool(load_word(data, end - 8) >> np.uint64(40) == _SHANGHAI_SHORT)


@njit(cache=True, nogil=True, inline="always")
def _plain_clock(data: "Int", start: "Int", day: "Int") -> "Int":
    """Return microseconds since 1970 UTC of `2021-06-05 08:30:00` whose day is known, or NOT_READ."""
    clock = load_word(data, start + 11) ^ np.uint64(0x30303A30303A3030)  # digits and colons become 0 to 9 and 0
    plain = ((clock | (clock + _SIXES)) & _TENS_PLACES) == 0
    plain &= (clock & np.uint64(0x0000FF0000FF0000)) == 0
    plain &= (load_byte(data, start + 10) == 32) | (load_byte(data, start + 10) == 84)  # space T
    byte = np.uint64(0xFF)
    hour = np.int64(clock & byte) * 10 + np.int64((clock >> np.uint64(8)) & byte)
    minute = np.int64((clock >> np.uint64(24)) & byte) * 10 + np.int64((clock >> np.uint64(32)) & byte)
    second = np.int64((clock >> np.uint64(48)) & byte) * 10 + np.int64(clock >> np.uint64(56))
    plain &= (hour <= 23) & (minute <= 59) & (second <= 59) & (day != NOT_READ)
    value = day * 86_400_000_000 + (hour * 3600 + minute * 60 + second - _SHANGHAI_S) * 1_000_000
    return value if plain else NOT_READ


@njit(cache=True, nogil=True)
def _read_instant(data: "Int", start: "Int", end: "Int") -> "Int":
    """Return microseconds since 1970 UTC of a time in any of the forms understood, or NOT_READ."""
    days, at = _read_date(data, start, end)
    clock = _read_clock(data, at, end) if at < end else NOT_READ
    return NOT_READ if clock == NOT_READ else days * 86_400_000_000 + clock


@njit(cache=True, nogil=True)
def read_ints(
    begins: "Positions",
    ends: "Positions",
    data: "Bytes",
    out: "npt.NDArray[np.int64]",
    other: "npt.NDArray[np.bool_]",
    lead: "Int" = 0,
) -> "Int":
    """Fill whole numbers of at most 18 digits without sign or zeros in front; mark, and count, the other rows.

    Parameters
    ----------
    lead : how many bytes behind `begins` the texts begin.
    """
    left: Int = 0
    at = address_of(data)
    for row in range(len(out)):
        start, end = np.int64(begins[row]) + lead, np.int64(ends[row])
        value = read_whole(at, start, end) if start + 8 <= len(data) else -1
        out[row] = max(value, 0)
        other[row] = value < 0
        left += value < 0
    return left


@njit(cache=True, nogil=True, inline="always")
def read_whole(data: "Int", start: "Int", end: "Int") -> "Int":
    """Return a whole number as `read_ints` understands it, -1 where it does not. data : address of the bytes."""
    size = end - start
    if size < 1 or size > 18 or (size > 1 and load_byte(data, start) == 48):
        return np.int64(-1)
    # Eight digits at a time from the end, the rest in front.
    shift = np.uint64(8 * (-size & 7))
    digits = (load_word(data, start) << shift) ^ (_ZEROS << shift)
    marks = digits | (digits + _SIXES)
    value = _eight_digits(digits)
    if size > 16:
        digits = load_word(data, end - 16) ^ _ZEROS
        marks |= digits | (digits + _SIXES)
        value = value * np.uint64(100_000_000) + _eight_digits(digits)
    if size > 8:
        digits = load_word(data, end - 8) ^ _ZEROS
        marks |= digits | (digits + _SIXES)
        value = value * np.uint64(100_000_000) + _eight_digits(digits)
    return np.int64(value) if marks & _TENS_PLACES == 0 else np.int64(-1)


@njit(cache=True, nogil=True, inline="always")
def _eight_digits(digits: "Int") -> "Int":
    """Return the number of eight digits, one a byte, the first lowest."""
    pairs = digits * np.uint64(10) + (digits >> np.uint64(8))
    high = (pairs & _PAIRS) * np.uint64(0x000F424000000064)
    low = ((pairs >> np.uint64(16)) & _PAIRS) * np.uint64(0x0000271000000001)
    return (high + low) >> np.uint64(32)


@njit(cache=True, nogil=True)
def _plain_day(data: "Int", at: "Int") -> "Int":
    """Return days since 1970-01-01 of `2021-06-05` or NOT_READ."""
    y1, y2, y3, y4 = _digit(data, at), _digit(data, at + 1), _digit(data, at + 2), _digit(data, at + 3)
    m1, m2, d1, d2 = _digit(data, at + 5), _digit(data, at + 6), _digit(data, at + 8), _digit(data, at + 9)
    year, month, day = y1 * 1000 + y2 * 100 + y3 * 10 + y4, m1 * 10 + m2, d1 * 10 + d2
    plain = ((y1 | y2 | y3 | y4 | m1 | m2 | d1 | d2) >= 0) & (y2 <= 9) & (y3 <= 9) & (y4 <= 9) & (m2 <= 9) & (d2 <= 9)
    plain &= (
        (load_byte(data, at + 4) == 45) & (load_byte(data, at + 7) == 45) & (month >= 1) & (month <= 12) & (day >= 1)
    )
    plain &= (year >= 1992) & (year <= 2200)
    return _days_from(year, month, day) if plain and day <= _days_in(year, month) else NOT_READ


@njit(cache=True, nogil=True, inline="always")
def _digit(data: "Int", at: "Int") -> "Int":
    return load_byte(data, at) - 48


@njit(cache=True, nogil=True)
def _days_from(year: "Int", month: "Int", day: "Int") -> "Int":
    """Return days since 1970-01-01 in the proleptic Gregorian calendar; years are counted from March."""
    shifted = year - (month <= 2)
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + of_year - 719_468


@njit(cache=True, nogil=True)
def _read_date(data: "Int", start: "Int", end: "Int") -> "tuple[Int, Int]":
    """Return (days since 1970-01-01, position behind the date); the position is `end` where there is no date."""
    year, at = _digits(data, start, end, 4, 4)
    if at >= end or year < 1992 or year > 2200:
        return 0, end
    mark = load_byte(data, at)
    month, at = _digits(data, at + 1, end, 1, 2)
    if (mark != 45 and mark != 47) or at >= end or load_byte(data, at) != mark or month < 1 or month > 12:  # noqa: PLR1714 - /
        return 0, end
    day, at = _digits(data, at + 1, end, 1, 2)
    if day < 1 or day > _days_in(year, month):
        return 0, end
    return _days_from(year, month, day), at


@njit(cache=True, nogil=True)
def _read_clock(data: "Int", at: "Int", end: "Int") -> "Int":  # noqa: PLR0911 one return per part that is not there
    """Return microseconds from the date's midnight UTC of ` 08:30:00…`, or NOT_READ."""
    if load_byte(data, at) != 32 and load_byte(data, at) != 84:  # space T
        return NOT_READ
    hour, at = _digits(data, at + 1, end, 1, 2)
    if at >= end or load_byte(data, at) != 58 or hour > 23:  # :
        return NOT_READ
    minute, at = _digits(data, at + 1, end, 2, 2)
    if minute < 0 or minute > 59:
        return NOT_READ
    second, micro, zone = 0, 0, _SHANGHAI_S
    if at < end and load_byte(data, at) == 58:
        second, at = _digits(data, at + 1, end, 2, 2)
        if second < 0 or second > 59:
            return NOT_READ
        if at < end and load_byte(data, at) == 46:  # .
            first = at + 1
            micro, at = _digits(data, first, end, 1, 6)
            if micro < 0:
                return NOT_READ
            for _ in range(6 - (at - first)):
                micro *= 10
    if at < end:
        zone = _read_zone(data, at, end)
        if zone == NOT_READ:
            return NOT_READ
    return (hour * 3600 + minute * 60 + second - zone) * 1_000_000 + micro


@njit(cache=True, nogil=True)
def _read_zone(data: "Int", at: "Int", end: "Int") -> "Int":
    """Return seconds east of UTC of `Z`, `+08:00`, `+0800` or `+08`, or NOT_READ."""
    if load_byte(data, at) == 90 and at + 1 == end:  # Z
        return 0
    if (load_byte(data, at) != 43 and load_byte(data, at) != 45) or end - at < 3:
        return NOT_READ
    hours, minutes = _digits(data, at + 1, at + 3, 2, 2)[0], 0
    if end - at > 3:
        colon = load_byte(data, at + 3) == 58  # :
        minutes = _digits(data, at + 3 + colon, end, 2, 2)[0]
    if hours < 0 or minutes < 0 or hours > 23 or minutes > 59:
        return NOT_READ
    east = hours * 3600 + minutes * 60
    return east if load_byte(data, at) == 43 else -east


@njit(cache=True, nogil=True)
def _digits(data: "Int", at: "Int", end: "Int", least: "Int", most: "Int") -> "tuple[Int, Int]":
    """Return (number, position behind it) of least to most digits; (-1, end) where there are fewer or more."""
    value: Int = 0
    start = at
    while at < end and 48 <= load_byte(data, at) <= 57 and at - start <= most:
        value = value * 10 + (load_byte(data, at) - 48)
        at += 1
    if at - start < least or at - start > most:
        return -1, end
    return value, at


@njit(cache=True, nogil=True)
def _days_in(year: "Int", month: "Int") -> "Int":
    if month == 2:
        return 29 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 28
    # Compared one by one: the compiler is slow with sets.
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31  # noqa: PLR1714
