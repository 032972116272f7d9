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
    compared : the value that was held against the target; the measured one, or for a quantity that adds up over the
    year (volume, revenue) the sum of twelve months. bar, comparator : `compared comparator bar` decides; bar differs
    from target only where the goal says 基本.
    """

    goal: Goal
    measurement: Measurement | None
    target: float | None
    status: Status
    forecast: float | None
    why: str
    compared: float | None = None
    bar: float | None = None
    comparator: str = ">="


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Where a goal is not met: the places and brands that hold it back, worst first.

    value : what was held against the target (see Assessment.compared). shortfall : how far it is off what counts as
    reached, in the measure's unit, >= 0; 0 where only single places miss it. items : the measurements that miss it.
    comparator : one of >= > <= <. bar : what counts as reached for the city and for a brand (see Assessment.bar),
    place_bar : for one place (see `gaps.CALENDAR_SHARE`); None where that is the target itself.
    parameters : what the goal adds to the measure (island, kind …).
    """

    goal_id: str
    measure: str
    target: float
    value: float | None
    shortfall: float | None
    items: tuple[Measurement, ...] = ()
    comparator: str = ">="
    bar: float | None = None
    place_bar: float | None = None
    parameters: tuple[tuple[str, str | int | float], ...] = ()

    def bar_for(self, place: str | None) -> float:
        """Return what counts as reached at a place, or for the city or a brand where there is none."""
        bar = self.bar if place is None else self.place_bar
        return self.target if bar is None else bar


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningEvidence:
    """Where a month's parcels for one village were signed: what an explanation of a false figure is made of.

    parcels : parcels for the village that were signed in the period. in_town : those of them signed at an outlet.
    """

    parcels: int
    in_town: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationCheck:
    """One declared figure beside the observed one.

    excess : how much better than observed the unit declared, in the measure's unit; negative where it was modest.
    threshold : excess from which on it is false, > 0. explanation : why it is, empty where it is not.
    """

    declaration_id: str
    unit: str
    measure: str
    place: str
    brand: str | None
    period: Period
    declared: float
    observed: float
    excess: float
    threshold: float
    explanation: str = ""

    @property
    def is_false(self) -> bool:
        """Whether the excess reaches the threshold."""
        # Declared figures are decimal: 3.1 less 2.1 is a hair short of 1.
        return self.excess >= self.threshold - 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredMonth:
    """One month of one unit: its declarations that records can check, and those of them that the records deny."""

    period: Period
    checked: int
    false: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReliability:
    """How far a reporting unit's figures can be believed at the end of a period.

    checked, false : declarations of the period that records can check, and those they deny.
    score : 0..1, weighted share of figures the records bear out, over all months (see diagnosis/reliability.py).
    trend : against the month before. months : all that the score is made of, oldest first. why : in 中文.
    """

    unit: str
    period: Period
    checked: int
    false: int
    score: float
    trend: Literal["new", "better", "worse", "steady"]
    months: tuple[DeclaredMonth, ...]
    why: str
