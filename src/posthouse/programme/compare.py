"""Two programmes goal by goal: what the next plan, or another city's, raises, lowers, drops and adds.

Goals meet when they are bound to the same measure with the same qualifying parameters, else when their indicators
are alike. A deadline that moves is told with the pair.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from posthouse.programme.model import Goal, Programme
from posthouse.vocabulary.units import in_words

DifferenceKind = Literal["raised", "lowered", "same", "restated", "dropped", "new"]

ALIKE = 0.7
"""Likeness of two indicators (0..1) from which unbound goals are taken for the same."""

_COMPARED_KINDS = ("goal", "standard", "rhythm", "structure")
_FALLING = ("<=", "<")
_SAME_WORDS = re.compile(r"[“”（）\s]|全[市县区省]|数$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How one goal stands in two programmes; `old` or `new` is None where only one has it.

    kind : `raised` asks more than before (of a time limit: a shorter one), `lowered` less, `restated` another unit or
    comparator, so that more or less cannot be told. message : one sentence in 中文.
    """

    kind: DifferenceKind
    old: Goal | None
    new: Goal | None
    message: str


def compare_programmes(old: Programme, new: Programme) -> tuple[Difference, ...]:
    """Return the differences: pairs in the order of the new programme, then what was dropped."""
    before = [goal for goal in old.goals if goal.kind in _COMPARED_KINDS]
    after = [goal for goal in new.goals if goal.kind in _COMPARED_KINDS]
    pairs = _pair(before, after)
    differences = []
    for j, goal in enumerate(after):
        if j in pairs:
            differences.append(_difference(before[pairs[j]], goal))
        else:
            differences.append(Difference(kind="new", old=None, new=goal, message=f"新增：{_shown(goal)}。"))
    matched = set(pairs.values())
    differences += [
        Difference(kind="dropped", old=goal, new=None, message=f"不再提：{_shown(goal)}。")
        for i, goal in enumerate(before)
        if i not in matched
    ]
    return tuple(differences)


def difference_to_json(difference: Difference) -> dict[str, object]:
    """Return plain values for `posthouse diff --json`."""
    return {
        "kind": difference.kind,
        "old": _plain(difference.old),
        "new": _plain(difference.new),
        "message": difference.message,
    }


def _pair(before: Sequence[Goal], after: Sequence[Goal]) -> dict[int, int]:
    """Return the index of the old goal for each new one: nearest deadlines first where a measure has several."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for same in (_same_measure, _same_name):
        for j, goal in enumerate(after):
            if j in pairs:
                continue
            candidates = [i for i, other in enumerate(before) if i not in taken and same(other, goal)]
            if candidates:
                pairs[j] = min(
                    candidates, key=lambda i: (before[i].unit != goal.unit, abs(_year(before[i]) - _year(goal)), i)
                )
                taken.add(pairs[j])
    return pairs


def _same_measure(one: Goal, two: Goal) -> bool:
    if one.binding.measure is None or one.binding.measure != two.binding.measure:
        return False
    return (one.comparator in ("growth", "reduction")) == (two.comparator in ("growth", "reduction"))


def _same_name(one: Goal, two: Goal) -> bool:
    if one.binding.measure and two.binding.measure:
        return False
    left, right = _SAME_WORDS.sub("", one.indicator), _SAME_WORDS.sub("", two.indicator)
    if not left or not right:
        return False
    if left == right:
        return True
    matcher = SequenceMatcher(None, left[:60], right[:60], autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _difference(old: Goal, new: Goal) -> Difference:
    moved = "" if old.deadline == new.deadline else f"，期限由 {old.deadline or '未写'} 改为 {new.deadline or '未写'}"
    if old.unit.split("/")[0] != new.unit.split("/")[0] or old.value is None or new.value is None:
        kind: DifferenceKind = "restated"
    elif old.value == new.value:
        kind = "same" if old.comparator == new.comparator and old.value_max == new.value_max else "restated"
    else:
        falling = old.comparator in _FALLING and new.comparator in _FALLING
        kind = "raised" if (new.value > old.value) != falling else "lowered"
    words = {"raised": "提高", "lowered": "降低", "same": "不变", "restated": "改写"}[kind]
    return Difference(
        kind=kind,
        old=old,
        new=new,
        message=f"{words}：{new.indicator or new.text}由 {show_figure(old)} 到 {show_figure(new)}{moved}。",
    )


def _shown(goal: Goal) -> str:
    until = f"，到 {goal.deadline}" if goal.deadline else ""
    return f"{goal.indicator or goal.text} {show_figure(goal)}{until}"


def show_figure(goal: Goal) -> str:
    """Return a goal's figure as a person reads it: ≥95%, 1—2家, 增长20%/年, 增至2倍."""
    signs = {">=": "≥", "<=": "≤", "=": "", "~=": "约", "growth": "增长", "reduction": "减少", "range": ""}
    if goal.value is None:
        return "N" + goal.unit
    if goal.value_max is not None:
        return f"{in_words(goal.value, '')}—{in_words(goal.value_max, goal.unit)}"
    sign = "增至" if goal.comparator == "growth" and goal.unit.startswith("倍") else signs.get(goal.comparator)
    return f"{goal.comparator if sign is None else sign}{in_words(goal.value, goal.unit)}"


def _year(goal: Goal) -> int:
    return goal.deadline.year if goal.deadline else 0


def _plain(goal: Goal | None) -> dict[str, object] | None:
    if goal is None:
        return None
    return {
        "id": goal.id,
        "indicator": goal.indicator,
        "text": goal.text,
        "comparator": goal.comparator,
        "value": goal.value,
        "value_max": goal.value_max,
        "unit": goal.unit,
        "deadline": goal.deadline.isoformat() if goal.deadline else None,
        "measure": goal.binding.measure,
    }
