"""Lines of the security checklist (docs/dev/security.md) that no other test shows."""

import os
import runpy
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from posthouse_web import settings as settings_file
from posthouse_web.accounts import pace
from posthouse_web.accounts.models import AccessLog


@pytest.fixture
def behind_https(monkeypatch):
    """The settings as an office reads them that has POSTHOUSE_HTTPS=1."""
    monkeypatch.setenv("POSTHOUSE_HTTPS", "1")
    return runpy.run_path(settings_file.__file__)


def test_under_https_cookies_are_bound_to_it_and_to_this_host(behind_https):
    assert behind_https["SESSION_COOKIE_SECURE"]
    assert behind_https["CSRF_COOKIE_SECURE"]
    assert behind_https["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert behind_https["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_cookies_cannot_be_read_by_script_or_sent_from_elsewhere(people):
    answer = Client().post("/accounts/login/", {"username": "leader", "password": "a-long-password"})
    cookie = answer.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_form_without_its_token_is_refused(people):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/login/", {"username": "leader", "password": "a-long-password"}).status_code == 403


def test_a_large_body_is_refused_before_it_is_read(people, enter, monkeypatch):
    big = SimpleUploadedFile("scans.csv", b"x" * (pace.MOST_BYTES_UNKNOWN + 1))
    assert Client().post("/data/upload/", {"files": big}).status_code == 400
    monkeypatch.setattr(pace, "MOST_BYTES", 10)
    assert enter("data").post("/data/upload/", {"files": big}).status_code == 400


def test_looking_at_an_account_is_logged(people, enter):
    enter("admin").get(f"/accounts/{people['leader'].pk}/")
    assert AccessLog.objects.get().subject == "leader"


def test_django_finds_nothing_to_warn_of(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    settings = {
        "DJANGO_SETTINGS_MODULE": "posthouse_web.settings",
        "POSTHOUSE_HTTPS": "1",
        "POSTHOUSE_OUT": str(tmp_path),
        "POSTHOUSE_SECRET_KEY": "a key that is long enough, with many different letters: 0123456789 abcdefgh",
    }
    checked = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env={**kept, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
