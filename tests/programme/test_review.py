"""The review page: marked text and lists, linked both ways, from one file."""

import re

import pytest

from posthouse.programme.extract import extract_programme
from posthouse.programme.review import render_review
from tests.programme.texts import document

PLAN = """
江城市站点建设方案
一、工作目标
到2025年，建成网点100个<含>，量收规模较2019年分别实现翻番。
二、重点任务
（一）建站。推进建设。（责任单位：市商务局、市财政局）
"""


@pytest.fixture(scope="module")
def page():
    plan = document(PLAN)
    return render_review(extract_programme(plan), plan)


def test_every_entry_has_a_place_in_the_text_and_a_line_in_the_list(page):
    for entry in ("G001", "G002", "G003"):
        assert page.count(f'id="t-{entry}"') == 1
        assert page.count(f'id="l-{entry}"') == 1
        assert f'href="#t-{entry}"' in page


def test_units_are_marked_and_lead_to_their_task(page):
    assert re.search(r'<mark class="lead"[^>]*><a href="#l-T001">市商务局</a>', page)
    assert re.search(r'<mark class="unit"[^>]*data-for="T001"><a href="#l-T001">市财政局</a>', page)


def test_the_text_is_complete_and_escaped(page):
    text = re.search(r'<section id="text"[^>]*>(.*?)</section>', page, re.DOTALL).group(1)
    plain = re.sub(r"<[^>]+>", "", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert plain == PLAN.strip()


def test_the_page_needs_nothing_from_elsewhere(page):
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "@import" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_plan_with_braces_and_tags_does_no_harm():
    plan = document("一、工作目标\n到2025年，建成{title}<script>alert(1)</script>5个。")
    assert "<script>alert" not in render_review(extract_programme(plan), plan)
