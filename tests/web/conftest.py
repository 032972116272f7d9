"""What the tests of the console share: a small published city, people of each role, a browser."""

import os

import pytest
from django.test import Client

from posthouse.stores.workspace import open_workspace
from posthouse_web.monitoring.actions import read_month, read_parts, write_month, write_parts
from posthouse_web.registers.actions import copy_registers
from tests.web.city import MONTHS, PASSWORD, make_people, write_city

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
"""Playwright keeps an event loop in the test's thread; the database is used from that thread only."""

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(autouse=True)
def _settings(settings, tmp_path):
    settings.POSTHOUSE_OUT = tmp_path / "out"
    settings.POSTHOUSE_TWO_FACTOR = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def closed_city(tmp_path_factory):
    """The folder of the city and the rows of its months: measured once, written anew for each test."""
    out = write_city(tmp_path_factory.mktemp("city") / "out")
    return out, [(read_month(out, month), read_parts(out, month)) for month in MONTHS]


@pytest.fixture
def city(db, closed_city, settings):
    return _publish(closed_city, settings)


def _publish(closed_city, settings):
    out, months = closed_city
    settings.POSTHOUSE_OUT = out
    for rows, figures in months:
        write_month(rows)
        write_parts(rows.month, figures)
    copy_registers(open_workspace(out / "workspace"))
    return out


@pytest.fixture
def people(db):
    return make_people()


@pytest.fixture
def enter(people):
    """A client in which this person has signed in."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(scope="session")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not os.path.exists(CHROMIUM):
        if os.environ.get("POSTHOUSE_REQUIRE_ALL") == "1":
            pytest.fail(f"no Chromium at {CHROMIUM}")
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live_server, transactional_db, closed_city, settings):
    """A browser page at a desk, in Chinese; `sign_in(name)` of `people` opens the console."""
    make_people()
    _publish(closed_city, settings)
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", base_url=live_server.url)
    opened = context.new_page()
    opened.faults = []
    opened.on("pageerror", lambda fault: opened.faults.append(str(fault)))
    # Charts may be missing on a machine without npm; what the policy refuses may not.
    opened.on("console", lambda said: opened.faults.append(said.text) if "Security Policy" in said.text else None)

    def sign_in(name: str) -> None:
        opened.goto("/accounts/login/")
        opened.fill("[name=username]", name)
        opened.fill("[name=password]", PASSWORD)
        opened.click("button.main")
        opened.wait_for_url("**/")

    opened.sign_in = sign_in
    yield opened
    context.close()
