"""Quantities that only describe the thing another number counts, or that belong to a higher programme."""

import re
from functools import cache

from posthouse.programme.comparing import without_comparator
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.quantities import MASK, Quantity
from posthouse.programme.settings import Setting
from posthouse.programme.verbs import holds_verb

_SIZES = {"money", "area", "length", "mass", "volume", "energy", "people", "duration"}
"""Families that measure how large a thing is; a count of things is none."""

_COUNTS = {"count", "people"}
_ALL_OF = re.compile("全部|全覆盖|均|都|应|须|要|率|占比|比例")
_OF_RATE = re.compile("[^，。；、]{0,6}(?:率|比例|占比)")
_AND_NEXT = re.compile("(?:、|和|及|与|以及)[^，。；、]{0,4}$")
_SINGLED = re.compile(f"{MASK}*(?:对(?!标|照|接)|凡|如|若|未|因)")
"""A clause that singles out cases: 对超过3个月未完成的."""


def is_external(quantity: Quantity, setting: Setting) -> bool:
    """Whether the number is one of the whole country or province: 全国100个示范项目, 全省新增1000个."""
    if quantity.family in {"percent", "duration"}:
        return False
    return _external(setting.level).search(setting.before[-24:]) is not None


def is_condition(quantity: Quantity, setting: Setting) -> bool:
    """Whether the number says from when a norm holds: 人口规模大于3000人（含3000人）时."""
    return _condition().match(setting.after) is not None


def is_qualifier(quantity: Quantity, setting: Setting) -> bool:
    """Whether the number describes a thing: 年产值10亿元以上的企业5家, 15分钟生活圈."""
    noun = _tail_words().sub("", setting.after)
    if quantity.family == "age":
        return bool(noun) or not setting.bounded
    return (
        _is_case(quantity, setting, noun)
        or _is_circle(quantity, setting)
        or _is_size(quantity, setting, noun)
        or _is_bundle(quantity, setting)
        or _describes_next(quantity, setting, noun)
        or _describes_previous(quantity, setting, noun)
    )


def _is_case(quantity: Quantity, setting: Setting, noun: str) -> bool:
    return quantity.family != "percent" and _SINGLED.match(setting.clause) is not None and "的" in noun


def _is_circle(quantity: Quantity, setting: Setting) -> bool:
    """Whether a time belongs to a name: 15分钟生活圈, 48小时送达率."""
    if quantity.family != "duration":
        return False
    return _circle().match(setting.after) is not None or _OF_RATE.match(setting.after) is not None


def _is_size(quantity: Quantity, setting: Setting, noun: str) -> bool:
    """Whether the number is the size of a thing: 总投资50亿元的物流园, 20户以上自然村全部通硬化路."""
    if quantity.family in _SIZES and noun and (_names_thing(noun) or _size_noun().search(setting.before)):
        return True
    return _sized(setting, noun) and quantity.family not in {"percent", "count"} and _ALL_OF.search(noun) is not None


def _is_bundle(quantity: Quantity, setting: Setting) -> bool:
    """Whether the number only counts the pieces of the work itself: 实施10项重点工程."""
    if quantity.family != "count":
        return False
    return _bundle_verb().search(setting.clause) is not None and _bundle_noun().search(setting.after) is not None


def _describes_next(quantity: Quantity, setting: Setting, noun: str) -> bool:
    """Whether the number describes what the next one of its item counts: 超过1万平方米分拨中心6个."""
    following = None if _AND_NEXT.search(setting.between_next) else setting.next_in_item
    if following is None:
        return False
    if quantity.family != "percent":
        first = not setting.before.strip(MASK + "其中在")
        if _sized(setting, noun) and (following.family == "percent" or first):
            return True
        if following.family in _COUNTS and quantity.family != "count":
            return bool(setting.between_next) and not holds_verb(without_comparator(setting.between_next))
        if following.family == "percent" and quantity.family in _COUNTS and not holds_verb(setting.lead):
            return bool(noun)
    return noun.startswith("的") and not _is_aim_noun(noun)


def _describes_previous(quantity: Quantity, setting: Setting, noun: str) -> bool:
    """Whether the number describes what the one before it counts: 20个年接待游客300万人次以上的大景区."""
    previous = setting.previous_in_item
    if previous is None:
        return False
    if previous.family in _COUNTS:
        return bool(noun) and quantity.family not in {"count", "percent"}
    return noun.startswith("的") and not _is_aim_noun(noun)


def _sized(setting: Setting, noun: str) -> bool:
    """Whether 以上 or the like and then a noun follow the number: 20户以上自然村."""
    others = ("和", "及", "、", "的目标", "的水平")
    return noun != setting.after and bool(noun) and not noun.startswith(others)


def _names_thing(noun: str) -> bool:
    """Whether the words behind a size make it a property of a thing: 50亿元的物流园, not 10%的目标."""
    return noun.startswith("的") and len(noun) > 1 and not _is_aim_noun(noun)


def _is_aim_noun(noun: str) -> bool:
    return noun.startswith(tuple(load_phrasing("kinds")["qualifier"]["aim_nouns"]))


@cache
def _external(level: str) -> re.Pattern[str]:
    data = load_phrasing("kinds")["external"]
    scopes = data["scopes_above"]
    above = {"nation": [], "province": scopes["nation"]}.get(level, [*scopes["nation"], *scopes["province"]])
    if not above:
        return re.compile(r"(?!)")
    named = rf"[^，。；、“”]{{0,14}}{alternatives(data['selected'])}"
    return re.compile(rf"{alternatives(above)}(?:{alternatives(data['linking'])}|{named})*$")


@cache
def _condition() -> re.Pattern[str]:
    after = alternatives(load_phrasing("kinds")["standard"]["conditions"])
    return re.compile(rf"(?:以上|以下|及以上|以内)?(?:（[^）]{{0,12}}）)?{after}")


@cache
def _tail_words() -> re.Pattern[str]:
    return re.compile("^" + alternatives(["以上", "及以上", "以内", "以下", "及以下", "左右", "（含）以上"]))


@cache
def _bundle_verb() -> re.Pattern[str]:
    verbs = alternatives(load_phrasing("exclusions")["bundles"]["verbs"])
    return re.compile(f"{verbs}[^，。；、]{{0,14}}$|^{MASK}*$")


@cache
def _bundle_noun() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("exclusions")["bundles"]["nouns"]) + "$")


@cache
def _circle() -> re.Pattern[str]:
    return re.compile("[^，。；、]{0,6}?" + alternatives(load_phrasing("exclusions")["names"]["circle"]))


@cache
def _size_noun() -> re.Pattern[str]:
    data = load_phrasing("kinds")["qualifier"]
    return re.compile(f"{alternatives(data['size_nouns'])}{alternatives(data['bounds'])}?$")
