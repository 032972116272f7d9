"""Reading again keeps what a person corrected, and says what changed."""

from dataclasses import replace

import pytest

from posthouse.programme.exchange import programme_to_toml
from posthouse.programme.merge import merge_corrections
from tests.programme.texts import programme

PLAN = (
    "一、工作目标\n到2025年，建成网点100个，覆盖率达到90%。\n"
    "二、任务\n（一）建站。推进建设。（责任单位：市商务局、市财政局）"
)


@pytest.fixture
def read():
    return programme(PLAN)


def kinds(merged):
    return [change.kind for change in merged.changes]


def test_an_untouched_file_changes_nothing(read):
    merged = merge_corrections(programme_to_toml(read), read)
    assert merged.programme == read
    assert merged.changes == ()


def test_a_corrected_value_stays(read):
    edited = programme_to_toml(read).replace("value = 100\n", "value = 120\n")
    merged = merge_corrections(edited, read)
    assert merged.programme.goals[0].value == 120
    assert kinds(merged) == ["kept"]
    assert "120" in merged.changes[0].message


def test_a_corrected_unit_list_stays(read):
    edited = programme_to_toml(read).replace('support_units = ["市财政局"]', 'support_units = ["市财政局", "市交通局"]')
    merged = merge_corrections(edited, read)
    assert merged.programme.tasks[0].support_units == ("市财政局", "市交通局")
    assert kinds(merged) == ["kept"]


def test_a_correction_survives_many_readings(read):
    text = programme_to_toml(read).replace("value = 100\n", "value = 120\n")
    for _ in range(3):
        merged = merge_corrections(text, read)
        text = programme_to_toml(merged.programme, read=merged.read)
    assert merged.programme.goals[0].value == 120


def test_a_measure_chosen_by_a_person_stays(read):
    edited = programme_to_toml(read).replace('kind = "goal"\n', 'kind = "goal"\nmeasure = "outlets_count"\n', 1)
    merged = merge_corrections(edited, read)
    assert merged.programme.goals[0].binding.measure == "outlets_count"
    assert merged.programme.goals[0].binding.note == "人工确定"


def test_an_untouched_entry_follows_the_document(read):
    later = programme(PLAN.replace("100个", "150个"))
    merged = merge_corrections(programme_to_toml(read), later)
    assert merged.programme.goals[0].value == 150
    assert kinds(merged) == ["updated"]


def test_a_correction_where_the_document_moved_on_is_a_conflict(read):
    edited = programme_to_toml(read).replace("value = 100\n", "value = 120\n")
    merged = merge_corrections(edited, programme(PLAN.replace("100个", "150个")))
    assert merged.programme.goals[0].value == 120
    assert kinds(merged) == ["conflict"]
    assert "150" in merged.changes[0].message


def test_an_entry_deleted_by_a_person_stays_away(read):
    text = programme_to_toml(read)
    start, end = text.index("[[goals]]"), text.index("[[goals]]", text.index("[[goals]]") + 1)
    merged = merge_corrections(text[:start] + text[end:], read)
    assert [goal.value for goal in merged.programme.goals] == [90]
    assert kinds(merged) == ["deleted"]
    again = merge_corrections(programme_to_toml(merged.programme, read=merged.read), read)
    assert [goal.value for goal in again.programme.goals] == [90]


def test_an_entry_added_by_a_person_stays(read):
    added = '\n[[goals]]\nid = "P1"\ntext = "口头要求"\nindicator = "样板村"\nvalue = 3\nunit = "个"\nspan = [0, 1]\n'
    merged = merge_corrections(programme_to_toml(read) + added, read)
    assert [goal.id for goal in merged.programme.goals] == ["G001", "G002", "P1"]
    assert kinds(merged) == ["added"]


def test_a_goal_that_left_the_document_goes(read):
    merged = merge_corrections(programme_to_toml(read), programme(PLAN.replace("，覆盖率达到90%", "")))
    assert [goal.value for goal in merged.programme.goals] == [100]
    assert kinds(merged) == ["gone"]


def test_a_new_goal_of_the_document_comes_in(read):
    later = programme(PLAN.replace("90%", "90%，培育龙头企业5家"))
    merged = merge_corrections(programme_to_toml(read), later)
    assert [goal.value for goal in merged.programme.goals] == [100, 90, 5]
    assert kinds(merged) == ["new"]


def test_no_two_entries_share_an_id(read):
    own = replace(read.goals[0], id="G002", text="另一条", indicator="另一条")
    added = programme_to_toml(replace(read, goals=(own,))).split("[[goals]]")[1].split("mark =")[0]
    merged = merge_corrections(programme_to_toml(read) + "\n[[goals]]" + added, read)
    ids = [goal.id for goal in merged.programme.goals]
    assert len(ids) == len(set(ids)) == 3
