"""Organisation units as plans write them: taking a list apart, elided prefixes, and which names are one unit.

A list such as `市自然资源局、发改局，各县（市、区）政府` holds three units: a separator inside a bracket or inside
各区、县（市）政府 does not divide, and 发改局 shares the 市 of the name before it.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from posthouse.programme.phrasings import alternatives, load_phrasing

_LOCAL = re.compile(r"各(?:区|县|市|镇|乡|街道|乡镇|镇街|县区|旗|州|盟|园区|功能区)(?:（[^）]*）|‹[^›]*›)?")
_LOCAL_REST = re.compile(
    r"(?:区|县|市|镇|乡|街道|旗|园区|功能区)(?:（[^）]*）|‹[^›]*›)?(?:人民政府|政府|管委会|办事处|党工委|委员会)?"
)
_LOCAL_WHOLE = re.compile(r"各[^、，]{1,10}(?:人民政府|政府)")


_SEPARATORS = {
    "、": "、",
    "，": "，",
    ",": "，",
    "；": "；",
    ";": "；",
    "。": "；",
    "\n": "；",
    " ": "、",
    "\t": "、",
    "/": "、",
}
"""What separates units, and how strongly: a prefix left out reaches over 、 but not over ；."""

_LONGEST_NAME = 40
_REMARK = re.compile("下同|第一|首位|为牵头|不分先后|排名|排序|另有")
"""Words of a remark inside a list, which names no unit: 列第一位者为牵头单位，下同."""

_ROLE_BEHIND = re.compile("（(?:牵头|牵头单位|配合|主办|协办|负责)）$")
_JOINT = re.compile("以及|会同|和(?!有关|相关)|及(?!有关|相关)|与|(?<=[局委办厅会社府])(?=[市县省](?!场|委|府|人)|各)")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMention:
    """One unit at [start, end) of the reading; name as completed, marked as lead by a sign before or behind it."""

    start: int
    end: int
    name: str
    marked: bool = False
    completed: bool = False


def split_units(reading: str, start: int, end: int) -> list[UnitMention]:
    """Return the units of a list at [start, end) of the reading, in order.

    >>> [u.name for u in split_units("▲市财政局、发改局，各区、县（市）政府等", 0, 20)]
    ['市财政局', '市发改局', '各区、县（市）政府']
    """
    mentions: list[UnitMention] = []
    prefix = ""
    for piece_start, piece_end, joint in _pieces(reading, start, end):
        mention = _mention(reading, piece_start, piece_end)
        if mention is None:
            continue
        previous = mentions[-1] if mentions else None
        if previous and joint == "、" and _LOCAL.fullmatch(previous.name) and _LOCAL_REST.fullmatch(mention.name):
            mentions[-1] = replace(previous, end=mention.end, name=f"{previous.name}、{mention.name}")
            continue
        if previous and joint == "、" and _LOCAL_WHOLE.fullmatch(previous.name) and _LOCAL_REST.fullmatch(mention.name):
            mention = replace(mention, name=f"各{mention.name}", completed=True)
        own = _prefix(mention.name)
        if own:
            prefix = own
        elif joint != "、" and not (joint == "，" and _is_bare_department(mention.name)):
            prefix = ""
        if not own and prefix and _is_bare_department(mention.name):
            mention = replace(mention, name=prefix + mention.name, completed=True)
        mentions.append(mention)
    return mentions


def find_department(name: str) -> str | None:
    """Return the id of the department that a name stands for, or None if the register does not know it.

    >>> find_department("市发改委"), find_department("市发展和改革局"), find_department("晋江邮政管理局")
    ('development_reform', 'development_reform', 'postal_administration')
    """
    found = _department_pattern().search(name)
    return _department_ids()[found.group()] if found else None


def canonical_key(name: str) -> str:
    """Return the key under which all names of one unit meet: the department where known, else the name without marks.

    A district's office is not the city's: names that start with 各 or with another place keep their own key.
    """
    plain = re.sub(r"[\s▲△★☆*]", "", name).translate(str.maketrans("‹›<>〈〉[]", "（）（）（）（）"))
    department = find_department(plain)
    if department is None or plain.startswith("各"):
        return plain
    return department


def looks_like_unit(text: str) -> bool:
    """Whether a text could be the name of a unit: it ends like one and holds no sentence."""
    return 2 <= len(text) <= 30 and _ending().search(re.sub("（[^）]*）$", "", text)) is not None


def _pieces(reading: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the stretches between separators outside brackets, each with the separator before it."""
    pieces = []
    depth = 0
    place, joint = start, ""
    for i in range(start, end):
        character = reading[i]
        if character in "（(‹<〈[":
            depth += 1
        elif character in "）)›>〉]":
            depth = max(depth - 1, 0)
        elif depth == 0 and character in _SEPARATORS:
            pieces.append((place, i, joint))
            place, joint = i + 1, _SEPARATORS[character]
    pieces.append((place, end, joint))
    return [part for piece in pieces for part in _split_joined(reading, piece)]


def _split_joined(reading: str, piece: tuple[int, int, str]) -> list[tuple[int, int, str]]:
    """Return the piece cut where two names touch or 和 joins them: 市财政局和市商务局, 市财政局市商务局."""
    start, end, joint = piece
    text = reading[start:end]
    for found in _JOINT.finditer(text):
        left, right = text[: found.start()], text[found.end() :]
        if looks_like_unit(left) and looks_like_unit(_without_charge(right)):
            first = (start, start + found.start(), joint)
            return [first, *_split_joined(reading, (start + found.end(), end, "、"))]
    return [piece]


def _mention(reading: str, start: int, end: int) -> UnitMention | None:
    """Return the unit in a piece, without marks and without 等, 负责 and the like."""
    marks = _marks()
    text = reading[start:end]
    lead = len(text) - len(text.lstrip(marks + "由"))
    name = text[lead:].rstrip(marks)
    role = _ROLE_BEHIND.search(name)
    marked = any(mark in text for mark in marks[:-1]) or (role is not None and "牵头" in role.group())
    name = name[: role.start()] if role else name
    kept = _without_charge(name).rstrip(marks)
    if kept.endswith("）") and kept.count("（") < kept.count("）"):
        kept = kept[:-1]
    if kept.count("（") > kept.count("）"):
        kept = kept[: kept.rindex("（")]
    if not 2 <= len(kept) <= _LONGEST_NAME or _REMARK.search(kept):
        return None
    begin = start + lead
    return UnitMention(start=begin, end=begin + len(kept), name=kept, marked=marked)


def _without_charge(name: str) -> str:
    """Return the name without what follows it: 市财政局等按职责分工负责 is 市财政局."""
    return _charge_words().sub("", name)


def _prefix(name: str) -> str:
    data = load_phrasing("organisations")
    if name[0] in data["prefixes"] and not name.startswith(tuple(data["not_prefixed"])) and len(name) > 2:
        return name[0]
    return ""


def _is_bare_department(name: str) -> bool:
    """Whether the whole name is a department of the register without a place before it."""
    return _department_pattern().fullmatch(name) is not None


@cache
def _marks() -> str:
    """The signs that mark a lead, and the blank that may stand beside them."""
    return "".join(load_phrasing("organisations")["marks"]) + " "


@cache
def _department_ids() -> dict[str, str]:
    return {word: key for key, words in load_phrasing("organisations")["departments"].items() for word in words}


@cache
def _department_pattern() -> re.Pattern[str]:
    return re.compile(alternatives(_department_ids()))


@cache
def _ending() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("organisations")["endings"]["words"]) + "$")


@cache
def _charge_words() -> re.Pattern[str]:
    verbs = load_phrasing("organisations")["verbs"]
    words = alternatives([word for group in verbs.values() for word in group])
    return re.compile(f"(?:{words})+$")
