"""Figures and states in the words of a bulletin: what a goal wants, what was measured, what is said of it."""

from datetime import date

from posthouse.diagnosis.model import Assessment, UnitReliability
from posthouse.measures.catalogue import get_definition
from posthouse.programme.model import Goal
from posthouse.reports.phrases import phrase
from posthouse.vocabulary.glossary import zh
from posthouse.vocabulary.units import in_words

_COMPARATORS = {
    ">=": "不低于",
    ">": "超过",
    "<=": "不超过",
    "<": "低于",
    "=": "",
    "~=": "基本达到",
    "range": "",
    "growth": "增长",
    "reduction": "减少",
}


def goal_in_words(goal: Goal) -> str:
    """Return the goal's figure as a person writes it: 不低于5次/周, 1—2家, 增长20%/年."""
    if goal.value is None:
        return goal.text
    figure = in_words(goal.value, goal.unit)
    if goal.comparator == "range" and goal.value_max is not None:
        figure = f"{in_words(goal.value, '')}—{in_words(goal.value_max, goal.unit)}"
    return f"{_COMPARATORS[goal.comparator]}{figure}"


def measured_in_words(assessment: Assessment) -> str:
    """Return the measured value with its unit, or 无数据."""
    measurement = assessment.measurement
    return in_words(measurement.value, measurement.unit) if measurement else "—"


def forecast_in_words(assessment: Assessment) -> str:
    """Return the forecast with the measure's unit, or a dash where there is none."""
    if assessment.forecast is None or assessment.measurement is None:
        return "—"
    return in_words(assessment.forecast, assessment.measurement.unit)


def status_in_words(assessment: Assessment) -> str:
    """Return the 中文 word of the status."""
    return zh(assessment.status)


def reliability_cells(unit: UnitReliability) -> tuple[str, ...]:
    """Return a reporting unit's row: name, checked and false of the month and of all months, score, trend."""
    checked, false = (sum(getattr(month, name) for month in unit.months) for name in ("checked", "false"))
    counts = (str(count) for count in (unit.checked, unit.false, checked, false))
    return (unit.unit, *counts, f"{unit.score:.2f}", phrase(f"trend.{unit.trend}"))


def measure_name(measure: str) -> str:
    """Return the 中文 name of a measure."""
    return get_definition(measure).name_zh


def deadline_in_words(goal: Goal) -> str:
    """Return the deadline as 2021年底 or 2022年6月, or 未定."""
    if goal.deadline is None:
        return "未定"
    month, day = goal.deadline.month, goal.deadline.day
    return f"{goal.deadline.year}年底" if (month, day) == (12, 31) else f"{goal.deadline.year}年{month}月"


def day_in_words(day: date) -> str:
    """Return a date as 2021年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"
