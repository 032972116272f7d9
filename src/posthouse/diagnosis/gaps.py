"""Which places and brands hold a goal back, worst first. What planning turns into actions."""

from collections.abc import Callable, Sequence

from posthouse.diagnosis.bars import is_satisfied
from posthouse.diagnosis.model import Assessment, Gap
from posthouse.measures.catalogue import get_definition
from posthouse.measures.model import Measurement

Breakdown = Callable[[str, tuple[str, ...]], Sequence[Measurement]]
"""(measure id, groups) -> the measure by these groups."""

UNMET = frozenset({"behind", "missed", "on_track"})
"""Statuses with a value below the target. A goal on track is still open: what is on its way must arrive."""

CALENDAR_SHARE = 28 / 31
"""Part of a promised number a week that a place must reach, measured over a calendar month.

A van that comes from Monday to Friday without fail is seen on 21 of 31 days in some months: 4.7 a week, not 5. A month
has four of each weekday at least, so that k days a week, kept, never measure less than k * 28/31; k - 1 always do.
"""

MEAN = "平均"
"""The word by which a goal asks for the mean of all places only."""

_WHOEVER_COMES = frozenset(
    {
        "delivery_days_per_week",
        "main_island_delivery_days_per_week",
        "town_delivery_days_per_week",
        "village_coverage",
        "main_island_village_coverage",
    }
)
"""Kept for a place whoever brings the parcel: that one brand alone comes less often is no gap."""


def diagnose_gaps(assessments: Sequence[Assessment], breakdown: Breakdown) -> tuple[Gap, ...]:
    """Return a gap for each goal that has a value short of its target, in the order of the assessments.

    A number a week is promised to every village, unless the goal says 平均: where the mean is reached and villages are
    not, their gap is told with a shortfall of 0.

    Parameters
    ----------
    breakdown : asked once per measure for each group (place, brand) that somebody can act on.

    Returns
    -------
    items hold the parts that miss the goal, worst first, ties by place and brand: places the whole target (a village is
    not helped by the city's 基本; but see CALENDAR_SHARE), brands what counts as reached. A plain count has no such
    parts: half a city's parks are not "below" the city's figure.
    """
    parts: dict[str, tuple[Measurement, ...]] = {}
    gaps = []
    for assessment in assessments:
        measurement, target, bar = assessment.measurement, assessment.target, assessment.bar
        if measurement is None or target is None or bar is None:
            continue
        if assessment.status not in UNMET and not _promises_each_place(assessment):
            continue
        measure = measurement.measure
        if measure not in parts:
            parts[measure] = tuple(m for by in _groups(measure) for m in breakdown(measure, by))
        compared = assessment.compared
        place_bar = target * CALENDAR_SHARE if measurement.unit == "次/周" else target
        items = _missing(parts[measure], assessment.comparator, bar, place_bar)
        if assessment.status == "met" and not items:
            continue
        gaps.append(
            Gap(
                goal_id=assessment.goal.id,
                measure=measure,
                target=target,
                value=compared,
                shortfall=_shortfall(assessment, bar),
                items=items,
                bar=bar,
                place_bar=place_bar,
                comparator=assessment.comparator,
                parameters=tuple(sorted(assessment.goal.binding.parameters.items())),
            )
        )
    return tuple(gaps)


def _groups(measure: str) -> tuple[tuple[str, ...], ...]:
    definition = get_definition(measure)
    if not definition.denominator:
        return ()
    if measure in _WHOEVER_COMES:
        return (("place",),)
    # Elsewhere the brand is who can act; the place only where the village itself lacks something.
    wanted = ("brand", "place") if definition.subject == "village" else ("brand",)
    return tuple((group,) for group in wanted if group in definition.groups)


def _promises_each_place(assessment: Assessment) -> bool:
    goal, measurement = assessment.goal, assessment.measurement
    weekly = measurement is not None and measurement.unit == "次/周"
    return assessment.status == "met" and weekly and MEAN not in goal.text


def _shortfall(assessment: Assessment, bar: float) -> float | None:
    if assessment.status == "met":
        return 0.0
    return None if assessment.compared is None else abs(bar - assessment.compared)


def _missing(parts: Sequence[Measurement], comparator: str, bar: float, place_bar: float) -> tuple[Measurement, ...]:
    off = []
    for part in parts:
        wanted = bar if part.place is None else place_bar
        if part.value is not None and not is_satisfied(comparator, part.value, wanted):
            off.append((-abs(wanted - part.value), part.place or "", part.brand or "", part))
    return tuple(part for *_, part in sorted(off, key=lambda entry: entry[:3]))
