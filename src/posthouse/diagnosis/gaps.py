"""Which places and brands hold a goal back, worst first. What planning turns into actions."""

from collections.abc import Callable, Sequence

from posthouse.diagnosis.bars import Bar, find_bar
from posthouse.diagnosis.model import Assessment, Gap
from posthouse.measures.model import Measurement

Breakdown = Callable[[str, tuple[str, ...]], Sequence[Measurement]]
"""(measure id, groups) -> the measure's parts; empty where the measure cannot be broken down so."""

UNMET = frozenset({"behind", "missed", "on_track"})
"""Statuses with a value below the target. A goal on track is still open: what is on its way must arrive."""

_GROUPS = (("place",), ("brand",), ("outlet",))


def diagnose_gaps(assessments: Sequence[Assessment], breakdown: Breakdown) -> tuple[Gap, ...]:
    """Return a gap for each goal that has a value below its target, in the order of the assessments.

    Parameters
    ----------
    breakdown : asked once per measure and group (place, brand, outlet); it returns no rows where the measure
        has no such group.

    Returns
    -------
    items hold the parts below the target, worst first, ties by place and brand. Parts are left out where the measure
    is a plain count: half a city's parks are not "below" the city's figure.
    """
    parts: dict[str, tuple[Measurement, ...]] = {}
    gaps = []
    for assessment in assessments:
        measurement, measure = assessment.measurement, assessment.goal.binding.measure
        if assessment.status not in UNMET or measurement is None or measurement.value is None or measure is None:
            continue
        if assessment.target is None:
            continue
        if measure not in parts:
            divisible = measurement.denominator is not None
            parts[measure] = tuple(m for by in _GROUPS for m in breakdown(measure, by)) if divisible else ()
        bar = _bar(assessment, measurement)
        gaps.append(
            Gap(
                goal_id=assessment.goal.id,
                measure=measure,
                target=assessment.target,
                value=measurement.value,
                shortfall=abs(bar.bar - measurement.value),
                items=_below(parts[measure], bar),
            )
        )
    return tuple(gaps)


def _bar(assessment: Assessment, measurement: Measurement) -> Bar:
    target = assessment.target if assessment.target is not None else 0.0
    bar = find_bar(assessment.goal, unit=measurement.unit)
    if bar is not None:
        return bar
    upward = measurement.value is not None and measurement.value <= target
    return Bar(target=target, bar=target, comparator=">=" if upward else "<=")


def _below(parts: Sequence[Measurement], bar: Bar) -> tuple[Measurement, ...]:
    """The parts that miss the whole target: a village is not helped by the city's 基本."""
    whole = Bar(target=bar.target, bar=bar.target, comparator=bar.comparator)
    below = [(abs(whole.bar - m.value), m) for m in parts if m.value is not None and not whole.is_met_by(m.value)]
    return tuple(m for _, m in sorted(below, key=lambda pair: (-pair[0], pair[1].place or "", pair[1].brand or "")))
