"""Declared figures against observed ones: which are false, and why in words a person can check.

A liaison declares "五次一周"; the scanners saw nine days. Thresholds and their reasons are data (thresholds.toml).
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from posthouse.diagnosis.model import DeclarationCheck, Discrepancy, SigningEvidence
from posthouse.diagnosis.wording import declared_sentence
from posthouse.measures.catalogue import all_definitions
from posthouse.measures.forms import Tables, flag
from posthouse.measures.model import Measurement
from posthouse.measures.visits import deliveries
from posthouse.vocabulary.definitions import MeasureDefinition
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Period, parse_period

if TYPE_CHECKING:
    import pyarrow

Observed = Callable[[str, str, str | None, Period], Measurement | None]
"""(measure id, place, brand, period) -> what the records say, or None where they say nothing."""


def find_discrepancies(
    declarations: "pyarrow.Table",
    observed: Observed,
    *,
    evidence: Mapping[str, SigningEvidence] | None = None,
    definitions: Mapping[str, MeasureDefinition] | None = None,
) -> tuple[Discrepancy, ...]:
    """Return the declarations that the records deny, largest overstatement first.

    Parameters
    ----------
    declarations : table `declarations`.
    observed : see `observed_from` for measurements already at hand.
    evidence : by village, for the explanation (see `signing_evidence`).
    definitions : by measure id; tell whether more is better. The catalogue's where none are given.
    """
    return deny_declarations(check_declarations(declarations, observed, evidence=evidence, definitions=definitions))


def deny_declarations(checks: Iterable[DeclarationCheck]) -> tuple[Discrepancy, ...]:
    """Return the false ones of checked declarations, largest overstatement first."""
    false = sorted((c for c in checks if c.is_false), key=lambda c: (-c.excess, c.declaration_id))
    return tuple(
        Discrepancy(
            declaration_id=check.declaration_id,
            unit=check.unit,
            measure=check.measure,
            place=check.place,
            brand=check.brand,
            period=check.period,
            declared=check.declared,
            observed=check.observed,
            explanation=check.explanation,
        )
        for check in false
    )


def check_declarations(
    declarations: "pyarrow.Table",
    observed: Observed,
    *,
    evidence: Mapping[str, SigningEvidence] | None = None,
    definitions: Mapping[str, MeasureDefinition] | None = None,
) -> tuple[DeclarationCheck, ...]:
    """Return every declaration that the records can check, in the table's order; the others are left out."""
    known = definitions or {definition.id: definition for definition in all_definitions()}
    checks = []
    for row in declarations.to_pylist():
        period = _period(row["period"])
        if period is None or row["measure"] not in known:
            continue
        measurement = observed(row["measure"], row["place"], row["brand"], period)
        if measurement is None or measurement.value is None:
            continue
        upward = known[row["measure"]].direction == "up"
        excess = row["value"] - measurement.value if upward else measurement.value - row["value"]
        check = DeclarationCheck(
            declaration_id=row["declaration_id"],
            unit=row["unit"],
            measure=row["measure"],
            place=row["place"],
            brand=row["brand"],
            period=period,
            declared=row["value"],
            observed=measurement.value,
            excess=excess,
            threshold=threshold_of(measurement),
        )
        if check.is_false:
            why = declared_sentence(row["value"], measurement, (evidence or {}).get(row["place"]))
            check = replace(check, explanation=why)
        checks.append(check)
    return tuple(checks)


def observed_from(measurements: Sequence[Measurement], *, area: str | None = None) -> Observed:
    """Return a look-up over measurements already made, by measure, place, brand and period.

    area : code of the whole city; a figure declared for it is held against the measurement without a place.
    """
    found = {(m.measure, m.place, m.brand, m.period): m for m in measurements}

    def look_up(measure: str, place: str, brand: str | None, period: Period) -> Measurement | None:
        return found.get((measure, None if place == area else place, brand, period))

    return look_up


def signing_evidence(tables: Tables, period: Period) -> Mapping[str, SigningEvidence]:
    """Return by destination where its parcels signed in the period were signed.

    Parameters
    ----------
    tables : journeys and parcels, as Ibis tables of one engine.
    """
    signed = deliveries(tables, period)
    counts = signed.group_by("destination").aggregate(
        parcels=signed.count(), in_town=flag(signed.how == "outlet").sum().cast("int64")
    )
    return {
        row["destination"]: SigningEvidence(parcels=row["parcels"], in_town=row["in_town"])
        for row in counts.to_pyarrow().to_pylist()
    }


def threshold_of(measurement: Measurement) -> float:
    """Return the overstatement from which on a declaration of this measure is false, in the measure's unit."""
    thresholds = _thresholds()
    if measurement.measure in thresholds:
        return thresholds[measurement.measure]
    if measurement.unit == "share":
        return thresholds["default_share"]
    return max(abs(measurement.value or 0.0) * thresholds["default_relative"], 1e-6)


@cache
def _thresholds() -> Mapping[str, float]:
    text = files(__package__).joinpath("thresholds.toml").read_text(encoding="utf-8")
    return {name: float(entry["threshold"]) for name, entry in tomllib.loads(text).items()}


def _period(text: str) -> Period | None:
    try:
        return parse_period(text)
    except UnusableInputError:
        return None
