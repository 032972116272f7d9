"""The product against the truth of the sample cities: every figure exact, every planted fault found.

    python benchmarks/truth.py --seeds 1 2 3 4 5

For each kind of city and each seed: generate, load, fold, measure, supervise, check declarations; then compare with
truth.json, which the generator wrote from its own arrays. Prints Markdown; the exit code is 1 where a figure is not
exact, or precision or recall is below 0.95. `tests/scenarios/test_truth.py` runs the same comparison on small cities.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posthouse.diagnosis.reported import find_discrepancies, signing_evidence
from posthouse.measures.forms import Tables
from posthouse.measures.observe import Observer
from posthouse.sample.kind import KINDS
from posthouse.sample.write import write_sample
from posthouse.stores.workspace import create_workspace
from posthouse.supervision.conformance.check import KINDS as CONFORMANCE
from posthouse.supervision.supervise import supervise
from posthouse.vocabulary.periods import Period, parse_period

LEAST = 0.95
"""Precision and recall that every kind of planted fault must reach (issue: planted faults are found)."""


@dataclass(frozen=True, slots=True)
class Exact:
    """How many figures of one sort are exactly those of the truth, and what is wrong with the first that is not."""

    name: str
    right: int
    of: int
    first_wrong: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Planted faults of one sort against those found."""

    name: str
    planted: frozenset[object]
    found: frozenset[object]

    @property
    def precision(self) -> float:
        """Share of the found that were planted; 1 where nothing was found."""
        return len(self.planted & self.found) / len(self.found) if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the planted that were found; 1 where nothing was planted."""
        return len(self.planted & self.found) / len(self.planted) if self.planted else 1.0


def make_city(kind: str, seed: int, folder: Path, *, villages: int, parcels: int, month: str) -> tuple[Tables, Any]:
    """Write and load a sample city into the folder; return its tables and its truth of the month."""
    write_sample(kind, folder / "city", villages=villages, parcels=parcels, month=month, seed=seed)
    workspace = create_workspace(folder / "workspace")
    workspace.load(folder / "city" / "records")
    truth = json.loads((folder / "city" / "truth.json").read_text(encoding="utf-8"))
    return workspace.tables(), truth["months"][month]


def compare_figures(tables: Tables, truth: Mapping[str, Any], period: Period) -> tuple[Exact, ...]:
    """Compare all that the truth states as a number, as integers: numerators and denominators, days, counts."""
    observer, villages = Observer(tables), truth["villages"]
    measures = truth["measures"].items()
    figures = {name: observer.figure(name, period, entry.get("parameters")) for name, entry in measures}
    brands = {
        (name, brand): (observer.figure(name, period, brand=brand), entry)
        for name, whole in measures
        for brand, entry in whole.get("by_brand", {}).items()
    }
    days = {m.place: m.numerator for m in observer.parts("delivery_days_per_week", period, ("place",))}
    covering: dict[str | None, list[str]] = defaultdict(list)
    for part in observer.parts("village_coverage_by_brand", period, ("place", "brand")):
        if part.numerator:
            covering[part.place].append(part.brand or "")
    main_brands = set(truth["measures"]["village_coverage_by_brand"]["by_brand"])
    stations = {m.place: bool(m.numerator) for m in observer.parts("village_station_coverage", period, ("place",))}
    signed = signing_evidence(tables, period)
    in_town = {place: evidence.in_town / evidence.parcels for place, evidence in signed.items()}
    return (
        _exact("measures", {n: _counts(f) for n, f in figures.items()}, {n: _stated(e) for n, e in measures}),
        _exact(
            "measures by brand",
            {key: _counts(figure) for key, (figure, _) in brands.items()},
            {key: _stated(entry) for key, (_, entry) in brands.items()},
        ),
        _exact("visit days by village", days, {code: 7 * v["visit_days"] for code, v in villages.items()}),
        _exact(
            "main brands by village",
            {code: sorted(covering[code]) for code in villages},
            {code: sorted(main_brands.intersection(v["brands"])) for code, v in villages.items()},
        ),
        _exact("station by village", stations, {code: v["has_station"] for code, v in villages.items()}),
        _exact(
            "share signed in town by village",
            {code: in_town.get(code) for code in villages},
            {code: v["served_by_town_outlet_share"] for code, v in villages.items()},
        ),
    )


def find_planted(tables: Tables, truth: Mapping[str, Any], period: Period) -> tuple[Found, ...]:
    """Compare what diagnosis and supervision find with what was planted."""
    observer, findings = Observer(tables), supervise(tables, period)
    declarations = tables["declarations"].filter(tables["declarations"].period == str(period)).to_pyarrow()
    discrepancies = find_discrepancies(
        declarations, lambda name, place, brand, month: observer.figure(name, month, place=place, brand=brand)
    )
    charging = [f.fields["brand"] for f in findings if f.code == "supervision.secondary_charge"]
    dead = [f.place for f in findings if f.code == "supervision.dead_xray"]
    nonconforming = [f for f in findings if f.code.partition(".")[2] in CONFORMANCE]
    planted = {(deed["kind"], deed["outlet"]) for deed in truth["misconduct"]}
    # Who signs what has not arrived also skips the scan of arrival: one habit, two rules.
    planted |= {("step_skipped", outlet) for kind, outlet in planted if kind == "signed_without_arrival"}
    return (
        _found("false declarations", truth["false_declarations"], [d.declaration_id for d in discrepancies]),
        _found("secondary charges", truth["secondary_charge_brands"], charging),
        _found("dead X-ray machines", truth["dead_xray_outlets"], dead),
        _found("misconduct of outlets", planted, [(f.code.partition(".")[2], f.place) for f in nonconforming]),
    )


def _counts(figure: Any) -> tuple[int | None, int | None]:
    return (figure.numerator, figure.denominator) if figure else (None, None)


def _stated(entry: Mapping[str, Any]) -> tuple[int | None, int | None]:
    return entry["numerator"], entry["denominator"]


def _exact(name: str, measured: Mapping[Any, object], stated: Mapping[Any, object]) -> Exact:
    wrong = [key for key in stated if key not in measured or measured[key] != stated[key]]
    wrong += [key for key in measured if key not in stated]
    first = f"{wrong[0]}: {measured.get(wrong[0])} for {stated.get(wrong[0])}" if wrong else ""
    return Exact(name, len(stated) - len(wrong), len(stated), first)


def _found(name: str, planted: Collection[object], found: Collection[object]) -> Found:
    return Found(name, frozenset(planted), frozenset(found))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--villages", type=int, default=120)
    parser.add_argument("--parcels", type=int, default=40_000)
    parser.add_argument("--month", default="2021-06")
    given = parser.parse_args()
    period = parse_period(given.month)
    print(f"{given.month}, {given.villages} villages, {given.parcels} parcels a city, seeds {given.seeds}\n")
    head: list[str] = []
    is_good = True
    for kind in given.kinds:
        for seed in given.seeds:
            with tempfile.TemporaryDirectory() as place:
                sizes = {"villages": given.villages, "parcels": given.parcels, "month": given.month}
                tables, truth = make_city(kind, seed, Path(place), **sizes)
                exact = compare_figures(tables, truth, period)
                found = find_planted(tables, truth, period)
            if not head:
                head = ["city", "seed", *(e.name for e in exact), *(f.name for f in found)]
                print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
            print(f"| {' | '.join((kind, str(seed), *_cells(exact, found)))} |", flush=True)
            for wrong in (e for e in exact if e.right < e.of):
                print(f"{kind} {seed}: {wrong.name}: {wrong.first_wrong}", file=sys.stderr)
            is_good &= all(e.right == e.of for e in exact) and all(min(f.precision, f.recall) >= LEAST for f in found)
    print("\nFigures: exactly right / stated. Faults: precision / recall (planted).")
    return 0 if is_good else 1


def _cells(exact: Collection[Exact], found: Collection[Found]) -> Iterator[str]:
    yield from (f"{e.right}/{e.of}" for e in exact)
    yield from (f"{f.precision:.2f} / {f.recall:.2f} ({len(f.planted)})" for f in found)


if __name__ == "__main__":
    sys.exit(main())
