"""Which column a heading names: our id or our Chinese heading, written the way people write headings.

Width, case, spaces, line breaks and a unit in brackets (`重量（千克）`) make no difference.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from posthouse.records.mapping import TableMapping
from posthouse.records.schema import Column, Table

_BRACKET = re.compile(r"\([^()]*\)$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingMatch:
    """Where each column is found.

    positions : column name to position among the headings. unknown : headings that name no column.
    repeated : headings whose column an earlier heading names already; they are not read.
    missing : required columns that neither a heading nor a constant gives. absent : the same of optional columns.
    """

    positions: dict[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    missing: tuple[Column, ...] = ()
    absent: tuple[Column, ...] = ()


def match_headings(table: Table, mapping: TableMapping, headings: Sequence[str]) -> HeadingMatch:
    """Return which heading gives which column of the table.

    >>> from posthouse.records.schema import get_table
    >>> match_headings(get_table("channels"), TableMapping(), ["通道编号", "每周班次（班/周）"]).positions
    {'channel_id': 0, 'departures_per_week': 1}
    """
    named = column_names(table, mapping)
    positions: dict[str, int] = {}
    unknown, repeated = [], []
    for position, heading in enumerate(headings):
        column = named.get(fold_heading(heading))
        if column is None:
            if heading.strip():
                unknown.append(heading.strip())
        elif column in positions:
            repeated.append(heading.strip())
        else:
            positions[column] = position
    lacking = [
        column for column in table.columns if column.name not in positions and column.name not in mapping.constants
    ]
    return HeadingMatch(
        positions=positions,
        unknown=tuple(unknown),
        repeated=tuple(repeated),
        missing=tuple(column for column in lacking if column.required),
        absent=tuple(column for column in lacking if not column.required),
    )


def column_names(table: Table, mapping: TableMapping) -> dict[str, str]:
    """Return every heading that the table knows, folded, with the column it names; the mapping goes first."""
    named = {fold_heading(column.zh): column.name for column in table.columns}
    named |= {fold_heading(column.name): column.name for column in table.columns}
    return named | {fold_heading(heading): column for heading, column in mapping.columns.items()}


@cache
def fold_heading(heading: str) -> str:
    """Return a heading without what people vary: width, case, spaces, a unit in brackets at its end."""
    text = _SPACE.sub("", unicodedata.normalize("NFKC", heading.lstrip("\ufeff"))).casefold()
    return _BRACKET.sub("", text) or text


def find_heading_row(rows: Sequence[Sequence[str]], known: frozenset[str]) -> int:
    """Return the index of the row that names most known columns; the first such, and 0 where none names any.

    Sheets often open with a title, a reporting unit and a date before the headings.
    """
    counts = [len({fold_heading(cell) for cell in row if cell} & known) for row in rows]
    return counts.index(max(counts)) if counts else 0
