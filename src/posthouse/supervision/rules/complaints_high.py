"""Brands about which customers complain, with right, far more often than about the city's brands as a whole."""

from posthouse.measures.forms import Tables
from posthouse.measures.measure import measure
from posthouse.supervision.model import Findings, Rule
from posthouse.vocabulary.periods import Period


def find_complaints_high(tables: Tables, period: Period, rule: Rule) -> Findings:
    """Return a finding per brand at `times_city` or more of the city's rate, with `least_complaints` or more."""
    city = [m for m in measure(["complaints_per_million"], tables, period) if m.value]
    if not city or city[0].value is None:
        return ()
    rate = city[0].value
    high = [
        m
        for m in measure(["complaints_per_million"], tables, period, by=("brand",))
        if m.value is not None
        and m.value >= rule.parameters["times_city"] * rate
        and (m.numerator or 0) >= rule.parameters["least_complaints"]
    ]
    return tuple(
        rule.found(
            f"{m.brand}：每百万件有效申诉{m.value:.1f}件，全市为{rate:.1f}件",
            brand=m.brand or "",
            value=m.value,
            city=rate,
            numerator=m.numerator,
        )
        for m in sorted(high, key=lambda m: (-(m.value or 0.0), m.brand or ""))
    )
