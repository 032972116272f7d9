"""Each kind of city, small: every figure that truth.json states is measured exactly, every planted fault is found."""

import pytest
from benchmarks.truth import LEAST, compare_figures, find_planted, make_city

from posthouse.sample.kind import KINDS
from posthouse.vocabulary.periods import parse_period

JUNE = parse_period("2021-06")


@pytest.fixture(scope="module", params=KINDS)
def city(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return make_city(request.param, 2, folder, villages=20, parcels=4_000, month="2021-06")


def test_every_figure_is_exactly_that_of_the_truth(city):
    for exact in compare_figures(*city, JUNE):
        assert exact.right == exact.of > 0, f"{exact.name}: {exact.first_wrong}"


def test_planted_faults_are_found_and_nothing_else(city):
    for found in find_planted(*city, JUNE):
        if found.name != "misconduct of outlets":  # its rules want more parcels than a small city has
            assert found.planted
            assert min(found.precision, found.recall) >= LEAST, found.name
