"""Small documents for the tests of this room, and the programmes read from them."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

from posthouse.documents.model import Document
from posthouse.documents.read import read_text
from posthouse.programme.extract import extract_programme
from posthouse.programme.model import Goal, Programme

SNIPPETS = Path(__file__).parent / "snippets"


def document(
    text: str, *, issued_on: date | None = date(2021, 1, 15), issuer: str = "江城市人民政府办公室"
) -> Document:
    """Return a document of this text with a date of issue and an issuer."""
    return replace(read_text(text.strip(), name="snippet.txt")[0], issued_on=issued_on, issuer=issuer)


def programme(text: str, **head: object) -> Programme:
    """Return the programme of a text."""
    return extract_programme(document(text, **head))  # type: ignore[arg-type]


def goals(text: str, **head: object) -> tuple[Goal, ...]:
    """Return the goals of a text, without those that only describe or are external."""
    return tuple(goal for goal in programme(text, **head).goals if goal.kind not in ("qualifier", "external"))


def figures(text: str, **head: object) -> list[tuple[str, float | None, str]]:
    """Return comparator, value and unit of each goal of a text."""
    return [(goal.comparator, goal.value, goal.unit) for goal in goals(text, **head)]


def list_snippets() -> list[dict[str, object]]:
    """Return the invented passages with their goals."""
    return [
        entry
        for path in sorted(SNIPPETS.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["snippet"]
    ]
