"""In a real Chromium: the office confirms a plan; a data officer mends a month and measures it."""

import shutil

import pytest

from posthouse_web.runs.models import Run
from posthouse_web.runs.work import execute
from tests.web.test_data import scans
from tests.web.test_programmes import PLAN

pytestmark = pytest.mark.browser


@pytest.fixture
def at_work(page, closed_city, settings, tmp_path):
    """The page, over a copy of the city that may be written."""
    settings.POSTHOUSE_OUT = shutil.copytree(closed_city[0], tmp_path / "copy")
    (settings.POSTHOUSE_OUT / "workspace/key").write_bytes(b"a key for tests only")
    return page


def do_latest():
    """Do in this process what the worker would do."""
    execute.func(Run.objects.latest("pk").pk)


def drop(page, button, name, content):
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/plain", "buffer": content})
    page.get_by_role("button", name=button).click()


def confirm_plan(page):
    page.goto("/programmes/")
    drop(page, "放入并读取", "方案.txt", PLAN.encode())
    page.get_by_role("button", name="确认，作为现行方案").click()
    page.get_by_text("已确认").first.wait_for()


def test_the_office_drops_in_a_plan_corrects_a_goal_and_confirms(at_work):
    page = at_work
    page.sign_in("office")
    page.get_by_role("link", name="方案", exact=True).click()
    drop(page, "放入并读取", "方案.txt", PLAN.encode())
    page.locator(".review .text mark.goal").first.wait_for()
    page.locator("#l-G001 .edit").click()
    page.fill("[name=value]", "3")
    page.get_by_role("button", name="保存").click()
    page.locator("#l-G001 .tag.mine").wait_for()
    assert "≥3" in page.locator("#l-G001 .figure").inner_text()
    page.get_by_role("button", name="确认，作为现行方案").click()
    page.get_by_text("已确认").first.wait_for()
    assert page.faults == []


def test_a_data_officer_uploads_a_month_with_ten_bad_rows_mends_them_and_measures(at_work, monkeypatch):
    monkeypatch.setattr("posthouse.cycle.PLAN_SECONDS", 0.1)
    page = at_work
    page.sign_in("office")
    confirm_plan(page)
    page.get_by_role("link", name="数据", exact=True).click()
    drop(page, "上传并查看", "scans-2021-07.csv", scans().read())
    page.get_by_role("button", name="导入", exact=True).click()
    page.locator("#work").wait_for()
    do_latest()
    page.reload()
    page.get_by_role("link", name="改错行").click()
    faulty = page.locator("article.faulty")
    assert faulty.count() == 10
    for number in range(10):
        faulty.nth(number).locator("input").first.fill("2021-07-05 10:00:00")
    page.get_by_role("button", name="保存并重新导入").click()
    page.locator("#work").wait_for()
    do_latest()
    page.reload()
    page.get_by_text("10 行已读入，0 行还有错").wait_for()
    page.goto("/data/?month=2021-07")
    page.get_by_role("button", name="测量并结账").click()
    page.locator("#work").wait_for()
    do_latest()
    page.goto("/2021-07/")
    assert "每周投递" in page.locator(".goals").inner_text()
    assert page.faults == []
