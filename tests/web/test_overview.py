import json

import pytest
from django.test import Client

from posthouse.reports.exchange import report_to_json
from tests.reports.months import small_month


@pytest.fixture
def out(tmp_path, settings):
    settings.POSTHOUSE_OUT = tmp_path
    return tmp_path


def close(out, month="2021-06"):
    (out / "months").mkdir(exist_ok=True)
    cycle = report_to_json(small_month(), files=())
    (out / "months" / f"{month}.json").write_text(json.dumps(cycle, ensure_ascii=False), encoding="utf-8")


def test_an_empty_console_says_what_to_do_next(out):
    assert "posthouse run" in Client().get("/").content.decode()


def test_the_overview_shows_each_goal_with_its_light_and_figures(out):
    close(out)
    page = Client().get("/").content.decode()
    assert "建制村每周投递次数" in page
    assert "滞后" in page
    assert "3.5次/周" in page


def test_a_goal_leads_to_its_source_and_its_counts(out):
    close(out)
    page = Client().get("/2021-06/goals/G1/").content.decode()
    assert "每周投递5次以上" in page
    assert "210" in page


def test_months_follow_newest_first(out):
    close(out, "2021-06")
    close(out, "2021-07")
    page = Client().get("/").content.decode()
    assert page.index("2021-07") < page.index("2021-06")


@pytest.mark.parametrize("path", ["/2021-05/", "/2021-06/goals/none/", "/files/map.html", "/files/key"])
def test_what_is_not_there_is_not_found(out, path):
    close(out)
    assert Client().get(path).status_code == 404


def test_no_page_allows_foreign_scripts(out):
    assert "default-src 'self'" in Client().get("/").headers["Content-Security-Policy"]
