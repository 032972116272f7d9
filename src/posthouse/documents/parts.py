"""Stretches of a document with a numbering of their own: items of the notice, the plan itself, its annexes.

Annexes open with 附件 on a line of their own (GB/T 9704-2012, 7.3.5). A table of contents is skipped: its lines look
like headings but are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from posthouse.documents.headings import find_headings
from posthouse.documents.labels import LABEL

ANNEX_TITLE_LENGTH = 50
"""Longest title of an annex."""

NOTICE = "通知"
"""First part of the paths of items that stand in the notice, before the plan it sends out."""

_ANNEX_LINE = re.compile(
    r"^附[件表](?P<number>\d{1,2}|[一二三四五六七八九十]{1,2})?(?P<mark>[：.、]?)(?P<title>[^\n]*)$", re.MULTILINE
)
_CONTENTS = re.compile(r"^目[录次]$", re.MULTILINE)
_LEADER = re.compile(r"[.…·．\s]*\d*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of the reading. name : first part of its paths, empty for the plan itself. title : of an annex.

    start, end : the stretch. body_start : behind mark, title and table of contents, where headings begin to count.
    """

    name: str
    title: str
    start: int
    body_start: int
    end: int


def list_parts(content: str, start: int, end: int, *, title: str = "") -> list[Part]:
    """Return the parts of [start, end) of a reading in order.

    Parameters
    ----------
    content : the reading. title : of the plan, as its notice names it; empty if there is no notice.
    """
    opens = list(_annex_lines(content, start, end))
    plan_end = opens[0][0] if opens else end
    plan_start = _plan_start(content, start, plan_end, title)
    parts = []
    if plan_start > start:
        parts.append(Part(name=NOTICE, title="", start=start, body_start=start, end=plan_start))
    body_start = _after_contents(content, plan_start, plan_end)
    parts.append(Part(name="", title="", start=plan_start, body_start=body_start, end=plan_end))
    for i, (place, line_end, number, own_title) in enumerate(opens):
        following = opens[i + 1][0] if i + 1 < len(opens) else end
        annex_title, body_start = (own_title, line_end) if own_title else _annex_title(content, line_end, following)
        parts.append(
            Part(
                name=f"附件{number}",
                title=annex_title,
                start=place,
                body_start=min(body_start, following),
                end=following,
            )
        )
    return parts


def _plan_start(content: str, start: int, end: int, title: str) -> int:
    """Return where the plan begins whose notice has numbered items of its own; else the start."""
    place = content.find(f"\n{title}\n", start, end) if title else -1
    if place < 0 or not find_headings(content, start, place):
        return start
    return place + 1


def _after_contents(content: str, start: int, end: int) -> int:
    """Return where a table of contents ends: where its first heading comes again; the start if there is none."""
    heading = _CONTENTS.search(content, start, end)
    first = LABEL.search(content, heading.end(), end) if heading else None
    if first is None:
        return start
    line_end = content.find("\n", first.end(), end)
    wording = _LEADER.sub("", content[first.start() : line_end]) if line_end > 0 else ""
    again = content.find(f"\n{wording}", line_end, end) if len(wording) > len(first.group()) else -1
    return again + 1 if again >= 0 else start


def _annex_lines(content: str, start: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """Yield (place, place after the line, number, title on the line) of the lines that open an annex.

    A line 附件：title in the closing matter only names the annex. Where no bare line 附件 comes, the second line of
    the same number or title opens it.
    """
    bare = []
    named = []
    seen: set[str] = set()
    for found in _ANNEX_LINE.finditer(content, start, end):
        number, title = found["number"] or "", found["title"]
        entry = (found.start(), min(found.end() + 1, end), number, title)
        if not title:
            bare.append(entry)
        elif len(title) <= ANNEX_TITLE_LENGTH and (number or found["mark"] == "：") and "。" not in title:
            if title in seen or number in seen:
                named.append(entry)
            seen |= {title, number} - {""}
    yield from bare or named


def _annex_title(content: str, start: int, end: int) -> tuple[str, int]:
    """Return the title line of an annex and the place after it; an empty title if the line is a heading or text."""
    line_end = content.find("\n", start, end)
    line_end = end if line_end < 0 else line_end
    line = content[start:line_end]
    if not line or len(line) > ANNEX_TITLE_LENGTH or line.endswith(("。", "：", "；")) or LABEL.match(line):
        return "", start
    return line, min(line_end + 1, end)
