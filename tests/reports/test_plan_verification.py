from io import BytesIO

import openpyxl
from docx import Document

from posthouse.planning.expected import Today, expect_measures
from posthouse.planning.refit import Refit
from posthouse.planning.scenario import scenario_from
from posthouse.planning.verification import check_measures, verify_plan
from posthouse.reports.plan_verification import render_verification_document, render_verification_workbook
from tests.planning.carried_out import JULY, plan, visits
from tests.planning.county import A, B, C


def verification():
    expected = expect_measures(plan(), scenario_from({}), (A, B, C), Today(), JULY, brands=())
    return verify_plan(
        plan(),
        visits(villages=(A, C)),
        JULY,
        scenario_from({}),
        measures=check_measures(expected, {"delivery_days_per_week": 3.3}, {"delivery_days_per_week": "每周次数"}),
        refit=Refit(factors=(), legs=0, spread_min=0.0, statements=("没有重新拟合。",)),
    )


def test_the_workbook_lists_measures_villages_and_lines():
    book = openpyxl.load_workbook(BytesIO(render_verification_workbook(verification())))
    assert book.sheetnames == ["指标", "村", "线路", "参数", "说明"]
    worst = [cell.value for cell in book["村"][2]]
    assert (worst[0], worst[3], worst[9], worst[11]) == (B, 0, "否", "整月没有到村，规划没有执行")


def test_long_texts_wrap_and_every_sheet_prints_on_the_width_of_a_page():
    book = openpyxl.load_workbook(BytesIO(render_verification_workbook(verification())))
    assert all(sheet.page_setup.fitToHeight == 0 and sheet.print_title_rows for sheet in book.worksheets)
    assert book["说明"]["A2"].alignment.wrap_text


def test_the_document_says_which_villages_fell_short_and_why():
    document = Document(BytesIO(render_verification_document(verification(), title="核验")))
    text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "整月没有到村，规划没有执行" in text
