"""The sentences of an assessment, in 中文, for the liaison who reads at night: what is, what should be, what is coming."""

from datetime import date

from posthouse.diagnosis.bars import Bar
from posthouse.measures.model import Measurement
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.units import in_words

_WANTED = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于"}


def value_sentence(measurement: Measurement, value: float, bar: Bar, period: Period, *, yearly: bool) -> str:
    """Return what was measured against what is wanted, with the counts behind a share."""
    unit = measurement.unit
    counts = ""
    if unit == "share" and measurement.numerator is not None and measurement.denominator:
        counts = f"（{measurement.numerator}/{measurement.denominator}）"
    when = f"截至{month_in_words(period)}近12个月合计" if yearly else f"{month_in_words(period)}为"
    sentence = f"{when}{in_words(value, unit)}{counts}，目标{_WANTED[bar.comparator]}{in_words(bar.target, unit)}"
    if bar.is_met_by(value):
        return f"{sentence}，已达到"
    return f"{sentence}，{gap_in_words(abs(bar.bar - value), unit, short=bar.comparator in ('>=', '>'))}"


def gap_in_words(difference: float, unit: str, *, short: bool) -> str:
    """Return how far a value is off: 还差17.7个百分点, 超出3次."""
    figure = in_words(difference * 100, "个百分点") if unit == "share" else in_words(difference, unit)
    return f"还差{figure}" if short else f"超出{figure}"


def forecast_sentence(forecast: float | None, unit: str, bar: Bar, deadline: date | None) -> str:
    """Return what the deadline will bring, or why nobody can say."""
    if deadline is None:
        return "方案未写期限"
    by = f"{deadline.year}年{deadline.month}月底"
    if forecast is None:
        return f"现有数据不足以预测到{by}"
    outlook = "可按期达到" if bar.is_met_by(forecast) else "难以按期达到"
    return f"照目前走势到{by}约为{in_words(forecast, unit)}，{outlook}"


def month_in_words(period: Period) -> str:
    """Return the period as people say it: 2021年6月 for a month, its own notation otherwise."""
    text = str(period)
    if len(text) == len("2021-06") and text[5:].isdigit():
        return f"{period.start_on.year}年{period.start_on.month}月"
    return text


def joined(*parts: str) -> str:
    """Return one sentence of the parts that are not empty, ended with a full stop."""
    return "；".join(part for part in parts if part) + "。"
