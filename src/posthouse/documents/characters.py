"""Characters of one width and one shape: what each character of a document is read as, one for one.

Every mapping here keeps the length, so places never shift. Removing characters (spaces that OCR put between
words, invisible marks) is the business of `lines`.
"""

import re
import unicodedata
from functools import cache

SPACES = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Blank characters, as the inside of a regular expression's class; only `lines` decides which of them stay."""

INVISIBLE = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffc"
"""Characters without a picture: controls, zero-width marks, soft hyphens, byte order marks inside a file."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff〇\U00020000-\U0003ffff"
"""Chinese characters, as the inside of a regular expression's class."""

_AFTER = f"(?<=[{HAN}”’）》%])"
_BEFORE = f"(?=[{HAN}“‘（《])"
_HALF_MARKS = re.compile(rf"{_AFTER}[,;:?!](?!\d)|[,;:?!]{_BEFORE}")
_FULL_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_NUMBER_BRACKETS = re.compile(rf"(?<=[{HAN}])[（〔]((?:19|20)\d\d)[）〕](?=第?\d{{1,5}}号)")
_SHELL_BRACKETS = re.compile(r"〔(?!\d{4}〕)([^〔〕]*)〕")
_ANGLES = re.compile(r"[<＜〈‹]([^<＜〈‹>＞〉›]{1,30})[>＞〉›]")


def unify_characters(text: str) -> str:
    """Return the text with full-width digits and letters made half-width and brackets of one kind.

    ( [ 【 become （; Kangxi radicals and compatibility ideographs, as PDF files hold them, the plain ideographs.

    >>> unify_characters("(１２％)[Ａ]")
    '（12%）（A）'
    """
    return text.translate(_table())


def unify_marks(reading: str) -> str:
    """Return the reading with marks that depend on their neighbours unified; the length stays.

    Half-width commas beside Chinese text become full-width, 各县<市、区> becomes 各县‹市、区›, （2020）9号 becomes
    〔2020〕9号, straight quotes become “ and ” in turn.
    """
    reading = _HALF_MARKS.sub(lambda found: _FULL_MARKS[found.group()], reading)
    reading = _ANGLES.sub(r"‹\1›", reading)
    reading = _SHELL_BRACKETS.sub(r"（\1）", reading)
    reading = _NUMBER_BRACKETS.sub(r"〔\1〕", reading)
    if '"' in reading:
        reading = "\n".join(_turn_quotes(paragraph) for paragraph in reading.split("\n"))
    return reading


def _turn_quotes(paragraph: str) -> str:
    parts = paragraph.split('"')
    marks = "“”"
    return parts[0] + "".join(marks[i % 2] + part for i, part in enumerate(parts[1:]))


@cache
def _table() -> dict[int, str]:
    """The mapping of single characters, made once when first asked for."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    table.update(str.maketrans("([【]】)％＋－．｡､﹑︰", "（（（）））%+-.。、、："))
    return table
