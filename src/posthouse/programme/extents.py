"""Where the text of a goal starts and ends in its sentence, and which words behind the number belong to its name."""

import re

from posthouse.programme.clauses import Frame
from posthouse.programme.quantities import Quantity
from posthouse.programme.scan import Scan
from posthouse.programme.verbs import states_aim

_AND = re.compile("以及|和|及|与|并")
_NEAR = 12
"""Most characters between 和 and the number it joins: 和50个旅游名城."""

_LONGEST_REST = 40
"""Most characters of a name that goes on behind 、."""


def start_of_goal(scan: Scan, frame: Frame, q: Quantity, *, joined_to: Quantity | None, own: bool) -> int:
    """Return where the goal's text starts: at its clause, its item, or behind the 和 that joins it to the one before.

    Parameters
    ----------
    joined_to : the goal's quantity before it in the same item, if any. own : whether it is the clause's first goal.
    """
    if own:
        return skip_blanks(scan.reading, scan.before_clause(frame), q.start)
    start = frame.item[0]
    if joined_to is not None:
        joints = list(_AND.finditer(scan.masked, joined_to.end, q.start))
        start = joints[-1].end() if joints else start
    return skip_blanks(scan.reading, start, q.start)


def end_of_goal(scan: Scan, frame: Frame, q: Quantity, i: int) -> int:
    """Return where the text of the goal with quantity i ends: with its item, or before the 和 of the next goal."""
    following = scan.quantities[i + 1] if i + 1 < len(scan.quantities) else None
    if following is not None and following.start < frame.item[1]:
        joints = list(_AND.finditer(scan.masked, q.end, following.start))
        if joints and following.start - joints[-1].end() <= _NEAR:
            return joints[-1].start()
    return _end_of_name(scan, frame, max(frame.item[1], q.end))


def noun_behind(scan: Scan, frame: Frame, start: int, length: int) -> str:
    """Return the words behind the quantity that name what is counted."""
    end = start + length
    return scan.undated[start : _end_of_name(scan, frame, end) if end == frame.item[1] else end]


def skip_blanks(reading: str, start: int, place: int) -> int:
    """Return the first place from start on, at most `place`, that holds no blank."""
    while start < place and reading[start] in " \n\u3000":
        start += 1
    return start


def _end_of_name(scan: Scan, frame: Frame, end: int) -> int:
    """Return the end of a name that goes on behind 、 and holds no number of its own: N个县‹区›、功能区综合区."""
    stop = frame.clause[1]
    if not end < stop <= end + _LONGEST_REST or scan.quantities_in(end, stop):
        return end
    return end if states_aim(scan.masked[end:stop]) else stop
