"""What villages get and send, by brand: counted from parcels, or estimated from the population where none are known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.planning.scenario import Scenario
from posthouse.territory.model import Division
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import ibis
    import pyarrow


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Parcels a week by village and brand.

    received, sent : village -> brand -> parcels a week, >= 0. kg_per_parcel : mean. is_measured : not estimated.
    """

    received: Mapping[str, Mapping[str, float]]
    sent: Mapping[str, Mapping[str, float]]
    kg_per_parcel: float
    is_measured: bool
    findings: tuple[Finding, ...] = ()

    def per_week(self, village: str) -> float:
        """Return the parcels a week that a village gets."""
        return sum(self.received.get(village, {}).values())

    def brands(self) -> tuple[str, ...]:
        """Return the brands that have parcels for some village, by name."""
        return tuple(sorted({brand for own in self.received.values() for brand, count in own.items() if count > 0}))


def count_parcels(parcels: "ibis.Table") -> "pyarrow.Table":
    """Return parcels and kilograms by division, brand and direction (`in`, `out`), and the days that they span.

    Counted where the records lie: a month of a large city is a table of a few thousand rows here.
    """
    span = (
        parcels.aggregate(first=parcels.accepted_at.min(), last=parcels.accepted_at.max()).to_pyarrow().to_pylist()[0]
    )
    length = 1 if span["first"] is None else (span["last"].date() - span["first"].date()).days + 1

    def side(column: str, direction: str) -> "ibis.Table":
        import ibis

        return (
            parcels.group_by(division=parcels[column], brand=parcels.brand)
            .aggregate(parcels=parcels.count(), weight_kg=parcels.weight_kg.sum())
            .mutate(direction=ibis.literal(direction), days=ibis.literal(length))
        )

    counted: pyarrow.Table = side("destination", "in").union(side("origin", "out")).to_pyarrow()
    return counted


def demand_from(
    counts: "pyarrow.Table | None", villages: Sequence[Division], brands: Sequence[str], scenario: Scenario, month: int
) -> Demand:
    """Return the demand of the villages.

    Parameters
    ----------
    counts : of `count_parcels`; None or empty: the population decides, shared out evenly among `brands`.
    month : 1..12, for the season of the produce.
    """
    rows = [] if counts is None else counts.to_pylist()
    findings: list[Finding] = []
    known = {village.code for village in villages}
    received: dict[str, dict[str, float]] = defaultdict(dict)
    sent: dict[str, dict[str, float]] = defaultdict(dict)
    parcels = weight = 0.0
    for row in rows:
        if row["division"] not in known:
            continue
        if row["parcels"] < 0:
            findings.append(_negative(row["division"], row["parcels"]))
            continue
        side = received if row["direction"] == "in" else sent
        side[row["division"]][row["brand"]] = row["parcels"] * 7 / row["days"]
        if row["direction"] == "in" and row["weight_kg"]:
            parcels, weight = parcels + row["parcels"], weight + row["weight_kg"]
    if not rows:
        received = _estimated(villages, brands, scenario, findings)
    season = scenario.produce.parcels_per_person_per_week if month in scenario.produce.months else 0.0
    if season:
        for village in villages:
            own = sent[village.code]
            for brand in brands:
                extra = season * (village.population or scenario.demand.population) / max(1, len(brands))
                own[brand] = own.get(brand, 0.0) + extra
    return Demand(
        received=received,
        sent=sent,
        kg_per_parcel=weight / parcels if weight > 0 else scenario.demand.kg_per_parcel,
        is_measured=bool(rows),
        findings=tuple(findings),
    )


def _estimated(
    villages: Sequence[Division], brands: Sequence[str], scenario: Scenario, findings: list[Finding]
) -> dict[str, dict[str, float]]:
    estimated: dict[str, dict[str, float]] = defaultdict(dict)
    names = brands or ("全部品牌",)
    for village in villages:
        population = scenario.demand.population if village.population is None else village.population
        if population < 0:
            findings.append(_negative(village.code, population))
            population = 0
        each = population * scenario.demand.parcels_per_person_per_week / len(names)
        estimated[village.code] = dict.fromkeys(names, each)
    return estimated


def _negative(village: str, value: float) -> Finding:
    return Finding(
        code="planning.negative_demand",
        severity=Severity.ERROR,
        message=f"村{village}的件量或人口应不小于 0，实际为{value:g}，按 0 计。请改正登记。",
        place=village,
        fields={"value": value},
    )
