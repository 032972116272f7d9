from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from docx import Document
from openpyxl import load_workbook

from posthouse.diagnosis.model import Assessment, DeclaredMonth, UnitReliability
from posthouse.programme.model import Binding
from posthouse.reports.bulletin import render_bulletin
from posthouse.reports.exchange import report_to_json
from posthouse.reports.map import render_map
from posthouse.reports.task_list import render_task_list
from posthouse.reports.word import chinese_number
from tests.reports.months import JUNE, small_month


def test_the_bulletin_has_the_page_and_numbering_of_the_standard():
    document = Document(BytesIO(render_bulletin(small_month())))
    section = document.sections[0]
    assert [round(length.mm) for length in (section.page_width, section.page_height)] == [210, 297]
    assert [round(length.mm) for length in (section.top_margin, section.left_margin)] == [37, 28]
    headings = [p.text for p in document.paragraphs if p.text[:2] in {f"{n}、" for n in "一二三四五六七"}]
    assert headings[0] == "一、总体进展"
    assert len(headings) == 7


def test_the_bulletin_says_the_figures_and_where_the_gap_is():
    text = "\n".join(p.text for p in Document(BytesIO(render_bulletin(small_month()))).paragraphs)
    assert "岭上镇上坞村2.1次/周" in text
    assert "自报每周5次" in text
    assert "20210701-000000-abcdef12" in text
    assert "甲网点安检机" in text


def test_a_month_without_gaps_or_findings_still_gives_a_bulletin():
    from posthouse.planning.model import Plan

    report = small_month(gaps=(), discrepancies=(), findings=(), assignments=(), verdicts=(), plan=Plan())
    text = "\n".join(p.text for p in Document(BytesIO(render_bulletin(report))).paragraphs)
    assert "没有差距" in text
    assert "没有不符" in text


def test_the_task_list_holds_every_goal_assignment_and_stop():
    book = load_workbook(BytesIO(render_task_list(small_month())))
    assert book.sheetnames[:3] == ["重点工作清单", "关键量化指标", "交办销号"]
    assert [row[0].value for row in book["关键量化指标"].iter_rows(min_row=2)] == ["G1"]
    assert book["交办销号"]["E2"].value == "市邮政管理局"
    assert book["投递线路"].max_row == 3
    assert book["投递线路"]["F2"].value == "09:30"


def test_the_bulletin_and_the_list_show_whom_to_believe():
    told = UnitReliability(
        unit="岭上镇",
        period=JUNE,
        checked=4,
        false=3,
        score=0.25,
        trend="worse",
        months=(
            DeclaredMonth(period=JUNE.previous(), checked=4, false=2),
            DeclaredMonth(period=JUNE, checked=4, false=3),
        ),
        why="本月可核对的申报4条，不符3条。",
    )
    report = small_month(reliability=(told,))
    tables = Document(BytesIO(render_bulletin(report))).tables
    cells = ["岭上镇", "4", "3", "8", "5", "0.25", "下降"]
    assert [cell.text for cell in tables[1].rows[1].cells] == cells
    sheet = load_workbook(BytesIO(render_task_list(report)))["填报可信度"]
    assert [cell.value for cell in sheet[2]] == [*cells, "本月可核对的申报4条，不符3条。"]


def test_the_same_month_gives_the_same_task_list():
    assert render_task_list(small_month()) == render_task_list(small_month())


def test_the_map_fetches_nothing_and_marks_the_village_below_the_promise():
    page = render_map(small_month())
    assert "http" not in page.replace("http://www.w3.org", "")
    assert page.count('class="village"') == 2
    assert page.count('class="gap"') == 2
    assert "另有1个村没有坐标" in page


def test_names_in_the_map_cannot_break_out_of_the_page():
    from posthouse.reports.model import Place

    report = small_month()
    evil = Place(code="339801101201", name='<script>"x"</script>', kind="administrative_village", lon=119.0, lat=29.0)
    page = render_map(small_month(places={**report.places, evil.code: evil}))
    assert "<script>&" not in page
    assert page.count("<script>") == 1


def test_the_drawing_is_well_formed():
    page = render_map(small_month())
    ElementTree.fromstring(page[page.index("<svg id") : page.index("</svg>\n<aside>") + 6])


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一")])
def test_headings_count_in_chinese(number, words):
    assert chinese_number(number) == words


def test_of_a_time_limit_the_sign_in_cycle_json_stands_before_the_share_not_the_hours():
    goal = replace(
        small_month().assessments[0].goal,
        text="48小时送达",
        comparator="<=",
        value=48,
        unit="小时",
        binding=Binding(measure="delivered_within_48h_share", score=1.0),
    )
    limit = Assessment(goal=goal, measurement=None, target=0.9, status="no_data", forecast=None, why="")
    assert report_to_json(small_month(assessments=(limit,)), files=())["goals"][0]["comparator"] == ">="
