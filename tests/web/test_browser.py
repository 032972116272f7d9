"""In a real Chromium: what a person does from the first page to the last."""

import re

import pytest

from tests.web.addresses import list_addresses
from tests.web.city import OWN

pytestmark = pytest.mark.browser
SENT = {
    "monitoring:file",
    "maps:export",
    "maps:data",
    "accounts:two_factor_image",
    "registers:export",
    "plans:file",
}
"""Addresses that send a file, not a page."""


def test_a_leader_goes_from_a_red_light_to_the_village_and_the_rows_behind_it(page):
    page.sign_in("leader")
    assert page.get_by_role("heading", name="目标").is_visible()
    page.get_by_role("link", name=re.compile("建制村每周投递次数")).first.click()
    assert page.locator(".lead .light").inner_text() == "滞后"
    assert page.get_by_text("每周投递5次以上").is_visible()
    page.get_by_role("link", name="村", exact=True).click()
    page.wait_for_url("**by=village*")
    page.locator("#list tbody a", has_text="岭上镇上坞村").click()
    page.wait_for_url("**/places/**")
    assert page.locator("h1").inner_text() == "岭上镇上坞村"
    rows = page.locator("#rows tbody tr")
    assert rows.count() == 4
    assert OWN in rows.first.inner_text()
    assert page.faults == []


def test_sorting_and_finding_in_a_list_keep_the_page_and_change_the_address(page):
    page.sign_in("leader")
    page.goto("/goals/G1/?by=village")
    page.fill("[name=q]", "远坞")
    page.click("#list button")
    page.wait_for_url("**q=*")
    assert page.locator("#list tbody tr").count() == 1
    assert page.faults == []


def test_the_map_says_the_same_as_its_table_with_and_without_script(page):
    page.sign_in("leader")
    page.goto("/map/")
    assert page.get_by_role("cell", name="岭上镇").is_visible()
    assert page.locator("#map-still svg, #map canvas").first.is_visible()


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_no_page_is_wider_than_the_screen_or_says_an_error(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.sign_in("office")
    for name, address in list_addresses().items():
        if name in SENT:
            continue
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], (name, size)
    assert page.faults == []


def test_the_keyboard_reaches_the_rooms_and_shows_where_it_is(page):
    page.sign_in("leader")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "总览"


def test_the_overview_is_one_printed_page(page, tmp_path):
    from pypdf import PdfReader

    page.sign_in("leader")
    page.pdf(path=tmp_path / "overview.pdf", prefer_css_page_size=True)
    assert len(PdfReader(tmp_path / "overview.pdf").pages) == 1
