"""Each goal of a programme against what was measured: met, on the way, behind, missed, or why nothing can be said.

For the programme office's summary table and the bulletin. Values in, values out: who measures is not known here.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from posthouse.diagnosis.bars import Bar, find_bar, years_between
from posthouse.diagnosis.forecast import (
    forecast_level,
    forecast_year,
    is_flow,
    total_of_last_year_until,
    total_of_year,
)
from posthouse.diagnosis.model import Assessment, Status
from posthouse.diagnosis.wording import forecast_sentence, joined, value_sentence
from posthouse.measures.model import Measurement
from posthouse.programme.model import Goal, Programme
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.periods import Period


def assess_goals(
    programme: Programme,
    measurements: Mapping[str, Measurement | None],
    history: Mapping[str, Sequence[Measurement]],
    period: Period,
    *,
    definitions: Mapping[str, MeasureDefinition] | None = None,
) -> tuple[Assessment, ...]:
    """Return one assessment for each goal, in the programme's order.

    Parameters
    ----------
    measurements : by goal id; None or absent where nothing was measured.
    history : earlier measurements, monthly, by goal id or else by measure id; the current one may be among them.
    definitions : by measure id; tell the direction (what a bare number means) and the unit where nothing was measured.
    """
    known = definitions or {}
    return tuple(
        _assess(goal, measurements.get(goal.id), _past(goal, history), period, known.get(goal.binding.measure or ""))
        for goal in programme.goals
    )


def _past(goal: Goal, history: Mapping[str, Sequence[Measurement]]) -> Sequence[Measurement]:
    return history.get(goal.id) or history.get(goal.binding.measure or "") or ()


def _assess(
    goal: Goal,
    measurement: Measurement | None,
    past: Sequence[Measurement],
    period: Period,
    definition: MeasureDefinition | None,
) -> Assessment:
    direction = definition.direction if definition else "up"
    unit = measurement.unit if measurement else definition.unit if definition else ""
    points = (*past, measurement) if measurement and measurement not in past else tuple(past)
    bar = find_bar(goal, unit=unit, direction=direction, **_base(goal, measurement, points)) if unit else None
    target = bar.target if bar else None
    if goal.kind == "external":
        return _plain(goal, measurement, target, "external", "上级方案的数字，不由本市考核。")
    if goal.kind == "qualifier":
        return _plain(goal, measurement, target, "unbound", "只描述对象的数字，不是要达到的目标。")
    if goal.binding.measure is None:
        return _plain(goal, measurement, target, "unbound", goal.binding.note or "指标目录中没有对应的指标。")
    if measurement is None or measurement.value is None:
        return _plain(goal, measurement, target, "no_data", _why_no_data(measurement, definition))
    if bar is None:
        note = "缺少基期数据，无法与目标比较。" if goal.value is not None else "目标没有数字，无法比较。"
        return _plain(goal, measurement, target, "no_data", note)
    return _compare(goal, measurement, measurement.value, bar, points, period)


def _plain(goal: Goal, measurement: Measurement | None, target: float | None, status: Status, why: str) -> Assessment:
    return Assessment(goal=goal, measurement=measurement, target=target, status=status, forecast=None, why=why)


def _why_no_data(measurement: Measurement | None, definition: MeasureDefinition | None) -> str:
    if measurement is not None and measurement.note:
        return joined(measurement.note.rstrip("。"))
    if definition is not None and definition.needs:
        return f"没有数据：需要{definition.needs.rstrip('。')}。"
    return "本期没有可用的数据。"


def _compare(
    goal: Goal, measurement: Measurement, value: float, bar: Bar, points: Sequence[Measurement], period: Period
) -> Assessment:
    passed = goal.deadline is not None and goal.deadline < period.end_on
    yearly = is_flow(measurement)
    if yearly:
        total = total_of_year(points, goal.deadline.year) if passed and goal.deadline else None
        value_now = total if total is not None else total_of_last_year_until(points, period)
        forecast = forecast_year(points, (goal.deadline or period.start_on).year)
    else:
        value_now = value
        forecast = forecast_level(points, goal.deadline) if goal.deadline and not passed else None
    if value_now is None:
        outlook = "不足12个月的数据，还不能与年度目标比较"
        status: Status = "on_track" if forecast is not None and bar.is_met_by(forecast) else "behind"
        why = joined(outlook, forecast_sentence(forecast, measurement.unit, bar, goal.deadline))
        return Assessment(
            goal=goal, measurement=measurement, target=bar.target, status=status, forecast=forecast, why=why
        )
    status = _status(value_now, bar, forecast, passed=passed)
    first = value_sentence(measurement, value_now, bar, period, yearly=yearly)
    if status == "met":
        second = ""
    elif status == "missed":
        second = f"期限{_day(goal.deadline)}已过"
    else:
        second = forecast_sentence(forecast, measurement.unit, bar, goal.deadline)
    why = joined(first, second, bar.note, measurement.note.rstrip("。"))
    return Assessment(goal=goal, measurement=measurement, target=bar.target, status=status, forecast=forecast, why=why)


def _status(value: float, bar: Bar, forecast: float | None, *, passed: bool) -> Status:
    if bar.is_met_by(value):
        return "met"
    if passed:
        return "missed"
    return "on_track" if forecast is not None and bar.is_met_by(forecast) else "behind"


def _base(goal: Goal, measurement: Measurement | None, points: Sequence[Measurement]) -> dict[str, float]:
    """The base year's value and the years to the deadline, where a growth is held against a level."""
    digits = (goal.base or "")[:4]
    if goal.comparator not in ("growth", "reduction") or measurement is None or not digits.isdigit():
        return {}
    if measurement.unit == "share" or measurement.unit.startswith("倍"):
        return {}
    year = int(digits)
    if is_flow(measurement):
        value = total_of_year(points, year)
    else:
        inside = sorted((m.period, m.value) for m in points if m.period.start_on.year == year and m.value is not None)
        value = inside[-1][1] if inside else None
    if value is None:
        return {}
    return {"base_value": value, "years": float(years_between(year, goal.deadline or measurement.period.start_on))}


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
