"""From the text a person sees to the reading that extraction works on, with the place of every character."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posthouse.documents.characters import unify_marks
from posthouse.documents.furniture import strip_furniture
from posthouse.documents.lines import Line, list_lines
from posthouse.documents.masking import MASK, mask_phones
from posthouse.documents.paragraphs import join_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Normalised text: one paragraph a line.

    offsets : place in the file's text of each character, and one more for the end; never falling.
    gaps : places of `content`, rising, where blanks were taken out; in a text whose line breaks are lost they may
    be what is left of them.
    """

    content: str
    offsets: tuple[int, ...]
    gaps: tuple[int, ...] = ()


def normalise(text: str, *, markdown: bool = False) -> Reading:
    """Return the reading of a text: layout breaks joined, widths and brackets unified, page numbers dropped.

    >>> normalise("一、目标\\n\\n到 2035 年，集聚发\\n\\n展（全市)。").content
    '一、目标\\n到2035年，集聚发展（全市）。'
    """
    parts: list[str] = []
    offsets: list[int] = []
    gaps: list[int] = []
    for paragraph in join_lines(strip_furniture(list_lines(text, markdown=markdown))):
        if parts:
            parts.append("\n")
            offsets.append(offsets[-1] + 1)
        _append(paragraph, parts, offsets, gaps)
    content = mask_phones(unify_marks("".join(parts)))
    offsets.append(offsets[-1] + 1 if offsets else 0)
    return Reading(content=content, offsets=tuple(offsets), gaps=tuple(gaps))


def break_at(reading: Reading, places: Iterable[int]) -> Reading:
    """Return the reading with a paragraph break before each of the places, where there is none yet.

    A break that the file does not hold has the place of the character before it.
    """
    content, offsets = reading.content, reading.offsets
    cuts = [
        place
        for place in sorted(set(places))
        if 0 < place < len(content) and content[place] != "\n" and content[place - 1] != "\n"
    ]
    if not cuts:
        return reading
    parts: list[str] = []
    moved: list[int] = []
    gaps: list[int] = []
    remaining = iter(reading.gaps)
    gap = next(remaining, None)
    last = 0
    for added, cut in enumerate([*cuts, len(content)]):
        while gap is not None and gap < cut:
            gaps.append(gap + added)
            gap = next(remaining, None)
        parts.append(content[last:cut])
        moved.extend(offsets[last:cut])
        moved.append(offsets[cut - 1])
        last = cut
    moved[-1] = offsets[-1]
    return Reading(content="\n".join(parts), offsets=tuple(moved), gaps=tuple(gaps))


def _append(paragraph: Sequence[Line], parts: list[str], offsets: list[int], gaps: list[int]) -> None:
    """Add the lines of one paragraph; two Latin words or numbers of different lines keep a blank between them."""
    previous = ""
    for line in paragraph:
        if previous and _needs_blank(previous, line.content):
            parts.append(" ")
            offsets.append(offsets[-1] + 1)
        gaps.extend(len(offsets) + gap for gap in line.gaps)
        parts.append(line.content)
        for start, end in line.runs:
            offsets.extend(range(start, end))
        previous = line.content


def _needs_blank(left: str, right: str) -> bool:
    latin = left[-1].isascii() and left[-1].isalpha() and right[0].isascii() and right[0].isalpha()
    return latin and not left[-1] == right[0] == MASK


def cut_reading(reading: Reading, start: int, end: int) -> Reading:
    """Return the stretch [start, end) of a reading as a reading of its own, without breaks at its ends."""
    content = reading.content[start:end].rstrip("\n")
    end = start + len(content)
    gaps = reading.gaps[bisect_left(reading.gaps, start) : bisect_left(reading.gaps, end)]
    return Reading(
        content=content,
        offsets=reading.offsets[start : end + 1],
        gaps=tuple(gap - start for gap in gaps),
    )
