"""Where a value will stand at the deadline, from what was measured so far; None where the past does not say.

Three kinds of quantity.
- What accumulates over the year (volume, revenue; each month's value is the sum since January): this year's sum so far,
  carried to December as last year's sum went on from the same month, which is last year's seasonality.
- Growth on a base year: the yearly rate so far goes on.
- A level (coverage, a count of stations) moves along a line: the Theil–Sen estimate (Theil 1950, Sen 1968), the median
  of the slopes between all pairs, which one odd month does not tip.
"""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from statistics import median

from posthouse.measures.model import Measurement
from posthouse.vocabulary.periods import Grain, Period

LEAST_POINTS = 3
"""A line through fewer measurements says nothing."""

FARTHEST = 3.0
"""A line is carried at most this many times the length of the history; beyond it a forecast would be a guess."""


def forecast_level(history: Sequence[Measurement], deadline: date, *, is_share: bool) -> float | None:
    """Return the level expected on the deadline by the Theil–Sen line, or None.

    None where there are fewer than three values, or where the deadline lies farther ahead than three times the
    length of the history. A share of a whole stays within 0..1, other levels at or above 0.
    """
    points = sorted({m.period: m.value for m in history if m.value is not None}.items())
    if len(points) < LEAST_POINTS:
        return None
    days = [period.end_on.toordinal() for period, _ in points]
    values = [value for _, value in points]
    ahead = deadline.toordinal() - days[-1]
    if ahead > FARTHEST * (days[-1] - days[0]):
        return None
    slope = median((v2 - v1) / (d2 - d1) for (d1, v1), (d2, v2) in combinations(zip(days, values, strict=True), 2))
    level = median(value - slope * day for day, value in zip(days, values, strict=True))
    expected = max(0.0, level + slope * max(deadline.toordinal(), days[-1]))
    return min(1.0, expected) if is_share else expected


def forecast_year_sum(history: Sequence[Measurement], year: int) -> float | None:
    """Return the sum of a calendar year that sums since January lead to, or None.

    This year: the sum so far times last year's whole sum over last year's sum to the same month. A later year grows on
    by the ratio of this year's sum to last year's. A year that is over: its December value. None without what it needs.

    Parameters
    ----------
    history : monthly; the value of a month is the sum from 1 January to its end.
    """
    sums = _by_month(history)
    if not sums:
        return None
    this_year, month = max(sums)
    if year < this_year:
        return sums.get((year, 12))
    last, same = sums.get((this_year - 1, 12)), sums.get((this_year - 1, month))
    if month == 12:
        expected = sums[this_year, 12]
    elif not last or not same:
        return None
    else:
        expected = sums[this_year, month] * last / same
    if year == this_year:
        return expected
    return expected * (expected / last) ** (year - this_year) if last else None


def last_twelve_months(history: Sequence[Measurement], period: Period) -> float | None:
    """Return the sum of the twelve months that end with the month, from sums since January; None if one lacks."""
    sums = _by_month(history)
    year, month = period.start_on.year, period.start_on.month
    so_far = sums.get((year, month))
    if so_far is None or month == 12:
        return so_far
    last, same = sums.get((year - 1, 12)), sums.get((year - 1, month))
    return None if last is None or same is None else so_far + last - same


def forecast_growth(value: float, *, base_year: int, year: int, deadline_year: int, falling: bool) -> float | None:
    """Return the change on the base year at the deadline if the yearly rate so far goes on.

    >>> round(forecast_growth(0.44, base_year=2019, year=2021, deadline_year=2022, falling=False), 3)  # 20 % a year
    0.728
    """
    if year <= base_year or value <= -1 or (falling and value >= 1):
        return None
    power = (deadline_year - base_year) / (year - base_year)
    return float(1 - (1 - value) ** power) if falling else float((1 + value) ** power - 1)


def _by_month(history: Sequence[Measurement]) -> dict[tuple[int, int], float]:
    return {
        (m.period.start_on.year, m.period.start_on.month): m.value
        for m in history
        if m.value is not None and m.period.grain is Grain.MONTH
    }
