"""Invented names of places, companies and people, drawn without repeats as long as the syllables last."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def draw_names(stream: "np.random.Generator", first: str, second: str, count: int) -> list[str]:
    """Return `count` names made of a syllable of list `first` and one of list `second` of names.toml.

    Names differ until the pairs are used up; then they begin again with a leading 新.
    """
    heads, tails = syllables(first), syllables(second)
    pairs = [a + b for a in heads for b in tails if a != b]
    names: list[str] = []
    prefix = ""
    while len(names) < count:
        names += [prefix + pairs[i] for i in stream.permutation(len(pairs))]
        prefix += "新"
    return names[:count]


def draw_people(stream: "np.random.Generator", count: int) -> list[str]:
    """Return `count` different invented personal names."""
    surnames, given = syllables("surnames"), draw_names(stream, "given_first", "given_second", count)
    return [surnames[int(i)] + name for i, name in zip(stream.integers(len(surnames), size=count), given, strict=True)]


def syllables(name: str) -> Sequence[str]:
    """Return a list of names.toml."""
    return _names()[name]


@cache
def _names() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))
