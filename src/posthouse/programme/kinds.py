"""Whether a quantity is a goal, and of what kind: the judgement, clue by clue, in one order.

A quantity is dropped when it is background, a subsidy, a name (`exclusions`). It is external when it belongs to a
higher programme, a qualifier when it describes the thing that another number counts (`qualifiers`); a standard, rhythm
or structure by its words. What is left is a goal if the text wants it: a comparator, a verb of doing, a deadline or a
section of aims.
"""

import re
from collections.abc import Callable
from functools import cache

from posthouse.programme.exclusions import is_excluded
from posthouse.programme.model import GoalKind
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.qualifiers import is_condition, is_external, is_qualifier
from posthouse.programme.quantities import MASK, Quantity
from posthouse.programme.rhythms import counted_units
from posthouse.programme.settings import Setting
from posthouse.programme.verbs import done_behind, ends_in_verb, holds_verb

_POSSESSES = re.compile("拥有|达到?[^，]{0,4}$|年均|平均")
_ACCORDING = re.compile("按(?:照)?[^，。；]{0,14}$")
_MODAL = re.compile("(?:应当|(?<![响适相对反供效感])应(?![用对急答收届聘力率])|须|必须|不得)[^，]{0,8}$")
_REPORTED = re.compile("内[^，。；]{0,6}(?:报告|上报|报送|续报)")
_RATE = re.compile("(?:率|比例|占比|比重|度|覆盖面|份额)为?$")
_SERVED = re.compile("送达|到达|达|办结|办理|响应|到位|抵达|通达|可达|直达|内")
_LAYOUT = re.compile(r"\d(?:\+[\dNn])+[^，。；、]{0,16}$")
"""A layout such as 1+1+N, whose parts the bracket behind it lists."""


def judge(quantity: Quantity, setting: Setting) -> GoalKind | None:
    """Return the kind of a quantity, or None if it is nothing to keep."""
    if is_excluded(quantity, setting):
        return None
    return next((kind for test, kind in _TESTS if test(quantity, setting)), None)


def _is_rhythm(quantity: Quantity, setting: Setting) -> bool:
    if quantity.unit not in counted_units() or not _period().search(setting.lead[-30:]):
        return False
    return _deed().search(setting.lead[-30:] + setting.after[:16] + setting.sentence[-30:]) is not None


def _is_structure(quantity: Quantity, setting: Setting) -> bool:
    if _LAYOUT.search(setting.bracket_head):
        return True
    if quantity.family != "count" or not _structure_noun().match(setting.after[:14]):
        return False
    return _structure_verb().search(setting.lead) is not None


def _is_standard(quantity: Quantity, setting: Setting) -> bool:
    """Whether the number is a norm: counted by something (每百户), or wanted on a condition (…时应配置)."""
    lead = setting.lead[-40:]
    if _POSSESSES.search(lead):
        return False
    behind = _setting_verb().search(setting.after[:12]) is not None
    per_each = _per_each().search(lead) is not None and (
        setting.bounded or behind or _setting_verb().search(lead) is not None or holds_verb(lead) or lead.endswith("有")
    )
    return (
        per_each
        or (behind and _ACCORDING.search(lead) is not None)
        or _condition_before().search(lead) is not None
        or (setting.bounded and _MODAL.search(setting.before) is not None)
        or (quantity.family == "duration" and _REPORTED.match(setting.after) is not None)
    )


def _is_wanted(quantity: Quantity, setting: Setting) -> bool:
    if quantity.spelled and not setting.bounded:
        listed = setting.part in {"aims", "tasks"} and (quantity.value or 0) >= 2
        return listed and ends_in_verb(setting.before)
    if setting.bounded or setting.shared:
        return True
    if quantity.family == "duration":
        return _SERVED.match(setting.after) is not None
    if _POSSESSES.search(setting.lead) and _per_each().search(setting.lead):
        return True
    named_rate = quantity.family == "percent" and _RATE.search(setting.before) is not None
    done = holds_verb(setting.lead) or done_behind(setting.after)
    return named_rate or done or setting.part == "aims" or setting.dated


_TESTS: tuple[tuple[Callable[[Quantity, Setting], bool], GoalKind], ...] = (
    (_is_rhythm, "rhythm"),
    (_is_structure, "structure"),
    (is_external, "external"),
    (is_condition, "qualifier"),
    (_is_standard, "standard"),
    (is_qualifier, "qualifier"),
    (_is_wanted, "goal"),
)
"""The first test that holds decides."""


@cache
def _period() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("kinds")["rhythm"]["each"]))


@cache
def _deed() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("kinds")["rhythm"]["deeds"]))


@cache
def _structure_noun() -> re.Pattern[str]:
    return re.compile(r"[^，。；、]{0,8}?" + alternatives(load_phrasing("kinds")["structure"]["nouns"]))


@cache
def _structure_verb() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("kinds")["structure"]["verbs"]))


@cache
def _per_each() -> re.Pattern[str]:
    """每百户, 每个县, 每班, 各乡镇至少: what a norm counts by; the words of time are no such thing."""
    holders = alternatives(load_phrasing("kinds")["standard"]["holders"])
    each = "各[^，。；]{1,12}(?:至少|不少于|不低于|(?:要|应|须)[^，。；]{0,4}$)"
    return re.compile(f"每{MASK}+|每个(?![月季周年小工])|每{holders}|{each}")


@cache
def _setting_verb() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("kinds")["standard"]["setting"]))


@cache
def _condition_before() -> re.Pattern[str]:
    verbs = alternatives(load_phrasing("kinds")["standard"]["setting"])
    return re.compile(f"(?:时|的，?)(?:应当|应|须){verbs}[^，。；]{{0,6}}$")
