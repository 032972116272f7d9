"""The one place of translation: 中文 word of the trade, English identifier, what it means (`glossary.toml`)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: `id` as in code, `zh` the word users meet, `en` its label, `meaning` one line of 中文."""

    id: str
    zh: str
    en: str
    meaning: str
    group: str


@cache
def all_terms() -> tuple[Term, ...]:
    """Return every term, in the order of the file."""
    data = tomllib.loads(files(__package__).joinpath("glossary.toml").read_text(encoding="utf-8"))
    return tuple(
        Term(id=term_id, group=group, **entry) for group, entries in data.items() for term_id, entry in entries.items()
    )


def zh(term_id: str) -> str:
    """Return the 中文 word of an identifier.

    Raises
    ------
    KeyError : the glossary has no such term; add it to glossary.toml first.
    """
    for term in all_terms():
        if term.id == term_id:
            return term.zh
    raise KeyError(f"The glossary has no term {term_id!r}. Add it to vocabulary/glossary.toml.")
