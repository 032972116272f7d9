"""What a careful reader would remark."""

from tests.programme.texts import programme


def codes(text, **head):
    return [finding.code for finding in programme(text, **head).findings]


def test_a_text_without_goals_is_no_plan():
    assert codes("一、会议纪要\n会议听取了汇报。") == ["programme.no_goals"]


def test_a_goal_without_deadline_is_remarked():
    assert codes("一、工作目标\n建成公园5个。") == ["programme.no_deadline"]


def test_a_clause_with_a_duty_but_no_unit_is_remarked():
    text = (
        "一、工作目标\n到2025年建成公园5个。\n二、任务\n"
        "（一）甲。推进建设。（责任单位：市商务局）\n（二）乙。推进建设。"
    )
    assert codes(text) == ["programme.no_unit"]


def test_goals_that_contradict_are_remarked():
    text = "一、工作目标\n到2025年，污水处理率达到90%。\n二、任务\n（一）治污。到2025年，污水处理率达到95%。"
    assert codes(text) == ["programme.contradiction"]


def test_parts_of_a_whole_are_no_contradiction():
    text = "一、工作目标\n到2025年，充电设施达到15万台，其中专用充电设施5万台、公共充电设施10万台。"
    assert codes(text) == []


def test_a_deadline_before_the_document_is_remarked():
    text = "一、工作目标\n2019年底前，建成公园5个，到2025年建成9个。"
    assert "programme.date_before_document" in codes(text)


def test_a_member_without_any_task_is_remarked():
    text = (
        "一、工作目标\n到2025年建成公园5个。\n二、任务\n（一）甲。推进建设。（责任单位：市商务局）\n"
        "附件\n领导小组\n组长：甲某某\n成员：乙某某（市商务局）\n丙某某（市气象局）\n丁某某（佛堂镇）"
    )
    assert codes(text) == ["programme.idle_unit"]


def test_a_number_among_the_aims_that_became_no_goal_is_remarked():
    text = "一、工作目标\n到2025年建成公园5个。目前全市有公园30个。"
    assert codes(text) == ["programme.unread_number"]


def test_a_finding_has_its_place():
    (finding,) = programme("一、工作目标\n建成公园5个。").findings
    assert finding.place == "一"
    assert finding.span == (7, 13)
