"""Conformance rows above their thresholds, as Findings with examples."""

from collections.abc import Collection, Mapping

from posthouse.measures.forms import Tables
from posthouse.records.schema import get_table
from posthouse.supervision.conformance.check import AT_OUTLET, check_conformance
from posthouse.supervision.conformance.model import ConformanceRow
from posthouse.supervision.conformance.streamed import JourneyStream
from posthouse.supervision.model import Findings, Rule
from posthouse.vocabulary.findings import Finding
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.units import in_words

SENTENCES: Mapping[str, str] = {
    "step_skipped": "没有“{step}”扫描而有后面的环节",
    "step_swapped": "的“{step}”早于前一环节，超出时钟误差",
    "interval_too_short": "的“{step}”距前一环节不足最短时间",
    "impossible_speed": "从收寄到签收快过直线车程",
    "signed_without_arrival": "签收而没有到网点、到村的扫描",
    "batch_signed": "与许多件在同一秒签收",
    "never_signed": "到了网点而一直没有签收",
}
"""What is said of the parcels of each kind."""


def find_nonconforming(
    tables: Tables, period: Period, rules: Collection[Rule], *, stream: JourneyStream | None = None
) -> Findings:
    """Return a finding per row of these rules' kinds with `share` or more of the parcels, `least_parcels` or more.

    Rule by rule, largest share first.
    """
    if not rules:
        return ()
    rows = check_conformance(tables, period, stream=stream)
    found: list[Finding] = []
    for rule in rules:
        above = [
            row
            for row in rows
            if f"supervision.{row.kind}" == rule.code
            and row.share >= rule.parameters["share"]
            and row.count >= rule.parameters["least_parcels"]
        ]
        # The sort is stable: equal shares stay in the order of the rows.
        found += [_finding(rule, row) for row in sorted(above, key=lambda row: -row.share)]
    return found


def _finding(rule: Rule, row: ConformanceRow) -> Finding:
    column = get_table("scans").column("step")
    words = dict(zip(column.values, column.values_zh, strict=True))
    who = f"网点{row.outlet}" if row.outlet else ("（网点未知或在外市）" if row.step in AT_OUTLET else "")
    sentence = SENTENCES[row.kind].format(step=words.get(row.step, ""))
    return rule.found(
        f"{row.brand}{who}：{row.parcels}件中有{row.count}件{sentence}（{in_words(row.share, 'share')}）",
        brand=row.brand,
        place=row.outlet or "",
        step=row.step,
        value=row.share,
        numerator=row.count,
        denominator=row.parcels,
        examples=list(row.examples),
    )
