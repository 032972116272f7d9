"""Whom to believe: how often a reporting unit's declared figures agreed with the records, month by month.

For the bulletin and the console. A figure is honest where it overstates less than its measure's threshold
(thresholds.toml). Recent months weigh more, and two imaginary figures, one honest and one false, keep a unit with few
figures near the middle (Laplace's rule of succession). Dated: the score of a month never changes with what comes later.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from posthouse.diagnosis.model import DeclarationCheck, DeclaredMonth, UnitReliability
from posthouse.diagnosis.wording import reliability_sentence
from posthouse.vocabulary.periods import Period, parse_period

HALF_LIFE_MONTHS = 6
"""After so many months a figure counts half: a liaison who has changed is seen so within half a year."""

KEPT_MONTHS = 24
"""Older months weigh less than a sixteenth and are dropped."""

STEADY = 0.02
"""A smaller change of the score than this is no trend."""

Trend = Literal["new", "better", "worse", "steady"]


def score_units(
    checks: Iterable[DeclarationCheck], period: Period, *, past: Sequence[UnitReliability] = ()
) -> tuple[UnitReliability, ...]:
    """Return the reliability of every unit that has ever declared what can be checked, least reliable first.

    Parameters
    ----------
    checks : of the declarations of this period. past : what an earlier month returned; its months are carried on.
    """
    months = {unit.unit: [m for m in unit.months if _age(m.period, period) > 0] for unit in past}
    own: dict[str, list[DeclarationCheck]] = defaultdict(list)
    for check in checks:
        own[check.unit].append(check)
    scored = [_score(unit, months.get(unit, []), own.get(unit, []), period) for unit in {*months, *own}]
    return tuple(sorted((unit for unit in scored if unit.months), key=lambda u: (u.score, u.unit)))


def reliability_from_json(entries: Iterable[Mapping[str, Any]]) -> tuple[UnitReliability, ...]:
    """Return the units of an earlier cycle.json.

    Raises
    ------
    KeyError, TypeError, ValueError : an entry is not what `to_plain` made of a UnitReliability.
    """
    return tuple(
        UnitReliability(
            **{**entry, "period": parse_period(entry["period"]), "months": tuple(map(_month, entry["months"]))}
        )
        for entry in entries
    )


def _score(
    unit: str, months: Sequence[DeclaredMonth], own: Sequence[DeclarationCheck], period: Period
) -> UnitReliability:
    known = [month for month in months if _age(month.period, period) < KEPT_MONTHS]
    before = _weighted(known, period.previous()) if known else None
    false = [check for check in own if check.is_false]
    if own:
        known.append(DeclaredMonth(period=period, checked=len(own), false=len(false)))
    score = _weighted(known, period)
    worst = max(false, key=lambda c: (c.excess / c.threshold, c.declaration_id), default=None)
    trend = _trend(score, before)
    return UnitReliability(
        unit=unit,
        period=period,
        checked=len(own),
        false=len(false),
        score=score,
        trend=trend,
        months=tuple(known),
        why=reliability_sentence(known, len(own), len(false), trend, worst),
    )


def _weighted(months: Sequence[DeclaredMonth], on: Period) -> float:
    weights: list[float] = [0.5 ** (_age(month.period, on) / HALF_LIFE_MONTHS) for month in months]
    checked = sum(weight * month.checked for weight, month in zip(weights, months, strict=True))
    false = sum(weight * month.false for weight, month in zip(weights, months, strict=True))
    return (checked - false + 1) / (checked + 2)


def _trend(score: float, before: float | None) -> Trend:
    if before is None:
        return "new"
    change = score - before
    return "steady" if abs(change) < STEADY else "better" if change > 0 else "worse"


def _age(month: Period, on: Period) -> int:
    return (on.start_on.year - month.start_on.year) * 12 + on.start_on.month - month.start_on.month


def _month(entry: Mapping[str, Any]) -> DeclaredMonth:
    return DeclaredMonth(period=parse_period(entry["period"]), checked=entry["checked"], false=entry["false"])
