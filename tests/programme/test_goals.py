"""What one sentence holds: shared verbs, subjects left out, 分别 and 均, kinds, spans."""

from tests.programme.texts import figures, goals, programme


def named(text):
    return [(goal.indicator, goal.value) for goal in goals(text)]


def test_a_verb_is_shared_by_an_enumeration():
    text = "一、工作目标\n到2025年，培育1个重点产业、5个重点园区、15个重点项目、50家以上协作企业。"
    assert named(text) == [("重点产业数", 1), ("重点园区数", 5), ("重点项目数", 15), ("协作企业数", 50)]


def test_a_subject_left_out_is_that_of_the_clause_before():
    text = "一、工作目标\n到2025年，旅游总收入突破100亿元，年均增长10%以上。"
    assert named(text) == [("旅游总收入", 10_000_000_000), ("旅游总收入", 10)]


def test_a_subject_whose_clause_has_no_number_is_found_too():
    text = "一、工作目标\n服务业占比逐年提升，到2025年力争达到52%。"
    assert named(text) == [("服务业占比", 52)]


def test_fenbie_gives_one_goal_for_each_subject():
    text = "一、工作目标\n到2022年底，量收规模较2019年分别实现翻番。"
    assert named(text) == [("业务量", 2), ("业务收入", 2)]


def test_jun_gives_one_goal_for_each_subject():
    text = "一、工作目标\n到2022年底，安装率和联网率均达到100%。"
    assert named(text) == [("安装率", 100), ("联网率", 100)]


def test_fenbie_with_two_numbers_names_each():
    text = "一、工作目标\n到2022年底，污水处理率、垃圾处理率分别达到95%和98%。"
    assert named(text) == [("污水处理率", 95), ("垃圾处理率", 98)]


def test_the_figure_a_rise_starts_from_is_its_base():
    (goal,) = goals("一、工作目标\n覆盖率由2020年的60%提高到2025年的80%。")
    assert (goal.indicator, goal.value, goal.base) == ("覆盖率", 80, "2020")


def test_full_coverage_said_twice_is_one_goal():
    assert figures("一、工作目标\n到2025年，污水处理率100%全覆盖。") == [("=", 100, "%")]


def test_a_bracket_that_explains_a_slogan_holds_goals():
    text = "一、工作目标\n到2025年，形成“123快货物流圈”（国内1天送达、周边国家2天送达）。"
    assert figures(text) == [("<=", 1, "天"), ("<=", 2, "天")]


def test_a_layout_of_ones_is_a_structure():
    text = "一、重点任务\n形成1+1+N布局（1个中心、1个基地和N个站点）。"
    assert [(g.kind, g.value, g.indicator) for g in goals(text)] == [
        ("structure", 1, "中心数"),
        ("structure", 1, "基地数"),
        ("structure", None, "站点数"),
    ]


def test_figures_of_the_whole_country_are_external():
    text = "一、重点任务\n力争入选全国100个示范项目，全省新增1000个网点，本市新增网点100个。"
    assert [(g.kind, g.value) for g in programme(text).goals] == [("external", 100), ("external", 1000), ("goal", 100)]


def test_a_figure_of_the_province_is_a_provinces_own():
    text = "一、工作目标\n全省新增网点1000个。"
    assert [g.kind for g in programme(text, issuer="东川省人民政府").goals] == ["goal"]


def test_a_condition_is_kept_as_qualifier_and_its_norm_as_standard():
    text = "一、重点任务\n项目人口大于3000人（含3000人）时应配置不少于30平方米的配送中心。"
    assert [(g.kind, g.value, g.unit) for g in programme(text).goals] == [
        ("qualifier", 3000, "人"),
        ("standard", 30, "平方米"),
    ]


def test_nothing_is_taken_from_the_guiding_thoughts():
    assert figures("一、指导思想\n培育企业100家，覆盖率达到90%。\n二、任务\n加强管理。") == []


def test_the_span_of_a_goal_starts_with_its_date_and_ends_with_its_clause():
    text = "一、工作目标\n到2025年（试点期末），建成公园5个，新增绿道3公里。"
    assert [goal.text for goal in goals(text)] == ["到2025年（试点期末），建成公园5个", "新增绿道3公里"]


def test_a_name_that_goes_on_behind_a_comma_belongs_to_the_goal():
    (goal,) = goals("一、工作目标\n建成3个县级、镇级综合服务中心。")
    assert goal.indicator == "县级、镇级综合服务中心数"


def test_hedges_and_scope_are_kept():
    (goal,) = goals("一、工作目标\n力争到2025年全市建成公园5个。")
    assert (goal.hedge, goal.scope) == ("力争", "全市")


def test_every_goal_keeps_its_sentence():
    first, second = goals("一、工作目标\n建成公园5个，新增绿道3公里。")
    assert first.sentence == second.sentence == "建成公园5个，新增绿道3公里"
