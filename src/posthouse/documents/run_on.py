"""Texts whose line breaks are lost: where the breaks were, told from wording and numbering alone.

A copy out of a web page or a chat puts a whole plan on one line, with a blank for each break or with nothing.
Three passes put breaks back: the fixed parts (number, title, addressees, signature, annex marks, roles), the
headings that count on, and the ends of headings. A reading that is no run-on text is returned as it is.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice

from posthouse.documents.characters import HAN
from posthouse.documents.cues import cue_pattern
from posthouse.documents.headings import Heading, find_headings
from posthouse.documents.labels import LABEL, Rank
from posthouse.documents.landmarks import list_landmarks
from posthouse.documents.parts import list_parts
from posthouse.documents.reading import Reading, break_at
from posthouse.documents.tree import TITLE_LENGTH

RUN_ON_LENGTH = 500
"""Shortest paragraph in characters that may be a text without breaks."""

RUN_ON_LABELS = 3
"""Fewest labels 一、 or （一） inside one paragraph that say its breaks are lost."""

VERB_TITLE_LENGTH = 6
"""Length of headings such as 加强组织领导: a verb and four characters."""

SURE_TITLE_LENGTH = 30
"""A first sentence of no more characters is a title that ends with its 。, whatever words it holds."""


_HEADING_GROUPS = ("section", "item", "division")


def restore_breaks(reading: Reading) -> Reading:
    """Return the reading with the paragraph breaks that its file has lost."""
    stretches = [
        (reading.offsets[start], reading.offsets[end - 1]) for start, end in list_run_on_paragraphs(reading.content)
    ]
    if not stretches:
        return reading
    reading = break_at(reading, chain(list_landmarks(reading.content), _sentence_gaps(reading)))
    content, gaps = reading.content, frozenset(reading.gaps)
    places: list[int] = []
    for part in list_parts(content, 0, len(content)):
        headings = find_headings(content, part.body_start, part.end, run_on=True, gaps=gaps)
        ends = [heading.label.start for heading in headings[1:]] + [part.end]
        for heading, end in zip(headings, ends, strict=False):
            places.append(heading.label.start)
            place = reading.offsets[heading.label.start]
            stretch = bisect_right(stretches, (place, sys.maxsize)) - 1
            if stretch >= 0 and place <= stretches[stretch][1]:
                places += _title_end(content, heading, end, gaps)
    return break_at(reading, places)


def list_run_on_paragraphs(content: str) -> list[tuple[int, int]]:
    """Return [start, end) of the paragraphs that hold several headings, so that their breaks must be lost."""
    found: list[tuple[int, int]] = []
    start = 0
    for paragraph in content.split("\n"):
        if len(paragraph) >= RUN_ON_LENGTH:
            inside = (
                label for label in LABEL.finditer(paragraph) if label.lastgroup in _HEADING_GROUPS and label.start()
            )
            if sum(1 for _ in islice(inside, RUN_ON_LABELS)) == RUN_ON_LABELS:
                found.append((start, start + len(paragraph)))
        start += len(paragraph) + 1
    return found


def _sentence_gaps(reading: Reading) -> Iterator[int]:
    """Yield the blanks behind a sentence's end: OCR puts none there, so they are what is left of line breaks."""
    return (gap for gap in reading.gaps if reading.content[gap - 1] == "。")


def _title_end(content: str, heading: Heading, end: int, gaps: frozenset[int]) -> list[int]:
    """Return where a heading ends that shares its paragraph with text; nothing if a sentence mark or a break tells.

    end : where the next heading starts.
    """
    start = heading.label.end
    if heading.label.rank > Rank.ITEM:
        return []
    line_end = content.find("\n", start, end)
    own_end = end if line_end < 0 else line_end
    text = content[start : min(own_end, start + TITLE_LENGTH + 10)]
    stop = text.find("。")
    for i in range(2, min(len(text), TITLE_LENGTH if stop < 0 else stop)):
        if start + i in gaps and not text[i].isdigit() and not text[i - 1].isdigit():
            return [start + i]
    known = _known().match(text)
    if known and known.end() < len(text) and text[known.end()] != "。":
        return [start + known.end()]
    if 0 <= stop <= SURE_TITLE_LENGTH or own_end - start <= TITLE_LENGTH:
        return []
    length = _worded_title(text, ended=stop >= 0)
    return [start + length] if length else []


def _worded_title(text: str, *, ended: bool) -> int:
    """Return the length of the title that a text begins with by its wording, or 0.

    ended : whether a sentence ends soon, which may be the title's own end; then only the surest wording counts.
    """
    verb = _verb_title().match(text)
    if verb and (verb["body"] or not ended):
        quoted = None if verb["body"] else _quoted().match(text)
        return quoted.end() if quoted else VERB_TITLE_LENGTH
    quoted = None if ended else _quoted().match(text)
    return quoted.end() if quoted else 0


@cache
def _known() -> re.Pattern[str]:
    return re.compile(cue_pattern("known_headings") + r"(?![和及与、的，：）”])")


@cache
def _quoted() -> re.Pattern[str]:
    return re.compile(rf"^.{{3,40}}?”(?={cue_pattern('body_starts')})")


@cache
def _verb_title() -> re.Pattern[str]:
    return re.compile(
        rf"{cue_pattern('heading_verbs')}(?![和及与]).(?:(?![和及与的了])[{HAN}]){{3}}(?=(?P<body>{cue_pattern('body_starts')})|[{HAN}])"
    )
