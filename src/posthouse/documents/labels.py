"""Labels of numbered provisions: 第一章, 一、, （一）, 1., （1）, ①, 附件; their rank, number and form in a path."""

import re
from dataclasses import dataclass
from enum import IntEnum

from posthouse.documents.characters import HAN
from posthouse.documents.numerals import parse_numeral, write_numeral

_NUMERAL = "[一二三四五六七八九十百零〇]{1,5}"
_DIVISION = rf"第(?:{_NUMERAL}|\d{{1,3}})(?:[编篇章节条]|部分)"

LABEL = re.compile(
    r"(?=[第一二三四五六七八九十百零〇（\d㈠-㈩⒈-⒛⑴-⒇①-⑳])(?:"
    rf"(?P<division>{_DIVISION})(?![款项第的和、，至])"
    rf"|(?P<section>{_NUMERAL})(?:、(?![一二三四五六七八九十]、)|\.(?=[{HAN}]))"
    rf"|（(?P<item>{_NUMERAL})）[、.]?"
    rf"|(?P<item1>[㈠-㈩])"
    rf"|(?<![\d.A-Za-z〔第])(?P<point>\d{{1,2}})[.、](?![\d.])"
    rf"|(?P<point1>[⒈-⒛])"
    rf"|（(?P<subpoint>\d{{1,2}})）[、.]?"
    rf"|(?P<subpoint1>[⑴-⒇])"
    r"|(?<![\d.A-Za-z〔（第])(?P<bracket>\d{1,2})）(?!\d)"
    r"|(?P<circle>[①-⑳]))"
)
"""Every text that may be a label; whether it is one depends on where it stands. The look ahead is for speed."""

ANNEX = re.compile(r"附[件表](?:\d{1,2}|[一二三四五六七八九十]{1,2})?[：.、]?(?=\n|$)")
"""The line that opens an annex."""


class Rank(IntEnum):
    """Order of the kinds of labels, the outermost first (GB/T 9704-2012, 7.3.3: 一、（一）1. （1）)."""

    ANNEX = 0
    PART = 1
    CHAPTER = 2
    DIVISION = 3
    ARTICLE = 4
    SECTION = 5
    ITEM = 6
    POINT = 7
    SUBPOINT = 8
    BRACKET = 9
    CIRCLE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label found in a text. name : its part of a path. start, end : where it stands, without what follows."""

    rank: Rank
    number: int
    name: str
    start: int
    end: int


_DIVISION_RANKS = {
    "编": Rank.PART,
    "篇": Rank.PART,
    "分": Rank.PART,
    "章": Rank.CHAPTER,
    "节": Rank.DIVISION,
    "条": Rank.ARTICLE,
}
_RANKS = {
    "section": Rank.SECTION,
    "item": Rank.ITEM,
    "item1": Rank.ITEM,
    "point": Rank.POINT,
    "point1": Rank.POINT,
    "subpoint": Rank.SUBPOINT,
    "subpoint1": Rank.SUBPOINT,
    "bracket": Rank.BRACKET,
    "circle": Rank.CIRCLE,
}
_NAMES = {Rank.BRACKET: "{word}）", Rank.ITEM: "（{counted}）", Rank.POINT: "{number}", Rank.SUBPOINT: "（{number}）"}


def label_of(found: re.Match[str]) -> Label | None:
    """Return the label that a match of `LABEL` is, or None if its numeral is not a number."""
    group = found.lastgroup or ""
    word = found.group(group)
    if group == "division":
        rank = _DIVISION_RANKS[word[-1]]
        number = parse_numeral(word[1:].rstrip("编篇章节条部分"))
        name = word
    else:
        rank = _RANKS[group]
        number = parse_numeral(word)
        name = _NAMES.get(rank, "{word}").format(word=word, number=number, counted=write_numeral(number or 0))
    if number is None:
        return None
    return Label(rank=rank, number=number, name=name, start=found.start(), end=found.end())
