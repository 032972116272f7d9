"""What a goal adds to its measure: the base year of a growth, the hours of a time limit, the threshold of a norm."""

import re
from collections.abc import Callable, Mapping

from posthouse.programme.model import Goal, Programme
from posthouse.programme.phrasings import load_phrasing
from posthouse.vocabulary.definitions import MeasureDefinition


def derive_parameters(
    goal: Goal, definition: MeasureDefinition, programme: Programme
) -> tuple[dict[str, str | int | float], list[str]]:
    """Return the values of the definition's parameters that the goal gives, and remarks in 中文 on what was assumed."""
    parameters: dict[str, str | int | float] = {}
    remarks: list[str] = []
    for name in definition.parameters:
        rule = _RULES.get(name)
        value = rule(goal, programme) if rule else None
        if value is not None:
            parameters[name] = value
        elif name == "base_year" and programme.document.issued_on:
            parameters[name] = programme.document.issued_on.year - 1
            remarks.append(f"原文没有写基年，按成文前一年 {parameters[name]} 年计")
    return parameters, remarks


def _base_year(goal: Goal, programme: Programme) -> int | None:
    return int(goal.base) if goal.base and re.fullmatch(r"(?:19|20)\d\d", goal.base) else None


def _hours(goal: Goal, programme: Programme) -> int | float | None:
    factor = {"小时": 1, "天": 24, "日": 24, "分钟": 1 / 60}.get(goal.unit)
    return None if factor is None or goal.value is None else _whole(goal.value * factor)


def _days(goal: Goal, programme: Programme) -> int | float | None:
    return _whole(goal.value) if goal.unit in {"天", "日", "个工作日"} and goal.value is not None else None


def _own_area(goal: Goal, programme: Programme) -> int | float | None:
    return _whole(goal.value) if goal.unit == "平方米" and goal.value is not None else None


def _beside(unit: str) -> Callable[[Goal, Programme], int | float | None]:
    """Return a rule that takes the figure of this unit that qualifies the goal: 超过1万平方米 of 分拨中心6个."""

    def rule(goal: Goal, programme: Programme) -> int | float | None:
        for other in programme.goals:
            if other.kind == "qualifier" and other.unit == unit and other.value is not None and _overlap(goal, other):
                return _whole(other.value)
        return None

    return rule


def _revenue(goal: Goal, programme: Programme) -> int | float | None:
    """Return 100000000 for 超亿元, 50000000 for 超过5000万元."""
    found = re.search(r"(?:超|过|超过|突破)(?P<number>\d+(?:\.\d+)?)?(?P<scale>[十百千]?[万亿]+)元", goal.text)
    if not found:
        return _beside("元")(goal, programme)
    scale = load_phrasing("measure_units")["scale"].get(found["scale"])
    return None if scale is None else _whole(float(found["number"] or 1) * scale)


def _mode(goal: Goal, programme: Programme) -> str | None:
    modes = load_phrasing("subjects")["modes"]
    return next((mode for word, mode in modes.items() if word in goal.text), None)


def _overlap(goal: Goal, other: Goal) -> bool:
    return goal.source.span[0] < other.source.span[1] and other.source.span[0] < goal.source.span[1]


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value


_RULES: Mapping[str, Callable[[Goal, Programme], str | int | float | None]] = {
    "base_year": _base_year,
    "limit_hours": _hours,
    "limit_days": _days,
    "min_area_m2": _own_area,
    "min_population": _beside("人"),
    "area_m2": _beside("平方米"),
    "revenue_yuan": _revenue,
    "mode": _mode,
}
