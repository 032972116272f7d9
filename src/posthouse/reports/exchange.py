"""cycle.json: a month's report as plain values, in the form that other programs and the console read."""

from collections.abc import Sequence

from posthouse.diagnosis.model import Assessment
from posthouse.measures.catalogue import get_definition
from posthouse.programme.exchange import programme_to_json
from posthouse.programme.model import Goal
from posthouse.reports.model import MonthReport
from posthouse.vocabulary.plain import to_plain


def report_to_json(report: MonthReport, *, files: Sequence[str]) -> dict[str, object]:
    """Return the object of cycle.json; `files` are the names of what was written beside it."""
    return {
        "programme": programme_to_json(report.programme),
        "month": str(report.period),
        "run": to_plain(report.run),
        "goals": [_goal(assessment) for assessment in report.assessments],
        "gaps": [to_plain(gap) for gap in report.gaps],
        "plan": to_plain(report.plan),
        "assignments": [to_plain(assignment) for assignment in report.assignments],
        "verdicts": [to_plain(verdict) for verdict in report.verdicts],
        "discrepancies": [to_plain(discrepancy) for discrepancy in report.discrepancies],
        "reliability": [to_plain(unit) for unit in report.reliability],
        "findings": [finding.as_dict() for finding in report.findings],
        "files": list(files),
    }


def _goal(assessment: Assessment) -> dict[str, object]:
    goal, measured = assessment.goal, assessment.measurement
    return {
        "id": goal.id,
        "text": goal.text,
        "indicator": goal.indicator,
        "clause": goal.source.clause,
        "measure": goal.binding.measure,
        "value": measured.value if measured else None,
        "numerator": measured.numerator if measured else None,
        "denominator": measured.denominator if measured else None,
        "coverage": measured.coverage if measured else None,
        "version": measured.version if measured else None,
        "target": assessment.target,
        "comparator": _sign(goal),
        "unit": measured.unit if measured else goal.unit,
        "deadline": goal.deadline.isoformat() if goal.deadline else None,
        "status": assessment.status,
        "forecast": assessment.forecast,
        "why": assessment.why,
    }


def _sign(goal: Goal) -> str:
    """The sign before the target. Of a time limit (48小时以内, 90%) the plan's own sign stands before the hours."""
    definition = get_definition(goal.binding.measure) if goal.binding.measure else None
    return goal.comparator if definition is None or definition.target_share is None else ">="
