"""The expressions of the measures: one module per subject, one function per measure, of the measure's name.

Every function takes (tables, period, by, parameters) and returns *facts*: an Ibis table with one row per thing
counted, in the portable subset (min, max, sum, count, where, integer division, joins; nothing approximate), so that
DuckDB and Spark give the same bits. Columns of facts:

- numerator : int64. denominator : int64, left out for plain counts. Both are summed over the rows of a group.
- place (12-digit code), brand, outlet : for each group that the definition allows.
- item : what the row is about, for `explain` (a code, an id, a waybill …). day : optional, days since 2020-01-01.
- known, expected : int64, optional; sum(known) / sum(expected) is the coverage beyond that of the tables
  (rows with a value, operators that reported, device days).

`by` tells which groups are asked for; only a function whose things differ by group (a visit of any brand or of one
brand) looks at it. `parameters` holds every parameter of the definition, defaults filled in.
"""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from posthouse.measures.expressions import (
    factory,
    green,
    infrastructure,
    office,
    overseas,
    people,
    quality,
    safety,
    village,
    volume,
)
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table

Expression = Callable[
    [Mapping[str, "Table"], Period, tuple[str, ...], Mapping[str, str | int | float]],
    "Table",
]

_MODULES: Mapping[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (village, quality, volume, factory, overseas, infrastructure, safety, green, people, office)
}


def get_expression(definition: MeasureDefinition) -> Expression:
    """Return the function of this measure.

    Raises
    ------
    LookupError : the catalogue says that it is computed and there is no function of its name.
    """
    expression: Expression | None = vars(_MODULES[definition.subject]).get(definition.id)
    if expression is None:
        raise LookupError(f"Expected a function {definition.id} in expressions/{definition.subject}.py, found none.")
    return expression
