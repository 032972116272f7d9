"""Every quantified aim of a document: numbers with a bound, shared verbs, 分别 and 均 unfolded, implied coverage.

The reader goes through the marks of a Scan in order. It remembers what the next number may leave out: the subject, the
verb that an enumeration shares, the figure that a rise starts from. What a number is worth is judged in `kinds`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from posthouse.programme.clauses import Frame
from posthouse.programme.comparing import Comparison, compare
from posthouse.programme.exclusions import is_past
from posthouse.programme.extents import end_of_goal, noun_behind, skip_blanks, start_of_goal
from posthouse.programme.implied import Implied, find_implied
from posthouse.programme.indicators import name_indicator, split_subjects
from posthouse.programme.kinds import judge
from posthouse.programme.model import Comparator, Goal, GoalKind
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.quantities import MASK, Quantity
from posthouse.programme.rhythms import RecurringClause, counted_units, describe_deed, find_recurring, period_before
from posthouse.programme.scan import Scan
from posthouse.programme.settings import Setting
from posthouse.vocabulary.sources import Source

_EACH = re.compile("(?:分别|均|都|各自)(?:要|应|力争)?(?:实现|达到)?$")
_FROM = re.compile(f"(?:由|从)(?:{MASK}|的|底|末|年){{0,20}}$")
_WITHOUT_PERIOD = {"percent", "times", "duration", "age", "bare", "score"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A goal in the making; places count characters of the reading."""

    start: int
    end: int
    place: int
    indicator: str
    comparator: Comparator
    value: float | None
    value_max: float | None = None
    unit: str
    deadline: date | None = None
    base: str | None = None
    hedge: str = ""
    kind: GoalKind = "goal"


def extract_goals(scan: Scan) -> tuple[Goal, ...]:
    """Return every quantified aim in document order; what only describes or is external is kept under its kind."""
    return tuple(_goal(scan, number, draft) for number, draft in enumerate(_Reader(scan).read(), 1))


class _Reader:
    """One pass over the marks of a document, remembering what the next number may leave out."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.drafts: list[_Draft] = []
        self.last: tuple[Frame, _Draft] | None = None
        self.sentence = -1
        self.named: list[str] = []
        self.base: str | None = None
        self.risen = ""

    def read(self) -> list[_Draft]:
        """Return the drafts of all goals in order."""
        scan = self.scan
        events: list[tuple[int, int, Quantity | Implied | RecurringClause]] = [
            *((q.start, i, q) for i, q in enumerate(scan.quantities)),
            *((m.start, -1, m) for m in find_implied(scan.masked)),
            *((c.place, -1, c) for c in find_recurring(scan.reading) if not c.counted and not c.loose),
        ]
        events.sort(key=lambda event: event[0])
        for place, i, event in events:
            frame = scan.clauses.frame(place, max(event.end, place))
            if frame.sentence[0] != self.sentence:
                self.sentence, self.named, self.base = frame.sentence[0], [], None
            if isinstance(event, Implied):
                found = self._implied(event, frame)
            elif isinstance(event, RecurringClause):
                found = self._recurring(event, frame)
            else:
                found = self._quantity(i, frame)
            for draft in found:
                self.drafts.append(draft)
                self.last = (frame, draft)
                if draft.kind == "goal":
                    self.named.append(draft.indicator)
        return self.drafts

    def _quantity(self, i: int, frame: Frame) -> list[_Draft]:
        """Return the goals that a number states: none, one, or one for each subject."""
        scan = self.scan
        q = scan.quantities[i]
        first, last = scan.number_list(i)
        head, foot = scan.quantities[first], scan.quantities[last]
        setting, comparison = self._setting(q, first, last, frame)
        if _moves_on().match(setting.after) and _FROM.search(setting.lead):
            self.base = q.written
            self.risen = _FROM.sub("", scan.undated[frame.clause[0] : q.start])
            return []
        kind = judge(q, setting)
        if kind is None:
            return []
        earlier = scan.quantities[first - 1] if first and scan.quantities[first - 1].start >= frame.clause[0] else None
        own = not self._just_read(frame) and earlier is None
        joined_to = self._joined_to(first, frame)
        subject_start = joined_to.end if joined_to else frame.clause[0] if own else frame.item[0]
        subject = scan.undated[min(subject_start, head.start) : head.start - comparison.before]
        if self.base is not None and earlier is not None and earlier.written == self.base:
            subject = self.risen
        draft = _Draft(
            start=start_of_goal(scan, frame, q, joined_to=joined_to, own=own),
            end=end_of_goal(scan, frame, q, last) if first == last else q.end,
            place=q.start,
            indicator=self._indicator(q, kind, subject, noun_behind(scan, frame, foot.end, len(setting.after)), frame),
            comparator=comparison.comparator,
            value=q.value,
            value_max=q.value_max,
            unit=self._unit(q, comparison, setting.lead, frame),
            deadline=self._deadline(q, kind, frame, i - first, last - first + 1),
            base=self._base(comparison.comparator, frame),
            hedge=scan.hedge(frame),
            kind=kind,
        )
        if draft.comparator == "growth" and draft.unit.startswith("倍") and draft.value is not None:
            # 增长1.5倍 is a growth of 150%; 倍 itself says what is reached, as in 翻番: 2倍.
            draft = replace(draft, value=100 * draft.value, unit=draft.unit.replace("倍", "%"))
        return self._unfold(draft, subject, i - first, last - first + 1)

    def _setting(self, q: Quantity, first: int, last: int, frame: Frame) -> tuple[Setting, Comparison]:
        """Return what stands around a number, or around the list of numbers it is one of."""
        scan, masked = self.scan, self.scan.masked
        head, foot = scan.quantities[first], scan.quantities[last]
        earlier = scan.quantities[first - 1] if first else None
        later = scan.quantities[last + 1] if last + 1 < len(scan.quantities) else None
        previous = earlier if earlier and earlier.start >= frame.item[0] else None
        following = later if later and later.end <= frame.item[1] else None
        clause_start = earlier.end if earlier and earlier.start >= frame.clause[0] else frame.clause[0]
        lead = masked[clause_start : head.start]
        after = masked[foot.end : following.start if following else max(frame.item[1], foot.end)]
        own_after = after if q is foot else masked[q.end : q.end + 2]
        comparison = compare(q, lead, own_after)
        if q is not foot and comparison.after == 0:
            comparison = compare(q, lead, after)
        return Setting(
            before=masked[previous.end if previous else min(frame.item[0], head.start) : head.start],
            after=after,
            lead=lead,
            clause=masked[frame.clause[0] : head.start],
            sentence=masked[max(frame.sentence[0], head.start - 120) : head.start],
            rest=masked[foot.end : min(frame.sentence[1], foot.end + 60)],
            part=scan.sections.at(q.start).part,
            bounded=comparison.bounded,
            dated=scan.deadline(q.start, frame) is not None,
            shared=self._just_read(frame),
            level=scan.level,
            previous_in_item=previous,
            next_in_item=following,
            between_next=masked[foot.end : following.start] if following else "",
            bracket_head="" if frame.bracket is None else scan.reading[max(0, frame.bracket - 24) : frame.bracket],
        ), comparison

    def _implied(self, mark: Implied, frame: Frame) -> list[_Draft]:
        """Return the goals that words alone state, unless a number of the same clause has said it already."""
        scan = self.scan
        lead = scan.masked[frame.clause[0] : mark.start]
        sentence = scan.masked[max(frame.sentence[0], mark.start - 60) : mark.start]
        if scan.sections.at(mark.start).part == "background" or is_past(sentence, lead):
            return []
        said = self.drafts[-1] if self.drafts and self.drafts[-1].place >= frame.clause[0] else None
        if said is not None and said.unit == mark.unit == "%":
            return []
        counted = self._just_read(frame) or scan.quantities_in(mark.start, frame.clause[1])
        if mark.id == "all_of_them" and (counted or not lead.strip(MASK + "，、（ ")):
            return []
        listed = self._just_read(frame) and frame.item[0] > frame.clause[0]
        subject = scan.undated[frame.item[0] if listed else frame.clause[0] : mark.start]
        start = frame.item[0] if listed else scan.before_clause(frame)
        draft = _Draft(
            start=skip_blanks(scan.reading, start, mark.start),
            end=max(frame.item[1], mark.end),
            place=mark.start,
            indicator=name_indicator(
                subject, None, "", self.named[-1] if self.named else "", scan.clause_before(frame)
            ),
            comparator=mark.comparator,
            value=mark.value,
            unit=mark.unit,
            deadline=scan.deadline(mark.start, frame),
            base=self._base(mark.comparator, frame),
            hedge=mark.hedge or scan.hedge(frame),
        )
        return self._unfold(draft, subject, 0, 1)

    def _base(self, comparator: Comparator, frame: Frame) -> str | None:
        """Return what a growth compares with: a year, or the figure it starts from (由48%提高到52%)."""
        if self.base is None and comparator not in ("growth", "reduction"):
            return None
        return self.scan.base_year(frame) or self.base

    def _just_read(self, frame: Frame) -> bool:
        """Whether the clause has given a goal already."""
        return self.last is not None and self.last[0].clause == frame.clause and self.last[1].kind == "goal"

    def _recurring(self, clause: RecurringClause, frame: Frame) -> list[_Draft]:
        """Return the duty to meet or report once in each period, where the clause gives no number of its own."""
        scan = self.scan
        section = scan.sections.at(clause.place)
        if section.part in {"aims", "background"} or clause.place < section.text_start:
            return []
        if any(q.unit in counted_units() for q in scan.quantities_in(clause.start, clause.end)):
            return []
        text = scan.reading[clause.start : clause.end]
        return [
            _Draft(
                start=clause.start,
                end=clause.end,
                place=clause.place,
                indicator=describe_deed(text) or text,
                comparator="=",
                value=1.0,
                unit=f"次/{clause.every}",
                hedge=scan.hedge(frame),
                kind="rhythm",
            )
        ]

    def _unfold(self, draft: _Draft, head: str, place: int, size: int) -> list[_Draft]:
        """Return one draft for each subject where 分别, 均 or 都 stands before one value; name each of several."""
        each = _EACH.search(head)
        if not each or draft.kind != "goal":
            return [draft]
        subjects = _subjects(head[: each.start()])
        if size > 1:
            names = subjects if len(subjects) == size else self.named[-size:] if not subjects and place == 0 else []
            return [replace(draft, indicator=names[place])] if len(names) == size else [draft]
        return [replace(draft, indicator=name) for name in subjects] if len(subjects) > 1 else [draft]

    def _joined_to(self, first: int, frame: Frame) -> Quantity | None:
        """Return the quantity before the first of a list, where it stands in the same item and was a goal itself."""
        previous = self.scan.quantities[first - 1] if first else None
        if previous is None or self.last is None or previous.start < frame.item[0]:
            return None
        draft = self.last[1]
        return previous if draft.place == previous.start and draft.kind not in ("qualifier", "external") else None

    def _indicator(self, q: Quantity, kind: GoalKind, subject: str, after: str, frame: Frame) -> str:
        """Return the name of what is counted; of a rhythm, what is to be done."""
        before = self.scan.clause_before(frame)
        if kind == "rhythm":
            deed = describe_deed(self.scan.reading[frame.clause[0] : frame.clause[1]])
            return deed if len(deed) > 3 else describe_deed(before) or deed
        return name_indicator(subject, q, after, self.named[-1] if self.named else "", before)

    def _deadline(self, q: Quantity, kind: GoalKind, frame: Frame, place: int, size: int) -> date | None:
        """Return the deadline; of 2021年、2022年分别完成10个、20个 each number has its own."""
        if kind == "rhythm" or (kind == "structure" and not self.scan.dates_in(frame.sentence[0], q.start)):
            return None
        if size > 1:
            dates = [d.last_on for d in self.scan.dates_in(frame.sentence[0], q.start) if d.role == "deadline"]
            if len(dates) == size:
                return dates[place]
        return self.scan.deadline(q.start, frame)

    def _unit(self, q: Quantity, comparison: Comparison, lead: str, frame: Frame) -> str:
        """Return the unit with the period it is counted by: 次/周, 家/年, %/年 for a yearly growth."""
        if comparison.comparator == "growth" and comparison.annual:
            return f"{q.unit}/年"
        if "/" in q.unit or q.family in _WITHOUT_PERIOD:
            return q.unit
        period = period_before(lead)
        if not period and self.last is not None and self.last[0].clause == frame.clause:
            period = self.last[1].unit.partition("/")[2]
        return f"{q.unit}/{period}" if period else q.unit


def _goal(scan: Scan, number: int, draft: _Draft) -> Goal:
    document = scan.document
    return Goal(
        id=f"G{number:03d}",
        text=scan.reading[draft.start : draft.end].strip(),
        source=Source(
            document=document.number or document.title or document.name,
            clause=scan.sections.at(draft.place).path,
            span=document.span(draft.start, draft.end),
        ),
        indicator=draft.indicator,
        comparator=draft.comparator,
        value=draft.value,
        value_max=draft.value_max,
        unit=draft.unit,
        deadline=draft.deadline,
        base=draft.base,
        hedge=draft.hedge,
        kind=draft.kind,
        scope=scan.scope(draft.place),
        sentence=scan.sentence(draft.start, draft.place),
    )


def _subjects(head: str) -> Sequence[str]:
    """Return the subjects that the words before 分别 name; none where there are only dates and a base."""
    name = name_indicator(re.sub("(?:较|比|与).*", "", head), None, "")
    return split_subjects(name) if name else []


@cache
def _moves_on() -> re.Pattern[str]:
    """Words behind the figure that a rise or fall starts from: 提高到, 压减至."""
    changes = load_phrasing("comparators")["change_to"]["words"]
    return re.compile(f"(?:左右|以上)?(?:逐步|稳步)?{alternatives(changes)}(?:到|至|为|{MASK})")
