"""What the rooms 总览 and 目标 read: the months that `posthouse run` has closed, from its result folder."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posthouse.vocabulary.glossary import zh
from posthouse.vocabulary.units import in_words

_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalRow:
    """One goal as the pages show it; figures are in words."""

    id: str
    name: str
    clause: str
    text: str
    target: str
    measured: str
    forecast: str
    deadline: str
    status: str
    status_words: str
    why: str
    numerator: int | None
    denominator: int | None
    coverage: str
    measure: str


def list_months(out: Path) -> list[str]:
    """Return the months that were closed, newest first."""
    return sorted((p.stem for p in (out / "months").glob("*.json") if _MONTH.fullmatch(p.stem)), reverse=True)


def get_month(out: Path, month: str) -> Mapping[str, Any]:
    """Return cycle.json of the month.

    Raises
    ------
    FileNotFoundError : the month was not closed.
    """
    if not _MONTH.fullmatch(month):
        raise FileNotFoundError(month)
    cycle: Mapping[str, Any] = json.loads((out / "months" / f"{month}.json").read_text(encoding="utf-8"))
    return cycle


def list_goals(cycle: Mapping[str, Any]) -> Sequence[GoalRow]:
    """Return the goals of a month in the order of the plan document."""
    return [
        GoalRow(
            id=goal["id"],
            name=goal["indicator"] or goal["text"],
            clause=goal["clause"],
            text=goal["text"],
            target=in_words(goal["target"], goal["unit"]) if goal["target"] is not None else "—",
            measured=in_words(goal["value"], goal["unit"]) if goal["measure"] else "—",
            forecast=in_words(goal["forecast"], goal["unit"]) if goal["forecast"] is not None else "—",
            deadline=goal["deadline"] or "未定",
            status=goal["status"],
            status_words=zh(goal["status"]),
            why=goal["why"],
            numerator=goal["numerator"],
            denominator=goal["denominator"],
            coverage=in_words(goal["coverage"], "share") if goal["coverage"] is not None else "—",
            measure=goal["measure"] or "",
        )
        for goal in cycle["goals"]
    ]


def count_states(cycle: Mapping[str, Any]) -> Mapping[str, int]:
    """Return how many assignments are open, closed and relapsed."""
    states = [assignment["state"] for assignment in cycle["assignments"]]
    return {state: states.count(state) for state in ("open", "relapsed", "closed")}
