"""What recurs: meetings, reports, inspections with their period, who and by when; the loose 定期 too."""

import re
from dataclasses import dataclass
from functools import cache

from posthouse.documents.model import Document
from posthouse.programme.model import Rhythm
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.sections import Sections
from posthouse.vocabulary.sources import Source

_DAY = r"(?:\d{1,2}日|月底|月末|季末|季度末|年底|年末|周[一二三四五六日末])(?:之前|以前|前)?"
_DUE = re.compile(
    rf"每(?:年|季度|季|月|周|半年)(?:\d{{1,2}}月)?[^，。；]{{0,4}}?{_DAY}|\d{{1,2}}月(?:\d{{1,2}}日|底)(?:之前|以前|前)"
)
_REACH = 60
"""Characters of a clause that are looked at on either side of its period."""

_CLAUSE = re.compile(f"[^，。；;\\n（）：]{{1,{_REACH}}}")

_WHO = re.compile(r"^(?P<who>[^，。；每定按]{2,24}?)(?:要|须|应|负责|应当|必须)?(?=每|定期|按月|按季)")
_AVERAGE = re.compile(r"(?:周|月|年|日)均|日[^，。；、年月工]{0,8}(?:能力|量|规模)")
_FILLER = re.compile(r"^(?:原则上|度|前|底|末|的|要|应|须|地|性地|将|组织|开展|召开|至少|不少于|\s)+")
_FILLER_BEHIND = re.compile("(?:原则上|召开|开展|举行|组织|至少)+$")
_SHORTEST_DEED = 4
"""Fewest characters that say what is done; below that the words of who belong to it: 领导小组办公室…会议."""

_COUNT = re.compile(r"(?:不少于|至少|不低于)?[一二两三四五六\d]{1,2}次(?:以上)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringClause:
    """A clause at [start, end) of the reading with a period and a deed.

    every : 月, 季度 … or 定期, which is loose. counted : whether it says how many times; then the number is read with
    the quantities. place : where the period stands.
    """

    start: int
    end: int
    every: str
    counted: bool
    loose: bool
    place: int


def find_recurring(reading: str) -> list[RecurringClause]:
    """Return the clauses that say how often a meeting, a report or an inspection is due, in order.

    >>> [(c.every, c.counted) for c in find_recurring("各镇每月底前报送进展，每季度召开一次例会。")]
    [('月', False), ('季度', True)]
    """
    found: list[RecurringClause] = []
    for mark in _period().finditer(reading):
        left = max(0, mark.start() - _REACH)
        start = max(left, max(reading.rfind(sign, left, mark.start()) for sign in "，。；;\n（：") + 1)
        clause_end = _CLAUSE.match(reading, mark.start())
        end = clause_end.end() if clause_end else mark.end()
        clause = reading[start:end]
        if not _deed().search(clause, mark.end() - start) and not _deed_before().search(clause[: mark.start() - start]):
            continue
        if found and found[-1].start == start:
            continue
        found.append(
            RecurringClause(
                start=start,
                end=end,
                every=_every(mark.group()),
                counted=_COUNT.search(clause) is not None,
                loose=_every(mark.group()) == "定期",
                place=mark.start(),
            )
        )
    return found


def period_before(lead: str) -> str:
    """Return the period that a number is counted by, from the words before it: 每周投递 gives 周, else nothing.

    >>> period_before("平均每周投递"), period_before("日分拨能力"), period_before("培育")
    ('周', '日', '')
    """
    near = lead[-14:]
    periods = [found.group() for found in _each().finditer(near)]
    if periods:
        return _every(periods[-1])
    average = _AVERAGE.search(near)
    return average.group()[0] if average else ""


def counted_units() -> list[str]:
    """Return the units by which meetings and reports are counted: 次, 场, 期 …."""
    units: list[str] = load_phrasing("kinds")["rhythm"]["counted_units"]
    return units


def extract_rhythms(document: Document, sections: Sections) -> tuple[Rhythm, ...]:
    """Return the recurring duties of the document in order."""
    reading = document.reading
    rhythms = []
    for clause in find_recurring(reading):
        section = sections.at(clause.place)
        if section.part in {"aims", "background"} or clause.place < section.text_start:
            continue
        text = reading[clause.start : clause.end]
        due = _DUE.search(text)
        who = _WHO.match(text)
        rhythms.append(
            Rhythm(
                what=describe_deed(text) or text,
                every=clause.every,
                who=who["who"] if who else "",
                due=due.group() if due else "",
                text=text,
                source=Source(
                    document=document.number or document.title or document.name,
                    clause=section.path,
                    span=document.span(clause.start, clause.end),
                ),
            )
        )
    return tuple(rhythms)


def describe_deed(text: str) -> str:
    """Return the deed of a recurring clause without who, how often and by when.

    >>> describe_deed("各镇每月月底前将工作进展报送专班")
    '工作进展报送专班'
    >>> describe_deed("领导小组办公室会议每季度召开一次"), describe_deed("专班例会每月不少于一次")
    ('领导小组办公室会议', '专班例会')
    """
    who = _WHO.match(text)
    deed = _bare(text[who.end() :] if who else text)
    return _bare((who["who"] if who else "") + deed) if len(deed) < _SHORTEST_DEED else deed


def _bare(text: str) -> str:
    """Return the text without days, periods, counts and words around them."""
    text = _COUNT.sub("", _period().sub("", _DUE.sub("", text)))
    return _FILLER_BEHIND.sub("", _FILLER.sub("", text)).strip("，、 ")


def _every(word: str) -> str:
    kinds = load_phrasing("kinds")["rhythm"]
    return "定期" if word in kinds["loose"] else kinds["every"].get(word, word.removeprefix("每").removeprefix("按"))


@cache
def _period() -> re.Pattern[str]:
    kinds = load_phrasing("kinds")["rhythm"]
    words = [*kinds["each"], *kinds["loose"]]
    return re.compile(alternatives(words))


@cache
def _each() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("kinds")["rhythm"]["each"]))


@cache
def _deed() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("kinds")["rhythm"]["deeds"]))


@cache
def _deed_before() -> re.Pattern[str]:
    return re.compile("(?:例会|会议|通报|调度|报告)[^，。；]{0,8}$")
