"""Whether any of many [start, end) touches a place, in the time of a bisection."""

from bisect import bisect_left
from collections.abc import Iterable


class Spans:
    """Spans joined where they overlap."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        """Whether [start, end) shares a character with one of the spans.

        >>> Spans([(3, 5)]).touch(4, 9), Spans([(3, 5)]).touch(5, 9)
        (True, False)
        """
        i = bisect_left(self._starts, end) - 1
        return i >= 0 and self._ends[i] > start
