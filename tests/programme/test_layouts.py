"""A plan gives the same programme in whichever layout it reaches the office."""

import pytest

from posthouse.documents.read import read_document
from posthouse.programme.extract import extract_programme
from posthouse.programme.units import canonical_key
from tests.documents.layouts import LAYOUTS

PLANS = ("yiwu", "zhoushan", "hangzhou", "taizhou", "jinjiang")
SAME = 0.95
"""Share of goals and units that must not change with the layout."""


@pytest.fixture(scope="module", params=PLANS)
def plan(request, shared):
    document = read_document(shared / "plans" / f"{request.param}.txt")
    return document.reading.split("\n"), extract_programme(document)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_goals_and_units_stay_the_same(plan, layout, tmp_path):
    paragraphs, programme = plan
    suffix, make = LAYOUTS[layout]
    path = tmp_path / f"plan{suffix}"
    path.write_bytes(make(paragraphs))
    other = extract_programme(read_document(path))
    assert agreement(figures(programme), figures(other)) >= SAME
    assert agreement(units(programme), units(other)) >= SAME


def figures(programme):
    return [(g.kind, g.comparator, g.value, g.value_max, g.unit, g.deadline, g.base) for g in programme.goals]


def units(programme):
    return [
        (task.path, role, canonical_key(unit))
        for task in programme.tasks
        for role, names in (("lead", task.lead_units), ("support", task.support_units))
        for unit in names
    ]


def agreement(one, two):
    left = list(two)
    same = 0
    for entry in one:
        if entry in left:
            left.remove(entry)
            same += 1
    return same / max(len(one), len(two), 1)
