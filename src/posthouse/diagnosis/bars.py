"""The bar a measured value must reach: a goal's figure in the measure's unit. The one place of unit conversion.

A goal says 95 with unit %, 翻番, 48 小时; a measurement says 0.953 with unit share. Everything that compares the
two (assessment, conditions of assignments) asks here, so that percent and share never meet by accident.
"""

from dataclasses import dataclass
from datetime import date

from posthouse.programme.model import Goal
from posthouse.vocabulary.units import share_from_percent

HEDGE_SHARE = 0.95
"""基本 (基本实现全覆盖) counts as met from this share of the figure on. The plans set no number; 95 % is our reading of 基本."""

PROMISE_SHARE = 0.90
"""A promise in hours or days (48小时送达) that is measured as a share in time counts as kept from this share on.

The plans set no share; nine parcels in ten is our reading.
"""

TOLERANCE = 1e-9
"""Relative slack for decimal figures that binary numbers cannot hold."""

_TIME_HOURS = {"分钟": 1 / 60, "小时": 1.0, "天": 24.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a value in the measure's unit is held against.

    target : the goal's figure in the measure's unit. bar : what decides; differs from target only where the goal is
    hedged with 基本. comparator : one of >= > <= <. note : how the bar was read from the goal, empty if literally.
    """

    target: float
    bar: float
    comparator: str
    note: str = ""

    def is_met_by(self, value: float) -> bool:
        """Whether the value satisfies the bar."""
        return is_satisfied(self.comparator, value, self.bar)


def find_bar(
    goal: Goal, *, unit: str, direction: str = "up", base_value: float | None = None, years: float = 1.0
) -> Bar | None:
    """Return the bar of a goal in the measure's unit, or None where the goal has no figure or its base is unknown.

    Parameters
    ----------
    unit : unit of the measure (`share` is 0..1).
    direction : `up` or `down`, from the measure's definition; decides what a bare `=` means.
    base_value : value of the base year in the measure's unit, for growth and reduction of a level.
    years : years from the base to the deadline, for 年均 growth.

    >>> from posthouse.vocabulary.sources import Source
    >>> goal = Goal(id="G1", text="达到95%", source=Source(document="", clause="", span=(0, 5)), indicator="",
    ...             comparator=">=", value=95, unit="%")
    >>> find_bar(goal, unit="share").bar
    0.95
    """
    if goal.value is None:
        return None
    if goal.comparator in ("growth", "reduction"):
        return _relative_bar(goal, goal.value, unit, direction, base_value, years)
    if unit == "share" and goal.unit in _TIME_HOURS:
        note = f"{goal.value:g}{goal.unit}的时限按{PROMISE_SHARE:.0%}以上快件达到计"
        return Bar(target=PROMISE_SHARE, bar=PROMISE_SHARE, comparator=">=", note=note)
    target = _in_unit(goal.value, goal.unit, unit)
    down = direction == "down"
    match goal.comparator:
        case "~=":
            hedged = target / HEDGE_SHARE if down else target * HEDGE_SHARE
            note = f"“基本”按达到目标的{HEDGE_SHARE:.0%}计"
            return Bar(target=target, bar=hedged, comparator="<=" if down else ">=", note=note)
        case "=":
            return Bar(target=target, bar=target, comparator="<=" if down else ">=")
        case "range":
            upper = goal.value if goal.value_max is None else goal.value_max
            bar = _in_unit(upper, goal.unit, unit) if down else target
            return Bar(target=bar, bar=bar, comparator="<=" if down else ">=")
        case _:
            return Bar(target=target, bar=target, comparator=goal.comparator)


def is_satisfied(comparator: str, value: float, bar: float) -> bool:
    """Whether `value comparator bar` holds, with a slack of 1e-9 for figures such as 0.1 + 0.2.

    Raises
    ------
    ValueError : the comparator is not one of >= > <= < =.
    """
    slack = TOLERANCE * max(1.0, abs(bar))
    match comparator:
        case ">=":
            return value >= bar - slack
        case ">":
            return value > bar + slack
        case "<=":
            return value <= bar + slack
        case "<":
            return value < bar - slack
        case "=":
            return abs(value - bar) <= slack
    raise ValueError(f"Expected a comparator of >= > <= < =, got {comparator!r}.")


def years_between(base_year: int, deadline: date) -> int:
    """Return the years over which a 年均 growth runs."""
    return max(1, deadline.year - base_year)


def _relative_bar(
    goal: Goal, value: float, unit: str, direction: str, base_value: float | None, years: float
) -> Bar | None:
    change = value - 1 if goal.unit.startswith("倍") else share_from_percent(value)
    growing = goal.comparator == "growth"
    if unit == "share" and base_value is None:
        # The measure itself says the change against its base. A falling share (tape use as part of the base) is
        # held against what may remain.
        if not growing and direction == "down":
            return Bar(target=1 - change, bar=1 - change, comparator="<=")
        return Bar(target=change, bar=change, comparator=">=")
    if unit.startswith("倍"):
        return Bar(target=1 + change, bar=1 + change, comparator=">=")
    if base_value is None:
        return None
    power = years if goal.unit.endswith("/年") else 1.0
    target = base_value * ((1 + change) if growing else (1 - change)) ** power
    note = f"以基期{goal.base}为准" if goal.base else ""
    return Bar(target=target, bar=target, comparator=">=" if growing else "<=", note=note)


def _in_unit(value: float, goal_unit: str, unit: str) -> float:
    if unit == "share" and goal_unit.startswith("%"):
        return share_from_percent(value)
    if goal_unit in _TIME_HOURS and unit in _TIME_HOURS:
        return value * _TIME_HOURS[goal_unit] / _TIME_HOURS[unit]
    return value
