"""Brands that charge villagers a second time, as households say when called back."""

from posthouse.measures.forms import Tables
from posthouse.measures.measure import measure
from posthouse.supervision.model import Findings, Rule
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.units import in_words


def find_secondary_charge(tables: Tables, period: Period, rule: Rule) -> Findings:
    """Return a finding per brand above `share` of at least `least_calls` households reached."""
    guilty = [
        m
        for m in measure(["secondary_charge_share"], tables, period, by=("brand",))
        if m.value is not None
        and m.value > rule.parameters["share"]
        and (m.denominator or 0) >= rule.parameters["least_calls"]
    ]
    return tuple(
        rule.found(
            f"{m.brand}：回访{m.denominator}户，{m.numerator}户答取件时被另外收费（{in_words(m.value, m.unit)}）",
            brand=m.brand or "",
            value=m.value,
            numerator=m.numerator,
            denominator=m.denominator,
        )
        for m in sorted(guilty, key=lambda m: (-(m.value or 0.0), m.brand or ""))
    )
