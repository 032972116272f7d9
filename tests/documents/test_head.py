"""Who issued what, when, to whom, from when, and on what basis."""

from datetime import date

import pytest

from posthouse.documents.model import Parent
from posthouse.documents.read import read_text

from .texts import NOTICE, PLAN


def read(text):
    return read_text(text, name="plan.txt")[0]


def test_a_whole_document_gives_all_its_head_data():
    document = read(NOTICE + PLAN)
    assert document.issuer == "甲州市人民政府办公室"
    assert document.number == "甲政办发〔2021〕7号"
    assert document.title == "甲州市快递进村实施方案"
    assert document.notice_title == "甲州市人民政府办公室关于印发甲州市快递进村实施方案的通知"
    assert document.addressees == ("各县（市、区）人民政府", "市政府各部门")
    assert document.issued_on == document.effective_on == date(2021, 3, 5)
    assert document.printed_on == date(2021, 3, 8)
    assert document.parents == (Parent(title="乙省人民政府关于促进快递业发展的意见", number="乙政发〔2020〕3号"),)
    assert document.findings == ()


def test_a_plan_without_its_notice_has_a_title_and_says_what_is_missing():
    document = read("甲州市快递进村实施方案\n一、目标\n说明。\n二、任务\n说明。")
    assert document.title == "甲州市快递进村实施方案"
    assert (document.issuer, document.number, document.issued_on) == ("", "", None)
    assert [finding.code for finding in document.findings] == ["documents.missing_head"]


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("本方案自2021年7月4日起施行。", date(2021, 7, 4)),
        ("本方案自 2021 年 7 月 4 日起施行，由市局负责解释。", date(2021, 7, 4)),
        ("本办法自发布之日起施行。", date(2021, 3, 5)),
        ("本办法自印发之日起实施。", date(2021, 3, 5)),
        ("本办法自公布之日起30日后施行。", date(2021, 4, 4)),
        ("本方案由市局负责解释。", None),
        ("本方案自2021年13月40日起施行。", None),
    ],
)
def test_the_first_day_of_force(sentence, day):
    assert read((NOTICE + PLAN).replace("本方案自发布之日起施行。", sentence)).effective_on == day


def test_a_date_in_chinese_numerals_is_a_date():
    assert read(NOTICE.replace("2021年3月5日", "二〇二一年三月五日") + PLAN).issued_on == date(2021, 3, 5)


def test_a_basis_without_a_number_is_a_parent_and_a_mere_mention_is_not():
    text = "甲方案\n以《交通强国纲要》为指导，按照《规划》要求，学习《某某杂志》。\n一、目标\n说明。"
    assert [parent.title for parent in read(text).parents] == ["交通强国纲要", "规划"]


def test_the_table_above_a_document_on_a_site_gives_what_the_document_leaves_out():
    text = (
        "索引号：1-2 发文机关：甲市教育局\n发文字号：甲教发〔2021〕3号 成文日期：2021-04-05\n"
        "甲市实施方案\n一、目标\n说明。\n二、任务\n说明。"
    )
    document = read(text)
    assert (document.issuer, document.number) == ("甲市教育局", "甲教发〔2021〕3号")
    assert document.issued_on == date(2021, 4, 5)
    assert document.title == "甲市实施方案"


def test_an_opinion_is_its_own_title_and_is_signed_at_its_end():
    opening = "甲市关于推进养老服务的实施意见\n各镇：\n根据乙办发〔2019〕5号文件，提出意见。\n"
    text = opening + "一、目标\n说明。\n甲市人民政府\n2020年5月6日"
    document = read(text)
    assert document.title == document.notice_title == "甲市关于推进养老服务的实施意见"
    assert document.issued_on == date(2020, 5, 6)
    assert document.parents == (Parent(title="", number="乙办发〔2019〕5号"),)
    assert document.reading[: document.provisions[0].end].endswith("一、目标\n说明。")
