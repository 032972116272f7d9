"""Each goal of a programme against what was measured: met, on the way, behind, missed, or why nothing can be said.

For the programme office's summary table and the bulletin. Values in, values out: who measures is not known here.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from posthouse.diagnosis.bars import Bar, find_bar
from posthouse.diagnosis.forecast import forecast_growth, forecast_level, forecast_year_sum, last_twelve_months
from posthouse.diagnosis.model import Assessment, Status
from posthouse.diagnosis.wording import day_in_words, forecast_sentence, joined, value_sentence
from posthouse.measures.catalogue import all_definitions
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
    history : earlier monthly measurements, by goal id or else by measure id; the current one may be among them.
        A yearly sum needs last December and the same month of last year; a level needs three months or more.
    period : the month assessed.
    definitions : by measure id; the catalogue's where none are given.
    """
    known = definitions or {definition.id: definition for definition in all_definitions()}
    return tuple(
        _assess(goal, known.get(goal.binding.measure or ""), measurements.get(goal.id), _past(goal, history), period)
        for goal in programme.goals
    )


def _past(goal: Goal, history: Mapping[str, Sequence[Measurement]]) -> Sequence[Measurement]:
    return history.get(goal.id) or history.get(goal.binding.measure or "") or ()


def _assess(
    goal: Goal,
    definition: MeasureDefinition | None,
    measurement: Measurement | None,
    past: Sequence[Measurement],
    period: Period,
) -> Assessment:
    if goal.kind == "external":
        return _unsaid(goal, measurement, None, "external", "上级方案的数字，不由本市考核。")
    if goal.kind == "qualifier":
        return _unsaid(goal, measurement, None, "unbound", "只描述对象的数字，不是要达到的目标。")
    if definition is None:
        return _unsaid(goal, measurement, None, "unbound", goal.binding.note or "指标目录中没有对应的指标。")
    points = (*past, measurement) if measurement and measurement not in past else tuple(past)
    bar = find_bar(goal, definition, **_base(goal, definition, points, period))
    if measurement is None or measurement.value is None:
        why = _why_no_data(measurement, definition)
        return _unsaid(goal, measurement, bar.target if bar else None, "no_data", why)
    if bar is None:
        why = "缺少基期数据，无法与目标比较。" if goal.value is not None else "目标没有数字，无法比较。"
        return _unsaid(goal, measurement, None, "no_data", why)
    return _compare(goal, definition, measurement, bar, points)


def _unsaid(goal: Goal, measurement: Measurement | None, target: float | None, status: Status, why: str) -> Assessment:
    return Assessment(goal=goal, measurement=measurement, target=target, status=status, forecast=None, why=why)


def _why_no_data(measurement: Measurement | None, definition: MeasureDefinition) -> str:
    if measurement is not None and measurement.note:
        return joined(measurement.note.rstrip("。"))
    if definition.needs:
        return f"没有数据：需要{definition.needs.rstrip('。')}。"
    return "本期没有可用的数据。"


def _compare(
    goal: Goal, definition: MeasureDefinition, measurement: Measurement, bar: Bar, points: Sequence[Measurement]
) -> Assessment:
    period, deadline = measurement.period, goal.deadline
    passed = deadline is not None and deadline < period.end_on
    yearly = definition.accumulates == "year"
    compared = _compared(measurement, points, deadline if passed else None) if yearly else measurement.value
    forecast = None if passed else _forecast(goal, definition, measurement, points)
    status = _status(compared, bar, forecast, passed=passed)
    summed = yearly and compared != measurement.value
    counted = "base_year" not in definition.parameters
    first = value_sentence(measurement, compared, bar, yearly=summed, counted=counted)
    if status == "missed" and deadline is not None:
        second = f"期限{day_in_words(deadline)}已过"
    else:
        second = "" if status == "met" else forecast_sentence(forecast, measurement.unit, bar, deadline)
    return Assessment(
        goal=goal,
        measurement=measurement,
        target=bar.target,
        status=status,
        forecast=forecast,
        why=joined(first, second, bar.note, measurement.note.rstrip("。")),
        compared=compared,
        bar=bar.bar,
        comparator=bar.comparator,
    )


def _compared(measurement: Measurement, points: Sequence[Measurement], passed: date | None) -> float | None:
    """The sum held against a yearly target: of the deadline's year once it is over, else of the last twelve months.

    Where last year is not known, the sum since January: below the target it says little, above it everything.
    """
    if passed is not None and (total := forecast_year_sum(points, passed.year)) is not None:
        return total
    twelve = last_twelve_months(points, measurement.period)
    return measurement.value if twelve is None else twelve


def _forecast(
    goal: Goal, definition: MeasureDefinition, measurement: Measurement, points: Sequence[Measurement]
) -> float | None:
    year = measurement.period.start_on.year
    target_year = goal.deadline.year if goal.deadline else year
    base_year = goal.binding.parameters.get("base_year")
    if definition.accumulates == "year":
        return forecast_year_sum(points, target_year)
    if definition.form == "yearly_growth" or measurement.value is None:
        return measurement.value
    if base_year is not None:
        falling = goal.comparator == "reduction"
        return forecast_growth(
            measurement.value, base_year=int(base_year), year=year, deadline_year=target_year, falling=falling
        )
    if goal.deadline is None:
        return None
    is_share = definition.unit == "share" and "base_year" not in definition.parameters
    return forecast_level(points, goal.deadline, is_share=is_share)


def _status(compared: float | None, bar: Bar, forecast: float | None, *, passed: bool) -> Status:
    if compared is not None and bar.is_met_by(compared):
        return "met"
    if passed:
        return "missed"
    return "on_track" if forecast is not None and bar.is_met_by(forecast) else "behind"


def _base(goal: Goal, definition: MeasureDefinition, points: Sequence[Measurement], period: Period) -> dict[str, float]:
    """The base year's value and the years to the deadline, where a growth is held against a level."""
    base_year = goal.binding.parameters.get("base_year", (goal.base or "")[:4])
    if goal.comparator not in ("growth", "reduction") or definition.unit == "share" or not str(base_year).isdigit():
        return {}
    inside = sorted((m.period, m.value) for m in points if m.period.start_on.year == int(base_year) and m.value)
    if not inside or (definition.accumulates == "year" and inside[-1][0].start_on.month != 12):
        return {}
    until = (goal.deadline or period.start_on).year
    return {"base_value": inside[-1][1], "years": float(max(1, until - int(base_year)))}
