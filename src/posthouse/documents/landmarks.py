"""Where lines must have ended in a text without breaks: parts of a document that have a wording of their own.

Number, title of the notice, addressees, signature and date, title of the plan, first day of force, annex marks and
titles, roles and entries of lists of members.
"""

import re
from collections.abc import Iterator
from functools import cache

from posthouse.documents.characters import HAN
from posthouse.documents.cues import cue_pattern

HEAD_LENGTH = 1200
"""Characters in which number, title and addressees stand."""

_DATE = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"


def list_landmarks(content: str) -> Iterator[int]:
    """Yield the places of a reading before which a paragraph break belongs by the wording alone, in no order."""
    yield from _head_breaks(content)
    yield from _closing_breaks(content)
    yield from _annex_breaks(content)
    for found in _roles().finditer(content):
        yield found.start()
    yield from _member_breaks(content)


def _head_breaks(content: str) -> Iterator[int]:
    head = content[:HEAD_LENGTH]
    number = re.search(rf"(?:^|文件|\n)[{HAN}]{{2,15}}?(?P<number>〔\d{{4}}〕第?\d{{1,5}}号)", head)
    start = 0
    if number:
        red = number.group().find("文件")
        if red >= 0:
            yield number.start() + red + 2
        yield number.end()
        start = number.end()
    notice = re.compile(r"关于印发《?(?P<title>.{4,120}?)》?的通知").search(head, start)
    if not notice:
        return
    yield notice.end()
    addressees = re.compile(r"[^：。]{2,200}：").match(head, notice.end())
    if addressees:
        yield addressees.end()
    signed = re.compile(
        rf"。(?P<office>[{HAN}（）]{{2,30}}?{cue_pattern('office_tails')})(?={_DATE})(?P<date>{_DATE})(?P<mark>（[^（）]{{2,15}}）)?"
    ).search(content, notice.end(), HEAD_LENGTH * 2)
    if signed:
        yield from (signed.start("office"), signed.end("office"), signed.end("date"), signed.end())
        title = notice["title"].strip("《》")
        if content.startswith(title, signed.end()):
            yield signed.end() + len(title)


def _closing_breaks(content: str) -> Iterator[int]:
    for found in re.finditer(r"(?<=。)本[^。，]{2,6}自[^。]{2,60}(?:施行|实施|执行|生效)[^。]{0,60}。", content):
        yield from found.span()
    for found in re.finditer(rf"(?<=[。）])(?P<office>[{HAN}]{{2,30}})(?P<date>{_DATE}印发)", content):
        yield from (found.start("office"), found.start("date"), found.end())


def _annex_breaks(content: str) -> Iterator[int]:
    """Yield the breaks around 附件：title in the closing matter, and around the mark and title of each annex."""
    named = re.compile(r"(?<=[。）])附件：(?P<titles>.{2,400}?)(?=附件)").search(content)
    if not named:
        return
    yield named.start()
    titles = [title for title in re.split(r"\d{1,2}[.、]", named["titles"]) if title]
    place = named.end()
    for title in titles:
        mark = re.compile(rf"附件\d{{0,2}}[：:]?(?={re.escape(title)})").search(content, place)
        if not mark:
            continue
        yield from (mark.start(), mark.end(), mark.end() + len(title))
        place = mark.end()


def _member_breaks(content: str) -> Iterator[int]:
    """Yield the breaks between the entries 姓名（单位） of a list of members, and behind the last."""
    count = end = 0
    for found in _MEMBER.finditer(content):
        if count and found.start() == end:
            yield end
            count += 1
        else:
            if count > 1:
                yield end
            count = 1
        end = found.end()
    if count > 1:
        yield end


_MEMBER = re.compile(rf"(?<=[：）])[{HAN}·]{{2,4}}（[^（）。，；：]{{2,30}}）")


@cache
def _roles() -> re.Pattern[str]:
    return re.compile(rf"(?<![{{（、]){cue_pattern('role_labels')}：")
