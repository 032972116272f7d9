"""Head and closing data of a document: issuer, number, titles, addressees, dates, the documents it cites.

Where they stand is laid down in GB/T 9704-2012, chapter 7; a plan published without its notice has only a part.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from posthouse.documents.characters import HAN
from posthouse.documents.cues import cue_pattern
from posthouse.documents.model import Parent
from posthouse.documents.numerals import parse_numeral

HEAD_LENGTH = 3000
"""Characters from the start in which number, titles and addressees are looked for."""

TAIL_LENGTH = 1500
"""Characters before the end in which the closing dates are looked for."""

_YEAR = r"(?P<year>(?:19|20)\d\d|[〇○零一二三四五六七八九]{4})年"
_DAY = r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日"
_DECLARED_DATE = re.compile(
    r"(?:成文日期|发文日期|印发日期)[： ]?(?P<year>\d{4})[年\-/.](?P<month>\d{1,2})[月\-/.](?P<day>\d{1,2})日?"
)
_DECLARED_NUMBER = re.compile(rf"(?:发文字号|文号|文件编号)[： ]?(?P<number>[{HAN}]{{2,15}}〔\d{{4}}〕第?\d{{1,5}}号)")
_PRINTED = re.compile(rf"{_YEAR}{_DAY}印发")
_EFFECTIVE_ON = re.compile(rf"(?:自|从|于){_YEAR}{_DAY}(?:起|开始|正式)?(?:正式)?(?:施行|实施|执行|生效)")
_EFFECTIVE_AFTER = re.compile(
    r"(?:自|从)(?:发布|公布|印发|下发|发文|颁布|签发|成文)之日起"
    r"(?:(?P<days>\d{1,3}|[一二三四五六七八九十]{1,3})(?P<unit>日|天|个月)后)?(?:正式)?(?:施行|实施|执行|生效)"
)
_FIRST_LABEL = re.compile(r"^(?:第[一二三四五六七八九十\d]{1,3}[编章节条]|一、|（一）|1[.、](?!\d))", re.MULTILINE)
_NUMBER = re.compile(rf"(?<![《（{HAN}])(?P<number>[{HAN}]{{2,15}}〔\d{{4}}〕第?\d{{1,5}}号)$", re.MULTILINE)
_CITED = re.compile(
    rf"《(?P<title>[^《》\n]{{2,120}}(?:《[^《》\n]{{2,120}}》[^《》\n]{{0,40}})?)》(?:（(?P<number>[{HAN}]{{2,15}}〔\d{{4}}〕第?\d{{1,5}}号)）)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What head and closing of one document say; empty or None where they say nothing."""

    issuer: str
    number: str
    title: str
    notice_title: str
    addressees: tuple[str, ...]
    issued_on: date | None
    printed_on: date | None
    effective_on: date | None
    parents: tuple[Parent, ...]


def find_titles(content: str) -> tuple[str, str]:
    """Return the title of the plan and the title of the notice that carries it; each empty where there is none."""
    head = content[:HEAD_LENGTH]
    first = _FIRST_LABEL.search(head)
    head = head[: first.start()] if first else head
    notice_title = _notice_title(head)
    return _title(head, notice_title), notice_title


def read_head(content: str, body_start: int) -> Head:
    """Return the head data of one document.

    Parameters
    ----------
    content : the reading of this document alone. body_start : where its first provision starts, or its length.
    """
    title, notice_title = find_titles(content)
    head = content[: min(body_start, HEAD_LENGTH)]
    issued_on = (
        _first_date(_signed(), head)
        or _first_date(_DECLARED_DATE, head)
        or _last_date(_signed(), content[-TAIL_LENGTH:])
    )
    number = _NUMBER.search(head) or _DECLARED_NUMBER.search(head)
    return Head(
        issuer=_issuer(content, head, notice_title),
        number=number["number"] if number else "",
        title=title,
        notice_title=notice_title,
        addressees=_addressees(head, notice_title),
        issued_on=issued_on,
        printed_on=_last_date(_PRINTED, content[-TAIL_LENGTH:]),
        effective_on=_effective_on(content, issued_on),
        parents=_parents(content, title, notice_title),
    )


def _notice_title(head: str) -> str:
    """Return the title of the notice that carries the plan: a line with 关于 that ends in 通知 or the like."""
    found = re.search(
        rf"^(?![《（])[^\n。；：]{{0,60}}关于[^\n。；]{{2,120}}?{cue_pattern('title_tails')}(?:（[^（）\n]{{1,12}}）)?$",
        head,
        re.MULTILINE,
    )
    return found.group() if found else ""


def _title(head: str, notice_title: str) -> str:
    """Return the title of the plan itself: what the notice sends out, or the first line that is a title."""
    issued = re.search(r"印发(?:<|《)?(.+?)》?的通知", notice_title)
    if issued:
        return issued[1]
    found = re.search(rf"^(?![《（])[^\n。：；]{{4,80}}{_title_tail()}$", head, re.MULTILINE)
    if found:
        return found.group()
    return notice_title


@cache
def _title_tail() -> str:
    return rf"{cue_pattern('title_tails')}(?:（[^（）\n]{{1,12}}）)?"


def _issuer(content: str, head: str, notice_title: str) -> str:
    """Return who issued the document: the red head, else the notice's title, else the signature before the date."""
    red = re.search(rf"^([{HAN}（）]{{3,40}})文件$", head, re.MULTILINE)
    if red:
        return red[1]
    if "关于" in notice_title[1:]:
        return notice_title[: notice_title.index("关于")].strip()
    declared = _declared_issuer().search(head)
    if declared:
        return declared[1]
    signed = _signed().search(head) or _signed().search(content, max(0, len(content) - TAIL_LENGTH))
    return (signed["office"] or "") if signed else ""


def _addressees(head: str, notice_title: str) -> tuple[str, ...]:
    """Return to whom the notice goes: the line behind its title that ends with a colon."""
    start = head.find(notice_title) + len(notice_title) if notice_title else 0
    found = re.search(r"^([^\n：；。]{3,300})：$", head[start:], re.MULTILINE)
    return tuple(part for part in _outside_brackets(found[1]) if part) if found else ()


def _outside_brackets(text: str) -> list[str]:
    """Return the text cut at the commas that stand outside brackets."""
    parts = [""]
    depth = 0
    for character in text:
        depth += (character == "（") - (character == "）")
        if character == "，" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _effective_on(content: str, issued_on: date | None) -> date | None:
    """Return the first day of force: a date, or so many days after the issue."""
    dated = _last_date(_EFFECTIVE_ON, content)
    if dated:
        return dated
    found = _EFFECTIVE_AFTER.search(content)
    if not found or issued_on is None:
        return None
    if not found["days"]:
        return issued_on
    count = parse_numeral(found["days"]) or 0
    return issued_on + timedelta(days=count * (30 if found["unit"] == "个月" else 1))


def _parents(content: str, title: str, notice_title: str) -> tuple[Parent, ...]:
    """Return the documents cited with a number, or as a basis; each once, in order."""
    before = re.compile(rf"{cue_pattern('basis_before')}$")
    after = re.compile(cue_pattern("basis_after"))
    parents: dict[str, Parent] = {}
    for found in _CITED.finditer(content):
        cited = found["title"]
        if cited in (title, notice_title) or cited in parents:
            continue
        based = before.search(content, max(0, found.start() - 8), found.start()) or after.match(content, found.end())
        if found["number"] or based:
            parents[cited] = Parent(title=cited, number=found["number"] or "")
    known = {parent.number for parent in parents.values()}
    for found in _cited_number().finditer(content):
        if found["number"] not in known:
            known.add(found["number"])
            parents[found["number"]] = Parent(title="", number=found["number"])
    return tuple(parents.values())


def _first_date(pattern: re.Pattern[str], text: str) -> date | None:
    return next((day for found in pattern.finditer(text) if (day := _date_of(found))), None)


def _last_date(pattern: re.Pattern[str], text: str) -> date | None:
    days = [day for found in pattern.finditer(text) if (day := _date_of(found))]
    return days[-1] if days else None


def _date_of(found: re.Match[str]) -> date | None:
    parts = [parse_numeral(found[name]) for name in ("year", "month", "day")]
    try:
        return date(*(part or 0 for part in parts))
    except ValueError:
        return None


@cache
def _signed() -> re.Pattern[str]:
    return re.compile(
        rf"^（?(?P<office>[^\n，。：；、（]{{2,30}}{cue_pattern('office_tails')})?\n?{_YEAR}{_DAY}）?$", re.MULTILINE
    )


@cache
def _declared_issuer() -> re.Pattern[str]:
    return re.compile(
        rf"(?:发文机关|发文单位|制发机关|发布机构)[： ]?([{HAN}]{{3,40}}?)(?=$|[^{HAN}]|{cue_pattern('site_labels')})",
        re.MULTILINE,
    )


@cache
def _cited_number() -> re.Pattern[str]:
    return re.compile(rf"{cue_pattern('basis_before')}(?P<number>[{HAN}]{{2,10}}〔\d{{4}}〕第?\d{{1,5}}号)")
