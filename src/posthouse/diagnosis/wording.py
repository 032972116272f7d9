"""The sentences of an assessment, in 中文, for the liaison who reads at night: what is, should be, will be."""

from collections.abc import Sequence
from datetime import date

from posthouse.diagnosis.bars import Bar
from posthouse.diagnosis.model import DeclarationCheck, DeclaredMonth, SigningEvidence
from posthouse.measures.model import Measurement
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.units import in_words

DAYS_PER_WEEK = 7
"""delivery_days_per_week has 7 * visited days as its numerator (see its definition in the catalogue)."""

_WANTED = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于"}


def value_sentence(
    measurement: Measurement, value: float | None, bar: Bar, *, yearly: bool, counted: bool = True
) -> str:
    """Return what was measured against what is wanted, with the counts behind a share.

    value : what is held against the bar. yearly : it is a sum of twelve months, not the measured value itself.
    counted : the value is a part of a whole whose counts a reader can check.
    """
    unit, month = measurement.unit, month_in_words(measurement.period)
    if value is None:
        return f"{month}没有可比的数据"
    counts = ""
    if counted and unit == "share" and measurement.numerator is not None and measurement.denominator:
        counts = f"（{measurement.numerator}/{measurement.denominator}）"
    when = f"截至{month}近12个月合计" if yearly else f"{month}为"
    sentence = f"{when}{in_words(value, unit)}{counts}，目标{_WANTED[bar.comparator]}{in_words(bar.target, unit)}"
    if bar.is_met_by(value):
        return f"{sentence}，已达到"
    return f"{sentence}，{gap_in_words(abs(bar.bar - value), unit, short=bar.comparator in ('>=', '>'))}"


_COUNTED = frozenset({"个", "家", "人", "件", "条", "位", "户"})
"""Units of which there is no half; a forecast of 12.01个 would look more certain than it is."""


def _whole(value: float, unit: str) -> float:
    return round(value) if unit in _COUNTED else value


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
    return f"照目前走势到{by}约为{in_words(_whole(forecast, unit), unit)}，{outlook}"


def declared_sentence(declared: float, measurement: Measurement, evidence: SigningEvidence | None) -> str:
    """Return why a declared figure cannot be: what was declared, what the records show, where parcels were signed."""
    if measurement.measure != "delivery_days_per_week" or measurement.value is None:
        counts = ""
        if measurement.unit == "share" and measurement.denominator:
            counts = f"（{measurement.numerator}/{measurement.denominator}）"
        observed = in_words(measurement.value, measurement.unit)
        return joined(f"自报{in_words(declared, measurement.unit)}", f"按记录计算为{observed}{counts}")
    per_week = f"折合每周{measurement.value:.1f}次"
    if measurement.numerator is None:
        seen = f"扫描显示{per_week}"
    else:
        days = measurement.numerator // DAYS_PER_WEEK
        seen = f"扫描显示{month_in_words(measurement.period)}只有{days}天有快件到村，{per_week}"
    signed = f"{evidence.parcels}件中{evidence.in_town}件在镇网点签收" if evidence and evidence.in_town else ""
    return joined(f"自报每周{declared:g}次", seen, signed)


def reliability_sentence(
    months: Sequence[DeclaredMonth], checked: int, false: int, trend: str, worst: DeclarationCheck | None
) -> str:
    """Return what a unit's score rests on: this month, all months, where it goes, and its worst figure.

    months : this one included where the unit declared anything in it.
    """
    now = f"本月可核对的申报{checked}条，不符{false}条" if checked else "本月没有可核对的申报"
    total = ""
    if len(months) > 1:
        sums = sum(month.checked for month in months), sum(month.false for month in months)
        total = f"{len(months)}个月合计{sums[0]}条，不符{sums[1]}条，{_TRENDS[trend]}"
    return joined(now, total, f"相差最大的一条：{worst.explanation.rstrip('。')}" if worst else "")


_TRENDS = {"better": "比上月可信", "worse": "不如上月可信", "steady": "与上月持平", "new": "首次核对"}


def month_in_words(period: Period) -> str:
    """Return the period as people say it: 2021年6月 for a month, its own notation otherwise."""
    text = str(period)
    if len(text) == len("2021-06") and text[5:].isdigit():
        return f"{period.start_on.year}年{period.start_on.month}月"
    return text


def joined(*parts: str) -> str:
    """Return one sentence of the parts that are not empty, ended with a full stop."""
    return "；".join(part for part in parts if part) + "。"


def day_in_words(day: date) -> str:
    """Return a date as people say it: 2021年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"
