"""The monthly bulletin (通报) as a Word file.

Layout after GB/T 9704—2012 《党政机关公文格式》: A4; text block 156 x 225 mm (margins 37 top, 28 left); 22 lines of 28
characters; body 3号仿宋, title 2号小标宋, headings 黑体 and 楷体; numbering 一、（一）1.; page number — 1 — in 4号宋体.
Fonts are named, not embedded. The sentences are in `phrases.toml`.
"""

from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from posthouse.diagnosis.model import Gap
from posthouse.reports import word
from posthouse.reports.model import MonthReport
from posthouse.reports.phrases import phrase
from posthouse.reports.sentences import (
    day_in_words,
    deadline_in_words,
    forecast_in_words,
    goal_in_words,
    measure_name,
    measured_in_words,
    reliability_cells,
    status_in_words,
)
from posthouse.vocabulary.findings import Severity
from posthouse.vocabulary.glossary import zh
from posthouse.vocabulary.units import in_words

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LISTED = 8
"""How many places, discrepancies or findings a section lists; the task list has all."""


def render_bulletin(report: MonthReport) -> bytes:
    """Return bulletin.docx of the month; the same values give the same text."""
    document = word.new_document(footer="— {page} —")
    programme = report.programme.document.title or phrase("head.programme")
    when = {"year": report.period.start_on.year, "month": report.period.start_on.month}
    word.red_head(document, phrase("head.name"), phrase("head.issue", **when))
    word.title(document, phrase("head.title", programme=programme, **when))
    sections = (
        ("progress", _progress),
        ("gaps", _gaps),
        ("reported", _reported),
        ("supervision", _supervision),
        ("assignments", _assignments),
        ("next", _next_steps),
        ("basis", _basis),
    )
    for number, (name, section) in enumerate(sections, start=1):
        word.heading(document, f"{word.chinese_number(number)}、{phrase(f'{name}.heading')}")
        section(document, report)
    word.signature(document, _office(report), day_in_words(report.period.end_on))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _office(report: MonthReport) -> str:
    for body in report.programme.bodies:
        if body.name.endswith("办公室"):
            return body.name
    return phrase("head.office")


def _progress(document: "WordDocument", report: MonthReport) -> None:
    counts: Counter[str] = Counter(assessment.status for assessment in report.assessments)
    judged = [status for status in ("met", "on_track", "behind", "missed") if counts[status]]
    rest = [status for status in ("no_data", "unbound", "external") if counts[status]]
    word.paragraph(
        document,
        phrase(
            "progress.summary",
            goals=len(report.assessments),
            measured=sum(counts[status] for status in judged),
            said=_counted(counts, judged) or phrase("progress.none"),
            others=phrase("progress.others", said=_counted(counts, rest)) if rest else "",
        ),
    )
    rows = [
        (
            str(number),
            a.goal.indicator or a.goal.text,
            goal_in_words(a.goal),
            deadline_in_words(a.goal),
            measured_in_words(a),
            forecast_in_words(a),
            status_in_words(a),
        )
        for number, a in enumerate(report.assessments, start=1)
    ]
    head = ("序号", "目标", "要求", "期限", "测量值", "预计到期", "状态")
    word.table(document, head, rows, widths_mm=(9, 41, 30, 21, 19, 19, 17), caption=phrase("progress.caption"))


def _counted(counts: Counter[str], statuses: Sequence[str]) -> str:
    return "、".join(f"{zh(status)}{counts[status]}项" for status in statuses)


def _gaps(document: "WordDocument", report: MonthReport) -> None:
    if not report.gaps:
        word.paragraph(document, phrase("gaps.none"))
    assessments = {a.goal.id: a for a in report.assessments}
    for number, gap in enumerate(report.gaps, start=1):
        assessment = assessments[gap.goal_id]
        word.subheading(document, number, assessment.goal.indicator or measure_name(gap.measure))
        word.paragraph(document, assessment.why + _worst(report, gap))


def _worst(report: MonthReport, gap: Gap) -> str:
    if not gap.items:
        return ""
    places = "、".join(
        f"{report.place_name(item.place)}{f'（{item.brand}）' if item.brand else ''}{in_words(item.value, item.unit)}"
        for item in gap.items[:LISTED]
    )
    if len(gap.items) > LISTED:
        places = phrase("gaps.more", places=places, count=len(gap.items))
    return phrase("gaps.worst", places=places)


def _reported(document: "WordDocument", report: MonthReport) -> None:
    if not report.discrepancies:
        word.paragraph(document, phrase("reported.none"))
        return
    units = Counter(d.unit for d in report.discrepancies)
    said = "、".join(f"{unit}{count}条" for unit, count in units.most_common(LISTED))
    word.paragraph(document, phrase("reported.summary", count=len(report.discrepancies), units=said))
    for d in report.discrepancies[:LISTED]:
        word.paragraph(document, phrase("reported.one", place=report.place_name(d.place), explanation=d.explanation))
    doubted = [unit for unit in report.reliability if unit.false]
    if doubted:
        head = ("填报单位", "本月核对", "不符", "累计核对", "累计不符", "可信度", "趋势")
        rows = [reliability_cells(unit) for unit in doubted[:LISTED]]
        word.table(document, head, rows, widths_mm=(46, 20, 16, 20, 20, 18, 16), caption=phrase("reported.caption"))
        word.paragraph(document, phrase("reported.score"))


def _supervision(document: "WordDocument", report: MonthReport) -> None:
    found = [f for f in report.findings if f.code.startswith("supervision.")]
    if not found:
        word.paragraph(document, phrase("supervision.none"))
    for finding in sorted(found, key=lambda f: f.severity != Severity.ERROR)[:LISTED]:
        word.paragraph(document, finding.message)
    if len(found) > LISTED:
        word.paragraph(document, phrase("supervision.more", count=len(found)))


def _assignments(document: "WordDocument", report: MonthReport) -> None:
    turned = Counter(v.after for v in report.verdicts if v.before != v.after)
    standing = Counter(a.state for a in report.assignments)
    word.paragraph(
        document,
        phrase(
            "assignments.summary",
            issued=len({a.id for a in report.assignments} - {v.assignment_id for v in report.verdicts}),
            closed=turned["closed"],
            relapsed=turned["relapsed"],
            open=standing["open"],
            again=standing["relapsed"],
            done=standing["closed"],
        ),
    )
    pending = [a for a in report.assignments if a.state != "closed"]
    by_unit = Counter(unit for a in pending for unit in a.lead_units)
    rows = [
        (unit, f"{count}件", day_in_words(min(a.due_on for a in pending if unit in a.lead_units)))
        for unit, count in by_unit.most_common(LISTED)
    ]
    if rows:
        head = ("牵头单位", "未销号", "最早期限")
        caption = phrase("assignments.caption", number=3 if any(unit.false for unit in report.reliability) else 2)
        word.table(document, head, rows, widths_mm=(80, 35, 45), caption=caption)


def _next_steps(document: "WordDocument", report: MonthReport) -> None:
    plan, steps = report.plan, []
    if plan.stations:
        hosts = Counter(s.host_kind for s in plan.stations).most_common(3)
        said = "、".join(f"{host}{count}处" for host, count in hosts)
        steps.append(phrase("next.stations", count=len(plan.stations), hosts=said))
    if plan.routes:
        cost = in_words(round(plan.weekly_cost_yuan), "元")
        steps.append(phrase("next.routes", count=len(plan.routes), km=f"{plan.weekly_distance_km:.0f}", cost=cost))
    if plan.actions:
        steps.append(phrase("next.actions", count=len(plan.actions)))
    if plan.unserved:
        steps.append(phrase("next.unserved", count=len(plan.unserved), first=plan.unserved[0]))
    for step in steps or [phrase("next.none")]:
        word.paragraph(document, step)


def _basis(document: "WordDocument", report: MonthReport) -> None:
    measures = {a.measurement.measure for a in report.assessments if a.measurement}
    word.paragraph(
        document, phrase("basis.text", run=report.run.id, version=report.run.version, measures=len(measures))
    )
