"""A few kills at random moments; `benchmarks/faults.py` does a hundred."""

import random

import pytest
from benchmarks.faults import lay_ground, try_once


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_load_killed_at_any_moment_leaves_all_or_nothing_and_can_be_run_again(form, tmp_path):
    ground = lay_ground(tmp_path, form)
    moments = random.Random(form)
    for _ in range(3):
        trial = try_once(ground, form, moments.random(), again=moments.random())
        assert trial.is_good, trial
