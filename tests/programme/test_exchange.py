"""The programme as JSON by the contract, and as TOML that reads back the same."""

import json

import pytest

from posthouse.programme.exchange import programme_from_toml, programme_to_json, programme_to_toml
from posthouse.vocabulary.errors import UnusableInputError
from tests.programme.texts import programme

PLAN = """
一、工作目标
到2025年底，力争业务量较2019年翻番，培育1—2家骨干企业，建成网点100个。
二、重点任务
（一）建站。推进“村村通”建设。（责任单位：市商务局、市财政局）
（二）会商。每季度召开一次联席会议。
"""


def test_json_has_exactly_the_fields_of_the_contract_and_more():
    data = programme_to_json(programme(PLAN))
    assert list(data) == ["document", "goals", "tasks", "bodies", "rhythms", "findings"]
    assert {"issuer", "number", "title", "issued_on", "effective_on", "parents"} <= data["document"].keys()
    wanted = {
        *("id", "text", "span", "indicator", "comparator", "value", "value_max", "unit", "deadline"),
        *("base", "scope", "hedge", "kind", "measure"),
    }
    assert all(wanted <= goal.keys() for goal in data["goals"])
    assert {"id", "path", "title", "lead_units", "support_units", "span"} <= data["tasks"][0].keys()
    assert {"what", "every", "who", "due", "span"} <= data["rhythms"][0].keys()
    json.dumps(data)


def test_whole_numbers_are_written_without_a_point():
    assert [goal["value"] for goal in programme_to_json(programme(PLAN))["goals"]] == [2, 1, 100, 1]


def test_toml_reads_back_the_same():
    read = programme(PLAN)
    assert programme_from_toml(programme_to_toml(read)) == read


def test_toml_shows_the_sentence_of_each_entry():
    text = programme_to_toml(programme(PLAN))
    assert 'sentence = "到2025年底，力争业务量较2019年翻番' in text
    assert 'lead_units = ["市商务局"]' in text


@pytest.mark.parametrize("name", ['引号"与\\斜杠', "换行\n与制表\t", "控制\x00\x1f\x7f字符", "😀与𠮷"])
def test_any_text_survives_the_way_through_toml(name):
    from dataclasses import replace

    read = programme(PLAN)
    odd = replace(read, goals=(replace(read.goals[0], indicator=name),))
    assert programme_from_toml(programme_to_toml(odd)).goals[0].indicator == name


def test_a_text_that_is_no_toml_is_told_in_one_line():
    with pytest.raises(UnusableInputError, match="TOML"):
        programme_from_toml("[[goals]\nid = ")


def test_a_wrong_value_is_told_with_its_entry():
    with pytest.raises(UnusableInputError, match=r"第 1 条（G001）.*comparator"):
        programme_from_toml('[[goals]]\nid = "G001"\ncomparator = "大于"\nspan = [0, 1]\n')
    with pytest.raises(UnusableInputError, match="责任单位"):
        programme_from_toml('[[tasks]]\nid = "T001"\nlead_units = "市商务局"\nspan = [0, 1]\n')
    with pytest.raises(UnusableInputError, match="数值"):
        programme_from_toml('[[goals]]\nid = "G001"\nvalue = "五"\nspan = [0, 1]\n')
