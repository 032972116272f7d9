"""Numbered tasks and who is responsible: 责任单位, ▲, 牵头单位/配合单位, （…负责）, …牵头.

Where nothing marks the lead, the first unit listed is the lead, as the usual rule of these documents says
(列第一位者为牵头单位).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from posthouse.documents.model import Document, Provision
from posthouse.programme.model import Task
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.sections import Section, Sections
from posthouse.programme.units import UnitMention, looks_like_unit, split_units
from posthouse.vocabulary.sources import Source

_BRACKET = re.compile(r"（((?:[^（）\n]|（[^（）\n]*）){4,400})）")
_PREAMBLE = re.compile("总体要求|总体思路|总体考虑|附则|有关说明|名词解释")
_CHARGED_NAME = re.compile("[市县区省州各]|团[市县区]|有关|相关")
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
    charged = [
        (part, list(find_charges(document.reading, part.start, part.end)))
        for section in sections
        for part in ([section] if section.provision else _paragraphs(document.reading, section))
    ]
    alone = _charged_alone(document, charged)
    entries: list[tuple[Section, Provision | None, list[Charge]]] = []
    for section, charges in charged:
        if charges or _is_task(document, section):
            entries.append((section, section.provision, charges))
        parent = alone.get(section.path) if charges else None
        if parent is not None:
            entries.append((section, parent, charges))
    return tuple(_task(document, f"T{i:03d}", *entry) for i, entry in enumerate(entries, 1))


def _paragraphs(reading: str, section: Section) -> Iterator[Section]:
    """Yield the paragraphs of a stretch outside any provision as sections of their own."""
    start = section.start
    while start < section.end:
        stop = reading.find("\n", start, section.end)
        end = section.end if stop < 0 else stop + 1
        yield replace(section, start=start, end=end)
        start = end


def _is_task(document: Document, section: Section) -> bool:
    """Whether a section without units is a task all the same: a lowest provision that is no aim and no member list."""
    provision = section.provision
    if provision is None or provision.children or not section.path or section.part in {"aims", "background"}:
        return False
    text = document.reading[section.start : section.end]
    return not _PREAMBLE.search("".join(section.titles)) and not _MEMBER_LIST.search(text)


def _charged_alone(document: Document, charged: Sequence[tuple[Section, list[Charge]]]) -> dict[str, Provision]:
    """Return the provisions whose units stand on a line behind their last item, by the path of that item.

    Such a line closes the item in the tree, but speaks for all items together: 责任单位：… under 1., 2. and 3.
    """
    owners = {section.path for section, charges in charged if charges}
    own_line = {
        section.path
        for section, charges in charged
        if charges and all(_starts_line(document.reading, charge.start) for charge in charges)
    }
    return {
        parent.children[-1].path: parent
        for parent in document.walk()
        if len(parent.children) > 1
        and parent.children[-1].path in own_line
        and not any(child.path in owners for child in parent.children[:-1])
    }


def _starts_line(reading: str, place: int) -> bool:
    """Whether a place is the first of its line, a bracket left out."""
    return reading[max(0, place - 2) : place].rstrip("（") in {"", "\n"} or reading[place - 1 : place] == "\n"


def _task(
    document: Document, number: str, section: Section, provision: Provision | None, charges: Sequence[Charge]
) -> Task:
    lead, support = assign_roles(charges)
    start = provision.start if provision else section.start
    end = provision.end if provision and provision is not section.provision else section.end
    body_start = max(provision.body_start if provision else start, min(start, section.start))
    title = provision.title if provision else ""
    return Task(
        id=number,
        path=provision.path if provision else section.path,
        title=title or _first_clause(document.reading[body_start:end]),
        text=document.reading[body_start:end].strip(),
        source=Source(
            document=document.number or document.title or document.name,
            clause=provision.path if provision else section.path,
            span=document.span(start, max(end, start + 1)),
        ),
        lead_units=_names(document, lead),
        support_units=_names(document, [u for u in support if u.name not in {v.name for v in lead}]),
    )


def find_charges(reading: str, start: int, end: int) -> Iterator[Charge]:
    """Yield the places of [start, end) that name responsible units."""
    found_any = False
    for charge in (*_named_charges(reading, start, end), *_bracketed_charges(reading, start, end)):
        found_any = True
        yield charge
    if not found_any:
        yield from _prose_charges(reading, start, end)


def _named_charges(reading: str, start: int, end: int) -> Iterator[Charge]:
    """Yield the lists behind role words: 责任单位：…, 牵头单位：…."""
    for found in _role_word().finditer(reading, start, end):
        stop = _end_of_list(reading, found.end(), end)
        role = _role_of(found["role"])
        if role == "other":
            continue
        spoken = _spoken_charges(reading, found.end(), stop) if role == "responsible" else []
        if spoken and spoken[0].role == "lead":
            yield from spoken
            continue
        units = tuple(split_units(reading, found.end(), stop))
        if units:
            yield Charge(start=found.start(), end=stop, role=role, units=units)


def _bracketed_charges(reading: str, start: int, end: int) -> Iterator[Charge]:
    """Yield the charges of brackets without role words; a bracket of names alone counts behind a full stop."""
    for found in _BRACKET.finditer(reading, start, end):
        if _role_word().search(found.group()):
            continue
        spoken = _spoken_charges(reading, found.start(1), found.end(1))
        yield from spoken
        if not spoken and reading[found.start() - 1 : found.start()] in {"。", "；", "\n"}:
            units = tuple(split_units(reading, found.start(1), found.end(1)))
            if units and all(looks_like_unit(unit.name) and _CHARGED_NAME.match(unit.name) for unit in units):
                yield Charge(start=found.start(1), end=found.end(1), role="responsible", units=units)


def _prose_charges(reading: str, start: int, end: int) -> Iterator[Charge]:
    """Yield the lead that running text names: 由市商务局牵头."""
    for found in _PROSE_LEAD.finditer(reading, start, end):
        names = split_units(reading, found.start("units"), found.end("units"))
        units = tuple(unit for unit in names if looks_like_unit(unit.name))
        if units and len(units) == 1 + found["units"].count("、"):
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


def _spoken_charges(reading: str, start: int, end: int) -> list[Charge]:
    """Return the charges of a list with verbs: 市商务局牵头，市财政局配合; 市民政局负责."""
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


def assign_roles(charges: Sequence[Charge]) -> tuple[list[UnitMention], list[UnitMention]]:
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
