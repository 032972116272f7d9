"""Brands below the national targets of green packaging that hold in the period."""

from posthouse.measures.catalogue import get_definition
from posthouse.measures.forms import Tables, last_day
from posthouse.measures.measure import measure
from posthouse.supervision.model import Findings, Rule, is_in_force
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.units import in_words


def find_packaging_below(tables: Tables, period: Period, rule: Rule) -> Findings:
    """Return a finding per brand and target it misses, in the order of the targets, worst brand first."""
    wanted = {target.measure: target for target in rule.targets if is_in_force(target, last_day(period))}
    below = [
        (wanted[m.measure], m)
        for m in measure(tuple(wanted), tables, period, by=("brand",))
        if m.value is not None and m.value < wanted[m.measure].share
    ]
    order = list(wanted)
    below.sort(key=lambda pair: (order.index(pair[1].measure), pair[1].value, pair[1].brand))
    return tuple(
        rule.found(
            f"{m.brand}：{get_definition(m.measure).name_zh}为{in_words(m.value, m.unit)}，"
            f"低于{in_words(target.share, 'share')}（{target.source}）",
            brand=m.brand or "",
            measure=m.measure,
            value=m.value,
            target=target.share,
        )
        for target, m in below
    )
