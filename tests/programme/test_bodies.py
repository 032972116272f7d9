"""Steering groups and task forces, as lists and in running text; what recurs."""

from tests.programme.texts import programme

ANNEX = """
一、重点任务
（一）建站。推进站点建设。（责任单位：商务局）
附件
江城市站点建设工作机制
一、领导小组
组长：甲某某
副组长：乙某某（市府办）
丙某某（商务局）
成员：丁某某（财政局）
戊某某（佛堂镇）
领导小组下设办公室，设在商务局。
二、工作专班
（一）建站专班
组长：丙某某
成员：丁某某、戊某某
职责：拟制建站方案，定期开展评估。
"""


def test_a_member_list_gives_leader_deputies_and_members_with_units():
    group = programme(ANNEX).bodies[0]
    assert group.name == "领导小组"
    assert group.leader.name == "甲某某"
    assert [(m.name, m.unit) for m in group.deputies] == [("乙某某", "市府办"), ("丙某某", "商务局")]
    assert [(m.name, m.unit) for m in group.members] == [("丁某某", "财政局"), ("戊某某", "佛堂镇")]


def test_units_left_out_later_come_from_the_first_list():
    force = programme(ANNEX).bodies[1]
    assert (force.leader.name, force.leader.unit) == ("丙某某", "商务局")
    assert [m.unit for m in force.members] == ["财政局", "佛堂镇"]
    assert force.duties.startswith("拟制建站方案")


def test_a_body_in_running_text_has_posts():
    text = (
        "一、保障措施\n（一）领导。成立由分管副市长任组长，分管副秘书长和商务局主要领导任副组长的"
        "江城市建站领导小组，统筹各项工作。"
    )
    (body,) = programme(text).bodies
    assert body.name == "江城市建站领导小组"
    assert body.leader.name == "分管副市长"
    assert [member.name for member in body.deputies] == ["分管副秘书长", "商务局主要领导"]


def test_a_list_of_names_with_posts_is_read():
    text = "附件\n工作专班\n组长：甲某某 市政府副市长\n成员：乙某某 市商务局局长"
    (body,) = programme(text).bodies
    assert [(m.name, m.unit) for m in (body.leader, *body.members)] == [
        ("甲某某", "市政府副市长"),
        ("乙某某", "市商务局局长"),
    ]


def test_units_can_be_members():
    (body,) = programme("附件\n工作专班\n组长：甲某某\n成员单位：市发改委、市财政局。").bodies
    assert [member.unit for member in body.members] == ["市发改委", "市财政局"]


def rhythms(text):
    return [(r.what, r.every, r.who, r.due) for r in programme(f"一、保障措施\n{text}").rhythms]


def test_a_meeting_and_a_report_say_how_often_who_and_by_when():
    text = "每季度召开一次联席会议。各镇联络员每月月底前将工作进展报送商务局。"
    assert rhythms(text) == [("联席会议", "季度", "", ""), ("工作进展报送商务局", "月", "各镇联络员", "每月月底前")]


def test_loose_rhythms_are_kept_as_such():
    assert rhythms("定期研究解决重大问题。") == [("研究解决重大问题", "定期", "", "")]


def test_a_yearly_event_is_no_meeting():
    assert rhythms("每年新增企业100家。") == []
