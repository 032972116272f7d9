"""Where in its sentence a number stands: item, clause, sentence, with brackets respected.

到2021年底，培育1个重点应用产业（螺杆产业）、1个重点园区；……
|---------------------------- sentence ------------------------|
            |---------------- clause ----------------|
                                         |-- item ---|
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

_ITEM, _CLAUSE, _SENTENCE, _BREAK, _OPEN, _CLOSE = range(6)
_KINDS = {
    mark: kind
    for kind, marks in (
        (_ITEM, "、"),
        (_CLAUSE, "，,：:"),
        (_SENTENCE, "。；;！!？?"),
        (_BREAK, "\n"),
        (_OPEN, "（(【["),
        (_CLOSE, "）)】]"),
    )
    for mark in marks
}
"""What each mark ends; brackets open and close; a line break ends everything, also a bracket left open."""

_MARK = re.compile(f"[{re.escape(''.join(_KINDS))}]")
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
        found = [(mark.start(), mark.group()) for mark in _MARK.finditer(reading)]
        self._places = [place for place, _ in found]
        self._kinds = [_KINDS[mark] for _, mark in found]
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
        """Return where item, clause and sentence start, and the bracket that opens around them."""
        places, kinds = self._places, self._kinds
        item = clause = -1
        depth = 0
        i = bisect_left(places, start) - 1
        last = max(i - _REACH, -1)
        bracket = None
        while i > last:
            kind = kinds[i]
            if kind == _CLOSE:
                depth += 1
            elif kind == _OPEN:
                if depth == 0:
                    bracket = places[i]
                    break
                depth -= 1
            elif kind == _BREAK or (depth == 0 and kind == _SENTENCE):
                break
            elif depth == 0:
                item = places[i] + 1 if item < 0 else item
                clause = places[i] + 1 if clause < 0 and kind == _CLAUSE else clause
            i -= 1
        edge = places[i] + 1 if i >= 0 else 0
        return item if item >= 0 else edge, clause if clause >= 0 else edge, edge, bracket

    def _right(self, end: int, *, inside: bool) -> tuple[int, int, int]:
        """Return where item, clause and sentence end; inside a bracket at the latest where it closes."""
        places, kinds = self._places, self._kinds
        item = clause = -1
        depth = 0
        i = bisect_left(places, end)
        last = min(i + _REACH, len(places))
        while i < last:
            kind = kinds[i]
            if kind == _OPEN:
                depth += 1
            elif kind == _CLOSE:
                if depth == 0 and inside:
                    break
                depth = max(depth - 1, 0)
            elif kind == _BREAK or (depth == 0 and kind == _SENTENCE):
                break
            elif depth == 0:
                item = places[i] if item < 0 else item
                clause = places[i] if clause < 0 and kind == _CLAUSE else clause
            i += 1
        edge = places[i] if i < len(places) else self._length
        return item if item >= 0 else edge, clause if clause >= 0 else edge, edge
