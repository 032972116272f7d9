"""Outlets whose cameras were off line for most of the month."""

from posthouse.measures.forms import Tables
from posthouse.measures.measure import measure
from posthouse.supervision.model import Findings, Rule
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.units import in_words


def find_camera_offline(tables: Tables, period: Period, rule: Rule) -> Findings:
    """Return a finding per outlet whose cameras were on line on less than `floor_share` of the device-days."""
    below = [
        m
        for m in measure(["video_network_rate"], tables, period, by=("brand", "outlet"))
        if m.value is not None and m.value < rule.parameters["floor_share"]
    ]
    return tuple(
        rule.found(
            f"{m.brand}网点{m.outlet}视频监控{m.denominator}个台日在线{m.numerator}个（{in_words(m.value, m.unit)}）",
            brand=m.brand or "",
            place=m.outlet or "",
            value=m.value,
        )
        for m in sorted(below, key=lambda m: (m.value or 0.0, m.outlet or ""))
    )
