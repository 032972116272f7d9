"""Goals and measurements in a line each."""

from datetime import date

from posthouse.measures.catalogue import get_definition
from posthouse.measures.model import Measurement
from posthouse.programme.model import Binding, DocumentFacts, Goal, Programme
from posthouse.vocabulary.periods import parse_period
from posthouse.vocabulary.sources import Source

YEAR_END = date(2021, 12, 31)


def goal(comparator, value, unit, measure=None, *, deadline=YEAR_END, parameters=None, **more):
    return Goal(
        id=more.pop("id", "G1"),
        text=more.pop("text", "目标"),
        source=Source(document="文", clause=more.pop("clause", "二"), span=(0, 2)),
        indicator=more.pop("indicator", ""),
        comparator=comparator,
        value=value,
        unit=unit,
        deadline=deadline,
        binding=Binding(measure=measure, parameters=parameters or {}),
        **more,
    )


def programme(*goals, tasks=()):
    return Programme(document=DocumentFacts(), goals=goals, tasks=tasks)


def measured(measure, value, *, month="2021-06", numerator=None, denominator=None, place=None, brand=None, note=""):
    return Measurement(
        measure=measure,
        period=parse_period(month),
        place=place,
        brand=brand,
        value=value,
        numerator=numerator,
        denominator=denominator,
        coverage=0.0 if value is None else 1.0,
        unit=get_definition(measure).unit,
        note=note,
    )
