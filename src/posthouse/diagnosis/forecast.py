"""Where a value will stand at the deadline, from what was measured so far; None where the past does not say.

Two kinds of quantity. A flow (volume, revenue) adds up over the year: the year so far is carried on with last
year's months, scaled by this year's growth. A level (coverage, a count of stations) moves along a line: the
Theil–Sen estimate (Theil 1950, Sen 1968), the median of the slopes between all pairs, which one odd month does not tip.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations
from statistics import median

from posthouse.measures.model import Measurement
from posthouse.vocabulary.periods import Grain, Period, period_of

FLOW_UNITS = frozenset({"件", "元"})
"""Plain counts in these units add up over months; goals name their sum over a year."""

LEAST_POINTS = 3
"""A line through fewer measurements says nothing."""

FARTHEST = 3.0
"""A line is carried at most this many times the length of the history; beyond it a forecast would be a guess."""


def is_flow(measurement: Measurement) -> bool:
    """Whether the value of a month adds up to a year's: a plain count of parcels or yuan over less than a year."""
    return (
        measurement.denominator is None
        and measurement.unit in FLOW_UNITS
        and measurement.period.grain in (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.HALF_YEAR)
    )


def forecast_level(history: Sequence[Measurement], deadline: date) -> float | None:
    """Return the level expected on the deadline by the Theil–Sen line, or None.

    None where there are fewer than three values, or where the deadline lies farther ahead than three times the
    length of the history. A share stays within 0..1, other levels at or above 0.
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
    expected = level + slope * max(deadline.toordinal(), days[-1])
    return min(1.0, max(0.0, expected)) if history[0].unit == "share" else max(0.0, expected)


def forecast_year(history: Sequence[Measurement], year: int) -> float | None:
    """Return the total of a flow expected in the calendar year, or None.

    This year's missing months are last year's, times the growth of the months already known; a later year grows
    on by the ratio of this year's total to last year's. None without the whole of last year. A year in the past
    or complete is its sum.
    """
    months = _by_month(history)
    if not months:
        return None
    current = max(months)[0]
    if year < current:
        return total_of_year(history, year)
    known = [month for (y, month) in months if y == current]
    so_far = sum(months[current, month] for month in known)
    last = total_of_year(history, current - 1)
    if len(known) == 12:
        this = so_far
    else:
        if last is None:
            return None
        same = sum(months[current - 1, month] for month in known)
        if same <= 0:
            return None
        this = so_far + (last - same) * so_far / same
    if year == current:
        return this
    return None if not last else this * (this / last) ** (year - current)


def total_of_year(history: Sequence[Measurement], year: int) -> float | None:
    """Return the sum of the twelve months of a year, or None where one is missing."""
    months = _by_month(history)
    values = [months.get((year, month)) for month in range(1, 13)]
    return None if any(value is None for value in values) else sum(value for value in values if value is not None)


def total_of_last_year_until(history: Sequence[Measurement], period: Period) -> float | None:
    """Return the sum of the twelve months that end with the period, or None where one is missing."""
    months = _by_month(history)
    month, total = period_of(period.end_on - timedelta(days=1), Grain.MONTH), 0.0
    for _ in range(12):
        value = months.get((month.start_on.year, month.start_on.month))
        if value is None:
            return None
        total += value
        month = month.previous()
    return total


def _by_month(history: Sequence[Measurement]) -> dict[tuple[int, int], float]:
    return {
        (m.period.start_on.year, m.period.start_on.month): m.value
        for m in history
        if m.value is not None and m.period.grain is Grain.MONTH
    }
