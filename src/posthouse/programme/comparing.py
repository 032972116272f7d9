"""The comparator of a quantity, from the words on either side of it: 不低于90%, 12%以上, 减少20%, 年均增长15%以上."""

import re
from dataclasses import dataclass
from functools import cache

from posthouse.programme.model import Comparator
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.quantities import Quantity

_AHEAD_OF = re.compile("(?:高于|超过?|高出|快于)[^，。；、]{1,12}$")
"""Ahead of an average by so many points: 高于全省平均水平1个百分点."""

_RATES = {"percent", "times"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is asked of a quantity.

    bounded : whether any word says it (else a bare number stands there and `comparator` is `=`).
    before, after : number of characters of the words before and behind the quantity that were used.
    annual : whether a growth is per year.
    """

    comparator: Comparator
    bounded: bool
    before: int = 0
    after: int = 0
    annual: bool = False


def compare(quantity: Quantity, before: str, after: str) -> Comparison:
    """Return the Comparison of a quantity between two texts of its item.

    >>> from posthouse.programme.quantities import find_quantities
    >>> compare(find_quantities("90%")[0], "比例不低于", "").comparator
    '>='
    """
    behind = _after().match(after)
    used_after = behind.end() if behind else 0
    suffix = _lookup("after").get(behind["word"]) if behind else None
    change = _change(quantity, before, after[used_after:])
    if change is not None:
        comparator, used = change
        annual = _annual().search(before[-24:]) is not None
        return Comparison(comparator=comparator, bounded=True, before=used, after=used_after, annual=annual)
    ahead = _before().search(before) or _distant().search(before)
    prefix = _meaning(ahead["word"]) if ahead else None
    used_before = len(before) - ahead.start() if ahead else 0
    if quantity.value_max is not None:
        return Comparison(comparator="range", bounded=bool(prefix or suffix), before=used_before, after=used_after)
    if prefix is None and quantity.unit.endswith("百分点") and _AHEAD_OF.search(before):
        prefix = ">="
    comparator = _combine(prefix, suffix)
    if (
        comparator in {">=", "="}
        and quantity.value == 100
        and quantity.unit == "%"
        and suffix is None
        and _plain(ahead)
    ):
        comparator = "="
    if quantity.vague and comparator == "=":
        comparator = ">"
    if quantity.family == "duration" and comparator == "=":
        comparator = "<="
    return Comparison(comparator=comparator, bounded=bool(prefix or suffix), before=used_before, after=used_after)


def without_comparator(text: str) -> str:
    """Return a text without the comparator it ends with: 分拨中心达到 is 分拨中心."""
    return _before().sub("", text)


def _plain(ahead: re.Match[str] | None) -> bool:
    """Whether the word before says no more than reaching: 达到100% is = 100, 不低于100% too."""
    return ahead is None or _meaning(ahead["word"]) == ">="


def _meaning(word: str) -> Comparator:
    return _lookup("before").get(word) or _lookup("distant")[word]


def _combine(prefix: Comparator | None, suffix: Comparator | None) -> Comparator:
    if suffix in {"<=", "~="}:
        return suffix
    if suffix == ">=":
        return prefix if prefix == ">" else ">="
    if suffix == ">":
        return ">"
    return prefix or "="


def _change(quantity: Quantity, before: str, after: str) -> tuple[Comparator, int] | None:
    """Return growth or reduction and the characters used before the quantity, or None."""
    if quantity.family in _RATES or quantity.unit.endswith("百分点"):
        found = _growth().search(before)
        if found:
            return "growth", len(before) - found.start()
        if _growth_after().match(after):
            return "growth", 0
    found = _reduction().search(before)
    if found and (quantity.family != "count" or found["rate"] is None):
        return "reduction", len(before) - found.start()
    return None


@cache
def _lookup(side: str) -> dict[str, Comparator]:
    return {word: comparator for comparator, words in load_phrasing("comparators")[side].items() for word in words}


@cache
def _before() -> re.Pattern[str]:
    filler = alternatives(load_phrasing("comparators")["filler"])
    return re.compile(rf"(?P<word>{alternatives(_lookup('before'))})(?:{filler}){{0,2}}$")


@cache
def _distant() -> re.Pattern[str]:
    """A comparator with the name of a whole between it and the number; 至少 with its verb."""
    words = alternatives(_lookup("distant"))
    return re.compile(rf"(?P<word>{words})[^，。；、：\n\d■]{{1,12}}$")


@cache
def _after() -> re.Pattern[str]:
    others = alternatives(load_phrasing("comparators")["not_after"]["words"])
    return re.compile(rf"(?!{others})(?P<word>{alternatives(_lookup('after'))})")


@cache
def _growth() -> re.Pattern[str]:
    data = load_phrasing("comparators")
    direct, rate = alternatives(data["growth"]["before"]), alternatives(data["growth"]["rate"])
    bound = alternatives([word for word in _lookup("before") if _lookup("before")[word] != "<"] + ["为", "在", "率"])
    return re.compile(rf"(?:{direct}(?:了|约|近|率|幅度)?|{rate}(?:率|幅度)?(?:力争|要|均)?{bound}(?:在|约|到)?)$")


@cache
def _growth_after() -> re.Pattern[str]:
    return re.compile(r"(?:的)?(?:年均|平均|年)?" + alternatives(load_phrasing("comparators")["growth"]["after"]))


@cache
def _reduction() -> re.Pattern[str]:
    data = load_phrasing("comparators")
    direct, rate = alternatives(data["reduction"]["before"]), alternatives(data["reduction"]["rate"])
    bound = alternatives([word for word in _lookup("before") if _lookup("before")[word] in {">=", ">", "~="}])
    return re.compile(rf"(?:{direct}(?:了|约|近)?(?:{bound})?|(?P<rate>{rate}){bound})$")


@cache
def _annual() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("comparators")["annual"]["words"]))
