"""A small hill city plans, carries the plan out for a month, and checks it: predicted, measured and true figures."""

import json
from pathlib import Path

import pytest

from posthouse.cli.main import main
from posthouse.cli.plan_workspace import read_case
from posthouse.planning.effort import Effort
from posthouse.planning.exchange import plan_to_json
from posthouse.planning.scenario import read_scenario, scenario_from
from posthouse.planning.village import CHANGED, plan_villages
from posthouse.sample.write import write_sample
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import parse_period

CITY = {"villages": 24, "parcels": 4_000, "seed": 2}


def make_plan(workspace, folder):
    """Write plan.json: the week alone, in a few seconds."""
    june = parse_period("2021-06")
    case = read_case(open_workspace(Path(workspace)), scenario_from({"promise": {"visits_per_week": 5}}), june)
    plan = plan_villages(case.gaps, case.ground, Effort(seconds=2.0), seed=1, depth=CHANGED, everywhere=True)
    folder.mkdir()
    text = json.dumps({"month": str(june), **plan_to_json(plan)}, ensure_ascii=False)
    (folder / "plan.json").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """The folder of a city whose plan was made in June, carried out in July 2021 and checked."""
    folder = tmp_path_factory.mktemp("carried-out")
    city, workspace, plan = folder / "city", str(folder / "workspace"), folder / "plan"
    write_sample("hill", city, month="2021-06", **CITY)
    assert main(["load", str(city / "records"), "--into", workspace]) <= 1
    make_plan(workspace, plan)
    write_sample("hill", city, month="2021-07", carried_out=plan, **CITY)
    assert main(["load", str(city / "records"), "--into", workspace]) <= 1
    words = ["plan", "verify", str(plan), workspace, "--month", "2021-07", "--out", str(folder / "check")]
    assert main([*words, "--write-scenario", str(folder / "fitted.toml")]) == 0
    return folder


@pytest.fixture(scope="module")
def truth(checked):
    return json.loads((checked / "city" / "truth.json").read_text(encoding="utf-8"))["months"]["2021-07"]


@pytest.fixture(scope="module")
def check(checked):
    return json.loads((checked / "check" / "verification.json").read_text(encoding="utf-8"))


def test_predicted_measures_hold_the_measured_ones_within_the_error_stated(check, truth):
    measures = {m["measure"]: m for m in check["measures"]}
    assert len(measures) == 4
    for name, m in measures.items():
        assert m["measured"] == pytest.approx(truth["measures"][name]["value"])
        assert m["low"] <= m["measured"] <= m["high"], name


def test_every_missed_day_is_one_of_the_truth(check, truth):
    missed = {(v["village"], day) for v in check["villages"] for day in v["missed"]}
    assert missed == {(row["village"], row["on"]) for row in truth["carried_out"]["missed"]}


def test_planned_villages_get_the_stations_of_the_plan(checked, truth):
    plan = json.loads((checked / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert all(truth["villages"][station["village"]]["has_station"] for station in plan["stations"])


def test_the_fitted_factors_are_those_of_the_truth_and_make_a_scenario(checked, check, truth):
    fitted = {factor["lever"]: factor for factor in check["refit"]["factors"]}
    drive = fitted["vehicles.tricycle.speed_factor"]
    assert drive["fitted"] == pytest.approx(truth["carried_out"]["speed"]["tricycle"], abs=0.03)
    assert fitted["rounds.stop_min"]["fitted"] == pytest.approx(truth["carried_out"]["stop_min"], abs=1.5)
    scenario = read_scenario(checked / "fitted.toml")
    assert scenario.vehicles["tricycle"].speed_factor == pytest.approx(drive["fitted"], rel=1e-3)


def test_a_plan_of_another_city_cannot_be_carried_out(checked, tmp_path):
    with pytest.raises(UnusableInputError, match="不在这座城市里"):
        write_sample("islands", tmp_path / "islands", villages=20, parcels=2_000, carried_out=checked / "plan")


def test_the_month_of_the_plan_itself_cannot_be_checked(checked):
    assert main(["plan", "verify", str(checked / "plan"), str(checked / "workspace"), "--month", "2021-06"]) == 2
