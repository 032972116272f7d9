"""What a printed page carries besides its text: page numbers, and heads and feet that are the same on every page."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from posthouse.documents.lines import Line

PAGE_DISTANCE = 200
"""Fewest characters between two bare numbers on lines of their own that are taken for page numbers."""

EDGE_LINES = 4
"""Lines at the top and at the bottom of a page among which running heads and feet are looked for."""

RUNNING_SHARE = 0.6
"""A line at the edge of at least this share of the pages, and of two, is a running head or foot."""

_PAGE_NUMBER = re.compile(
    r"[-—–―─~·•.…]{1,4} ?\d{1,4} ?[-—–―─~·•.…]{1,4}|第\d{1,4}页(?:[,，/]?共\d{1,4}页)?"
    r"|（?\d{1,4}/\d{1,4}）?|Page ?\d{1,4}(?: ?of ?\d{1,4})?",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,4}")


def strip_furniture(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without page numbers and running heads; a line behind one counts as having a blank before it."""
    bare = _bare_page_numbers(lines)
    running = _running_lines(lines)
    kept: list[Line] = []
    blank = False
    for i, line in enumerate(lines):
        if i in bare or i in running or _PAGE_NUMBER.fullmatch(line.content):
            blank = True
            continue
        kept.append(replace(line, blank_before=True) if blank and not line.blank_before else line)
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
        at_end = i == len(lines) - 1 and previous is not None and previous[0] in pages
        if previous and number == previous[1] + 1 and (passed - previous[2] >= PAGE_DISTANCE or at_end):
            pages |= {previous[0], i}
        previous = (i, number, passed)
    return pages


def _running_lines(lines: Sequence[Line]) -> set[int]:
    """Return the lines that stand with the same words at the edge of most pages of a file with page breaks."""
    pages: dict[int, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        pages[line.page].append(i)
    if len(pages) < 2:
        return set()
    places: dict[str, set[int]] = defaultdict(set)
    for page in pages.values():
        for content in {lines[i].content for i in {*page[:EDGE_LINES], *page[-EDGE_LINES:]}}:
            places[content].add(page[0])
    repeated = {content for content, found in places.items() if len(found) >= max(2, RUNNING_SHARE * len(pages))}
    return {
        i for page in pages.values() for i in {*page[:EDGE_LINES], *page[-EDGE_LINES:]} if lines[i].content in repeated
    }
