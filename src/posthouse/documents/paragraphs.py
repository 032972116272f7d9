"""Which lines belong together: paragraphs from lines that a printer, a page break or a converter cut.

The rules look at two neighbouring lines and at what the paragraph holds so far; never at the whole text, so the
time is linear. A break stays where a heading, a list entry, a head or closing line stands, or a sentence has ended.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from posthouse.documents.characters import HAN
from posthouse.documents.cues import cue_pattern
from posthouse.documents.labels import ANNEX, LABEL
from posthouse.documents.lines import Line

PROSE_LENGTH = 20
"""A line of fewer characters that ends without a mark is a heading or an entry, not the upper part of a cut sentence:
A4 pages in 三号 hold 28 characters a line (GB/T 9704-2012, 5.2.3)."""

HEADING_LENGTH = 60
"""Longest heading in characters."""

OPEN_BRACKET_LENGTH = 400
"""A bracket that is still open after so many characters is a slip of the pen, not a reason to go on joining."""

MAX_TITLES = 12
"""Most titles that lines of a head are compared with."""

_ENDED = re.compile(r"[。！？；：…][”’）》]*$")
_GOES_ON = re.compile(r"[、，（“‘《‹+×/—-]$")
_CONTINUES = re.compile(r"[、，。；：！？）”’》›%]")
_UNIT_BRACKET = re.compile(r"（[^（）]{0,8}(?:责任|牵头|配合|负责|联系|完成时[间限])")
_SOFT_OPENING = re.compile(r"到20\d\d年|本(?:方案|意见|办法|规划|细则|计划)自|一是|第一，")
_DATE = rf"(?:\d{{4}}|[〇○零一二三四五六七八九]{{4}})年(?:\d{{1,2}}|[{HAN}]{{1,3}})月(?:\d{{1,2}}|[{HAN}]{{1,3}})日"
_NUMBER = rf"[{HAN}]{{2,15}}〔\d{{4}}〕第?\d{{1,5}}号"


@dataclass(slots=True)
class _Paragraph:
    """What is known of the paragraph that is being put together."""

    opening: str = ""
    length: int = 0
    stops: int = 0
    depth: int = 0
    opened_at: int = 0
    bracket: str = ""
    lines: list[Line] = field(default_factory=list)

    def take(self, line: Line) -> None:
        content = line.content
        if len(self.opening) < HEADING_LENGTH:
            self.opening += content[:HEADING_LENGTH]
        for found in re.finditer("[（）。，]", content):
            mark = found.group()
            if mark == "（":
                if self.depth == 0:
                    self.opened_at = self.length + found.start()
                    self.bracket = content[found.start() : found.start() + 14]
                self.depth += 1
            elif mark == "）":
                self.depth = max(0, self.depth - 1)
            else:
                self.stops += 1
        self.length += len(content)
        self.lines.append(line)

    @property
    def last(self) -> str:
        return self.lines[-1].content

    @property
    def bracket_open(self) -> bool:
        return self.depth > 0 and self.length - self.opened_at < OPEN_BRACKET_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How the file is laid out: full width of its lines (None if lines are paragraphs), and whether it indents."""

    columns: int | None
    indented: bool
    titles: tuple[str, ...]

    def full(self, line: Line) -> bool:
        """Whether the line reaches the right edge, so that its end says nothing."""
        return self.columns is not None and line.columns >= self.columns - max(5, self.columns // 12)


def join_lines(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the paragraphs, each as the lines it is made of."""
    layout = _layout_of(lines)
    paragraphs: list[_Paragraph] = []
    for line in lines:
        if not paragraphs or _is_break(paragraphs[-1], line, layout):
            paragraphs.append(_Paragraph())
        paragraphs[-1].take(line)
    return [paragraph.lines for paragraph in paragraphs]


def _layout_of(lines: Sequence[Line]) -> _Layout:
    """Find the right edge: a narrow band of widths that many lines reach and hardly one passes."""
    widths = Counter(line.columns for line in lines)
    columns = None
    best = 0
    for width in range(24, 141):
        band = sum(widths[w] for w in range(width - 5, width + 1))
        if band > best:
            columns, best = width, band
    beyond = sum(count for width, count in widths.items() if width > (columns or 0) + 1)
    if best < max(6, len(lines) // 4) or beyond > len(lines) // 20:
        columns = None
    indented = sum(line.indent for line in lines) * 10 > len(lines)
    return _Layout(columns=columns, indented=indented, titles=_titles_of(lines))


def _titles_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the titles that the head of the document names, so that one printed on several lines is joined."""
    head = "".join(line.content for line in lines[:60])[:3000]
    found = re.findall(r"关于印发《?([^。；：，]{4,80}?)》?的通知", head)
    named = re.findall(r"《([^《》。；]{4,80})》", head)
    return tuple(dict.fromkeys(found + named))[:MAX_TITLES]


def _is_break(paragraph: _Paragraph, line: Line, layout: _Layout) -> bool:
    """Whether a paragraph ends between what was taken so far and this line."""
    last = paragraph.lines[-1]
    goes_on = paragraph.bracket_open or bool(_GOES_ON.search(last.content) or _open_label().search(last.content))
    if _CONTINUES.match(line.content):
        return False
    if _starts_paragraph(line.content):
        return not (paragraph.bracket_open and _GOES_ON.search(last.content))
    if _stands_alone(paragraph):
        return True
    if goes_on or _title_goes_on(paragraph, line, layout):
        return False
    return _ended(paragraph, line, layout)


def _ended(paragraph: _Paragraph, line: Line, layout: _Layout) -> bool:
    """Whether the paragraph so far is complete, by its last mark, its form and the width of its last line."""
    last = paragraph.lines[-1]
    full = layout.full(last)
    if _ENDED.search(last.content) or (last.content.endswith("）") and _UNIT_BRACKET.match(paragraph.bracket)):
        opens = bool(_SOFT_OPENING.match(line.content)) or line.indent or (line.blank_before and layout.indented)
        return not full or opens or last.content.endswith("：")
    bracketed = len(paragraph.lines) == 1 and last.content.startswith("（") and last.content.endswith("）")
    if _title_ended(paragraph) or (bracketed and not paragraph.depth and not full):
        return True
    if full and not (line.indent and layout.indented):
        return False
    return not _is_unfinished(paragraph)


def _starts_paragraph(content: str) -> bool:
    """Whether a line opens a paragraph by its own words: a label, a role, a date or number of its own."""
    return bool(LABEL.match(content) or ANNEX.match(content) or _opening().match(content))


def _stands_alone(paragraph: _Paragraph) -> bool:
    """Whether the paragraph so far is a whole line of its own: number, date, annex mark, (此件公开发布)."""
    return len(paragraph.lines) == 1 and bool(_alone().fullmatch(paragraph.last))


def _title_goes_on(paragraph: _Paragraph, line: Line, layout: _Layout) -> bool:
    """Whether the line is the rest of a title printed on several lines."""
    opening = paragraph.opening
    if (
        paragraph.length > 2 * HEADING_LENGTH
        or paragraph.stops
        or LABEL.match(opening)
        or len(line.content) > HEADING_LENGTH
    ):
        return False
    joined = opening + line.content
    if any(title.startswith(joined) or joined.endswith(title) for title in layout.titles if len(title) > len(opening)):
        return True
    if _title_rest().fullmatch(line.content):
        return True
    return "关于" in opening and not _title_end().search(opening) and not _ENDED.search(opening)


def _title_ended(paragraph: _Paragraph) -> bool:
    """Whether the paragraph is the whole title of a notice, which may fill its line."""
    return (
        not paragraph.stops
        and "关于" in paragraph.opening
        and bool(_title_end().search(paragraph.opening[: paragraph.length]))
    )


def _is_unfinished(paragraph: _Paragraph) -> bool:
    """Whether the paragraph is running text whose sentence has not ended."""
    if LABEL.match(paragraph.opening) and "。" not in paragraph.opening and paragraph.length <= HEADING_LENGTH:
        return paragraph.opening.count("“") != paragraph.opening.count("”")
    if paragraph.stops:
        return True
    return paragraph.length >= PROSE_LENGTH and not _title_end().search(paragraph.last)


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(
        rf"{cue_pattern('line_labels')}：|{cue_pattern('site_labels')}[：\s]|附[件表录]\d{{0,2}}：|目[录次]$"
        rf"|（此件|（主动公开|（依申请公开|(?:{_DATE}|{_NUMBER})(?:印发)?$"
    )


@cache
def _open_label() -> re.Pattern[str]:
    return re.compile(rf"(?:^|[；，。（]){cue_pattern('line_labels')}：$")


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(
        rf"{_NUMBER}|{_DATE}(?:印发)?|{cue_pattern('site_labels')}[：\s].*|附[件表录]\S{{0,3}}：?|目[录次]"
        rf"|（此件.{{0,12}}）|（?(?:主动|依申请)公开）?|[{HAN}]{{2,25}}文件"
    )


@cache
def _title_rest() -> re.Pattern[str]:
    return re.compile(
        rf"(?:的|实施|工作|行动|试点|管理|若干|建设){{0,3}}{cue_pattern('title_tails')}(?:（[^（）]{{1,12}}）)?"
    )


@cache
def _title_end() -> re.Pattern[str]:
    return re.compile(rf"{cue_pattern('title_tails')}(?:（[^（）]{{1,12}}）)?$")
