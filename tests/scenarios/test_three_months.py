"""A small county through three months: what is issued in June closes in July where the villages were mended, and
reopens in August where they relapsed; nothing closes that the scans do not support."""

import json
from pathlib import Path

import pytest

from posthouse.cli.main import main

MONTHS = ("2021-06", "2021-07", "2021-08")
MEASURE = "delivery_days_per_week"


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, dict], dict[str, dict]]:
    """The cycle.json and the truth of each month."""
    base = tmp_path_factory.mktemp("loop")
    city, out = base / "city", base / "out"
    cycles = {}
    for month in MONTHS:
        assert _posthouse("sample", "hill", out=city, month=month, villages=40, parcels=6000) == 0
        arguments = ["--plan", str(city / "plan.md"), "--records", str(city / "records")]
        assert main(["run", *arguments, "--month", month, "--out", str(out)]) in (0, 1)
        cycles[month] = json.loads((out / "cycle.json").read_text(encoding="utf-8"))
    truth = json.loads((city / "truth.json").read_text(encoding="utf-8"))["months"]
    return cycles, truth


def _posthouse(verb: str, kind: str, *, out: Path, **options: object) -> int:
    return main([verb, kind, "--out", str(out), *(f"--{name}={value}" for name, value in options.items())])


def states(cycle):
    """Village to state, for the assignments that promise delivery days."""
    return {
        a["place"]: a["state"] for a in cycle["assignments"] if a["closes_when"]["measure"] == MEASURE and a["place"]
    }


def test_june_hands_out_work_for_every_village_below_the_promise(loop):
    cycles, truth = loop
    promised = max(g["target"] for g in cycles["2021-06"]["goals"] if g["measure"] == MEASURE)
    below = {v for v, t in truth["2021-06"]["villages"].items() if t["delivery_days_per_week"] < promised}
    assert set(states(cycles["2021-06"])) == below


def test_july_closes_exactly_what_was_mended(loop):
    cycles, truth = loop
    before, after = states(cycles["2021-06"]), states(cycles["2021-07"])
    closed = {village for village in before if after[village] == "closed"}
    assert closed == set(truth["2021-07"]["mended"]) & set(before)
    assert closed


def test_august_reopens_exactly_what_relapsed(loop):
    cycles, truth = loop
    before, after = states(cycles["2021-07"]), states(cycles["2021-08"])
    relapsed = {village for village, state in after.items() if before.get(village) == "closed" and state == "relapsed"}
    assert relapsed == set(truth["2021-08"]["relapsed"]) & {v for v, state in before.items() if state == "closed"}
    assert relapsed


def test_a_closed_assignment_has_a_verdict_with_its_value(loop):
    cycles, _ = loop
    closed = [v for v in cycles["2021-07"]["verdicts"] if v["after"] == "closed"]
    assert closed
    assert all(v["value"] is not None and v["why"] for v in closed)


def test_false_declarations_are_found_and_honest_ones_left_alone(loop):
    cycles, truth = loop
    found = {d["declaration_id"] for d in cycles["2021-06"]["discrepancies"]}
    planted = set(truth["2021-06"]["false_declarations"])
    assert len(found & planted) >= 0.95 * len(planted)
    assert len(found & planted) >= 0.95 * len(found)
    assert planted


def test_reliability_is_carried_from_month_to_month(loop):
    cycles, truth = loop
    last = {unit["unit"]: unit for unit in cycles["2021-08"]["reliability"]}
    assert all([m["period"] for m in unit["months"]] == list(MONTHS) for unit in last.values())
    false = sum(month["false"] for unit in last.values() for month in unit["months"])
    assert false == sum(len(truth[month]["false_declarations"]) for month in MONTHS)
    assert {unit["trend"] for unit in cycles["2021-06"]["reliability"]} == {"new"}
    assert {unit["trend"] for unit in last.values()} <= {"better", "worse", "steady"}
