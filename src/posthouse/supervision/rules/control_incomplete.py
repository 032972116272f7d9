"""Outlets that left out one of the three controls: real names, inspection at acceptance, X-ray screening."""

from posthouse.measures.catalogue import get_definition
from posthouse.measures.forms import Tables
from posthouse.measures.measure import measure
from posthouse.supervision.model import Findings, Rule
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.units import in_words

MEASURES = ("real_name_rate", "acceptance_inspection_rate", "security_screening_rate")


def find_control_incomplete(tables: Tables, period: Period, rule: Rule) -> Findings:
    """Return a finding per outlet and control whose rate lies below `floor_share`, worst first.

    The law asks for every parcel. Below the floor it is no longer a slip; outlets with fewer than `least_parcels`
    say too little.
    """
    below = [
        m
        for m in measure(MEASURES, tables, period, by=("brand", "outlet"))
        if m.value is not None
        and m.value < rule.parameters["floor_share"]
        and (m.denominator or 0) >= rule.parameters["least_parcels"]
    ]
    return tuple(
        rule.found(
            f"{m.brand}网点{m.outlet}的{get_definition(m.measure).name_zh}为{in_words(m.value, m.unit)}，"
            f"应做{m.denominator}件、漏做{(m.denominator or 0) - (m.numerator or 0)}件",
            brand=m.brand or "",
            place=m.outlet or "",
            measure=m.measure,
            value=m.value,
            numerator=m.numerator,
            denominator=m.denominator,
        )
        for m in sorted(below, key=lambda m: (m.value or 0.0, m.outlet or "", m.measure))
    )
