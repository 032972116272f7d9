"""Every measure against the truth of a sample city, through loading and folding."""

import json
from pathlib import Path
from typing import Any

import pytest

from posthouse.measures.forms import Tables
from posthouse.measures.measure import measure
from posthouse.sample.write import write_sample
from posthouse.stores.workspace import create_workspace
from posthouse.vocabulary.periods import parse_period

JUNE = parse_period("2021-06")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tables, dict[str, Any]]:
    folder: Path = tmp_path_factory.mktemp("islands")
    write_sample("islands", folder / "city", villages=24, parcels=2_500, month="2021-06", seed=4)
    workspace = create_workspace(folder / "workspace")
    workspace.load(folder / "city" / "records")
    truth = json.loads((folder / "city" / "truth.json").read_text(encoding="utf-8"))
    return workspace.tables(), truth["months"]["2021-06"]


def test_every_figure_is_exactly_that_of_the_truth(city: tuple[Tables, dict[str, Any]]) -> None:
    tables, month = city
    figures = measure(None, tables, JUNE, parameters={"base_year": 2019})
    measured = {f.measure: (f.numerator, f.denominator) for f in figures}
    stated = {name: (entry["numerator"], entry["denominator"]) for name, entry in month["measures"].items()}
    assert measured == stated
    assert {f.measure: f.value for f in figures} == pytest.approx(
        {name: entry["value"] for name, entry in month["measures"].items()}, rel=1e-12
    )


def test_every_village_was_visited_on_as_many_days_as_the_truth_says(city: tuple[Tables, dict[str, Any]]) -> None:
    tables, month = city
    figures = measure(["delivery_days_per_week"], tables, JUNE, by=("place",))
    stated = {code: 7 * village["visit_days"] for code, village in month["villages"].items()}
    assert {figure.place: figure.numerator for figure in figures} == stated


def test_the_brands_that_charge_twice_stand_out(city: tuple[Tables, dict[str, Any]]) -> None:
    tables, month = city
    figures = measure(["secondary_charge_share"], tables, JUNE, by=("brand",))
    charging = [f.brand for f in figures if f.value is not None and f.value > 0.10 and (f.denominator or 0) >= 30]
    assert charging == sorted(month["secondary_charge_brands"])


def test_the_dead_xray_machines_stand_out(city: tuple[Tables, dict[str, Any]]) -> None:
    tables, month = city
    figures = measure(["xray_network_rate"], tables, JUNE, by=("outlet",))
    assert [figure.outlet for figure in figures if figure.value == 0.0] == sorted(month["dead_xray_outlets"])
