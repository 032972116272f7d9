"""Where in its sentence a number stands: item, clause, sentence, with brackets respected.

到2021年底，培育1个重点应用产业（螺杆产业）、1个重点园区；……
|---------------------------- sentence ------------------------|
            |---------------- clause ----------------|
                                         |-- item ---|
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

SENTENCE_MARKS = "。；;！!？?\n"
CLAUSE_MARKS = "，,：:"
ITEM_MARKS = "、"
_OPEN, _CLOSE = "（(【[", "）)】]"
_MARK = re.compile(f"[{re.escape(SENTENCE_MARKS + CLAUSE_MARKS + ITEM_MARKS + _OPEN + _CLOSE)}]")
_REACH = 60
"""Marks looked at on either side of a number; a longer sentence is cut there, so that time stays linear."""

CLAUSE_REACH = 200
SENTENCE_REACH = 500
"""Characters looked at on either side; text without any marks is cut there, for the same reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The item, clause and sentence around a place, each [start, end) of the reading; bracketed text counts as its own.

    bracket : where the bracket around the place opens, or None outside brackets.
    """

    item: tuple[int, int]
    clause: tuple[int, int]
    sentence: tuple[int, int]
    bracket: int | None


class Clauses:
    """The marks of a reading, for finding the Frame of a place."""

    def __init__(self, reading: str) -> None:
        found = list(_MARK.finditer(reading))
        self._places = [mark.start() for mark in found]
        self._marks = [mark.group() for mark in found]
        self._length = len(reading)

    def frame(self, start: int, end: int) -> Frame:
        """Return the Frame of [start, end)."""
        item_start, clause_start, sentence_start, bracket = self._left(start)
        item_end, clause_end, sentence_end = self._right(end, inside=bracket is not None)
        first, last = start - CLAUSE_REACH, end + CLAUSE_REACH
        return Frame(
            item=(max(item_start, first), min(item_end, last)),
            clause=(max(clause_start, first), min(clause_end, last)),
            sentence=(max(sentence_start, start - SENTENCE_REACH), min(sentence_end, end + SENTENCE_REACH)),
            bracket=bracket,
        )

    def _left(self, start: int) -> tuple[int, int, int, int | None]:
        item = clause = None
        depth = 0
        i = bisect_left(self._places, start) - 1
        last = max(i - _REACH, -1)
        while i > last:
            mark, after = self._marks[i], self._places[i] + 1
            if mark in _CLOSE:
                depth += 1
            elif mark in _OPEN:
                if depth == 0:
                    return _or(item, after), _or(clause, after), after, self._places[i]
                depth -= 1
            elif mark == "\n" or (depth == 0 and mark in SENTENCE_MARKS):
                return _or(item, after), _or(clause, after), after, None
            elif depth == 0:
                item = _or(item, after)
                if mark in CLAUSE_MARKS:
                    clause = _or(clause, after)
            i -= 1
        edge = self._places[i] + 1 if i >= 0 else 0
        return _or(item, edge), _or(clause, edge), edge, None

    def _right(self, end: int, *, inside: bool) -> tuple[int, int, int]:
        item = clause = None
        depth = 0
        i = bisect_left(self._places, end)
        last = min(i + _REACH, len(self._places))
        while i < last:
            mark, place = self._marks[i], self._places[i]
            if mark in _OPEN:
                depth += 1
            elif mark in _CLOSE:
                if depth == 0 and inside:
                    return _or(item, place), _or(clause, place), place
                depth = max(depth - 1, 0)
            elif mark == "\n" or (depth == 0 and mark in SENTENCE_MARKS):
                return _or(item, place), _or(clause, place), place
            elif depth == 0:
                item = _or(item, place)
                if mark in CLAUSE_MARKS:
                    clause = _or(clause, place)
            i += 1
        edge = self._places[i] if i < len(self._places) else self._length
        return _or(item, edge), _or(clause, edge), edge


def _or(value: int | None, other: int) -> int:
    return other if value is None else value
