"""Everything that is marked in a document's reading: numbers, dates, clauses, sections; made once, asked many times."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from posthouse.documents.model import Document
from posthouse.programme.clauses import Clauses, Frame
from posthouse.programme.deadlines import DateMention, find_dates, trailing_deadline
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.quantities import Quantity, find_quantities, mask_names, mask_spans
from posthouse.programme.sections import Sections, governing_deadlines
from posthouse.programme.spans import Spans

_TITLE = re.compile(r"《[^》\n]{0,120}》")
_BRACKETED = re.compile(r"（[^）]*）")
_LIST_JOINT = re.compile(r"(?:及?以上|以内|及?以下|左右)?(?:、|和|及|与|以及)")
_DUE_REACH = 20
"""Characters behind 完成时限： in which its date starts."""


class Scan:
    """The marks of one document. Places count characters of the reading.

    undated : the reading with dates masked, masked : with names that hold digits masked too; both keep the length.
    quantities : in order.
    level : of the issuer: nation, province, city, or unknown.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.reading = document.reading
        self.sections = Sections(document)
        titles = Spans(found.span() for found in _TITLE.finditer(self.reading))
        self.dates = [d for d in find_dates(self.reading, document.issued_on) if not titles.touch(d.start, d.end)]
        labels = [
            (provision.start, provision.start + len(provision.label))
            for provision in document.walk()
            if self.reading.startswith(provision.label, provision.start)
        ]
        spans = [(d.start, d.end) for d in self.dates] + labels
        self.undated = mask_spans(self.reading, spans)
        self.masked = mask_names(self.undated)
        self.clauses = Clauses(self.reading)
        self.quantities = find_quantities(self.masked)
        self.level = _level(document)
        self._quantity_starts = [q.start for q in self.quantities]
        self._date_starts = [d.start for d in self.dates]
        self._deadline_places, self._deadlines = governing_deadlines(self.reading, self.sections, self.dates)
        self._due = {self.sections.at(place).start: day for place, day in self._task_deadlines()}

    def number_list(self, i: int) -> tuple[int, int]:
        """Return the first and last index of the numbers that stand side by side with quantity i: 30%、40%和50%."""
        first = last = i
        while first > 0 and self._joined(first - 1) and i - first < 12:
            first -= 1
        while last + 1 < len(self.quantities) and self._joined(last) and last - i < 12:
            last += 1
        return first, last

    def quantities_in(self, start: int, end: int) -> Sequence[Quantity]:
        """Return the quantities that start in [start, end)."""
        return self.quantities[bisect_left(self._quantity_starts, start) : bisect_left(self._quantity_starts, end)]

    def dates_in(self, start: int, end: int) -> Sequence[DateMention]:
        """Return the dates that start in [start, end)."""
        return self.dates[bisect_left(self._date_starts, start) : bisect_left(self._date_starts, end)]

    def deadline(self, place: int, frame: Frame) -> date | None:
        """Return the deadline that holds at a place: of its sentence, of what stands above it, or a trailing one."""
        i = bisect_right(self._deadline_places, place) - 1
        held = self._deadlines[i] if i >= 0 else None
        if held is not None and self._deadline_places[i] >= frame.sentence[0]:
            return held
        for mention in self.dates_in(place, frame.sentence[1]):
            if mention.role == "deadline":
                if trailing_deadline().match(self.reading, mention.end):
                    return mention.last_on
                break
        return held if held is not None else self._due.get(self.sections.at(place).start)

    def base_year(self, frame: Frame) -> str | None:
        """Return the year that the clause, or before it the sentence, compares with."""
        for start in (frame.clause[0], frame.sentence[0]):
            years = [d.last_on.year for d in self.dates_in(start, frame.clause[1]) if d.role == "base"]
            if years:
                return str(years[-1])
        return None

    def hedge(self, frame: Frame) -> str:
        """Return the first hedging word of the clause, for example 力争."""
        found = _hedge_words().search(self.reading, frame.clause[0], min(frame.clause[1], frame.clause[0] + 120))
        return found.group() if found else ""

    def sentence(self, start: int, place: int) -> str:
        """Return the sentence around a place, at most 300 characters, not starting behind `start`."""
        left = max(self.reading.rfind(mark, max(0, place - 200), place) for mark in "。；\n") + 1
        left = max(min(left, start), place - 200)
        ends = [end for mark in "。；\n" if (end := self.reading.find(mark, place, place + 300)) >= 0]
        return self.reading[left : min(ends, default=min(place + 300, len(self.reading)))].strip()

    def scope(self, place: int) -> str:
        """Return the area or group that the clause, or before it the sentence, names: 全市, 建制村 …, or nothing."""
        for marks, reach in (("，、。；\n", 60), ("。；\n", 120)):
            left = max(self.reading.rfind(mark, max(0, place - reach), place) for mark in marks) + 1
            found = _scopes().search(self.reading, max(left, place - reach), place)
            if found:
                return found.group()
        return ""

    def before_clause(self, frame: Frame) -> int:
        """Return where the clause starts, taking in a clause before it that is only a date: 到2021年底，…."""
        start = frame.clause[0]
        i = bisect_left(self._date_starts, start) - 1
        if i < 0 or start <= frame.sentence[0]:
            return start
        mention = self.dates[i]
        between = _BRACKETED.sub("", self.reading[mention.end : start]) if start - mention.end < 40 else "-"
        return mention.start if mention.start >= frame.sentence[0] and between.strip() in {"，", ","} else start

    def clause_before(self, frame: Frame) -> str:
        """Return the clause of the same sentence before this one, for a subject that is left out."""
        end = frame.clause[0] - 1
        if end <= frame.sentence[0]:
            return ""
        return self.undated[self.clauses.frame(end, end).clause[0] : end]

    def _task_deadlines(self) -> Iterator[tuple[int, date]]:
        """Yield the places and days of 完成时限：2023年12月底, which hold for the whole task they stand behind."""
        for found in _due_word().finditer(self.reading):
            for mention in self.dates_in(found.end(), found.end() + _DUE_REACH):
                if mention.role == "deadline":
                    yield found.start(), mention.last_on
                    break

    def _joined(self, i: int) -> bool:
        """Whether quantity i and the next stand side by side in a list of bare numbers of one sort."""
        one, two = self.quantities[i], self.quantities[i + 1]
        if two.start - one.end > 6 or one.family != two.family or one.spelled or two.spelled:
            return False
        return _LIST_JOINT.fullmatch(self.masked, one.end, two.start) is not None


def _level(document: Document) -> str:
    name = document.issuer or document.title
    if re.search("国务院|国家|中央", name):
        return "nation"
    if re.search("省|自治区", name) and not re.search("市|县|州|盟|旗", name):
        return "province"
    return "city" if name else "unknown"


@cache
def _hedge_words() -> re.Pattern[str]:
    data = load_phrasing("hedges")
    followed = alternatives(data["nearly"]["followed_by"])
    return re.compile(rf"{alternatives(data['words'])}|约(?=\d)|基本(?={followed})")


@cache
def _scopes() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("subjects")["scopes"]))


@cache
def _due_word() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("organisations")["roles"]["deadline"]) + "[：:]")
