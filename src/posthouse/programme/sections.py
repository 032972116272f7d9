"""What part of the document a place belongs to: aims, tasks, background, safeguards; and the deadline it inherits.

The provision tree comes from `documents`; here its nodes are cut into stretches that do not overlap, so that a place
is found by bisection.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from posthouse.documents.model import Document, Provision
from posthouse.programme.deadlines import DateMention
from posthouse.programme.phrasings import load_phrasing

Part = Literal["aims", "background", "tasks", "safeguards", "other"]

_AIMS = re.compile("目标|指标|愿景")
_SAFEGUARDS = re.compile("保障|组织领导|组织实施|工作要求|工作机制|附则")
_TASKS = re.compile("任务|举措|措施|重点|行动|内容|工程|分工|安排")
_LIST_ITEM = re.compile(r"[—●•·◆■□○*\-]|（?[一二三四五六七八九十\d]{1,2}[）.、)]|[①-⑳]|[一二三四五六七八九十]是")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch [start, end) of the reading that belongs to one provision and none of its children."""

    start: int
    end: int
    path: str
    titles: tuple[str, ...]
    part: Part
    provision: Provision | None

    @property
    def text_start(self) -> int:
        """Where the text behind the heading starts."""
        return min(max(self.start, self.provision.body_start), self.end) if self.provision else self.start


class Sections:
    """The sections of a document, in order, covering the whole reading."""

    def __init__(self, document: Document) -> None:
        self._sections = _cut(document)
        self._starts = [section.start for section in self._sections]

    def __iter__(self) -> Iterator[Section]:
        """Yield the sections in order."""
        return iter(self._sections)

    def at(self, place: int) -> Section:
        """Return the section that holds the place."""
        return self._sections[max(bisect_right(self._starts, place) - 1, 0)]


def governing_deadlines(
    reading: str, sections: Sections, dates: Sequence[DateMention]
) -> tuple[list[int], list[date | None]]:
    """Return places and the deadline that holds from each of them on, for lookup by bisection.

    A deadline holds to the end of its paragraph; over the next paragraph when that is an item of a list that the
    deadline introduces, or when both belong to one provision of the aims; from a heading or an introduction over
    everything below it.
    """
    places: list[int] = []
    values: list[date | None] = []
    usable = [mention for mention in dates if mention.role == "deadline" and _governs(reading, mention)]
    inherited: dict[str, date | None] = {}
    i = 0
    for section in sections:
        above = inherited.get(section.path, _above(inherited, section.path))
        current = above
        title_end = section.text_start
        introduced: date | None = None
        for start, end in _paragraphs(reading, section.start, section.end):
            is_list = _LIST_ITEM.match(reading, start) is not None
            if start != section.start and not is_list and section.part != "aims" and not introduced:
                current = above
            elif start != section.start and introduced and is_list:
                current = introduced
            places.append(start)
            values.append(current)
            last: date | None = None
            while i < len(usable) and usable[i].start < end:
                mention = usable[i]
                i += 1
                if mention.start < start:
                    continue
                current = last = mention.last_on
                places.append(mention.start)
                values.append(current)
                if mention.start < title_end:
                    above = current
            tail = reading[max(start, end - 2) : end].strip()
            if tail.endswith(("：", ":")) and last:
                introduced = last
            elif not is_list:
                introduced = (
                    introduced if section.part == "aims" and not last else last if section.part == "aims" else None
                )
        inherited[section.path] = current if section.part == "aims" or introduced else above
    return places, values


def _governs(reading: str, mention: DateMention) -> bool:
    """Whether a mention sets the deadline of what follows, and is not just a year inside a phrase."""
    if mention.strong:
        return True
    before = reading[max(0, mention.start - 2) : mention.start]
    return (
        before[-1:] in "，,。；;：:\n（()）、.．—到至于前在争"
        or before in {"其中", "全市", "全县", "全区", "全省", "我市", "我县", "我区", "我省", "全州"}
        or reading[mention.start] in "到至于"
    )


def _above(inherited: dict[str, date | None], path: str) -> date | None:
    parent = path.rpartition("/")[0]
    while parent:
        if parent in inherited:
            return inherited[parent]
        parent = parent.rpartition("/")[0]
    return None


def _paragraphs(reading: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    while start < end:
        stop = reading.find("\n", start, end)
        stop = end if stop < 0 else stop + 1
        spans.append((start, stop))
        start = stop
    return spans


def _cut(document: Document) -> list[Section]:
    end = len(document.reading)
    sections: list[Section] = []

    def visit(provision: Provision, titles: tuple[str, ...], part: Part) -> None:
        titles = (*titles, provision.title)
        part = _part(provision.title, part)
        place = provision.start
        for child in provision.children:
            add(place, child.start, provision, titles, part)
            visit(child, titles, part)
            place = child.end
        add(place, provision.end, provision, titles, part)

    def add(start: int, stop: int, provision: Provision | None, titles: tuple[str, ...], part: Part) -> None:
        if stop > start:
            sections.append(
                Section(
                    start=start,
                    end=stop,
                    path=provision.path if provision else "",
                    titles=titles,
                    part=part,
                    provision=provision,
                )
            )

    place = 0
    for provision in document.provisions:
        add(place, provision.start, None, (), "other")
        visit(provision, (), "other")
        place = max(place, provision.end)
    add(place, end, None, (), "other")
    return sections or [Section(start=0, end=end, path="", titles=(), part="other", provision=None)]


def _part(title: str, above: Part) -> Part:
    headings = load_phrasing("exclusions")["background"]["headings"]
    if any(word in title for word in headings):
        return "aims" if _AIMS.search(title) else "background"
    if _AIMS.search(title) and not _TASKS.search(title.replace("目标任务", "")):
        return "aims"
    if _SAFEGUARDS.search(title) and above in {"other", "safeguards"}:
        return "safeguards"
    if _TASKS.search(title) and above == "other":
        return "tasks"
    return above
