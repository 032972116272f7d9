"""Who leads and who supports, in the ways in which plans say it."""

from tests.programme.texts import programme


def roles(line, title="（一）建站。推进站点建设。"):
    (task,) = [
        t
        for t in programme(f"一、重点任务\n{title}{line}\n二、附则\n本方案由市商务局解释。").tasks
        if t.path == "一/（一）"
    ]
    return task.lead_units, task.support_units


def test_the_first_listed_leads_where_nothing_is_marked():
    assert roles("（责任单位：市商务局、市财政局）") == (("市商务局",), ("市财政局",))


def test_marked_units_lead():
    assert roles("（责任单位：市财政局、▲市商务局、▲市交通局）") == (("市商务局", "市交通局"), ("市财政局",))


def test_a_line_of_its_own_names_lead_and_support():
    line = "\n牵头单位：市商务局，江城邮政管理局；配合单位：市财政局、交通局"
    assert roles(line) == (("市商务局", "江城邮政管理局"), ("市财政局", "市交通局"))


def test_responsible_units_beside_a_lead_support_it():
    assert roles("（牵头单位：市商务局；责任单位：市财政局、市交通局）") == (("市商务局",), ("市财政局", "市交通局"))


def test_a_bracket_without_role_words_says_who_is_in_charge():
    assert roles("（市商务局牵头，市财政局、市交通局配合）") == (("市商务局",), ("市财政局", "市交通局"))
    assert roles("（市商务局、各县（市、区）政府按职责分工负责）") == (("市商务局",), ("各县（市、区）政府",))
    assert roles("（市商务局、市邮政管理局牵头，市财政局参与）") == (("市商务局", "市邮政管理局"), ("市财政局",))


def test_a_bracket_of_names_alone_behind_the_sentence_is_a_charge():
    assert roles("（市商务局、市财政局，各县（市、区）政府）") == (("市商务局",), ("市财政局", "各县（市、区）政府"))


def test_verbs_behind_a_role_word_tell_who_leads():
    line = "（责任单位：市商务局、市交通局牵头，市财政局配合）"
    assert roles(line) == (("市商务局", "市交通局"), ("市财政局",))
    assert roles("（责任单位：市财政局、市商务局（牵头））") == (("市商务局",), ("市财政局",))


def test_a_bracket_that_only_explains_is_no_charge():
    assert roles("（包括村邮站、供销社等）") == ((), ())


def test_a_lead_in_running_text_is_found():
    assert roles("由市商务局牵头落实。") == (("市商务局",), ())


def test_square_brackets_do_as_well():
    assert roles("[责任单位：市商务局，各区、县（市）政府]") == (("市商务局",), ("各区、县（市）政府",))


def test_dates_and_persons_in_the_line_are_no_units():
    line = "（责任单位：市商务局；责任领导：某某；完成时限：2023年底）"
    assert roles(line) == (("市商务局",), ())


def test_several_brackets_of_one_task_are_joined():
    line = "（责任单位：市商务局）推进线路建设。（责任单位：市交通局）"
    assert roles(line) == (("市商务局",), ("市交通局",)) or roles(line) == (("市商务局", "市交通局"), ())


def test_aims_are_no_tasks():
    paths = [task.path for task in programme("一、工作目标\n建成5个。\n二、任务\n（一）建站。推进建设。").tasks]
    assert paths == ["二/（一）"]


def test_a_line_behind_the_last_item_speaks_for_all_items():
    text = (
        "一、任务\n（一）建站。\n1.选址。推进选址。\n2.施工。推进施工。\n责任单位：市商务局、市财政局\n"
        "（二）运营。推进运营。"
    )
    found = {task.path: task.lead_units for task in programme(text).tasks}
    assert found["一/（一）"] == ("市商务局",)


def test_a_remark_on_the_order_names_no_unit():
    assert roles("（责任单位：市商务局、市财政局，列第一位者为牵头单位，下同）") == (("市商务局",), ("市财政局",))


def test_without_numbers_each_paragraph_with_units_is_a_task():
    text = "推进站点建设，优化布局。（责任单位：市商务局）\n推进线路建设，加密班次。（责任单位：市交通局）"
    assert [(task.title, task.lead_units) for task in programme(text).tasks] == [
        ("推进站点建设", ("市商务局",)),
        ("推进线路建设", ("市交通局",)),
    ]
