"""The bar a measured value must reach: a goal's figure in the measure's unit. The one place of unit conversion.

A goal says 95 with unit %, 翻番, 48 小时; a measurement says 0.953 with unit share. Everything that compares the
two (assessment, gaps, conditions of assignments) asks here, so that percent and share never meet by accident.
"""

from dataclasses import dataclass

from posthouse.programme.model import Goal
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.units import share_from_percent

HEDGE_SHARE = 0.95
"""基本 (基本实现全覆盖) counts as met from this share of the figure on. Plans set no number; this is our reading."""

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
    goal: Goal, definition: MeasureDefinition, *, base_value: float | None = None, years: float = 1.0
) -> Bar | None:
    """Return the bar of a goal in the measure's unit, or None where the goal has no figure or its base is unknown.

    Parameters
    ----------
    definition : of the measure the goal is bound to: its unit (`share` is 0..1), its direction (what a bare `=`
        means), and its target share where the goal's own figure is a limit (48小时送达).
    base_value : value of the base year in the measure's unit, for growth and reduction of a level.
    years : years from the base to the deadline, for 年均 growth of a level.
    """
    if definition.target_share is not None:
        share = definition.target_share
        return Bar(target=share, bar=share, comparator=">=", note=f"按{share:.0%}以上达到计")
    if goal.value is None:
        return None
    if goal.comparator in ("growth", "reduction"):
        return _relative_bar(goal, goal.value, definition, None if base_value is None else (base_value, years))
    return _level_bar(goal, _in_unit(goal.value, goal.unit, definition.unit), definition)


def is_satisfied(comparator: str, value: float, bar: float) -> bool:
    """Whether `value comparator bar` holds, with a slack of 1e-9 for figures such as 0.1 + 0.2.

    Raises
    ------
    ValueError : the comparator is not one of >= > <= < =.

    >>> is_satisfied(">=", 0.1 + 0.2, 0.3), is_satisfied("<", 0.1 + 0.2, 0.3)
    (True, False)
    """
    slack = TOLERANCE * max(1.0, abs(bar))
    holds = {
        ">=": value >= bar - slack,
        ">": value > bar + slack,
        "<=": value <= bar + slack,
        "<": value < bar - slack,
        "=": abs(value - bar) <= slack,
    }
    if comparator not in holds:
        raise ValueError(f"Expected a comparator of >= > <= < =, got {comparator!r}.")
    return holds[comparator]


def _level_bar(goal: Goal, target: float, definition: MeasureDefinition) -> Bar:
    down = definition.direction == "down"
    comparator = "<=" if down else ">="
    match goal.comparator:
        case "~=":
            hedged = target / HEDGE_SHARE if down else target * HEDGE_SHARE
            note = f"“基本”按达到目标的{HEDGE_SHARE:.0%}计"
            return Bar(target=target, bar=hedged, comparator=comparator, note=note)
        case "=":
            # 培育5个 is kept by six as well; where less is better, by fewer.
            return Bar(target=target, bar=target, comparator=comparator)
        case "range":
            upper = target if goal.value_max is None else _in_unit(goal.value_max, goal.unit, definition.unit)
            nearest = upper if down else target
            return Bar(target=nearest, bar=nearest, comparator=comparator)
        case _:
            return Bar(target=target, bar=target, comparator=goal.comparator)


def _relative_bar(
    goal: Goal, value: float, definition: MeasureDefinition, base: tuple[float, float] | None
) -> Bar | None:
    """The bar of 增长20%, 翻番, 减少20%; base is the base year's value and the years since, for a level."""
    change = value - 1 if goal.unit.startswith("倍") else share_from_percent(value)
    growing = goal.comparator == "growth"
    if definition.unit == "share":
        # The measure itself says the change against its base. A falling share is held against what may remain.
        if not growing and definition.direction == "down":
            return Bar(target=1 - change, bar=1 - change, comparator="<=")
        return Bar(target=change, bar=change, comparator=">=")
    if base is None:
        return None
    base_value, years = base
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
