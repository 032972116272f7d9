"""Assignments close on data only; a Verdict says why."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from posthouse.vocabulary.periods import Period

State = Literal["open", "closed", "relapsed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The measurement on which an assignment closes; value in the measure's unit."""

    measure: str
    comparator: str
    value: float
    place: str | None = None
    brand: str | None = None
    parameters: tuple[tuple[str, str | int | float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Work handed to units of the plan document. `task` is the clause path of the plan's task, or empty."""

    id: str
    title: str
    goal_id: str
    task: str
    lead_units: tuple[str, ...]
    support_units: tuple[str, ...]
    place: str | None
    place_name: str
    issued_on: date
    due_on: date
    closes_when: Condition
    state: State = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a month's measurement says of an assignment: before, after, on which value, why (中文)."""

    assignment_id: str
    period: Period
    before: State
    after: State
    value: float | None
    why: str
