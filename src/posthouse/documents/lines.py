"""Lines of a document as they lie in the file, cleaned: spaces inside words are gone.

A Line keeps the runs of characters it was made of, so every character of the reading has its place in the text.
"""

import re
from dataclasses import dataclass

from posthouse.documents.characters import INVISIBLE, SPACES, unify_characters

_LINE = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_GAP = re.compile(f"[{SPACES}{INVISIBLE}]+")
_SPACE = re.compile(f"[{SPACES}]")
_MARKDOWN = re.compile(
    r"^[ \t]*#{1,6}(?=[ \t])|^[ \t]*>(?=[ \t])|^[ \t]*[-*+](?=[ \t])|\*\*|__|\\(?=[.\-*_#()\[\]+])|^[ \t]*\||\|[ \t]*$"
)
_MARKDOWN_RULE = re.compile(r"[ \t]*(?:\|?[ \t:]*---[-| \t:]*|\*{3,}|={3,})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line with something on it.

    content : cleaned text. runs : [start, end) in the file's text of the characters that content is made of, in order;
    content is as long as all runs together. gaps : places in content where blanks were taken out. indent : whether
    the line starts with two blanks or a full-width one. blank_before : whether an empty line, a page number or a
    page break stands before it. page : number of page breaks (form feeds) before it. columns : printed width,
    Chinese characters count 2.
    """

    content: str
    runs: tuple[tuple[int, int], ...]
    gaps: tuple[int, ...]
    indent: bool
    blank_before: bool
    page: int
    columns: int


def list_lines(text: str, *, markdown: bool = False) -> list[Line]:
    """Return the lines of a text that carry something.

    Parameters
    ----------
    text : the whole text of the file. markdown : whether `#`, `**`, `|` are marks of layout.
    """
    unified = unify_characters(text)
    lines: list[Line] = []
    page = last_end = 0
    blank = False
    for found in _LINE.finditer(unified):
        between = unified[last_end : found.start()]
        last_end = found.end()
        page += between.count("\f")
        blank |= len(between.replace("\r\n", "\n")) > 1
        raw = found.group()
        if markdown and _MARKDOWN_RULE.fullmatch(raw):
            continue
        line = _clean_line(raw, found.start(), blank_before=blank, page=page, markdown=markdown)
        if line is None:
            blank = True
        else:
            lines.append(line)
            blank = False
    return lines


def _clean_line(raw: str, start: int, *, blank_before: bool, page: int, markdown: bool) -> Line | None:
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
        page=page,
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
