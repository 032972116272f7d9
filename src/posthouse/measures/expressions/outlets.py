"""Outlets and sorting centres of the register, with counts and shares of those that have a quality."""

from typing import TYPE_CHECKING

from posthouse.measures.forms import Tables, flag, integer, town_of, valid_at_end
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def valid_outlets(tables: Tables, period: Period, kind: str = "outlet") -> "Table":
    """Outlets (or sorting centres) valid at the end of the period; place is their town."""
    outlets = valid_at_end(tables["outlets"], period)
    outlets = outlets.filter(outlets.kind == kind)
    return outlets.mutate(place=town_of(outlets.division), outlet=outlets.outlet_id, item=outlets.outlet_id)


def outlet_counts(outlets: "Table", quality: str) -> "Table":
    """One row per outlet: 1 where it has the quality; coverage is the share of outlets where that is known."""
    return outlets.select(
        "place",
        "brand",
        "outlet",
        "item",
        numerator=flag(outlets[quality]),
        known=flag(outlets[quality].notnull()),
        expected=integer(1),
    )


def outlet_shares(outlets: "Table", quality: str) -> "Table":
    """As outlet_counts, over the outlets where it is known."""
    counts = outlet_counts(outlets, quality)
    return counts.mutate(denominator=counts.known)
