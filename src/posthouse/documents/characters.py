"""Characters of one width and one shape: what each character of a document is read as, one for one.

Every mapping here keeps the length, so places never shift. Removing characters (spaces that OCR put between
words, invisible marks) is the business of `lines`.
"""

import re
import unicodedata
from functools import cache

SPACES = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Blank characters, as the inside of a regular expression's class; only `lines` decides which of them stay."""

INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffc"
)
"""Characters without a picture: controls, zero-width marks, soft hyphens, byte order marks inside a file."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff〇\U00020000-\U0003ffff"
"""Chinese characters, as the inside of a regular expression's class."""

_RADICALS = (
    "⺁厂⺄乙⺆冂⺇几⺈刀⺋卩⺌小⺍小⺎兀⺐尢⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爪⺥爪⺦丬⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糸⺰纟"
    "⺱网⺲罒⺳网⺴网⺵网⺶羊⺷羊⺸羊⺹老⺺聿⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃西⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝"
    "⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
)
"""Characters of the block CJK Radicals Supplement, each before the ideograph of the same shape. Unicode declares no
equivalence for them, but browsers write them into pdf files for 民, 长, 见."""

_AFTER = f"(?<=[{HAN}”’）》%])"
_BEFORE = f"(?=[{HAN}“‘（《])"
_HALF_MARKS = re.compile(rf"{_AFTER}[,;:?!](?!\d)|[,;:?!]{_BEFORE}")
_FULL_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_NUMBER_BRACKETS = re.compile(rf"(?<=[{HAN}])[（〔]((?:19|20)\d\d)[）〕](?=第?\d{{1,5}}号)")
_SHELL_BRACKETS = re.compile(r"〔(?!\d{4}〕)([^〔〕]{0,80})〕")
_ANGLES = re.compile(r"[<＜〈‹]([^<＜〈‹>＞〉›]{1,30})[>＞〉›]")


def unify_characters(text: str) -> str:
    """Return the text with full-width digits and letters made half-width and brackets of one kind.

    ( [ 【 become （; Kangxi radicals and compatibility ideographs, as PDF files hold them, the plain ideographs.

    >>> unify_characters("(１２％)[Ａ]")
    '（12%）（A）'
    """
    pattern, table = _mapping()
    return pattern.sub(lambda found: table[found.group()], text)


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
def _mapping() -> tuple[re.Pattern[str], dict[str, str]]:
    """The mapping of single characters and the pattern of those it changes, made once when first asked for."""
    table = {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[chr(code)] = plain
    table.update(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
    table.update(zip("([【]】)％＋－．｡､﹑︰", "（（（）））%+-.。、、：", strict=True))
    return re.compile(f"[{re.escape(''.join(table))}]"), table
