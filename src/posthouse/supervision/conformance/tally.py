"""Counts of journeys by brand, outlet and pattern, with a few examples of each: small enough to be read in Python."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import IntegerScalar, Table

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


def count_with_examples(journeys: "Table") -> "dict[str, IntegerScalar]":
    """Return the aggregates that `read_groups` reads, of a table with a waybill.

    The examples are the least waybill of each remainder by five: the same on every engine, in one pass, without a sort.
    """
    remainder = (journeys.waybill % EXAMPLES).abs()
    least = {f"example_{n}": journeys.waybill.min(where=remainder == n) for n in range(EXAMPLES)}
    return {"journeys": journeys.count(), **least}


def read_groups(counts: "Table") -> Iterator[Group]:
    """Yield the groups of a table of brand, outlet, pattern and the aggregates of `count_with_examples`."""
    for row in counts.to_pyarrow().to_pylist():
        examples = (row[f"example_{n}"] for n in range(EXAMPLES))
        yield Group(
            brand=row["brand"],
            outlet=row["outlet"],
            pattern=row["pattern"],
            count=row["journeys"],
            examples=tuple(sorted(example for example in examples if example is not None)),
        )
