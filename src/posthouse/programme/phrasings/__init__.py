"""The vocabularies of plan documents as data: one TOML file per question, read once."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_phrasing(name: str) -> dict[str, Any]:
    """Return the content of `phrasings/<name>.toml`.

    Raises
    ------
    FileNotFoundError : there is no such vocabulary.
    """
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def alternatives(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of the words, longest first.

    >>> alternatives(["达", "达到", "a+b"])
    '(?:a\\\\+b|达到|达)'
    """
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word) for word in ordered) + ")"
