"""What a rule of supervision is, and what it finds: Findings with their legal basis, scores per operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from posthouse.vocabulary.findings import Finding, Severity

Area = Literal["safety", "quality", "green"]
Grade = Literal["A", "B", "C", "D"]
Findings = Sequence[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A share that a brand has to reach in a measure, for the days it is in force."""

    measure: str
    share: float
    source: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as rules.toml declares it; the meaning of every field stands at the head of that file."""

    code: str
    area: Area
    name: str
    severity: Severity
    basis: tuple[str, ...]
    remedy: str
    valid_from: date
    valid_to: date | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    targets: tuple[Target, ...] = ()
    points: float = 0.0
    max_points: float = 0.0

    def found(self, message: str, *, brand: str, place: str = "", **fields: object) -> Finding:
        """Return a Finding of this rule; the message gets the remedy, the fields the brand and the legal basis.

        place : outlet or division; empty where it concerns the brand as a whole.
        """
        return Finding(
            code=self.code,
            severity=self.severity,
            message=f"{message}。{self.remedy}。",
            place=place,
            fields={"brand": brand, **fields, "basis": list(self.basis)},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditScore:
    """An operator's month: 100 less the points of its findings; deductions by code. Grades A from 90, B 75, C 60, D."""

    operator_id: str
    operator_name: str
    brand: str
    score: float
    grade: Grade
    deductions: Mapping[str, float]


def is_in_force(valid: Rule | Target, day: date) -> bool:
    """Whether a rule or target holds on the day."""
    return valid.valid_from <= day and (valid.valid_to is None or day < valid.valid_to)
