"""On which weekdays a village is visited: patterns with even spacing, and how a town's villages share them out."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

Pattern = tuple[int, ...]
"""Weekdays, 1 Monday … 7 Sunday, ascending."""

PATTERNS: Mapping[int, tuple[Pattern, ...]] = MappingProxyType(
    {
        1: ((3,), (1,), (2,), (4,), (5,), (6,)),
        2: ((1, 4), (2, 5), (3, 6)),
        3: ((1, 3, 5), (2, 4, 6)),
        4: ((1, 2, 4, 5), (2, 3, 5, 6), (1, 3, 4, 6)),
        5: ((1, 2, 3, 4, 5), (2, 3, 4, 5, 6), (1, 3, 4, 5, 6), (1, 2, 4, 5, 6), (1, 2, 3, 5, 6), (1, 2, 3, 4, 6)),
        6: ((1, 2, 3, 4, 5, 6),),
        7: ((1, 2, 3, 4, 5, 6, 7),),
    }
)
"""Visits a week -> patterns, the preferred one first. Three a week are never three days in a row; each weekday from
Monday to Saturday occurs equally often among the patterns of a frequency, so that sectors balance the week."""


def share_out(
    villages: Sequence[str], bearing: Mapping[str, float], load: Mapping[str, float], days: int
) -> list[dict[str, Pattern]]:
    """Return the ways worth trying to give each village a pattern of `days` visits a week.

    The first gives all villages the preferred pattern: fewest vehicle days. The second cuts the villages, in the
    order of their bearing from the depot, into as many sectors of about equal load as there are patterns: fewest
    vehicles on any day. Sectors keep neighbours together, so that a day's round stays compact.

    Parameters
    ----------
    bearing : by village, radians from the depot. load : by village, parcels per visit.
    days : visits a week, 1..7.
    """
    patterns = PATTERNS[days]
    ways = [dict.fromkeys(villages, patterns[0])]
    if len(patterns) > 1 and len(villages) > 1:
        ordered = sorted(villages, key=lambda v: (bearing[v], v))
        total = sum(load[v] for v in ordered) or 1.0
        sectors: dict[str, Pattern] = {}
        before = 0.0
        for village in ordered:
            middle = before + load[village] / 2
            sectors[village] = patterns[min(int(middle / total * len(patterns)), len(patterns) - 1)]
            before += load[village]
        ways.append(sectors)
    return ways


def day_sets(assignment: Mapping[str, Pattern]) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Return the villages to visit -> the weekdays with just these villages, so that each round is solved once.

    >>> day_sets({"a": (1, 3), "b": (1,)})
    {('a', 'b'): (1,), ('a',): (3,)}
    """
    by_set: dict[tuple[str, ...], tuple[int, ...]] = {}
    for day in range(1, 8):
        visited = tuple(sorted(village for village, pattern in assignment.items() if day in pattern))
        if visited:
            by_set[visited] = (*by_set.get(visited, ()), day)
    return by_set


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
