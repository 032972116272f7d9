"""The words of `cues.toml`, read once: how the parts of a 公文 are known by their wording."""

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def list_cues(name: str) -> tuple[str, ...]:
    """Return the words of one list of `cues.toml`, longest first."""
    return tuple(sorted(_cues()[name], key=lambda word: (-len(word), word)))


@cache
def cue_pattern(name: str) -> str:
    """Return a regular expression, without groups of its own, that matches any word of the list."""
    return "(?:" + "|".join(re.escape(word) for word in list_cues(name)) + ")"


@cache
def _cues() -> dict[str, list[str]]:
    return tomllib.loads(files("posthouse.documents").joinpath("cues.toml").read_text(encoding="utf-8"))
