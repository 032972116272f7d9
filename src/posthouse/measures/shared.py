"""What several measures of one period ask of the parcels, made once for all of them and kept until they are done.

Twenty measures look at the same month of parcels. Each alone joins journeys and parcels again; together they read
tables of that join. The rows are the same, so the figures are the same bits. Where the tables hold one of these, the
expressions read it: it is that of the period at hand, and complete.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from posthouse.measures.expressions.green import accepted_parcels
from posthouse.measures.expressions.quality import region_legs, stage_sums
from posthouse.measures.forms import Tables
from posthouse.measures.visits import deliveries, village_days
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table

_MAKERS: Mapping[str, Callable[[Tables, Period], "Table"]] = {
    "village_days": village_days,
    "deliveries": deliveries,
    "region_legs": region_legs,
    "stage_sums": stage_sums,
    "accepted_parcels": accepted_parcels,
}
"""In this order: the legs are made from the deliveries."""


@contextmanager
def sharing(definitions: Sequence[MeasureDefinition], tables: Tables, period: Period) -> Iterator[Tables]:
    """Yield the tables with what two or more of these measures would each make for themselves; gone afterwards."""
    asked = [name for definition in definitions for name in _needs(definition)]
    shared = dict(tables)
    with ExitStack() as stack:
        for name, make in _MAKERS.items():
            if asked.count(name) > 1 and name not in tables:
                shared[name] = stack.enter_context(make(shared, period).cache())
        yield shared


def _needs(definition: MeasureDefinition) -> tuple[str, ...]:
    read = {"journeys", "parcels", "regions"} & {*definition.tables}
    if definition.subject == "village":
        return {1: ("village_days",), 2: ("deliveries",)}.get(len(read), ())
    if "journeys" in read:
        return {1: ("stage_sums",), 2: ("deliveries",)}.get(len(read), ("deliveries", "region_legs"))
    return ("accepted_parcels",) if "parcels" in read else ()
