"""Against a sample city, whose truth says how many parcels each step was left out of, and who signs what cannot be."""

import json
from collections import Counter

import pytest

from posthouse.sample.write import write_sample
from posthouse.stores.workspace import create_workspace
from posthouse.supervision.conformance.check import check_conformance
from posthouse.vocabulary.periods import parse_period

BY_CHANCE = ("step_skipped", "never_signed", "signed_without_arrival")


@pytest.mark.parametrize("kind", ["hill", "islands"])
def test_every_missing_scan_is_found_and_nothing_else(kind, tmp_path):
    city = write_sample(kind, tmp_path / "city", villages=12, parcels=3000, month="2021-06", seed=1)
    workspace = create_workspace(tmp_path / "workspace")
    workspace.load(city / "records")
    # The whole year, so that parcels never signed have waited their week out.
    rows = check_conformance(workspace.tables(), parse_period("2021"))
    assert check_conformance(workspace.tables(), parse_period("2021"), stream=workspace.stream_journeys) == rows
    counts = Counter()
    for row in rows:
        if row.kind in ("step_skipped", "never_signed"):
            counts[row.step] += row.count
    truth = json.loads((city / "truth.json").read_text("utf-8"))["months"]["2021-06"]
    assert {step: counts[step] for step in truth["missing_step_waybills"]} == truth["missing_step_waybills"]
    # What chance does too (a scanner that misses a step) is above; what only a guilty outlet does is here.
    found = {(row.kind, row.outlet): row.count for row in rows if row.kind not in BY_CHANCE}
    planted = {(deed["kind"], deed["outlet"]): deed["parcels"] for deed in truth["misconduct"]}
    assert found == {key: count for key, count in planted.items() if key[0] not in BY_CHANCE}
    assert found
