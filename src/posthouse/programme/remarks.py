"""What a careful reader would remark on a programme: findings for the person who reviews it."""

import re
from collections import defaultdict
from collections.abc import Iterator

from posthouse.programme.exclusions import is_past
from posthouse.programme.model import Goal, Programme
from posthouse.programme.phrasings import load_phrasing
from posthouse.programme.scan import Scan
from posthouse.programme.spans import Spans
from posthouse.programme.units import canonical_key
from posthouse.vocabulary.findings import Finding, Severity

_OWN = ("goal", "standard", "structure")
_DUTY = re.compile("要|应当|负责|落实|推进|建立|加强|开展")
_TELLING = {"percent", "count", "people", "money", "mass", "area", "length", "times"}
_TELLING_NAME = 4
"""Shortest indicator (characters) that is taken to name one quantity."""

_ADDRESSED = re.compile("各(?:县|区|市|镇|乡|街道|有关|相关|级|部门|单位)")


def list_remarks(programme: Programme, scan: Scan) -> Iterator[Finding]:
    """Yield the findings on an extracted programme.

    Parameters
    ----------
    scan : of the document that the programme was extracted from.
    """
    if not any(goal.kind in _OWN for goal in programme.goals):
        yield Finding(
            code="programme.no_goals",
            severity=Severity.ERROR,
            message="没有读出任何量化目标，可能不是实施方案一类的公文。请确认文件是否正确、文字是否完整。",
            place=scan.document.name,
        )
    yield from _without_deadline(programme)
    yield from _without_units(programme)
    yield from _contradictions(programme)
    yield from _early_dates(programme, scan)
    yield from _idle_units(programme)
    yield from _unread_numbers(programme, scan)


def _without_deadline(programme: Programme) -> Iterator[Finding]:
    for goal in programme.goals:
        if goal.kind == "goal" and goal.deadline is None:
            yield Finding(
                code="programme.no_deadline",
                severity=Severity.INFO,
                message=f"目标“{goal.text[:40]}”没有写期限。请在 programme.toml 中补上 deadline。",
                place=goal.source.clause,
                span=goal.source.span,
                fields={"goal": goal.id},
            )


def _without_units(programme: Programme) -> Iterator[Finding]:
    charged = any(task.lead_units or task.support_units for task in programme.tasks)
    for task in programme.tasks:
        if (
            charged
            and not task.lead_units
            and not task.support_units
            and _is_duty(task.path, programme)
            and _DUTY.search(task.text)
        ):
            yield Finding(
                code="programme.no_unit",
                severity=Severity.WARNING,
                message=f"条款 {task.path}“{task.title[:30]}”有任务而没有责任单位。请确认由谁负责。",
                place=task.path,
                span=task.source.span,
                fields={"task": task.id},
            )


def _is_duty(path: str, programme: Programme) -> bool:
    """Whether tasks of the same chapter name units, so that one without stands out."""
    chapter = path.split("/", maxsplit=1)[0]
    return any(task.path.split("/")[0] == chapter and task.lead_units for task in programme.tasks)


def _contradictions(programme: Programme) -> Iterator[Finding]:
    groups: dict[tuple[object, ...], list[Goal]] = defaultdict(list)
    for goal in programme.goals:
        if goal.kind != "goal" or len(goal.indicator) < _TELLING_NAME or "其中" in goal.sentence:
            continue
        if goal.value is not None and goal.comparator not in ("growth", "reduction"):
            groups[(goal.indicator, goal.unit, goal.deadline, goal.scope)].append(goal)
    for goals in groups.values():
        first = goals[0]
        for other in goals[1:]:
            if other.value != first.value and first.deadline is not None:
                yield Finding(
                    code="programme.contradiction",
                    severity=Severity.WARNING,
                    message=f"两处目标不一致：“{first.text[:40]}”与“{other.text[:40]}”。请确认以哪一处为准。",
                    place=other.source.clause,
                    span=other.source.span,
                    fields={"goals": [first.id, other.id]},
                )


def _early_dates(programme: Programme, scan: Scan) -> Iterator[Finding]:
    issued_on = programme.document.issued_on
    if issued_on is None:
        return
    for mention in scan.dates:
        written = scan.reading[mention.start : mention.end]
        told = is_past(scan.reading[max(0, mention.start - 40) : mention.start], "")
        if mention.role == "past" and mention.strong and not told:
            yield Finding(
                code="programme.date_before_document",
                severity=Severity.WARNING,
                message=f"“{written}”早于成文日期 {issued_on}，不能作为期限。请核对原文。",
                place=scan.sections.at(mention.start).path,
                span=scan.document.span(mention.start, mention.end),
                fields={"date": mention.last_on.isoformat()},
            )


def _idle_units(programme: Programme) -> Iterator[Finding]:
    charged = {canonical_key(unit) for task in programme.tasks for unit in (*task.lead_units, *task.support_units)}
    if not charged:
        return
    told: set[str] = set()
    for body in programme.bodies:
        for member in body.members:
            key = canonical_key(member.unit) if member.unit else ""
            if key and key not in charged and key not in told and not _ADDRESSED.match(key) and not _is_place(key):
                told.add(key)
                yield Finding(
                    code="programme.idle_unit",
                    severity=Severity.INFO,
                    message=f"“{member.unit}”是{body.name[:20]}成员，却没有承担任何任务。请确认是否遗漏。",
                    place=body.source.clause,
                    span=body.source.span,
                    fields={"unit": member.unit},
                )


def _is_place(name: str) -> bool:
    """Whether a unit is a town or district, which plans charge together as 各镇街."""
    return re.search("(?:镇|乡|街道|县|区|市)(?:政府|办事处)?$", name) is not None


def _unread_numbers(programme: Programme, scan: Scan) -> Iterator[Finding]:
    """Numbers in a section of aims that became nothing, so that none is missed in silence."""
    named = tuple(load_phrasing("exclusions")["names"]["any"])
    read = Spans(goal.source.span for goal in programme.goals)
    for quantity in scan.quantities:
        section = scan.sections.at(quantity.start)
        if section.part != "aims" or quantity.spelled or quantity.family not in _TELLING:
            continue
        if scan.masked.startswith(named, quantity.end - 1):
            continue
        place = scan.document.span(quantity.start, quantity.end)
        if not read.touch(*place):
            yield Finding(
                code="programme.unread_number",
                severity=Severity.WARNING,
                message=f"目标部分的“{quantity.written}”没有读成目标。请核对，如是目标请在 programme.toml 中补上。",
                place=section.path,
                span=place,
                fields={"text": quantity.written},
            )
