"""A Programme as TOML for a person: ordered as the document, every entry with its source sentence, safe to edit.

The sentence (原文) and the place are there to check an entry against; the other fields are meant to be corrected.
"""

import json
from collections.abc import Mapping
from datetime import date

from posthouse.programme.marks import goal_mark, task_mark
from posthouse.programme.model import (
    Body,
    Goal,
    Member,
    Programme,
    Rhythm,
    Task,
)
from posthouse.vocabulary.findings import Finding

_HEADER = """\
# 方案要目，由 posthouse read 从公文读出。可以直接改：改值、单位、期限、责任单位，删去或增加条目。
# 再次读同一公文时，改过的地方会保留，并列出公文中的变化。原文（sentence）、位置（span）和标记（mark）请勿改动。
# comparator: >= 不低于  > 超过  <= 不超过  < 低于  = 等于  ~= 约  range 区间  growth 增长  reduction 减少
# kind: goal 目标  standard 标准  rhythm 机制  structure 机构布局  qualifier 说明  external 上级数字
"""


def programme_to_toml(programme: Programme, *, read: Programme | None = None) -> str:
    """Return the programme as TOML text.

    Parameters
    ----------
    read : the machine's own reading that a person's corrections were merged into; its marks let the next reading
        tell the corrections. By default the programme itself.
    """
    own = read or programme
    goal_marks = {goal.id: goal_mark(goal) for goal in own.goals}
    task_marks = {task.id: task_mark(task) for task in own.tasks}
    lines = [_HEADER, "[document]"]
    facts = programme.document
    lines += _fields(
        issuer=facts.issuer,
        number=facts.number,
        title=facts.title,
        issued_on=facts.issued_on,
        effective_on=facts.effective_on,
        parents=facts.parents,
        cited_as=_cited_as(programme),
    )
    for goal in programme.goals:
        lines += ["", "[[goals]]", *_goal_fields(goal), *_fields(mark=goal_marks.get(goal.id))]
    for task in programme.tasks:
        lines += ["", "[[tasks]]", *_task_fields(task), *_fields(mark=task_marks.get(task.id))]
    for body in programme.bodies:
        lines += ["", "[[bodies]]", *_body_fields(body)]
    for rhythm in programme.rhythms:
        lines += ["", "[[rhythms]]", *_rhythm_fields(rhythm)]
    for finding in programme.findings:
        lines += ["", "[[findings]]", *_finding_fields(finding)]
    lines += ["", "# 以下为读取标记，供再次读取时辨认人工改动，请勿改动。", "[reading]"]
    lines += _fields(marks=[*goal_marks.values(), *task_marks.values()])
    return "\n".join(lines) + "\n"


def _cited_as(programme: Programme) -> str:
    """Return how the entries name their document, where that is neither its number nor its title."""
    entries: list[Goal | Task | Body | Rhythm] = [
        *programme.goals,
        *programme.tasks,
        *programme.bodies,
        *programme.rhythms,
    ]
    name = entries[0].source.document if entries else ""
    return "" if name == (programme.document.number or programme.document.title) else name


def _goal_fields(goal: Goal) -> list[str]:
    binding = goal.binding
    return _fields(
        id=goal.id,
        clause=goal.source.clause,
        text=goal.text,
        indicator=goal.indicator,
        comparator=goal.comparator,
        value=goal.value,
        value_max=goal.value_max,
        unit=goal.unit,
        deadline=goal.deadline,
        base=goal.base,
        scope=goal.scope,
        hedge=goal.hedge,
        kind=goal.kind,
        measure=binding.measure,
        parameters=dict(binding.parameters) or None,
        score=binding.score or None,
        runner_up=binding.runner_up,
        note=binding.note,
        sentence=goal.sentence,
        span=goal.source.span,
    )


def _task_fields(task: Task) -> list[str]:
    return _fields(
        id=task.id,
        path=task.path,
        title=task.title,
        lead_units=task.lead_units,
        support_units=task.support_units,
        text=task.text,
        span=task.source.span,
    )


def _body_fields(body: Body) -> list[str]:
    return _fields(
        name=body.name,
        clause=body.source.clause,
        leader=_member_value(body.leader) if body.leader else None,
        deputies=[_member_value(member) for member in body.deputies],
        members=[_member_value(member) for member in body.members],
        duties=body.duties,
        span=body.source.span,
    )


def _rhythm_fields(rhythm: Rhythm) -> list[str]:
    return _fields(
        what=rhythm.what,
        every=rhythm.every,
        who=rhythm.who,
        due=rhythm.due,
        clause=rhythm.source.clause,
        text=rhythm.text,
        span=rhythm.source.span,
    )


def _finding_fields(finding: Finding) -> list[str]:
    return _fields(
        code=finding.code,
        severity=str(finding.severity),
        message=finding.message,
        place=finding.place,
        span=finding.span,
        fields=dict(finding.fields) or None,
    )


def _fields(**values: object) -> list[str]:
    """Return `name = value` lines; what is None or empty is left out, which reads back the same."""
    return [
        f"{name} = {_value(value)}" for name, value in values.items() if value is not None and value not in ("", (), [])
    ]


def _value(value: object) -> str:
    match value:
        case bool():
            text = "true" if value else "false"
        case float():
            text = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
        case int():
            text = str(value)
        case date():
            text = value.isoformat()
        case Mapping():
            text = "{ " + ", ".join(f"{_quoted(str(key))} = {_value(item)}" for key, item in value.items()) + " }"
        case tuple() | list():
            text = "[" + ", ".join(_value(item) for item in value) + "]"
        case _:
            text = _quoted(str(value))
    return text


def _quoted(text: str) -> str:
    """Return a TOML basic string; JSON's escapes are TOML's, but for DEL and lone surrogates."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")


def _member_value(member: Member) -> dict[str, str]:
    return {"name": member.name} | ({"unit": member.unit} if member.unit else {})
