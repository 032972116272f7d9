"""Counts of journeys by brand, outlet and pattern, with a few examples of each: small enough to be read in Python."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import Table

EXAMPLES = 5
"""Examples kept of each kind, brand and outlet: enough to look into, few enough to print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Journeys of one brand and outlet that look alike; what `pattern` means is the counting module's affair."""

    brand: str
    outlet: str | None
    pattern: int
    count: int
    examples: tuple[int, ...]


def count_patterns(journeys: "Table") -> Iterator[Group]:
    """Yield the groups of a table with waybill, brand, outlet, pattern and weight (journeys that a row stands for).

    The examples are the least waybill of each remainder by five: the same on every engine, in one pass, without a sort.
    """
    remainder = (journeys.waybill % EXAMPLES).abs()
    counts = journeys.group_by(["brand", "outlet", "pattern"]).aggregate(
        journeys.weight.sum().name("count"),
        *(journeys.waybill.min(where=remainder == number).name(f"example_{number}") for number in range(EXAMPLES)),
    )
    for row in counts.to_pyarrow().to_pylist():
        examples = sorted(row[key] for number in range(EXAMPLES) if row[key := f"example_{number}"] is not None)
        yield Group(
            brand=row["brand"],
            outlet=row["outlet"],
            pattern=row["pattern"],
            count=int(row["count"]),
            examples=tuple(examples),
        )
