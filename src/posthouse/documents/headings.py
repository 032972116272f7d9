"""Which labels of a reading are headings: those that stand where a heading may stand and count on in their list.

A label at the start of a paragraph may skip a number (the author's slip, told as a Finding); one inside a paragraph
must follow its predecessor exactly, or a sum such as 2. or a reference such as （二） would tear a sentence apart.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from functools import cache

from posthouse.documents.cues import cue_pattern
from posthouse.documents.labels import LABEL, Label, Rank, label_of

LARGEST_SKIP = 5
"""A label at the start of a paragraph that is more numbers ahead than this is a figure, not a label."""

DIRECT_LENGTH = 60
"""A first item may follow its heading without any mark between within so many characters."""

_SENTENCE_ENDS = "。；：！？）”》…"
_REFERENCE_BEFORE = "第条款项（至和及、"
_REFERENCE_AFTER = re.compile("[项款条目类至和及]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A label that opens a provision. inline : it stands inside a paragraph. slip : its number is out of order."""

    label: Label
    inline: bool = False
    slip: bool = False


@dataclass(slots=True)
class _Lists:
    """The open lists: one entry for each rank from the outermost to the innermost, and the last number of each rank."""

    open: list[tuple[Rank, int]] = field(default_factory=list)
    last: dict[Rank, int] = field(default_factory=dict)

    def sibling(self, rank: Rank) -> int | None:
        """Return the number of the entry before in the same list, or None if a list would begin."""
        return next((number for other, number in self.open if other == rank), None)

    def follows(self, label: Label) -> bool:
        """Whether the label counts on in its list, or begins one, or runs on across sections."""
        sibling = self.sibling(label.rank)
        if sibling is not None:
            return label.number == sibling + 1
        return label.number == 1 or label.number == self.last.get(label.rank, 0) + 1

    def skips(self, label: Label) -> bool:
        """Whether the label stands a little out of order: a number left out, or used twice, or a list begun anew."""
        before = self.sibling(label.rank)
        if before is None:
            before = self.last.get(label.rank, 0)
        return label.number == 1 or before <= label.number <= before + LARGEST_SKIP

    def enter(self, label: Label) -> None:
        self.open = [entry for entry in self.open if entry[0] < label.rank]
        self.open.append((label.rank, label.number))
        self.last[label.rank] = label.number

    @property
    def deepest(self) -> Rank:
        return self.open[-1][0] if self.open else Rank.ANNEX


def find_headings(
    content: str, start: int, end: int, *, run_on: bool = False, gaps: Container[int] = ()
) -> list[Heading]:
    """Return the headings in [start, end) of a reading, in order.

    Parameters
    ----------
    content : the reading. run_on : whether it has lost its line breaks; then a label in sequence needs no sentence
    end before it. gaps : places where a blank stood in the file; a label behind one is as good as behind a sentence.
    """
    lists = _Lists()
    headings: list[Heading] = []
    closed = False
    for found in LABEL.finditer(content, start, end):
        label = label_of(found)
        if label is None:
            continue
        at_line_start = label.start == start or content[label.start - 1] == "\n"
        if at_line_start:
            heading = _at_line_start(label, lists)
        else:
            heading = _inside(label, lists, headings, content, run_on=run_on, after_gap=label.start in gaps)
        if heading is None:
            continue
        if headings and not closed:
            closed = _closing_between(content, headings[-1].label.end, label.start)
        if closed and not (label.rank <= Rank.SECTION and (lists.follows(label) or label.number == 1)):
            continue
        closed = False
        lists.enter(label)
        headings.append(heading)
    return headings


def closing_start(content: str, start: int, end: int) -> int:
    """Return where the closing matter (施行, 附件：, 抄送, signature and date) begins after start, or end."""
    found = closing_pattern().search(content, start, end)
    return found.start() if found else end


@cache
def closing_pattern() -> re.Pattern[str]:
    """Return the pattern of a paragraph that belongs to no provision but closes the document."""
    date = r"[\d〇○零一二三四五六七八九]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
    office = rf"[^\n，。：；、]{{2,30}}{cue_pattern('office_tails')}\n?"
    kinds = "方案|意见|办法|规划|细则|计划|规定|通知|措施|政策|条例|实施方案|实施意见|实施细则|行动计划"
    return re.compile(
        rf"^(?:本(?:{kinds})(?:自|从|有效期|由[^\n]{{2,30}}负责解释)|(?:抄送|抄报)：|附件?[：\d]|附件$|（?此件|(?:{office}){{1,3}}{date}(?:印发)?$|{date}印发$)",
        re.MULTILINE,
    )


def _closing_between(content: str, start: int, end: int) -> bool:
    return closing_pattern().search(content, start, end) is not None


def _at_line_start(label: Label, lists: _Lists) -> Heading | None:
    if lists.follows(label):
        return Heading(label=label)
    if lists.skips(label):
        return Heading(label=label, slip=True)
    return None


def _inside(
    label: Label, lists: _Lists, headings: Sequence[Heading], content: str, *, run_on: bool, after_gap: bool
) -> Heading | None:
    """Return the heading that a label inside a paragraph is, or None."""
    before = content[label.start - 1]
    if not lists.follows(label) or _REFERENCE_AFTER.match(content, label.end):
        return None
    if label.number == 1 and label.rank < lists.deepest:
        return None
    if run_on:
        fits = _fits_run_on(label, headings, content, ended=before in _SENTENCE_ENDS or after_gap)
    else:
        fits = before in _SENTENCE_ENDS and label.rank > Rank.ARTICLE
    return Heading(label=label, inline=True) if fits else None


def _fits_run_on(label: Label, headings: Sequence[Heading], content: str, *, ended: bool) -> bool:
    """Whether a label in sequence stands where a heading may stand in a text whose line breaks are lost."""
    before = content[label.start - 1]
    if ended:
        return True
    if before in _REFERENCE_BEFORE or before.isdigit():
        return False
    if label.number > 1:
        return label.rank in (Rank.CHAPTER, Rank.SECTION, Rank.ITEM)
    previous = headings[-1].label if headings else None
    if previous is None or label.rank <= previous.rank:
        return label.rank in (Rank.CHAPTER, Rank.SECTION)
    return label.start - previous.end <= DIRECT_LENGTH and "。" not in content[previous.end : label.start]
