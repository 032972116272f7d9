"""What several measures of one period ask of the parcels, made once for all of them and kept until they are done.

Twenty measures look at the same month of parcels. Each alone joins journeys and parcels again; together they read
sums of that join by group and day: some thousand rows, so that ten million parcels are never written out. The sums
are of the same rows, so the figures are the same bits. Where the tables hold one of these, the expressions read it: it
is that of the period at hand, and complete.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from posthouse.measures.expressions.green import accepted_parcels
from posthouse.measures.expressions.quality import leg_sums, stage_sums
from posthouse.measures.forms import Parameters, Tables
from posthouse.measures.visits import delivery_sums, village_days
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


@contextmanager
def sharing(asked: Sequence[tuple[MeasureDefinition, Parameters]], tables: Tables, period: Period) -> Iterator[Tables]:
    """Yield the tables with what two or more of these measures would each make for themselves; gone afterwards.

    Parameters
    ----------
    asked : the measures, each with its parameters.
    """
    askers: dict[str, list[Parameters]] = {}
    for definition, parameters in asked:
        for name in _needs(definition):
            askers.setdefault(name, []).append(parameters)
    makers: Mapping[str, Callable[[], Table]] = {
        "village_days": lambda: village_days(tables, period),
        "delivery_sums": lambda: delivery_sums(tables, period),
        "leg_sums": lambda: leg_sums(tables, period, askers["leg_sums"]),
        "stage_sums": lambda: stage_sums(tables, period),
        "accepted_parcels": lambda: accepted_parcels(tables, period),
    }
    shared = dict(tables)
    with ExitStack() as stack:
        for name, several in askers.items():
            if len(several) > 1 and name not in tables:
                shared[name] = stack.enter_context(makers[name]().cache())
        yield shared


def _needs(definition: MeasureDefinition) -> tuple[str, ...]:
    read = {"journeys", "parcels", "regions"} & {*definition.tables}
    if definition.subject == "village":
        return {1: ("village_days",), 2: ("delivery_sums",)}.get(len(read), ())
    if "journeys" in read:
        return {1: ("stage_sums",), 2: ("delivery_sums",)}.get(len(read), ("leg_sums",))
    return ("accepted_parcels",) if "parcels" in read else ()
