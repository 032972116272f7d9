"""How a text becomes a value of a column type, one distinct text at a time.

Columns repeat their texts, so this works on the distinct ones; what Arrow can cast as a whole never comes here.
Full-width digits and letters are made narrow, and the ways people write days, times and yes are all understood.
"""

import re
from datetime import UTC, date, datetime, timedelta
from math import isfinite

from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import SHANGHAI, parse_period

_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_NARROW_MARKS = (
    _NARROW | {code: code - 0xFEE0 for code in (0xFF0B, 0xFF0C, 0xFF0D, 0xFF0E, 0xFF0F, 0xFF1A)} | {0x3000: 0x20}
)
EMPTY_TEXTS = frozenset({"", "-", "--", "—", "——", "/", "NULL", "null", "None", "N/A", "#N/A", "NaN", "nan"})
_YES = frozenset({"true", "1", "是", "有", "yes", "y", "t", "√", "✓"})
_NO = frozenset({"false", "0", "否", "无", "no", "n", "f", "×", "✗"})
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_INTEGER = re.compile(r"[+-]?\d+(\.0*)?")
_PLAIN_INTEGER = re.compile(r"0|-?[1-9]\d{0,18}")
_DAY = r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?"
_DATE = re.compile(_DAY)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(
    _DAY + r"[ T]*(\d{1,2})(?:[:时点])(\d{1,2})(?:[:分](\d{1,2})?)?秒?(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})()()")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d{2})")
_INT64 = range(-(2**63), 2**63)


def clean_text(text: str) -> str | None:
    """Return the text without outer spaces and with narrow digits and letters; None for the ways to write nothing.

    >>> clean_text("　３３０７８２　"), clean_text("—")
    ('330782', None)
    """
    text = text.strip()
    if not text.isascii():
        text = text.translate(_NARROW)
    return None if text in EMPTY_TEXTS else text


def read_int(text: str) -> int | None:
    """Return a whole number of 64 bits (`1,234`, `12.0` too); None where it is none."""
    text = _number(text)
    if not _INTEGER.fullmatch(text):
        return None
    value = int(text.partition(".")[0])
    return value if value in _INT64 else None


def read_real(text: str) -> float | None:
    """Return a finite number; None where it is none."""
    try:
        value = float(_number(text).replace("_", "x"))
    except ValueError:
        return None
    return value if isfinite(value) else None


def read_bool(text: str) -> bool | None:
    """Return yes or no (是, 有, √, 1 …); None where it is neither."""
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


def read_date(text: str) -> date | None:
    """Return the day of `2021-06-05`, `2021/6/5`, `2021年6月5日`, `20210605`, or of a date with a time; None otherwise.

    >>> read_date("2021年6月5日")
    datetime.date(2021, 6, 5)
    """
    text = text.translate(_NARROW_MARKS).strip()
    found = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if not found:
        at = read_time(text)
        return at.astimezone(SHANGHAI).date() if at else None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def read_month(text: str) -> str | None:
    """Return `2021-06` of a month as people and spreadsheets write it; None where it is none.

    >>> read_month("2021年6月"), read_month("202106"), read_month("2021-06-01 00:00:00")
    ('2021-06', '2021-06', '2021-06')
    """
    text = text.translate(_NARROW_MARKS).strip()
    found = _MONTH.fullmatch(text)
    if not found:
        # A spreadsheet turns 2021-06 into the first of the month.
        day = read_date(text)
        return f"{day:%Y-%m}" if day and day.day == 1 else None
    year, month = int(found[1] or found[3]), int(found[2] or found[4])
    return f"{year:04d}-{month:02d}" if 1 <= month <= 12 else None


def read_period(text: str) -> str | None:
    """Return a period as `vocabulary.periods` writes it (`2021-06`, `2021-Q2`, `2021` …); None where it is none."""
    if month := read_month(text):
        return month
    try:
        return str(parse_period(text.translate(_NARROW_MARKS).strip()))
    except UnusableInputError:
        return None


def read_time(text: str) -> datetime | None:
    """Return the aware instant of a text in UTC; without a zone it is Asia/Shanghai. None where it is no time.

    >>> read_time("2021/6/5 8:30").isoformat()
    '2021-06-05T00:30:00+00:00'
    """
    text = text.translate(_NARROW_MARKS).strip()
    found = _TIME.fullmatch(text) or _COMPACT_TIME.fullmatch(text)
    try:
        if not found:
            day = _DATE.fullmatch(text)
            return datetime(int(day[1]), int(day[2]), int(day[3]), tzinfo=SHANGHAI).astimezone(UTC) if day else None
        year, month, day_of, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        micro = int((found[7] or "0").ljust(6, "0")[:6])
        zone = found[8]
        naive = datetime(year, month, day_of, hour, minute, second, micro)
        if not zone:
            # Fixed offset: records begin in 2020, and Shanghai has kept +08:00 since 1992.
            return (naive - timedelta(hours=8)).replace(tzinfo=UTC)
        digits = zone[1:].replace(":", "")
        offset = timedelta() if zone in "zZ" else timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
        return (naive + offset if zone[0] == "-" else naive - offset).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def read_plain_integer(text: str) -> int | None:
    """Return the integer that a key is written as, without sign, zeros or marks in front; None for any other text."""
    if not _PLAIN_INTEGER.fullmatch(text):
        return None
    value = int(text)
    return value if value in _INT64 else None


def _number(text: str) -> str:
    text = text.translate(_NARROW_MARKS).strip()
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
