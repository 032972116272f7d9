"""In a real Chromium: the office confirms a plan; a data officer mends a month and measures it."""

import shutil
import time

import pytest

from posthouse_web.runs.models import Run
from posthouse_web.runs.work import execute
from tests.web.test_data import scans
from tests.web.test_plans import pooled_plan
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


def test_a_planner_runs_a_scenario_stops_it_keeps_the_best_and_publishes_and_the_office_adopts(at_work, monkeypatch):
    page, rounds = at_work, []

    def search(case, effort):
        """Find a plan at once, and none better after: somebody stops meanwhile."""
        rounds.append(effort)
        if len(rounds) > 1:
            page.get_by_role("button", name="停止，保留目前最好的").click()
            while not effort.stop():
                time.sleep(0.05)
        return pooled_plan(700.0 if len(rounds) == 1 else 900.0)

    monkeypatch.setattr("posthouse_web.plans.work.plan_case", search)
    page.sign_in("planner")
    page.get_by_role("link", name="规划", exact=True).click()
    page.get_by_role("link", name="新情景").click()
    page.fill("[name=name]", "每周五次")
    page.fill("[name='promise.visits_per_week']", "5")
    page.get_by_role("button", name="开始计算").click()
    page.locator("#work").wait_for()
    do_latest()
    page.reload()
    assert page.locator(".figures .number").first.inner_text() == "700"
    assert page.get_by_text("提前停止，是到那时最好的").is_visible()
    page.get_by_role("button", name="发布").click()
    page.get_by_text("已发布").first.wait_for()
    page.get_by_role("button", name="退出").click()
    page.sign_in("office")
    page.goto("/plans/")
    page.get_by_role("link", name="每周五次").click()
    page.get_by_role("button", name="采用，并交办").click()
    page.get_by_text("已采用").first.wait_for()
    page.get_by_role("link", name="在地图上看前后").click()
    page.wait_for_url("**/map/**")
    assert page.faults == []


def test_a_data_officer_finds_a_register_row_and_mends_it(at_work):
    page = at_work
    page.sign_in("data")
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_role("link", name="末端服务点").click()
    page.fill("[name=q]", "供销社")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**q=*")
    page.get_by_role("link", name="上坞村供销社").click()
    page.fill("[name=rent_yuan_per_year]", "很多")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("“年费用”不是可读的数").wait_for()
    page.fill("[name=rent_yuan_per_year]", "1200")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存").wait_for()
    assert "1200" in page.locator(".past ins").first.inner_text()
    assert page.faults == []
