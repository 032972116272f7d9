"""Lines of a document as they lie in the file, cleaned: spaces inside words gone, page numbers marked.

A Line keeps the runs of characters it was made of, so every character of the reading has its place in the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from posthouse.documents.characters import INVISIBLE, SPACES, unify_characters

PAGE_DISTANCE = 200
"""Fewest characters between two bare numbers on lines of their own that are taken for page numbers."""

_LINE = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_GAP = re.compile(f"[{SPACES}{INVISIBLE}]+")
_SPACE = re.compile(f"[{SPACES}]")
_MARKDOWN = re.compile(
    r"^[ \t]*#{1,6}(?=[ \t])|^[ \t]*>(?=[ \t])|^[ \t]*[-*+](?=[ \t])|\*\*|__|\\(?=[.\-*_#()\[\]+])|^[ \t]*\||\|[ \t]*$"
)
_MARKDOWN_RULE = re.compile(r"[ \t]*(?:\|?[ \t:]*-{3,}[-| \t:]*|\*{3,}|={3,})")
_PAGE_NUMBER = re.compile(
    r"[-—–―─~·•.…]{1,4} ?\d{1,4} ?[-—–―─~·•.…]{1,4}|第\d{1,4}页(?:[,，/]?共\d{1,4}页)?|（?\d{1,4}/\d{1,4}）?|Page ?\d{1,4}.{0,8}",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line with something on it.

    content : cleaned text. runs : [start, end) in the file's text of the characters that content is made of, in order;
    content is as long as all runs together. gaps : places in content where blanks were taken out. indent : whether
    the line starts with two blanks or a full-width one. blank_before : whether an empty line, a page number or a
    page break stands before it. columns : printed width, Chinese characters count 2.
    """

    content: str
    runs: tuple[tuple[int, int], ...]
    gaps: tuple[int, ...]
    indent: bool
    blank_before: bool
    columns: int


def list_lines(text: str, *, markdown: bool = False) -> list[Line]:
    """Return the lines of a text that carry something, without page numbers.

    Parameters
    ----------
    text : the whole text of the file. markdown : whether `#`, `**`, `|` are marks of layout.
    """
    unified = unify_characters(text)
    lines: list[Line] = []
    last_end = 0
    for found in _LINE.finditer(unified):
        between = unified[last_end : found.start()]
        blank = "\f" in between or between.replace("\r\n", "\n").count("\n") > 1 or len(between) > 2
        raw = found.group()
        if markdown and _MARKDOWN_RULE.fullmatch(raw):
            continue
        line = _clean_line(raw, found.start(), blank_before=blank, markdown=markdown)
        if line is not None:
            lines.append(line)
            last_end = found.end()
    return _without_page_numbers(lines)


def _clean_line(raw: str, start: int, *, blank_before: bool, markdown: bool) -> Line | None:
    """Return the cleaned line, or None if nothing is left of it."""
    removed = [found.span() for found in _MARKDOWN.finditer(raw)] if markdown else []
    if removed:
        raw = _MARKDOWN.sub(lambda found: "\x00" * len(found.group()), raw)
    if markdown:
        raw = raw.replace("|", "\t")
    parts: list[str] = []
    runs: list[tuple[int, int]] = []
    gaps: list[int] = []
    length = last = 0
    for gap in _GAP.finditer(raw):
        if gap.start() > last:
            parts.append(raw[last : gap.start()])
            runs.append((start + last, start + gap.start()))
            length += gap.start() - last
        kept = _kept_space(raw, gap.start(), gap.end())
        if kept is not None and length:
            parts.append(" ")
            runs.append((start + kept, start + kept + 1))
            length += 1
        elif length:
            gaps.append(length)
        last = gap.end()
    if last < len(raw):
        parts.append(raw[last:])
        runs.append((start + last, start + len(raw)))
    content = "".join(parts)
    if not content:
        return None
    stripped = raw.rstrip()
    columns = (len(stripped) + len(stripped.encode("utf-8", "surrogatepass"))) // 2
    return Line(
        content=content,
        runs=tuple(runs),
        gaps=tuple(gaps),
        indent=raw[:1] == "\u3000" or raw[:2] in {"  ", "\u00a0\u00a0"},
        blank_before=blank_before,
        columns=columns,
    )


def _kept_space(raw: str, start: int, end: int) -> int | None:
    """Return the place of the one blank to keep: between two Latin words or numbers, or where a table has a tab."""
    if start == 0 or end == len(raw):
        return None
    tab = raw.find("\t", start, end)
    if tab >= 0:
        return tab
    left, right = raw[start - 1], raw[end]
    if left.isascii() and left.isalnum() and right.isascii() and right.isalnum():
        space = _SPACE.search(raw, start, end)
        return space.start() if space else None
    return None


def _without_page_numbers(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without page numbers; the line after one counts as having a blank before it."""
    bare = _bare_page_numbers(lines)
    kept: list[Line] = []
    blank = False
    for i, line in enumerate(lines):
        if i in bare or _PAGE_NUMBER.fullmatch(line.content):
            blank = True
            continue
        if blank and not line.blank_before:
            line = Line(
                content=line.content,
                runs=line.runs,
                gaps=line.gaps,
                indent=line.indent,
                blank_before=True,
                columns=line.columns,
            )
        kept.append(line)
        blank = False
    return kept


def _bare_page_numbers(lines: Sequence[Line]) -> set[int]:
    """Return the lines that hold only a number and count pages: each one more than the last, a page of text apart.

    Numbers in table cells stand close together and stay.
    """
    pages: set[int] = set()
    previous: tuple[int, int, int] | None = None
    passed = 0
    for i, line in enumerate(lines):
        if not _BARE_NUMBER.fullmatch(line.content):
            passed += len(line.content)
            continue
        number = int(line.content)
        if previous and number == previous[1] + 1 and passed - previous[2] >= PAGE_DISTANCE:
            pages |= {previous[0], i}
        previous = (i, number, passed)
    return pages
