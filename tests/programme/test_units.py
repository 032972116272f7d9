"""Lists of units: separators inside names, prefixes left out, names of one unit."""

import pytest

from posthouse.programme.units import canonical_key, find_department, looks_like_unit, split_units


def names(text):
    return [unit.name for unit in split_units(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("市发改委、市财政局，各区、县（市）政府", ["市发改委", "市财政局", "各区、县（市）政府"]),
        ("各县‹市、区›政府，市商务局", ["各县‹市、区›政府", "市商务局"]),
        ("市自然资源局、发改局，西园街道、内坑镇", ["市自然资源局", "市发改局", "西园街道", "内坑镇"]),
        ("各镇人民政府、街道办事处，开发区管委会", ["各镇人民政府", "各街道办事处", "开发区管委会"]),
        ("邮政管理局、市场发展委、农业农村局", ["邮政管理局", "市场发展委", "农业农村局"]),
        ("市公安局、市场监管局", ["市公安局", "市市场监管局"]),
        ("市财政局和市商务局等", ["市财政局", "市商务局"]),
        ("市文化和旅游局、市规划和自然资源局", ["市文化和旅游局", "市规划和自然资源局"]),
        ("市商务局等有关部门按职责分工负责", ["市商务局"]),
        ("市委政法委，市公安局、总工会", ["市委政法委", "市公安局", "市总工会"]),
        ("市财政局市商务局各县区政府", ["市财政局", "市商务局", "各县区政府"]),
        ("市委宣传部、市市场监管局、县委县政府", ["市委宣传部", "市市场监管局", "县委", "县政府"]),
        ("市商务局会同市财政局", ["市商务局", "市财政局"]),
        ("各有关快递企业；普陀山机场", ["各有关快递企业", "普陀山机场"]),
    ],
)
def test_a_list_is_taken_apart_as_a_reader_does(text, wanted):
    assert names(text) == wanted


def test_a_mark_makes_a_lead():
    units = split_units("▲市财政局、商务局★", 0, 10)
    assert [(unit.name, unit.marked) for unit in units] == [("市财政局", True), ("市商务局", True)]


def test_names_of_one_unit_have_one_key():
    assert len({canonical_key(name) for name in ("邮政管理局", "市邮政管理局", "晋江邮政管理局", "市邮管局")}) == 1
    assert canonical_key("各县<市、区>政府") == canonical_key("各县‹市、区›政府")


def test_different_units_have_different_keys():
    assert canonical_key("市商务局") != canonical_key("市财政局")
    assert canonical_key("苏溪镇") != canonical_key("大陈镇")


def test_an_unknown_unit_is_no_department():
    assert find_department("商城集团") is None


def test_a_sentence_is_no_unit():
    assert not looks_like_unit("引导快递企业参与项目建设和运营管理，推动融合发展与资源共享。")
    assert looks_like_unit("经济开发区管委会")
