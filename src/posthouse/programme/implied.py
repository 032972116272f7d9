"""Aims without a number or a comparator: 全覆盖, 基本覆盖, 全部实现, 翻番, 次日达."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from posthouse.programme.model import Comparator
from posthouse.programme.phrasings import load_phrasing

_TAIL = re.compile(r"[，,。；;、！：）)\n和并且及与，目]|$")
_TIMES = {"两": 4.0, "二": 4.0, "2": 4.0, "三": 8.0, "3": 8.0}
"""翻两番 is four times, 翻三番 eight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """An implied aim at [start, end) of the reading, with its value in the base unit."""

    id: str
    start: int
    end: int
    comparator: Comparator
    value: float
    unit: str
    hedge: str


def find_implied(masked: str) -> list[Implied]:
    """Return every implied aim of a masked reading, in order.

    >>> [(i.comparator, i.value, i.unit) for i in find_implied("服务站基本实现全覆盖，收入翻番。")]
    [('~=', 100.0, '%'), ('growth', 2.0, '倍')]
    """
    result = []
    for found in _pattern().finditer(masked):
        entry = next(entry for entry in _entries() if found[entry["id"]] is not None)
        if entry.get("tail") and not _TAIL.match(masked, found.end()):
            continue
        times = found.groupdict().get("times")
        value = _TIMES.get(times, float(entry["value"])) if times else float(entry["value"])
        result.append(
            Implied(
                id=entry["id"],
                start=found.start(),
                end=found.end(),
                comparator=entry["comparator"],
                value=value,
                unit=entry["unit"],
                hedge=entry.get("hedge", ""),
            )
        )
    return result


@cache
def _entries() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = load_phrasing("implied")["phrase"]
    return entries


@cache
def _pattern() -> re.Pattern[str]:
    patterns = "|".join(f"(?P<{entry['id']}>{entry['pattern']})" for entry in _entries())
    return re.compile(f"(?=[{load_phrasing('implied')['first']}])(?:{patterns})")
