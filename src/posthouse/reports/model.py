"""What a month's reports are made from: the values of the cycle, and nothing read from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from posthouse.assignments.model import Assignment, Verdict
from posthouse.diagnosis.model import Assessment, Discrepancy, Gap, UnitReliability
from posthouse.measures.model import Measurement
from posthouse.planning.model import Plan
from posthouse.programme.model import Programme
from posthouse.vocabulary.findings import Finding
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.sources import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One division as the map draws it; lon, lat in degrees (WGS-84), None where not surveyed."""

    code: str
    name: str
    kind: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReport:
    """One month of the cycle.

    places : divisions by code. village_days : delivery days per week by village code.
    reliability : of the units that declare, least reliable first. stations : codes of the villages that have a station.
    """

    programme: Programme
    period: Period
    run: Run
    assessments: tuple[Assessment, ...]
    gaps: tuple[Gap, ...]
    plan: Plan
    assignments: tuple[Assignment, ...]
    verdicts: tuple[Verdict, ...]
    discrepancies: tuple[Discrepancy, ...] = ()
    reliability: tuple[UnitReliability, ...] = ()
    findings: tuple[Finding, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    village_days: Mapping[str, Measurement] = field(default_factory=dict)
    stations: frozenset[str] = frozenset()

    def place_name(self, code: str | None) -> str:
        """Return the name of a division with its town's, or 全市 for None, or the code where it is unknown."""
        if code is None:
            return "全市"
        place = self.places.get(code)
        if place is None:
            return code
        town = self.places.get(code[:9] + "000")
        return place.name if town is None or town.code == code else f"{town.name}{place.name}"
