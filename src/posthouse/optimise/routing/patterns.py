"""Write down what a planner says about days as options: so many visits a week, so far apart, load by the gap.

>>> patterns = make_patterns(7, 2, least_gap=3, closed=[6])
>>> patterns
[(0, 3), (0, 4), (1, 4), (1, 5), (2, 5)]
>>> gap_demand(patterns[0], 7, per_day=10.0)
[40.0, 30.0]
"""

from collections.abc import Collection, Sequence
from itertools import combinations

from posthouse.vocabulary.errors import UnusableInputError


def make_patterns(
    days: int, visits: int, *, least_gap: int = 1, most_gap: int | None = None, closed: Collection[int] = ()
) -> list[tuple[int, ...]]:
    """Return all sets of days with so many visits whose gaps keep the limits, around the end of the period too.

    Parameters
    ----------
    days : length of the period, such as 7; days count from 0.
    visits : how many, 1 .. days.
    least_gap, most_gap : days from one visit to the next; 1 means on consecutive days.
    closed : days without visits.

    Raises
    ------
    UnusableInputError
        Where no set of days keeps the limits.
    """
    open_days = [day for day in range(days) if day not in closed]
    most = days if most_gap is None else most_gap
    patterns = [
        pattern
        for pattern in combinations(open_days, visits)
        if visits >= 1 and all(least_gap <= gap <= most for gap in gaps_before(pattern, days))
    ]
    if not patterns:
        raise UnusableInputError(
            f"{days} 天内应能安排 {visits} 次、间隔 {least_gap} 到 {most} 天的到访，"
            f"开放的 {len(open_days)} 天里没有这样的组合。请减少次数、放宽间隔或多开放几天。"
        )
    return patterns


def gaps_before(pattern: Sequence[int], days: int) -> list[int]:
    """Return for each visit the days since the one before it; before the first comes the last of the period before."""
    return [(day - before - 1) % days + 1 for before, day in zip((pattern[-1], *pattern), pattern, strict=False)]


def gap_demand(pattern: Sequence[int], days: int, *, per_day: float) -> list[float]:
    """Return the load of each visit when parcels gather at `per_day` from one visit to the next."""
    return [per_day * gap for gap in gaps_before(pattern, days)]
