"""Periods of the calendar as the plan documents use them: half-open, in Asia/Shanghai.

A Period is written `2021-06-05` (day), `2021-W23` (ISO week), `2021-06` (month), `2021-Q2` (quarter),
`2021-H1` (half-year) or `2021` (year).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from posthouse.vocabulary.errors import UnusableInputError

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Grain(StrEnum):
    """The length of a Period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open stretch of days [start_on, end_on).

    >>> parse_period("2021-06").days
    30
    """

    start_on: date
    end_on: date
    grain: Grain

    def __post_init__(self) -> None:
        """Check that the period holds at least a day."""
        if self.start_on >= self.end_on:
            raise ValueError(f"Expected start_on before end_on, got {self.start_on} and {self.end_on}.")

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end_on - self.start_on).days

    @property
    def start_at(self) -> datetime:
        """First instant, aware, Asia/Shanghai."""
        return datetime(self.start_on.year, self.start_on.month, self.start_on.day, tzinfo=SHANGHAI)

    @property
    def end_at(self) -> datetime:
        """First instant after the period, aware, Asia/Shanghai."""
        return datetime(self.end_on.year, self.end_on.month, self.end_on.day, tzinfo=SHANGHAI)

    def contains(self, day: date) -> bool:
        """Whether the day lies in [start_on, end_on)."""
        return self.start_on <= day < self.end_on

    def previous(self) -> "Period":
        """The period of the same grain that ends where this one starts."""
        return period_of(self.start_on - timedelta(days=1), self.grain)

    def following(self) -> "Period":
        """The period of the same grain that starts where this one ends."""
        return period_of(self.end_on, self.grain)

    def __str__(self) -> str:
        s = self.start_on
        match self.grain:
            case Grain.DAY:
                return s.isoformat()
            case Grain.WEEK:
                year, week, _ = s.isocalendar()
                return f"{year:04d}-W{week:02d}"
            case Grain.MONTH:
                return f"{s.year:04d}-{s.month:02d}"
            case Grain.QUARTER:
                return f"{s.year:04d}-Q{(s.month + 2) // 3}"
            case Grain.HALF_YEAR:
                return f"{s.year:04d}-H{1 if s.month == 1 else 2}"
            case Grain.YEAR:
                return f"{s.year:04d}"


def period_of(day: date, grain: Grain) -> Period:
    """Return the period of this grain that contains the day."""
    match grain:
        case Grain.DAY:
            return Period(day, day + timedelta(days=1), grain)
        case Grain.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + timedelta(days=7), grain)
        case _:
            months = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF_YEAR: 6, Grain.YEAR: 12}[grain]
            first = (day.month - 1) // months * months
            return Period(
                date(day.year, first + 1, 1),
                date(day.year + (first + months) // 12, (first + months) % 12 + 1, 1),
                grain,
            )


_FORMS = (
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), Grain.DAY),
    (re.compile(r"(\d{4})-W(\d{2})"), Grain.WEEK),
    (re.compile(r"(\d{4})-(\d{2})"), Grain.MONTH),
    (re.compile(r"(\d{4})-Q([1-4])"), Grain.QUARTER),
    (re.compile(r"(\d{4})-H([12])"), Grain.HALF_YEAR),
    (re.compile(r"(\d{4})"), Grain.YEAR),
)


def parse_period(text: str) -> Period:
    """Return the Period that a text such as `2021-06` or `2021-Q2` names.

    Raises
    ------
    UnusableInputError : the text has none of the six forms, or names no real day.
    """
    for form, grain in _FORMS:
        found = form.fullmatch(text.strip())
        if not found:
            continue
        parts = [int(part) for part in found.groups()]
        try:
            match grain:
                case Grain.DAY:
                    return period_of(date(*parts), grain)
                case Grain.WEEK:
                    return period_of(date.fromisocalendar(parts[0], parts[1], 1), grain)
                case Grain.MONTH:
                    return period_of(date(parts[0], parts[1], 1), grain)
                case Grain.QUARTER:
                    return period_of(date(parts[0], parts[1] * 3, 1), grain)
                case Grain.HALF_YEAR:
                    return period_of(date(parts[0], parts[1] * 6, 1), grain)
                case Grain.YEAR:
                    return period_of(date(parts[0], 1, 1), grain)
        except ValueError:
            break
    raise UnusableInputError(
        f"期间应写作 2021-06-05、2021-W23、2021-06、2021-Q2、2021-H1 或 2021，实际为 {text!r}。请改正后重试。"
    )
