"""What the readers of road files collect: rows of the register, positions of nodes, Findings."""

from dataclasses import dataclass, field
from typing import Any

from posthouse.vocabulary.findings import Finding, Severity


@dataclass(slots=True, kw_only=True)
class Edges:
    """Edges as a reader collects them. rows : in the columns of the register. positions : node -> (lon, lat)."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    positions: dict[str, tuple[float, float]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def bad_row(name: str, line: int, what: str) -> Finding:
    """Return the Finding for a row of a road or place file that could not be used."""
    return Finding(
        code="territory.bad_row",
        severity=Severity.WARNING,
        message=f"{name} 第{line}行的{what}读不出来，没有采用。请改正。",
        place=f"{name}:{line}",
        fields={"what": what},
    )
