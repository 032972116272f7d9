"""Dates by which something is to be done: 到2025年底, 2021—2023年, 年底前, “十四五”末, 三年内.

A date can also be a base (较2019年) or lie in the past; then it is no deadline. What a goal inherits from the
sentence, the paragraph and the heading above it is decided in `passages`.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.quantities import parse_spelled

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PLAN_ENDS = {"三": 2020, "四": 2025, "五": 2030, "六": 2035}
"""Last year of the national five-year plans 十三五 to 十六五."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date at [start, end) of the reading.

    last_on : the last day it names. role : `deadline`, `base` (a year to compare with) or `past`.
    strong : a deadline wherever it stands; others only at the head of a clause.
    """

    start: int
    end: int
    last_on: date
    role: str
    strong: bool


def find_dates(reading: str, issued_on: date | None) -> list[DateMention]:
    """Return every date of the reading, in order.

    Parameters
    ----------
    issued_on : day of the document; earlier dates are past, and 年底前 or 三年内 count from it.

    >>> [d.last_on.isoformat() for d in find_dates("到2025年，较2019年翻番", None) if d.role == "deadline"]
    ['2025-12-31']
    """
    mentions: list[DateMention] = []
    year = issued_on.year if issued_on else None
    for found in _pattern().finditer(reading):
        entry = _entries()[_entry_index(found)]
        values = _values(found)
        if year is None and "y" in values:
            year = int(values["y"])
        last_on = _last_day(entry, values, year)
        if last_on is None:
            continue
        mentions.append(
            DateMention(
                start=found.start(),
                end=found.end(),
                last_on=last_on,
                role=_role(reading, found, last_on, issued_on),
                strong=bool(entry.get("strong")),
            )
        )
    return mentions


def _role(reading: str, found: re.Match[str], last_on: date, issued_on: date | None) -> str:
    before = reading[max(0, found.start() - 2) : found.start()]
    after = reading[found.end() : found.end() + 4]
    words = load_phrasing("deadlines")["base"]
    if any(before.endswith(word) for word in words["before"] if word not in {"在"}) or after.startswith(
        tuple(words["after"])
    ):
        return "base"
    return "past" if issued_on is not None and last_on < issued_on else "deadline"


def _last_day(entry: dict[str, Any], values: dict[str, str], year: int | None) -> date | None:
    """Return the last day of a matched date, or None if it names no real day.

    Parameters
    ----------
    year : of the document, for dates that name none; without a date of issue, the first year in the text.
    """
    year = int(values["y"]) if values.get("y") else year
    month = int(values["m"]) if values.get("m") else 12
    ends = entry["ends"]
    if ends == "plan_end":
        year = _PLAN_ENDS.get(values["plan"])
    elif ends == "years" and year is not None:
        year += int(parse_spelled(values["n"]) or float(values["n"])) - 1
    if year is None or not 1 <= month <= 12:
        return None
    if ends == "day":
        day = int(values["d"])
        return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None
    if ends == "half":
        month = 6
    elif ends == "quarter_end":
        month = 3 * _QUARTERS[values["q"]]
    elif ends not in {"month_end", "month_of_issue_year"}:
        month = 12
    return date(year, month, calendar.monthrange(year, month)[1])


def _entry_index(found: re.Match[str]) -> int:
    return next(i for i in range(len(_entries())) if found[f"e{i}"] is not None)


def _values(found: re.Match[str]) -> dict[str, str]:
    """Return the named parts of a match without the number of their entry."""
    return {name.split("_", 1)[0]: value for name, value in found.groupdict().items() if "_" in name and value}


@cache
def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = load_phrasing("deadlines")["deadline"]
    return entries


@cache
def _pattern() -> re.Pattern[str]:
    """One pattern of all entries; a group `y` of entry 3 is called `y_3`."""
    parts = []
    for i, entry in enumerate(_entries()):
        parts.append(f"(?P<e{i}>" + re.sub(r"\(\?P<(\w+)>", rf"(?P<\1_{i}>", entry["pattern"]) + ")")
    return re.compile(f"(?=[{load_phrasing('deadlines')['first']}])(?:{'|'.join(parts)})")


@cache
def trailing_deadline() -> re.Pattern[str]:
    """Words that make a date behind a goal its deadline: 2025年底前全部完成."""
    done = alternatives(
        ["完成", "建成", "到位", "投用", "投入使用", "达标", "落实", "实现", "开工", "竣工", "办结", "完工", "达到"]
    )
    return re.compile(rf"(?:前|底|末|内)?(?:，)?(?:要|须|应|力争|确保)?(?:全部|基本|全面|必须)?{done}")
