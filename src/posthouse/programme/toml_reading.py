"""`programme.toml`, as written or as a person edited it, back to a Programme; wrong values are told in place."""

import tomllib
from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from posthouse.programme.model import (
    Binding,
    Body,
    Comparator,
    DocumentFacts,
    Goal,
    GoalKind,
    Member,
    Programme,
    Rhythm,
    Task,
)
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity
from posthouse.vocabulary.sources import Source


def programme_from_toml(text: str) -> Programme:
    """Return the programme that a TOML text holds.

    Raises
    ------
    UnusableInputError : the text is no TOML, or an entry has a value that cannot be; the message says which entry.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnusableInputError(
            f"programme.toml 应为 TOML 格式，读到的不是（{error}）。请改正所指的行后重试。"
        ) from None
    facts = data.get("document", {})
    number = str(facts.get("cited_as") or facts.get("number") or facts.get("title") or "")
    return Programme(
        document=_facts(facts),
        goals=tuple(_read(_goal, entry, number, "goals", i) for i, entry in enumerate(data.get("goals", []), 1)),
        tasks=tuple(_read(_task, entry, number, "tasks", i) for i, entry in enumerate(data.get("tasks", []), 1)),
        bodies=tuple(_read(_body, entry, number, "bodies", i) for i, entry in enumerate(data.get("bodies", []), 1)),
        rhythms=tuple(
            _read(_rhythm, entry, number, "rhythms", i) for i, entry in enumerate(data.get("rhythms", []), 1)
        ),
        findings=tuple(
            _read(_finding, entry, number, "findings", i) for i, entry in enumerate(data.get("findings", []), 1)
        ),
    )


def _read(reader: Any, entry: Any, document: str, kind: str, i: int) -> Any:
    """Return what the reader makes of an entry; a wrong value is told with the entry's place in the file."""
    try:
        return reader(entry, document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        name = entry.get("id") or entry.get("name") or entry.get("what") or i if isinstance(entry, dict) else i
        raise UnusableInputError(
            f"programme.toml 中 [[{kind}]] 第 {i} 条（{name}）应字段齐全、类型正确，实际有误：{error}。"
            "请对照使用手册“读方案”改正。"
        ) from None


def _facts(entry: Mapping[str, Any]) -> DocumentFacts:
    return DocumentFacts(
        issuer=entry.get("issuer", ""),
        number=entry.get("number", ""),
        title=entry.get("title", ""),
        issued_on=_day(entry.get("issued_on")),
        effective_on=_day(entry.get("effective_on")),
        parents=tuple(entry.get("parents", ())),
    )


def _goal(entry: Mapping[str, Any], document: str) -> Goal:
    comparator, kind = entry.get("comparator", "="), entry.get("kind", "goal")
    if comparator not in get_args(Comparator):
        raise ValueError(f"comparator 应为 {'、'.join(get_args(Comparator))} 之一，实际为 {comparator!r}")
    if kind not in get_args(GoalKind):
        raise ValueError(f"kind 应为 {'、'.join(get_args(GoalKind))} 之一，实际为 {kind!r}")
    return Goal(
        id=str(entry["id"]),
        text=str(entry.get("text", "")),
        source=_source(entry, document, entry.get("clause", "")),
        indicator=str(entry.get("indicator", "")),
        comparator=comparator,
        value=_number(entry.get("value")),
        value_max=_number(entry.get("value_max")),
        unit=str(entry.get("unit", "")),
        deadline=_day(entry.get("deadline")),
        base=None if entry.get("base") is None else str(entry["base"]),
        scope=str(entry.get("scope", "")),
        hedge=str(entry.get("hedge", "")),
        kind=kind,
        sentence=str(entry.get("sentence", "")),
        binding=Binding(
            measure=entry.get("measure"),
            score=float(entry.get("score", 0.0)),
            runner_up=entry.get("runner_up"),
            parameters=dict(entry.get("parameters", {})),
            note=str(entry.get("note", "")),
        ),
    )


def _task(entry: Mapping[str, Any], document: str) -> Task:
    return Task(
        id=str(entry["id"]),
        path=str(entry.get("path", "")),
        title=str(entry.get("title", "")),
        text=str(entry.get("text", "")),
        source=_source(entry, document, entry.get("path", "")),
        lead_units=_names(entry.get("lead_units", ())),
        support_units=_names(entry.get("support_units", ())),
    )


def _body(entry: Mapping[str, Any], document: str) -> Body:
    leader = entry.get("leader")
    return Body(
        name=str(entry["name"]),
        leader=_member(leader) if leader else None,
        deputies=tuple(_member(member) for member in entry.get("deputies", ())),
        members=tuple(_member(member) for member in entry.get("members", ())),
        duties=str(entry.get("duties", "")),
        source=_source(entry, document, entry.get("clause", "")),
    )


def _rhythm(entry: Mapping[str, Any], document: str) -> Rhythm:
    return Rhythm(
        what=str(entry["what"]),
        every=str(entry.get("every", "")),
        who=str(entry.get("who", "")),
        due=str(entry.get("due", "")),
        text=str(entry.get("text", "")),
        source=_source(entry, document, entry.get("clause", "")),
    )


def _finding(entry: Mapping[str, Any], document: str) -> Finding:
    span = entry.get("span")
    return Finding(
        code=str(entry["code"]),
        severity=Severity(entry.get("severity", "warning")),
        message=str(entry.get("message", "")),
        place=str(entry.get("place", "")),
        span=(int(span[0]), int(span[1])) if span else None,
        fields=dict(entry.get("fields", {})),
    )


def _source(entry: Mapping[str, Any], document: str, clause: str) -> Source:
    start, end = entry.get("span", (0, 0))
    return Source(document=document, clause=str(clause), span=(int(start), int(end)))


def _member(entry: Mapping[str, Any]) -> Member:
    return Member(name=str(entry["name"]), unit=entry.get("unit"))


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError(f'责任单位应写作 ["甲局", "乙局"]，实际为 {value!r}')
    return tuple(str(name) for name in value)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"数值应不带引号和单位，实际为 {value!r}")
    return float(value)


def _day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value))
