"""On which weekdays a village may be visited: day sets that keep the promise, and how much waits on each of them."""

from collections.abc import Collection
from functools import cache
from itertools import combinations, pairwise

from posthouse.planning.scenario import Days, Promise

Pattern = Days
"""Weekdays, 1 Monday … 7 Sunday, ascending."""


def list_patterns(
    visits: int, promise: Promise, *, locked: Days = (), available: Collection[int] = range(1, 8)
) -> tuple[Pattern, ...]:
    """Return the day sets with so many visits and no gap above the promise's, ascending; none where there is none.

    Parameters
    ----------
    locked : the only day set allowed, where given. available : days on which the village can be visited at all.
    """
    if locked:
        return (tuple(sorted(locked)),)
    days = promise.weekdays if visits <= len(promise.weekdays) else tuple(range(1, 8))
    return _list_patterns(
        visits, max(promise.most_gap_days, -(-7 // max(visits, 1))), tuple(d for d in days if d in available)
    )


@cache
def _list_patterns(visits: int, most_gap_days: int, days: Days) -> tuple[Pattern, ...]:
    return tuple(
        pattern for pattern in combinations(sorted(days), visits) if pattern and max(gaps_of(pattern)) <= most_gap_days
    )


def gaps_of(pattern: Pattern) -> tuple[int, ...]:
    """Return for each visit the days since the one before, around the week.

    >>> gaps_of((1, 3, 5))
    (3, 2, 2)
    """
    if not pattern:
        return ()
    return (pattern[0] + 7 - pattern[-1], *(after - before for before, after in pairwise(pattern)))


_NAMES = "一二三四五六日"


def in_words(pattern: Pattern) -> str:
    """Return the pattern as people say it.

    >>> in_words((1, 3, 5)), in_words((1, 2, 3, 4, 5)), in_words((1, 2, 3, 4, 5, 6, 7))
    ('周一、三、五', '周一至周五', '每天')
    """
    if len(pattern) == 7:
        return "每天"
    if len(pattern) > 2 and pattern[-1] - pattern[0] == len(pattern) - 1:
        return f"周{_NAMES[pattern[0] - 1]}至周{_NAMES[pattern[-1] - 1]}"
    return "周" + "、".join(_NAMES[day - 1] for day in pattern)
