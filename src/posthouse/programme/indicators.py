"""The name of what a goal counts: 主要快递品牌平均进村率, 协作企业数, and the subject where the text leaves it out."""

import re
from functools import cache

from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.quantities import MASK, Quantity

LONGEST = 40
"""Characters of an indicator's name that are kept; what is longer is a clause, not a name."""


def name_indicator(
    before: str, quantity: Quantity | None, after: str, inherited: str = "", clause_before: str = ""
) -> str:
    """Return the indicator's name.

    Parameters
    ----------
    before : text of the clause up to the comparator, with dates masked. after : text of the item behind the quantity.
    inherited : the subject to fall back on where the text leaves it out; after it, that of the clause before.
    """
    core = _subject(before)
    noun = re.sub("（[^）]*）|（.*", "", _noun_lead().sub("", after).strip("，、。；和及与"))
    if quantity is not None and quantity.family in {"count", "people"} and noun:
        return f"{noun[:30]}数"
    if not core and noun and quantity is not None and quantity.family == "percent":
        return f"{noun[:30]}比例"
    return (core or noun or inherited or _changing().sub("", _subject(clause_before)))[-LONGEST:]


def split_subjects(subject: str) -> list[str]:
    """Return the subjects of a shared predicate: 量收 is two, A、B和C three, anything else one.

    >>> split_subjects("量收规模")
    ['业务量', '业务收入']
    >>> split_subjects("养老机构、托育机构")
    ['养老机构', '托育机构']
    """
    for word, meanings in load_phrasing("subjects")["compound"].items():
        if word in subject:
            return list(meanings)
    parts = [part for part in re.split("、|以及|和|与|及(?!以上|以下|其)", subject) if part]
    return parts if len(parts) > 1 and all(len(part) >= 2 for part in parts) else [subject]


def _subject(before: str) -> str:
    """Return the words before a comparator without dates, brackets, verbs and words of manner around the name."""
    subject = re.sub(f"{MASK}+$", "", before.replace("\n", ""))
    subject = _tail().sub("", _lead_in().sub("", _noun_lead().sub("", subject)))
    subject = re.sub(f"（[^）]*）?|）|{MASK}+", "", subject)
    subject = _verbs_behind().sub("", _verb_ahead().sub("", subject))
    return "" if subject in load_phrasing("indicators")["period_only"] + load_phrasing("verbs")["pure"] else subject


@cache
def _lead_in() -> re.Pattern[str]:
    words = alternatives(load_phrasing("indicators")["lead_in"])
    dates = rf"在?{MASK}+的?(?:基础|水平)上|{MASK}"
    others = r"[，、：:—●•·\-\s]|（[^）]*）|.{0,20}?时应|及(?!格|时)|年(?!均|度|[^，。]{1,6}(?:量|率|额|收入))"
    return re.compile(f"^(?:{dates}|{others}|{words})+")


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(rf"(?:[，、：\s]|{alternatives(load_phrasing('indicators')['tail'])})+$")


@cache
def _noun_lead() -> re.Pattern[str]:
    return re.compile(f"^(?:{alternatives(load_phrasing('indicators')['noun_lead'])})+")


@cache
def _verb_ahead() -> re.Pattern[str]:
    return re.compile(f"^(?:{alternatives(load_phrasing('verbs')['pure'])}|[、，]|等)+(?=.{{2,}})")


@cache
def _verbs_behind() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives(load_phrasing('indicators')['verbs_behind'])})+$")


@cache
def _changing() -> re.Pattern[str]:
    data = load_phrasing("indicators")
    return re.compile(f"(?:{alternatives(data['manner'])})*{alternatives(data['change'])}$")
