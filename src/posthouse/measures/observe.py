"""What the rest of the loop asks of the measures within one month, each figure computed once.

A cycle asks for the same figures again and again (a goal, its history, its parts, the conditions of hundreds of
assignments); the Observer keeps what it has measured, so that four hundred villages cost one grouped query.
"""

from collections.abc import Mapping, Sequence

from posthouse.measures.catalogue import get_definition
from posthouse.measures.forms import Tables
from posthouse.measures.measure import Coverages, measure
from posthouse.measures.model import Measurement
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.divisions import Level, level_of
from posthouse.vocabulary.periods import Period

LEVEL_MONTHS_BACK = (1, 2, 4, 8, 12)
"""Months whose level a forecast looks at: the recent ones closely, then back to a year ago."""

SUM_YEARS_BACK = 3
"""Years whose December sum (the whole year) a forecast looks at, beside the same month a year ago."""

_GROUPS = {Level.VILLAGE: "place", Level.TOWN: "town", Level.COUNTY: "county"}
"""The group by which a place of this level is found; higher levels are the whole area."""

_Key = tuple[str, Period, tuple[str, ...], tuple[tuple[str, object], ...]]


class Observer:
    """Figures of one set of tables, remembered."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._coverages: Coverages = {}
        self._known: dict[_Key, Mapping[tuple[str | None, str | None], Measurement]] = {}

    def figure(
        self,
        measure_id: str,
        period: Period,
        parameters: Mapping[str, object] | None = None,
        *,
        place: str | None = None,
        brand: str | None = None,
    ) -> Measurement | None:
        """Return the figure of a place and brand (None: all), or None where the measure says nothing of them.

        A place that is known and has no rows of its own is not the same as zero: the measure decides, not we.
        """
        by = tuple(
            group for group in (_GROUPS.get(level_of(place)) if place else None, "brand" if brand else None) if group
        )
        place = place if by and by[0] != "brand" else None
        return self._figures(measure_id, period, by, parameters).get((place, brand))

    def history(
        self, measure_id: str, period: Period, parameters: Mapping[str, object] | None = None
    ) -> tuple[Measurement, ...]:
        """Return the earlier monthly figures that a forecast needs, oldest first; those without a value are left out.

        Each figure is a query, and a plan has fifty goals: so not every month, but those that decide (see the
        constants). Where the month before the period has no value, no earlier one is asked for a level.
        """
        found = []
        for month in _months_to_ask(get_definition(measure_id), period):
            figure = self.figure(measure_id, month, parameters)
            if figure is not None and figure.value is not None:
                found.append(figure)
            elif month == period.previous():
                break
        return tuple(sorted(found, key=lambda m: m.period))

    def parts(
        self, measure_id: str, period: Period, by: tuple[str, ...], parameters: Mapping[str, object] | None = None
    ) -> Sequence[Measurement]:
        """Return the figure's parts by these groups; none where the measure cannot be broken down so."""
        return tuple(self._figures(measure_id, period, by, parameters).values())

    def _figures(
        self, measure_id: str, period: Period, by: tuple[str, ...], parameters: Mapping[str, object] | None
    ) -> Mapping[tuple[str | None, str | None], Measurement]:
        key = (measure_id, period, by, tuple(sorted((parameters or {}).items())))
        if key not in self._known:
            found = measure(
                [measure_id], self._tables, period, by=by, parameters=parameters or {}, coverages=self._coverages
            )
            self._known[key] = {(m.place, m.brand): m for m in found}
        return self._known[key]


def _months_to_ask(definition: MeasureDefinition, period: Period) -> list[Period]:
    earlier = [period.previous()]
    while len(earlier) < 12 * (SUM_YEARS_BACK + 1):
        earlier.append(earlier[-1].previous())
    if definition.accumulates != "year":
        return [earlier[back - 1] for back in LEVEL_MONTHS_BACK]
    decembers = [month for month in earlier if month.start_on.month == 12][:SUM_YEARS_BACK]
    return sorted({earlier[11], *decembers}, reverse=True)
