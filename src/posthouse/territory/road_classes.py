"""Road classes, speeds, access words and headings, as `road_classes.toml` has them."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def road_classes() -> Mapping[str, Any]:
    """Return the declarations."""
    text = files("posthouse.territory").joinpath("road_classes.toml").read_text(encoding="utf-8")
    declared: Mapping[str, Any] = tomllib.loads(text)
    return declared


def find_columns(headings: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """Return, for each wanted column, the heading that means it; a column that no heading means is missing.

    >>> find_columns(["路段编号", "km"], ["road_id", "length_km", "minutes"])
    {'road_id': '路段编号', 'length_km': 'km'}
    """
    plain = {heading.strip().lower().replace(" ", ""): heading for heading in reversed(list(headings))}
    known = road_classes()["headings"]
    found = {}
    for column in wanted:
        for word in (column, *known.get(column, ())):
            if word in plain:
                found[column] = plain[word]
                break
    return found


def find_word(section: str, word: str) -> str | None:
    """Return the declared word of a section (`kinds`, `systems`) that a file's word means; None where none does."""
    plain = word.strip().lower()
    for ours, theirs in road_classes()[section].items():
        if plain == ours or plain in theirs:
            return str(ours)
    return None


def minutes_of(km: float, kind: str) -> float:
    """Return the minutes that a van needs on a road of this kind, or a ferry with its usual wait."""
    declared = road_classes()
    wait: float = declared["ferry"]["wait_min"] if kind == "ferry" else 0.0
    return km / float(declared["speed_kmh"][kind]) * 60 + wait
