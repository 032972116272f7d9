"""The example that opens each engine's README runs, and says what the README says it says."""

import math
import textwrap
from importlib import import_module
from itertools import dropwhile, takewhile
from pathlib import Path
from types import SimpleNamespace

import numpy as np

import posthouse.optimise


def run_example(engine: str) -> SimpleNamespace:
    readme = (Path(posthouse.optimise.__file__).parent / engine / "README.md").read_text(encoding="utf-8")
    lines = iter(readme.splitlines())
    block = takewhile(lambda line: not line or line.startswith(" "), dropwhile(lambda line: line[:4] != "    ", lines))
    names: dict[str, object] = {"np": np}
    for module in ("problem", "solve"):
        names.update(vars(import_module(f"posthouse.optimise.{engine}.{module}")))
    exec(textwrap.dedent("\n".join(block)), names)
    return SimpleNamespace(**{name: value for name, value in names.items() if name.isidentifier()})


def test_siting_finds_one_station_at_each_end_of_the_road():
    solution = run_example("siting").solution
    assert (solution.objective, solution.bound, solution.status) == (2, 2, "optimal")


def test_sharing_lets_both_save_a_fifth():
    sharing = run_example("sharing").sharing
    assert np.allclose(sharing.shares_yuan, [48, 32])
    assert sharing.certificate.in_core


def test_reach_takes_thursdays_boat():
    assert run_example("reach").arrivals.arrive_s[1] == 291_600


def test_carriage_leaves_ten_parcels_over():
    solution = run_example("carriage").solution
    assert solution.served_days(0) == {1}
    assert solution.yuan_per_parcel == 1.0
    assert [(left.parcels, left.reason) for left in solution.left_over] == [(10, "no_room")]
    assert solution.full == {(0, 1, 0): math.inf}
