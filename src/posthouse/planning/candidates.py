"""Who could fill a count or a share that falls short: the best rows of a register by a declared rule, and the actions.

The rules are data: factory.toml, overseas.toml, infrastructure.toml, one entry per measure, with the fields of Rule.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any

from posthouse.diagnosis.model import Gap
from posthouse.measures.catalogue import get_definition
from posthouse.measures.model import Measurement
from posthouse.planning.actions import make_action
from posthouse.planning.ground import Row
from posthouse.planning.model import Action, Plan

MOST_NAMED = 20
"""Candidates named in one action; a longer list is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One entry of the rule files.

    title : {missing} is how many more it takes, {brand} the brand where the work is given brand by brand.
    table : the register; empty where none names candidates. name : the column that names one.
    only : column -> allowed values. done : column -> value of rows that count already (`true`: not empty).
    short : column -> figure that a candidate is still below.
    order : columns that say who comes first, `-` descending, empty cells last.
    notes : column -> words said of a candidate where the column is not empty; {} is its value.
    by_brand : the work is each brand's own. effort : what to do, where there are no candidates to name.
    """

    title: str
    table: str = ""
    name: str = "name"
    only: Mapping[str, Sequence[object]] = field(default_factory=dict)
    done: Mapping[str, object] = field(default_factory=dict)
    short: Mapping[str, float] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    by_brand: bool = False
    effort: str = ""


def plan_by_rule(gap: Gap, rule: Rule, kind: str, rows: Sequence[Row]) -> Plan:
    """Return the actions that the rule makes of the gap, and what the register cannot fill, with the reason.

    Parameters
    ----------
    kind : of the actions. rows : of the rule's register.
    """
    own = [item for item in gap.items if item.brand is not None and item.place is None] if rule.by_brand else []
    drafts = [_draft(gap, item, rule, kind, rows) for item in own] or [_draft(gap, None, rule, kind, rows)]
    return Plan(actions=tuple(action for action, _ in drafts), unserved=tuple(why for _, why in drafts if why))


def list_candidates(rule: Rule, rows: Sequence[Row], brand: str | None = None) -> tuple[str, ...]:
    """Return the candidates' names with what speaks for them, best first."""
    eligible = _eligible(rule, rows, brand)
    done = {row[rule.name] for row in eligible if rule.done and all(_holds(row[c], v) for c, v in rule.done.items())}
    left = [row for row in eligible if row[rule.name] not in done and _is_short(row, rule)]
    for column in reversed(rule.order):
        name = column.removeprefix("-")
        known = [row for row in left if row[name] is not None]
        known.sort(key=lambda row: row[name], reverse=column != name)
        left = known + [row for row in left if row[name] is None]
    first: dict[str, str] = {}
    for row in left:
        first.setdefault(row[rule.name], _label(row, rule))
    return tuple(first.values())


@cache
def read_rules(subject: str) -> Mapping[str, Rule]:
    """Return the rules of a subject (factory, overseas, infrastructure) by measure."""
    return {
        measure: Rule(**entry | {"order": tuple(entry.get("order", ()))}) for measure, entry in _read(subject).items()
    }


def _draft(gap: Gap, item: Measurement | None, rule: Rule, kind: str, rows: Sequence[Row]) -> tuple[Action, str]:
    brand = item.brand if item else None
    candidates = list_candidates(rule, rows, brand)
    counts = "{missing}" in rule.title
    missing = _missing(gap, item, len(_eligible(rule, rows, brand))) if counts else None
    title = rule.title.format(missing=f"{missing or 0:,}", brand=brand or "各企业")
    named = candidates[: min(missing or MOST_NAMED, MOST_NAMED)]
    action = make_action(gap, kind, title, brand=brand, expected=rule.effort or "、".join(named[:3]), candidates=named)
    if missing is None or not rule.table or len(candidates) >= missing:
        return action, ""
    found = f"登记中只有{len(candidates)}个候选" if candidates else "登记中没有候选"
    return action, f"{title}：{found}，还缺{missing - len(candidates)}个，需先储备。"


def _missing(gap: Gap, item: Measurement | None, total: int) -> int | None:
    """How many more are needed: of the count itself, or of the numerator of a share over `total` rows."""
    definition = get_definition(gap.measure)
    if item is not None and item.denominator and item.numerator is not None:
        return max(1, ceil(gap.bar_for(None) * item.denominator - item.numerator - 1e-9))
    if gap.shortfall is None:
        return None
    return ceil(gap.shortfall * (total if definition.denominator else 1) - 1e-9)


def _eligible(rule: Rule, rows: Sequence[Row], brand: str | None) -> list[Row]:
    return [
        row
        for row in rows
        if all(row[column] in allowed for column, allowed in rule.only.items())
        and (brand is None or row.get("brand") == brand)
    ]


def _holds(value: object, wanted: object) -> bool:
    """Whether a cell has the wanted value; `true` wants a text to be there at all."""
    return bool(value) if wanted is True else value == wanted


def _is_short(row: Row, rule: Rule) -> bool:
    return all(row[column] is not None and row[column] < figure for column, figure in rule.short.items())


def _label(row: Row, rule: Rule) -> str:
    said = [_note(row[column], words) for column, words in rule.notes.items() if row[column]]
    return f"{row[rule.name]}（{'、'.join(said)}）" if said else str(row[rule.name])


def _note(value: object, words: str) -> str:
    shown = f"{value:g}" if isinstance(value, float) else str(_read("words").get(str(value), value))
    return words.format(shown)


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
