"""Numbered tasks and who is responsible: 责任单位, ▲, 牵头单位/配合单位, （…负责）, …牵头.

Where nothing marks the lead, the first unit listed is the lead, as the usual rule of these documents says
(列第一位者为牵头单位).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from posthouse.documents.model import Document
from posthouse.programme.model import Task
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.sections import Sections
from posthouse.programme.units import UnitMention, looks_like_unit, split_units
from posthouse.vocabulary.sources import Source

_BRACKET = re.compile(r"（((?:[^（）\n]|（[^（）\n]*）){4,400})）")
_PREAMBLE = re.compile("总体要求|总体思路|总体考虑|附则|有关说明|名词解释")
_MEMBER_LIST = re.compile("(?:^|\n)(?:[^\n，。]{0,6})?(?:组长|副组长|成员|召集人|主任)：")
_PROSE_LEAD = re.compile(r"(?:^|[，。；\n由])(?P<units>[^，。；\n（）由]{2,60})(?:负责)?牵头(?=[，。；负组落会实])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """The units named in one place and their role: `lead`, `support` or `responsible`; span in the reading."""

    start: int
    end: int
    role: str
    units: tuple[UnitMention, ...]


def extract_tasks(document: Document, sections: Sections) -> tuple[Task, ...]:
    """Return the tasks in document order: every lowest provision of tasks and safeguards, and all that name units."""
    tasks: list[Task] = []
    number = {"task": 0}
    for section in sections:
        charges = list(find_charges(document.reading, section.start, section.end))
        provision = section.provision
        leaf = provision is not None and not provision.children
        text = document.reading[section.start : section.end]
        if not charges and (section.part in {"aims", "background"} or _PREAMBLE.search("".join(section.titles))):
            continue
        if not charges and not (leaf and section.path and section.part in {"tasks", "safeguards", "other"}):
            continue
        if not charges and _MEMBER_LIST.search(text):
            continue
        lead, support = _roles(charges)
        number["task"] += 1
        body_start = provision.body_start if provision else section.start
        title = (
            provision.title
            if provision and provision.title
            else _first_clause(document.reading[section.text_start : section.end])
        )
        tasks.append(
            Task(
                id=f"T{number['task']:03d}",
                path=section.path,
                title=title,
                text=document.reading[max(body_start, section.start) : section.end].strip(),
                source=Source(
                    document=document.number or document.title or document.name,
                    clause=section.path,
                    span=document.span(section.start, max(section.end, section.start + 1)),
                ),
                lead_units=_names(document, lead),
                support_units=_names(document, [u for u in support if u.name not in {v.name for v in lead}]),
            )
        )
    return tuple(tasks)


def find_charges(reading: str, start: int, end: int) -> Iterator[Charge]:
    """Yield the places of [start, end) that name responsible units."""
    found_any = False
    covered = start
    for found in _role_word().finditer(reading, start, end):
        stop = _end_of_list(reading, found.end(), end)
        role = _role_of(found["role"])
        if role != "other":
            units = tuple(split_units(reading, found.end(), stop))
            if units:
                found_any = True
                covered = max(covered, stop)
                yield Charge(start=found.start(), end=stop, role=role, units=units)
    for found in _BRACKET.finditer(reading, start, end):
        if _role_word().search(found.group()):
            continue
        charges = _bracket_charges(reading, found.start(1), found.end(1))
        found_any = found_any or bool(charges)
        yield from charges
    if not found_any:
        for found in _PROSE_LEAD.finditer(reading, start, end):
            units = tuple(
                u for u in split_units(reading, found.start("units"), found.end("units")) if looks_like_unit(u.name)
            )
            if units and len(units) == 1 + reading[found.start("units") : found.end("units")].count("、"):
                yield Charge(start=found.start("units"), end=found.end(), role="lead", units=units)


def _end_of_list(reading: str, place: int, end: int) -> int:
    """Return where the list behind a role word ends: its bracket, the next role word, a full stop or the line."""
    depth = 0
    following = _role_word().search(reading, place, end)
    limit = following.start() if following else end
    for i in range(place, min(limit, place + 1500)):
        character = reading[i]
        if character in "（(‹<〈[":
            depth += 1
        elif character in "）)›>〉]":
            if depth == 0:
                return i
            depth -= 1
        elif character in "。\n" and depth == 0:
            return i
    return min(limit, place + 1500)


def _bracket_charges(reading: str, start: int, end: int) -> list[Charge]:
    """Return the charges of a bracket without role words: （市商务局牵头，市财政局配合）, （市民政局负责）."""
    text = reading[start:end]
    closing = _charge_end().search(text)
    if closing is None and not _has_lead_verb(text):
        return []
    charges: list[Charge] = []
    place = start
    pending: list[UnitMention] = []
    for piece in re.finditer(r"(?:[^，,；;（）]|（[^（）]*）)+", text):
        piece_start, piece_end = start + piece.start(), start + piece.end()
        verb = _verb_at_end().search(piece.group())
        units = [u for u in split_units(reading, piece_start, piece_end) if looks_like_unit(u.name)]
        pending += units
        if verb and pending:
            role = "lead" if verb["lead"] else "support" if verb["support"] else "responsible"
            charges.append(Charge(start=place, end=piece_end, role=role, units=tuple(pending)))
            pending, place = [], piece_end
    if pending and charges:
        charges.append(Charge(start=place, end=end, role="support", units=tuple(pending)))
    return charges


def _has_lead_verb(text: str) -> bool:
    return re.search(alternatives(load_phrasing("organisations")["verbs"]["lead"]), text) is not None


def _roles(charges: list[Charge]) -> tuple[list[UnitMention], list[UnitMention]]:
    """Return lead and supporting units of a task without repetition."""
    lead: list[UnitMention] = []
    support: list[UnitMention] = []
    has_lead = any(charge.role == "lead" for charge in charges)
    for charge in charges:
        if charge.role == "lead":
            lead += charge.units
        elif charge.role == "support":
            support += charge.units
        else:
            marked = [unit for unit in charge.units if unit.marked]
            first = marked or ([] if has_lead or lead else list(charge.units[:1]))
            lead += first
            support += [unit for unit in charge.units if unit not in first]
    return _unique(lead), _unique(support)


def _unique(units: list[UnitMention]) -> list[UnitMention]:
    unique: dict[str, UnitMention] = {}
    for unit in units:
        unique.setdefault(unit.name, unit)
    return list(unique.values())


def _names(document: Document, units: list[UnitMention]) -> tuple[str, ...]:
    """Return the names as the document writes them; a completed name keeps its added prefix."""
    names = []
    for unit in units:
        written = "".join(document.text[document.offsets[i]] for i in range(unit.start, unit.end))
        written = re.sub(r"\s", "", written)
        added = unit.name[: len(unit.name) - (unit.end - unit.start)] if unit.completed else ""
        names.append(added + written)
    return tuple(names)


def _first_clause(text: str) -> str:
    plain = re.sub(r"^\s*(?:（[一二三四五六七八九十\d]+）|[一二三四五六七八九十\d]+[、.．])", "", text)
    return re.split("[。；，：\n]", plain.strip(), maxsplit=1)[0][:40]


def _role_of(word: str) -> str:
    roles = load_phrasing("organisations")["roles"]
    return next((role for role in ("lead", "responsible", "support") if word in roles[role]), "other")


@cache
def _role_word() -> re.Pattern[str]:
    roles = load_phrasing("organisations")["roles"]
    words = alternatives([word for group in roles.values() for word in group])
    return re.compile(rf"(?P<role>{words})[：:]")


@cache
def _charge_end() -> re.Pattern[str]:
    verbs = load_phrasing("organisations")["verbs"]
    return re.compile(alternatives([*verbs["charged"], *verbs["support"], *verbs["lead"]]) + "$")


@cache
def _verb_at_end() -> re.Pattern[str]:
    verbs = load_phrasing("organisations")["verbs"]
    return re.compile(
        f"(?:(?P<lead>{alternatives(verbs['lead'])})|(?P<support>{alternatives(verbs['support'])})"
        f"|(?P<charged>{alternatives(verbs['charged'])}))$"
    )
