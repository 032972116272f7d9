"""The measure catalogue: what every measure is, for the reading of plans, the measuring and the docs.

Entries are data (`definitions/*.toml`, one file per subject); this module reads and checks them.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.errors import UnusableInputError

SUBJECTS = (
    "village",
    "quality",
    "volume",
    "factory",
    "overseas",
    "infrastructure",
    "safety",
    "green",
    "people",
    "office",
)
"""Files of `definitions/` and modules of `expressions/`, in the order of the catalogue."""

_TUPLES = ("groups", "tables", "cues", "units_zh", "anti_cues", "parameters")


@cache
def all_definitions() -> tuple[MeasureDefinition, ...]:
    """Return every definition, by subject and then as the file has it."""
    return tuple(definition for subject in SUBJECTS for definition in _read(subject))


def get_definition(measure: str) -> MeasureDefinition:
    """Return the definition of this id.

    Raises
    ------
    UnusableInputError : no such measure; the message names those that look like it.
    """
    try:
        return _by_id()[measure]
    except KeyError:
        near = [known for known in _by_id() if set(measure.split("_")) & set(known.split("_"))]
        hint = "、".join(near[:5]) or "见 docs/zh/measures.md"
        raise UnusableInputError(f"指标目录中没有 {measure!r}。相近的有：{hint}。请改正指标编号。") from None


@cache
def _by_id() -> Mapping[str, MeasureDefinition]:
    return {definition.id: definition for definition in all_definitions()}


def _read(subject: str) -> tuple[MeasureDefinition, ...]:
    text = files(__package__).joinpath("definitions", f"{subject}.toml").read_text(encoding="utf-8")
    return tuple(_definition(measure, subject, entry) for measure, entry in tomllib.loads(text).items())


def _definition(measure: str, subject: str, entry: dict[str, object]) -> MeasureDefinition:
    fields = {name: tuple(value) if name in _TUPLES else value for name, value in entry.items()}  # type: ignore[arg-type]
    return MeasureDefinition(id=measure, subject=subject, **fields)  # type: ignore[arg-type]
