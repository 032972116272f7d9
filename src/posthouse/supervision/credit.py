"""A credit score per operator from the month's findings: simple, so that an operator can add it up.

Basis: 《快递业信用管理暂行办法》 asks for scores on records of conduct; the points are ours (rules.toml).
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from posthouse.supervision.catalogue import all_rules
from posthouse.supervision.model import CreditScore, Grade
from posthouse.vocabulary.findings import Finding

if TYPE_CHECKING:
    import pyarrow

GRADES: tuple[tuple[float, Grade], ...] = ((90.0, "A"), (75.0, "B"), (60.0, "C"), (0.0, "D"))
"""Least score of each grade."""


def score_operators(
    findings: Sequence[Finding], operators: "pyarrow.Table", outlets: "pyarrow.Table"
) -> tuple[CreditScore, ...]:
    """Return every operator's score, lowest first, ties by id.

    A finding at an outlet counts for the outlet's operator; one about a brand, for each operator of the brand. No rule
    takes more than its `max_points`, and no score falls below 0.
    """
    rows = operators.select(["operator_id", "name", "brand"]).to_pylist()
    owner = {row["outlet_id"]: row["operator_id"] for row in outlets.select(["outlet_id", "operator_id"]).to_pylist()}
    of_brand: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        of_brand[row["brand"]].append(row["operator_id"])
    points: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for finding in findings:
        rule = all_rules().get(finding.code)
        if rule is None:
            continue
        concerned = [owner[finding.place]] if finding.place in owner else of_brand[str(finding.fields.get("brand"))]
        for operator in concerned:
            points[operator][rule.code] = min(rule.max_points, points[operator][rule.code] + rule.points)
    scores = [_score(row, dict(points[row["operator_id"]])) for row in rows]
    return tuple(sorted(scores, key=lambda s: (s.score, s.operator_id)))


def _score(row: dict[str, str], deductions: dict[str, float]) -> CreditScore:
    score = max(0.0, 100.0 - sum(deductions.values()))
    return CreditScore(
        operator_id=row["operator_id"],
        operator_name=row["name"],
        brand=row["brand"],
        score=score,
        grade=next(grade for least, grade in GRADES if score >= least),
        deductions=deductions,
    )
