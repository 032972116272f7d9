"""Two plans goal by goal."""

from dataclasses import replace

from posthouse.programme.compare import compare_programmes, difference_to_json, show_figure
from posthouse.programme.model import Binding
from tests.programme.texts import programme


def plan(text):
    return programme(f"一、工作目标\n到2025年，{text}")


def kinds(old, new):
    return [difference.kind for difference in compare_programmes(plan(old), plan(new))]


def test_more_of_a_good_thing_is_raised_and_less_lowered():
    assert kinds("网点覆盖率达到80%。", "网点覆盖率达到90%。") == ["raised"]
    assert kinds("网点覆盖率达到90%。", "网点覆盖率达到80%。") == ["lowered"]


def test_a_shorter_time_limit_is_raised():
    assert kinds("平均办理时限压缩至5天以内。", "平均办理时限压缩至3天以内。") == ["raised"]


def test_what_only_one_has_is_dropped_or_new():
    assert kinds("建成公园5个。", "培育龙头企业3家。") == ["new", "dropped"]


def test_the_same_figure_is_the_same():
    assert kinds("建成公园5个。", "建成公园5个。") == ["same"]


def test_another_unit_is_restated():
    assert kinds("绿道建设规模达到10公里。", "绿道建设规模达到20条。") == ["restated"]


def test_goals_bound_to_one_measure_meet_whatever_they_are_called():
    old, new = plan("进村投递每周3次以上。"), plan("村级平均送货频次每周5次以上。")
    measure = Binding(measure="delivery_days_per_week")
    old = replace(old, goals=tuple(replace(goal, binding=measure) for goal in old.goals))
    new = replace(new, goals=tuple(replace(goal, binding=measure) for goal in new.goals))
    (difference,) = compare_programmes(old, new)
    assert difference.kind == "raised"
    assert "3次/周" in difference.message
    assert "5次/周" in difference.message


def test_a_moved_deadline_is_told():
    old = programme("一、工作目标\n到2023年，建成公园5个。")
    new = programme("一、工作目标\n到2025年，建成公园5个。")
    (difference,) = compare_programmes(old, new)
    assert "期限由 2023-12-31 改为 2025-12-31" in difference.message


def test_a_difference_is_plain_values():
    (difference,) = compare_programmes(plan("建成公园5个。"), plan("建成公园8个。"))
    data = difference_to_json(difference)
    assert (data["kind"], data["old"]["value"], data["new"]["value"]) == ("raised", 5, 8)


def test_figures_are_shown_as_people_write_them():
    text = "业务量突破14.5亿件，培育1—2家企业，覆盖率不低于90%，能耗下降5%。"
    assert [show_figure(goal) for goal in plan(text).goals] == [">14.5亿件", "1—2家", "≥90%", "减少5%"]
