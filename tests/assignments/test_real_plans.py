"""The plans of two cities: their village and park goals find the tasks a reader would name."""

import pytest

from posthouse.assignments.issue import find_programme_lead
from posthouse.assignments.match import TaskMatcher
from posthouse.documents.read import read_document
from posthouse.measures.catalogue import all_definitions
from posthouse.planning.model import Action
from posthouse.programme.bind import bind_goals
from posthouse.programme.extract import extract_programme


@pytest.fixture(scope="module")
def programmes(shared):
    return {
        name: bind_goals(extract_programme(read_document(shared / "plans" / f"{name}.txt")), all_definitions())
        for name in ("yiwu", "taizhou")
    }


def task_for(programme, measure, kind):
    goal = next(goal for goal in programme.goals if goal.binding.measure == measure)
    action = Action(id="A", goal_id=goal.id, kind=kind, title="", place=None, measure=measure, comparator=">=", value=1)
    found = TaskMatcher(programme).find_task(action)
    return found.path if found else None


@pytest.mark.parametrize(
    ("city", "measure", "kind", "path"),
    [
        ("yiwu", "delivery_days_per_week", "delivery", "三/（一）/1"),
        ("yiwu", "village_station_coverage", "station", "三/（一）/2"),
        ("yiwu", "key_parks", "factory", "三/（二）/2"),
        ("yiwu", "cooperating_factories", "factory", "三/（二）/1"),
        ("taizhou", "delivery_days_per_week", "delivery", "二/（二）/4"),
        ("taizhou", "small_enterprise_parks_entered", "factory", "二/（二）/5"),
        ("taizhou", "cross_border_trade_value", "overseas", "二/（二）/6"),
        ("taizhou", "reusable_bag_share", "infrastructure", "二/（六）/15"),
        ("taizhou", "locker_delivery_share", "infrastructure", "二/（一）/3"),
        ("taizhou", "delivered_within_48h_share", "follow_up", None),
    ],
)
def test_a_goal_finds_the_task_a_reader_would_name(programmes, city, measure, kind, path):
    assert task_for(programmes[city], measure, kind) == path


def test_the_postal_administration_leads(programmes):
    assert find_programme_lead(programmes["yiwu"]) == "邮政管理局"
    assert find_programme_lead(programmes["taizhou"]) == "市邮政管理局"
