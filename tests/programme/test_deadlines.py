"""Which deadline a goal has: of its sentence, its paragraph, its heading, or one that stands behind it."""

from datetime import date

from posthouse.programme.deadlines import find_dates
from tests.programme.texts import goals


def deadlines(text, **head):
    return [goal.deadline and goal.deadline.isoformat() for goal in goals(text, **head)]


def test_a_deadline_holds_for_the_rest_of_its_paragraph():
    text = "一、工作目标\n到2025年，建成公园5个。新增绿道10公里；植树1万株。"
    assert deadlines(text) == ["2025-12-31", "2025-12-31", "2025-12-31"]


def test_a_later_deadline_takes_over():
    text = "一、工作目标\n到2023年，建成公园5个；到2025年，建成公园9个。"
    assert deadlines(text) == ["2023-12-31", "2025-12-31"]


def test_the_deadline_of_one_task_does_not_hold_for_the_next():
    text = "一、重点任务\n（一）建园。到2023年，建成公园5个。\n（二）修路。新建绿道10公里。"
    assert deadlines(text) == ["2023-12-31", None]


def test_a_deadline_in_a_heading_holds_below_it():
    assert deadlines("一、2022年主要目标\n（一）绿化。新建公园5个。") == ["2022-12-31"]


def test_a_deadline_that_introduces_a_list_holds_for_its_items():
    text = "一、工作目标\n到2024年，达到以下目标：\n（一）设施。新建公园5个。\n（二）服务。满意率达到95%。"
    assert deadlines(text) == ["2024-12-31", "2024-12-31"]


def test_a_date_behind_the_number_is_its_deadline():
    assert deadlines("一、重点任务\n改造小区20个，2023年9月底前全部完成。") == ["2023-09-30"]


def test_the_date_of_a_task_line_holds_for_its_goals():
    text = "一、重点任务\n（一）建园。新建公园5个。（责任单位：市建设局；完成时限：2023年6月底）"
    assert deadlines(text) == ["2023-06-30"]


def test_years_side_by_side_are_given_to_their_numbers():
    text = "一、工作目标\n2021年、2022年分别完成改造30个、40个。"
    assert deadlines(text) == ["2021-12-31", "2022-12-31"]


def test_a_base_year_is_no_deadline():
    (goal,) = goals("一、工作目标\n产量较2019年增长20%。")
    assert goal.deadline is None
    assert goal.base == "2019"


def test_a_date_before_the_document_is_past():
    (mention,) = find_dates("2019年底，已建成5个", date(2020, 5, 1))
    assert mention.role == "past"


def test_year_end_without_a_year_is_that_of_the_document():
    assert deadlines("一、工作目标\n年底前建成公园5个。", issued_on=date(2022, 3, 1)) == ["2022-12-31"]


def test_an_impossible_day_is_no_date():
    assert find_dates("2021年2月30日前完成", date(2021, 1, 1)) == []


def test_a_year_range_in_the_title_of_a_cited_plan_is_no_deadline():
    assert deadlines("一、重点任务\n落实《发展规划（2020-2025年）》，建成公园5个。") == [None]


def test_a_meeting_has_no_deadline():
    text = "一、保障措施\n到2025年，各项任务全面完成，每季度召开一次例会。"
    assert deadlines(text) == [None]
