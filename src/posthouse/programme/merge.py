"""Reading a document again without losing what a person corrected in `programme.toml`.

Untouched entries follow the new reading; edited ones keep the person's fields and report where the document has moved
on; entries that a person deleted stay away, entries that a person added stay.
"""

import tomllib
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Generic, Literal, TypeVar

from posthouse.programme.marks import goal_mark, task_mark
from posthouse.programme.model import Goal, Programme, Task
from posthouse.programme.toml_reading import programme_from_toml

ChangeKind = Literal["kept", "conflict", "updated", "new", "gone", "deleted", "added"]
_Entry = TypeVar("_Entry", Goal, Task)

ALIKE = 0.75
"""Likeness of two texts (0..1) from which an entry of the new reading is taken for the old one reworded."""

_REWORDED_AT_MOST = 200
"""Old entries that are compared word by word; a document with more changes than that is another document."""

_GOAL_FIELDS = ("indicator", "comparator", "value", "value_max", "unit", "deadline", "base", "scope", "hedge", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that re-reading did.

    kind : `kept` a person's correction stands; `conflict` it stands, but the document says something new there;
    `updated` an untouched entry follows the document; `new` and `gone` in the document; `deleted` and `added` by a
    person, and so left. message : one sentence in 中文.
    """

    kind: ChangeKind
    entry: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The merged programme and what changed; `read` is the machine's reading that the marks are made from."""

    programme: Programme
    read: Programme
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way(Generic[_Entry]):
    """How entries of one sort are told apart and joined: their mark, and the person's fields put on the new reading."""

    mark: Callable[[_Entry], str]
    join: Callable[[_Entry, _Entry], tuple[_Entry, str]]


def merge_corrections(edited: str, read: Programme) -> Merged:
    """Return the new reading with the corrections of an edited `programme.toml`.

    Raises
    ------
    UnusableInputError : the edited text is no programme.
    """
    old = programme_from_toml(edited)
    data = tomllib.loads(edited)
    seen = set(data.get("reading", {}).get("marks", ()))
    goal_way, task_way = _Way(mark=goal_mark, join=_join_goal), _Way(mark=task_mark, join=_join_task)
    goals, goal_changes = _merge(goal_way, old.goals, _marks(data, "goals"), read.goals, seen)
    tasks, task_changes = _merge(task_way, old.tasks, _marks(data, "tasks"), read.tasks, seen)
    return Merged(programme=replace(read, goals=goals, tasks=tasks), read=read, changes=(*goal_changes, *task_changes))


def _marks(data: dict[str, Any], kind: str) -> list[str]:
    return [str(entry.get("mark", "")) for entry in data.get(kind, [])]


def _merge(
    way: _Way[_Entry], old: Sequence[_Entry], old_marks: Sequence[str], read: Sequence[_Entry], seen: set[str]
) -> tuple[tuple[_Entry, ...], list[Change]]:
    """Return the merged entries in document order, added ones last, and what changed."""
    pairs = _pair(way, old, old_marks, read)
    merged: list[_Entry] = []
    changes: list[Change] = []
    for i, fresh in enumerate(read):
        if i in pairs:
            entry, change = _follow(old[pairs[i]], old_marks[pairs[i]], fresh, way)
            merged.append(entry)
            changes += [change] if change else []
        elif way.mark(fresh) in seen:
            changes.append(Change(kind="deleted", entry=fresh.id, message=f"“{_name(fresh)}”已被人工删去，未再列入。"))
        else:
            merged.append(fresh)
            changes.append(Change(kind="new", entry=fresh.id, message=f"新读出“{_name(fresh)}”。"))
    taken = {fresh.id for fresh in read}
    for j in sorted(set(range(len(old))) - set(pairs.values())):
        change = _left_over(old[j], old_marks[j], way)
        changes.append(change)
        if change.kind != "gone":
            merged.append(_free(old[j], taken))
    return tuple(merged), changes


def _follow(entry: _Entry, entry_mark: str, fresh: _Entry, way: _Way[_Entry]) -> tuple[_Entry, Change | None]:
    """Return what becomes of an entry that the new reading has too."""
    mark, name = way.mark(fresh), _name(entry)
    if way.mark(entry) == entry_mark:
        message = f"公文已变，“{name}”改读为“{_name(fresh)}”。"
        return fresh, Change(kind="updated", entry=fresh.id, message=message) if mark != entry_mark else None
    joined, difference = way.join(entry, fresh)
    if mark not in (entry_mark, way.mark(joined)):
        message = f"“{name}”保留人工改动，但公文此处或读法已变：{difference}。请核对。"
        return joined, Change(kind="conflict", entry=fresh.id, message=message)
    message = f"“{name}”保留人工改动：{difference}。"
    return joined, Change(kind="kept", entry=fresh.id, message=message) if difference else None


def _left_over(entry: _Entry, mark: str, way: _Way[_Entry]) -> Change:
    """Return what becomes of an entry that the new reading does not have."""
    if not mark:
        return Change(kind="added", entry=entry.id, message=f"保留人工增加的“{_name(entry)}”。")
    if way.mark(entry) != mark:
        message = f"公文中已找不到“{_name(entry)}”，因有人工改动而保留。请核对。"
        return Change(kind="conflict", entry=entry.id, message=message)
    return Change(kind="gone", entry=entry.id, message=f"公文中已没有“{_name(entry)}”，不再列入。")


def _free(entry: _Entry, taken: set[str]) -> _Entry:
    """Return the entry with an id that no other has."""
    number = entry.id
    while number in taken:
        number += "a"
    taken.add(number)
    return entry if number == entry.id else replace(entry, id=number)


def _pair(way: _Way[_Entry], old: Sequence[_Entry], old_marks: Sequence[str], read: Sequence[_Entry]) -> dict[int, int]:
    """Return for each index of the new reading that of the old entry it is: same mark, same text, or much alike."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    by_mark: dict[Hashable, list[int]] = _index((mark, j) for j, mark in enumerate(old_marks) if mark)
    by_key: dict[Hashable, list[int]] = _index((_key(entry), j) for j, entry in enumerate(old) if old_marks[j])
    wanted: list[tuple[int, Sequence[int]]] = [
        *((i, by_mark.get(way.mark(fresh), ())) for i, fresh in enumerate(read)),
        *((i, by_key.get(_key(fresh), ())) for i, fresh in enumerate(read)),
    ]
    for i, candidates in wanted:
        j = next((j for j in candidates if j not in taken), None) if i not in pairs else None
        if j is not None:
            pairs[i] = j
            taken.add(j)
    left = [j for j in range(len(old)) if j not in taken and old_marks[j]][:_REWORDED_AT_MOST]
    for i, fresh in enumerate(read):
        j = next((j for j in left if j not in taken and _alike(old[j], fresh)), None) if i not in pairs else None
        if j is not None:
            pairs[i] = j
            taken.add(j)
    return pairs


def _index(items: Iterable[tuple[Hashable, int]]) -> dict[Hashable, list[int]]:
    index: dict[Hashable, list[int]] = {}
    for key, value in items:
        index.setdefault(key, []).append(value)
    return index


def _key(entry: Goal | Task) -> tuple[str, ...]:
    return (entry.text, entry.indicator) if isinstance(entry, Goal) else (entry.path, entry.title)


def _alike(entry: Goal | Task, fresh: Goal | Task) -> bool:
    one, two = _name(entry)[:120], _name(fresh)[:120]
    if min(len(one), len(two)) * 2 < max(len(one), len(two)):
        return False
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _join_goal(entry: Goal, fresh: Goal) -> tuple[Goal, str]:
    """Return the goal with the person's fields at the document's present place, and how it differs from the reading."""
    binding = entry.binding
    if binding.measure != fresh.binding.measure:
        binding = replace(binding, score=1.0 if binding.measure else 0.0, runner_up=None, note="人工确定")
    elif dict(binding.parameters) == dict(fresh.binding.parameters):
        binding = fresh.binding
    values = {name: getattr(entry, name) for name in _GOAL_FIELDS}
    joined = replace(fresh, **values, binding=binding)
    differences = [
        f"{_FIELD_NAMES[name]}为 {_shown(getattr(entry, name))}（读出 {_shown(getattr(fresh, name))}）"
        for name in _GOAL_FIELDS
        if getattr(entry, name) != getattr(fresh, name)
    ]
    if binding.measure != fresh.binding.measure:
        differences.append(f"指标为 {_shown(binding.measure)}（读出 {_shown(fresh.binding.measure)}）")
    return joined, "；".join(differences)


def _join_task(entry: Task, fresh: Task) -> tuple[Task, str]:
    joined = replace(fresh, title=entry.title, lead_units=entry.lead_units, support_units=entry.support_units)
    differences = [
        f"{name}为 {_shown(kept)}（读出 {_shown(read)}）"
        for name, kept, read in (
            ("标题", entry.title, fresh.title),
            ("牵头单位", entry.lead_units, fresh.lead_units),
            ("配合单位", entry.support_units, fresh.support_units),
        )
        if kept != read
    ]
    return joined, "；".join(differences)


def _name(entry: Goal | Task) -> str:
    return entry.text if isinstance(entry, Goal) else f"{entry.path} {entry.title}".strip()


def _shown(value: object) -> str:
    if value is None or value == "":
        return "空"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


_FIELD_NAMES = {
    "indicator": "指标名",
    "comparator": "比较",
    "value": "值",
    "value_max": "上限",
    "unit": "单位",
    "deadline": "期限",
    "base": "基年",
    "scope": "范围",
    "hedge": "语气",
    "kind": "类别",
}
