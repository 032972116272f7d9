"""Parks of the register, as the measures of factories, exports and infrastructure count them."""

from typing import TYPE_CHECKING

from posthouse.measures.forms import Tables, valid_at_end
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def valid_parks(tables: Tables, period: Period, kind: str | None = None) -> "Table":
    """Parks valid at the end of the period, of one kind or of all, with place and item named."""
    parks = valid_at_end(tables["parks"], period).rename(place="division", item="park_id")
    return parks.filter(parks.kind == kind) if kind else parks
