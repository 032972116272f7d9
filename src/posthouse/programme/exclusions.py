"""Quantities that are no aim at all: figures of the past, subsidies and fines, numbers in names."""

import re
from functools import cache

from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.quantities import MASK, Quantity
from posthouse.programme.settings import Setting

_FUTURE = re.compile(f"要在?|将(?!军)|力争|争取|确保|计划|到?{MASK}+(?:底|末)?前?，?")
_CASE = re.compile(f"(?:{MASK}|[\\d.）（一二三四五六七八九十])*(?:对|凡|每|按|新认定|首次)")
_SINCE = re.compile("(?:后|起|之日起|之日|收到[^，。；]{0,8})$")
_CALENDAR = {"年", "月", "日", "周", "个月", "个季度"}
"""Units of time that mostly name a plan or a span (三年行动), and are an aim only with a comparator."""


def is_excluded(quantity: Quantity, setting: Setting) -> bool:
    """Whether a quantity is nothing to keep."""
    return (
        setting.part == "background"
        or is_past(setting.sentence, setting.lead)
        or _is_name(quantity, setting)
        or _is_mark(quantity, setting)
        or _is_span(quantity, setting)
        or _is_subsidy(quantity, setting)
    )


def is_past(sentence: str, lead: str) -> bool:
    """Whether what stands before a place says that the figure there is already so.

    A turn to the future (要, 力争, 到2025年) ends the past.

    Parameters
    ----------
    sentence : text of the sentence before the place, dates masked. lead : text of the clause before it.
    """
    turned = _FUTURE.split(sentence)[-1]
    return _past_sentence().search(turned) is not None or _past_clause().search(_FUTURE.split(lead)[-1]) is not None


def _is_name(quantity: Quantity, setting: Setting) -> bool:
    """Whether the number belongs to a name or a saying: 三大攻坚战, 最后100米, 4方面."""
    names = load_phrasing("exclusions")["names"]
    tail = _tail(quantity, setting)
    if tail.startswith(tuple(names["any"])) or setting.before.endswith(tuple(names["before"])):
        return True
    return quantity.spelled and (tail.startswith(tuple(names["after"])) or quantity.written[:-1] in names["round"])


def _is_mark(quantity: Quantity, setting: Setting) -> bool:
    """Whether points are a mark of an assessment (90分以上为优秀) and not a degree of satisfaction."""
    return quantity.family == "score" and (
        not _scored().search(setting.lead) or _graded().match(setting.after) is not None
    )


def _is_span(quantity: Quantity, setting: Setting) -> bool:
    """Whether a time only tells how long or from when: 三年行动计划, 收到申请后5日内."""
    if quantity.family != "duration":
        return False
    named = _tail(quantity, setting).startswith(tuple(load_phrasing("exclusions")["names"]["after"]))
    return named or _SINCE.search(setting.before) is not None or (quantity.unit in _CALENDAR and not setting.bounded)


def _is_subsidy(quantity: Quantity, setting: Setting) -> bool:
    """Whether the number is a grant, a fine or a price: 给予2万元补助, 按10%奖励."""
    around = setting.sentence[-80:] + setting.rest[:60]
    if quantity.family == "money":
        return _seen("strong", around) or _seen("weak", setting.lead + setting.after)
    if quantity.family in load_phrasing("exclusions")["subsidy"]["families"]:
        return _seen("strong", setting.clause + setting.lead + setting.rest[:16])
    return _seen("strong", around) and _CASE.match(setting.clause) is not None


def _tail(quantity: Quantity, setting: Setting) -> str:
    """Return the unit and what follows it, as names are listed: 年行动, 项制度."""
    return quantity.written[-1] + setting.after[:6]


def _seen(strength: str, text: str) -> bool:
    return _subsidy(strength).search(text) is not None


@cache
def _past_sentence() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("exclusions")["background"]["sentence"]))


@cache
def _past_clause() -> re.Pattern[str]:
    data = load_phrasing("exclusions")["background"]
    return re.compile(f"{alternatives(data['clause'])}|{alternatives(data['near'])}.{{0,8}}$")


@cache
def _subsidy(strength: str) -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("exclusions")["subsidy"][strength]))


@cache
def _scored() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("exclusions")["marks"]["of"]))


@cache
def _graded() -> re.Pattern[str]:
    return re.compile(f"(?:以上|以下)?的?，?{alternatives(load_phrasing('exclusions')['marks']['graded'])}")
