"""Against a sample city, whose truth says how many parcels each step was left out of."""

import json
from collections import Counter

import pytest

from posthouse.sample.write import write_sample
from posthouse.stores.workspace import create_workspace
from posthouse.supervision.conformance.check import check_conformance
from posthouse.vocabulary.periods import parse_period


@pytest.mark.parametrize("kind", ["hill", "islands"])
def test_every_missing_scan_is_found_and_nothing_else(kind, tmp_path):
    city = write_sample(kind, tmp_path / "city", villages=12, parcels=3000, month="2021-06", seed=1)
    workspace = create_workspace(tmp_path / "workspace")
    workspace.load(city / "records")
    # The whole year, so that parcels never signed have waited their week out.
    rows = check_conformance(workspace.tables(), parse_period("2021"))
    counts = Counter()
    for row in rows:
        if row.kind in ("step_skipped", "never_signed"):
            counts[row.step] += row.count
    truth = json.loads((city / "truth.json").read_text("utf-8"))["months"]["2021-06"]["missing_step_waybills"]
    assert {step: counts[step] for step in truth} == truth
    assert {row.kind for row in rows} <= {"step_skipped", "never_signed", "signed_without_arrival"}
