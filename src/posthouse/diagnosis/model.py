"""What diagnosis says of a goal, and of a declared figure."""

from dataclasses import dataclass
from typing import Literal

from posthouse.measures.model import Measurement
from posthouse.programme.model import Goal
from posthouse.vocabulary.periods import Period

Status = Literal["met", "on_track", "behind", "missed", "no_data", "unbound", "external"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One goal with what was measured.

    target : the goal's value in the measure's unit (95 % is 0.95). forecast : expected value at the deadline in
    the measure's unit, None where it cannot be said. why : one sentence in 中文.
    """

    goal: Goal
    measurement: Measurement | None
    target: float | None
    status: Status
    forecast: float | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Where a goal is not met: the places and brands that hold it back, worst first.

    shortfall : target minus value in the measure's unit, > 0. items : the measurements below target.
    """

    goal_id: str
    measure: str
    target: float
    value: float | None
    shortfall: float | None
    items: tuple[Measurement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A declared figure that the records deny: who declared what for where, and what was observed."""

    declaration_id: str
    unit: str
    measure: str
    place: str
    brand: str | None
    period: Period
    declared: float
    observed: float
    explanation: str
