"""Times and whole numbers read straight from the bytes of a text column, for files of many rows.

Each kernel reads the plain forms that exports have and marks every other row; those go one by one through
`text_values`, which defines the meaning of all forms. What a kernel accepts it reads exactly as `text_values` does.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    import numpy.typing as npt

    Offsets = npt.NDArray[np.int32]
    Bytes = npt.NDArray[np.uint8]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer

_SHANGHAI_S = 8 * 3600
_DATE_SIZE = 10  # 2021-06-05
_NOT_READ = np.int64(-(2**62))


@njit(cache=True, nogil=True)
def read_times(
    offsets: "Offsets", data: "Bytes", out: "npt.NDArray[np.int64]", other: "npt.NDArray[np.bool_]"
) -> "Int":
    """Fill microseconds since 1970 UTC of each text; mark in `other`, and count, the rows not understood.

    Understood: `2021-06-05 08:30:00`, with `/`, `T`, one-digit parts, no seconds, a fraction up to 6 digits,
    a zone `Z` or `+08:00`; without a zone the text is Asia/Shanghai.
    """
    left = 0
    known_at: Int = 0
    known_days: Int = _NOT_READ
    for row in range(len(offsets) - 1):
        start, end = np.int64(offsets[row]), np.int64(offsets[row + 1])
        days, clock = _NOT_READ, _NOT_READ
        if end - start >= _DATE_SIZE + 9:
            # Neighbouring rows mostly share their day: then its bytes are compared, not read.
            if known_days != _NOT_READ:
                differ = np.uint8(0)
                for position in range(_DATE_SIZE):
                    differ |= data[start + position] ^ data[known_at + position]
                if differ == 0:
                    days = known_days
            if days == _NOT_READ:
                days = _plain_date(data, start)
                known_at, known_days = start, days
            at = start + _DATE_SIZE
            if days != _NOT_READ and end - start == _DATE_SIZE + 9:
                # The plainest form, ` 08:30:00`, without a branch a digit.
                h1, h2 = np.int64(data[at + 1]) - 48, np.int64(data[at + 2]) - 48
                m1, m2 = np.int64(data[at + 4]) - 48, np.int64(data[at + 5]) - 48
                s1, s2 = np.int64(data[at + 7]) - 48, np.int64(data[at + 8]) - 48
                plain = ((h1 | h2 | m1 | m2 | s1 | s2) >= 0) & (h2 <= 9) & (m1 <= 5) & (m2 <= 9) & (s1 <= 5) & (s2 <= 9)
                plain &= ((data[at] == 32) | (data[at] == 84)) & (data[at + 3] == 58) & (data[at + 6] == 58)
                if plain & (h1 * 10 + h2 <= 23):
                    clock = ((h1 * 10 + h2) * 3600 + (m1 * 10 + m2) * 60 + s1 * 10 + s2 - _SHANGHAI_S) * 1_000_000
        if clock == _NOT_READ:
            days, at = _read_date(data, start, end)
            clock = _read_clock(data, at, end) if at < end else _NOT_READ
        other[row] = clock == _NOT_READ
        left += clock == _NOT_READ
        out[row] = 0 if clock == _NOT_READ else days * 86_400_000_000 + clock
    return left


@njit(cache=True, nogil=True)
def read_ints(offsets: "Offsets", data: "Bytes", out: "npt.NDArray[np.int64]", other: "npt.NDArray[np.bool_]") -> "Int":
    """Fill the whole numbers written without sign or zeros in front; mark, and count, the other rows."""
    left = 0
    for row in range(len(offsets) - 1):
        start, end = np.int64(offsets[row]), np.int64(offsets[row + 1])
        value: Int = np.int64(0)
        wrong: Any = False
        for at in range(start, end):
            digit = np.int64(data[at]) - 48
            wrong |= digit < 0 or digit > 9
            value = value * 10 + digit
        size = end - start
        wrong |= size < 1 or size > 18 or (size > 1 and data[start] == 48)
        out[row] = 0 if wrong else value
        other[row] = wrong
        left += wrong
    return left


@njit(cache=True, nogil=True, inline="always")
def _plain_date(data: "Bytes", at: "Int") -> "Int":
    """Return days since 1970-01-01 of `2021-06-05` or _NOT_READ."""
    y1, y2, y3, y4 = _digit(data, at), _digit(data, at + 1), _digit(data, at + 2), _digit(data, at + 3)
    m1, m2, d1, d2 = _digit(data, at + 5), _digit(data, at + 6), _digit(data, at + 8), _digit(data, at + 9)
    year, month, day = y1 * 1000 + y2 * 100 + y3 * 10 + y4, m1 * 10 + m2, d1 * 10 + d2
    plain = ((y1 | y2 | y3 | y4 | m1 | m2 | d1 | d2) >= 0) & (y2 <= 9) & (y3 <= 9) & (y4 <= 9) & (m2 <= 9) & (d2 <= 9)
    plain &= (data[at + 4] == 45) & (data[at + 7] == 45) & (month >= 1) & (month <= 12) & (day >= 1)
    plain &= (year >= 1992) & (year <= 2200)
    return _days_from(year, month, day) if plain and day <= _days_in(year, month) else _NOT_READ


@njit(cache=True, nogil=True, inline="always")
def _digit(data: "Bytes", at: "Int") -> "Int":
    return np.int64(data[at]) - 48


@njit(cache=True, nogil=True, inline="always")
def _days_from(year: "Int", month: "Int", day: "Int") -> "Int":
    """Return days since 1970-01-01 in the proleptic Gregorian calendar; years are counted from March."""
    shifted = year - (month <= 2)
    of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + of_year - 719_468


@njit(cache=True, nogil=True)
def _read_date(data: "Bytes", start: "Int", end: "Int") -> "tuple[Int, Int]":
    """Return (days since 1970-01-01, position behind the date); the position is `end` where there is no date."""
    year, at = _digits(data, start, end, 4, 4)
    if at >= end or year < 1992 or year > 2200:
        return 0, end
    mark = data[at]
    month, at = _digits(data, at + 1, end, 1, 2)
    if (mark != 45 and mark != 47) or at >= end or data[at] != mark or month < 1 or month > 12:  # noqa: PLR1714 - /
        return 0, end
    day, at = _digits(data, at + 1, end, 1, 2)
    if day < 1 or day > _days_in(year, month):
        return 0, end
    return _days_from(year, month, day), at


@njit(cache=True, nogil=True)
def _read_clock(data: "Bytes", at: "Int", end: "Int") -> "Int":  # noqa: PLR0911 one return per part that is not there
    """Return microseconds from the date's midnight UTC of ` 08:30:00…`, or _NOT_READ."""
    if data[at] != 32 and data[at] != 84:  # space T
        return _NOT_READ
    hour, at = _digits(data, at + 1, end, 1, 2)
    if at >= end or data[at] != 58 or hour > 23:  # :
        return _NOT_READ
    minute, at = _digits(data, at + 1, end, 2, 2)
    if minute < 0 or minute > 59:
        return _NOT_READ
    second, micro, zone = 0, 0, _SHANGHAI_S
    if at < end and data[at] == 58:
        second, at = _digits(data, at + 1, end, 2, 2)
        if second < 0 or second > 59:
            return _NOT_READ
        if at < end and data[at] == 46:  # .
            first = at + 1
            micro, at = _digits(data, first, end, 1, 6)
            if micro < 0:
                return _NOT_READ
            for _ in range(6 - (at - first)):
                micro *= 10
    if at < end:
        zone = _read_zone(data, at, end)
        if zone == _NOT_READ:
            return _NOT_READ
    return (hour * 3600 + minute * 60 + second - zone) * 1_000_000 + micro


@njit(cache=True, nogil=True)
def _read_zone(data: "Bytes", at: "Int", end: "Int") -> "Int":
    """Return seconds east of UTC of `Z` or `+08:00`, or _NOT_READ."""
    if data[at] == 90 and at + 1 == end:  # Z
        return 0
    if (data[at] != 43 and data[at] != 45) or end - at != 6 or data[at + 3] != 58:  # + - :
        return _NOT_READ
    hours, _ = _digits(data, at + 1, at + 3, 2, 2)
    minutes, _ = _digits(data, at + 4, end, 2, 2)
    if hours < 0 or minutes < 0 or hours > 23 or minutes > 59:
        return _NOT_READ
    east = hours * 3600 + minutes * 60
    return east if data[at] == 43 else -east


@njit(cache=True, nogil=True, inline="always")
def _digits(data: "Bytes", at: "Int", end: "Int", least: "Int", most: "Int") -> "tuple[Int, Int]":
    """Return (number, position behind it) of least to most digits; (-1, end) where there are fewer or more."""
    value: Int = 0
    start = at
    while at < end and 48 <= data[at] <= 57 and at - start <= most:
        value = value * 10 + (data[at] - 48)
        at += 1
    if at - start < least or at - start > most:
        return -1, end
    return value, at


@njit(cache=True, nogil=True, inline="always")
def _days_in(year: "Int", month: "Int") -> "Int":
    if month == 2:
        return 29 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 28
    # Compared one by one: the compiler is slow with sets.
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31  # noqa: PLR1714
