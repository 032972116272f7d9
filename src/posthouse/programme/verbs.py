"""Verbs of doing, by which a bare number becomes an aim: 培育, 建成, 新增 …"""

import re
from functools import cache

from posthouse.programme.phrasings import alternatives, load_phrasing


def holds_verb(text: str) -> bool:
    """Whether a text holds a verb of doing."""
    return _verb().search(text) is not None


def ends_in_verb(text: str) -> bool:
    """Whether the last word of a text is a verb of doing."""
    return _verb_end().search(text) is not None


def done_behind(text: str) -> bool:
    """Whether a text says at its end that something is done: 示范社区全面建成."""
    return _verb_behind().search(text) is not None


def states_aim(text: str) -> bool:
    """Whether an item of a text starts with a verb of doing, so that something else is wanted there."""
    return any(_verb().match(item) for item in text.split("、") if item)


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("verbs")["goal"]))


@cache
def _verb_end() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("verbs")["goal"]) + "(?:了|好|出|成)?$")


@cache
def _verb_behind() -> re.Pattern[str]:
    return re.compile(alternatives(load_phrasing("verbs")["behind"]) + "$")
