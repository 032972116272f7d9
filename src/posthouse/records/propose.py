"""Which column each heading of somebody's export probably is: by our names, by the shipped mappings, by what it holds.

A proposal for a person to look at, never applied unseen.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from posthouse.records.headings import column_names, fold_heading, match_headings
from posthouse.records.mapping import TableMapping, read_shipped, shipped_mappings
from posthouse.records.schema import Column, Table
from posthouse.records.text_values import clean_text, read_bool, read_date, read_real, read_time

_SURE = 0.9  # share of values that must be of a kind
_CODE = re.compile(r"\d{12}")
_WAYBILL = re.compile(r"(?=.*\d{6})[A-Za-z]{0,4}\d{8,18}[A-Za-z]{0,2}")
_KINDS: Mapping[str, Callable[[str], object]] = {
    "code": _CODE.fullmatch,
    "time": lambda text: None if read_date(text) and len(text) <= 10 else read_time(text),
    "date": read_date,
    "waybill": _WAYBILL.fullmatch,
    "number": read_real,
    "yes or no": read_bool,
}
_KIND_OF_TYPE = {"time": "time", "date": "date", "hash": "waybill", "real": "number", "int": "number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnGuess:
    """What one heading probably is.

    column : None where nothing fits. by : `name`, `mapping`, `shipped`, `content`, or empty.
    kind : of its values: code, time, date, waybill, number, yes or no, text; empty where it has none.
    share : of the values that are of this kind, 0..1.
    """

    heading: str
    column: str | None
    by: str
    kind: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A mapping of one table, and why. missing : required columns that nothing gives."""

    mapping: TableMapping = field(default_factory=TableMapping)
    columns: tuple[ColumnGuess, ...] = ()
    missing: tuple[Column, ...] = ()


def propose_mapping(
    table: Table, headings: Sequence[str], values: Sequence[Sequence[str | None]], given: TableMapping | None = None
) -> Proposal:
    """Return a mapping that reads a file with these headings as this table.

    Parameters
    ----------
    values : of each heading, some texts of its column. given : a mapping that is to hold in any case.
    """
    mapping = given or TableMapping()
    own, shipped = column_names(table, mapping), _shipped(table)
    kinds = [_kind(column) for column in values]
    guesses: list[ColumnGuess] = []
    taken: set[str] = set()
    for heading, (kind, share) in zip(headings, kinds, strict=True):
        folded = fold_heading(heading)
        column, by = own.get(folded), "mapping" if folded in map(fold_heading, mapping.columns) else "name"
        if column is None and shipped is not None:
            named = {fold_heading(name): meant for name, meant in shipped.columns.items()}
            column, by = named.get(folded), "shipped"
        column = None if column in taken else column
        taken |= {column} if column else set()
        guesses.append(ColumnGuess(heading=heading, column=column, by=by if column else "", kind=kind, share=share))
    for at, guess in enumerate(guesses):
        if guess.column is None and (found := _by_content(table, guess, values[at], taken, shipped)):
            taken.add(found)
            guesses[at] = ColumnGuess(
                heading=guess.heading, column=found, by="content", kind=guess.kind, share=guess.share
            )
    proposed = _proposed(mapping, shipped, guesses)
    known = match_headings(table, proposed, headings)
    made = {*proposed.made_from, *(name for name, other in proposed.same.items() if other in known.positions)}
    missing = tuple(column for column in known.missing if column.name not in made)
    return Proposal(mapping=proposed, columns=tuple(guesses), missing=missing)


def mapping_to_toml(tables: Mapping[str, TableMapping]) -> str:
    """Return the text of a mapping file, as `mapping.read_mapping` reads it."""
    lines = ["# 由 posthouse load --preview 建议，请核对。"]
    for name, mapping in tables.items():
        lines += ["", f"[{name}]", f"files = {_toml(list(mapping.files))}"]
        for part in ("columns", "constants", "same"):
            lines += _section(f"{name}.{part}", getattr(mapping, part))
        for part in ("skip", "made_from"):
            lines += _section(
                f"{name}.{part}", {column: list(words) for column, words in getattr(mapping, part).items()}
            )
        for column, words in mapping.values.items():
            lines += _section(f"{name}.values.{column}", words)
    return "\n".join(lines) + "\n"


def _shipped(table: Table) -> TableMapping | None:
    """Return the shipped mappings of exports laid over one another, for the headings and words that people use."""
    found: TableMapping | None = None
    for name in shipped_mappings():
        mapping = read_shipped(name).tables.get(table.name)
        if mapping is not None and mapping.columns:
            found = mapping if found is None else found.over(mapping)
    return found


def _proposed(given: TableMapping, shipped: TableMapping | None, guesses: Sequence[ColumnGuess]) -> TableMapping:
    columns = {guess.heading: guess.column for guess in guesses if guess.column and guess.by in ("shipped", "content")}
    found = {guess.column for guess in guesses}
    base = TableMapping(columns=columns)
    if shipped is not None:
        base = TableMapping(
            columns=columns,
            values={column: words for column, words in shipped.values.items() if column in found},
            skip={column: words for column, words in shipped.skip.items() if column in found},
            same={column: other for column, other in shipped.same.items() if column not in found and other in found},
            made_from={column: parts for column, parts in shipped.made_from.items() if column not in found},
        )
    return given.over(base)


def _by_content(
    table: Table, guess: ColumnGuess, values: Sequence[str | None], taken: set[str], shipped: TableMapping | None
) -> str | None:
    """Return the first required column, not taken yet, that these values can be."""
    if not guess.kind:
        return None
    texts = [clean_text(value) for value in values if value]
    for column in table.columns:
        if not column.required or column.name in taken:
            continue
        words = {*column.values, *column.values_zh, *(shipped.values.get(column.name, {}) if shipped else {})}
        if words and column.values:
            words |= set(shipped.skip.get(column.name, ())) if shipped else set()
            if sum(text in words for text in texts) >= _SURE * len(texts):
                return column.name
        elif guess.share >= _SURE and _KIND_OF_TYPE.get(column.type) == guess.kind:
            return column.name
    return None


def _kind(values: Sequence[str | None]) -> tuple[str, float]:
    texts = [text for value in values if value and (text := clean_text(value))]
    if not texts:
        return "", 0.0
    shares = {name: sum(read(text) is not None for text in texts) / len(texts) for name, read in _KINDS.items()}
    best = next((name for name, share in shares.items() if share >= _SURE), None)
    return (best, shares[best]) if best else ("text", 1.0)


def _section(name: str, entries: Mapping[str, Any]) -> list[str]:
    if not entries:
        return []
    return [f"[{name}]", *(f"{_toml(key)} = {_toml(value)}" for key, value in entries.items())]


def _toml(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in str(value)) + '"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
