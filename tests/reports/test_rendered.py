"""The bulletin in LibreOffice and the map in Chromium: what a person would see, opened by the programs they use."""

import os
import shutil
import subprocess

import pytest

from posthouse.reports.bulletin import render_bulletin
from posthouse.reports.map import render_map
from tests.reports.months import small_month

CHROMIUM = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"),
    *("--no-first-run", "--disable-component-update", "--virtual-time-budget=2000"),
)


def program(name: str) -> str:
    """Return the path of a program; without it the test is skipped, or fails where all must run."""
    path = shutil.which(name)
    if path is None:
        if os.environ.get("POSTHOUSE_REQUIRE_ALL") == "1":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return path


@pytest.mark.office
def test_the_bulletin_opens_and_prints_its_sections_in_order(tmp_path):
    office, to_text = program("soffice"), program("pdftotext")
    (tmp_path / "bulletin.docx").write_bytes(render_bulletin(small_month()))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "bulletin.docx"]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    done = subprocess.run([to_text, tmp_path / "bulletin.pdf", "-"], check=True, capture_output=True, timeout=60)
    text = "".join(done.stdout.decode("utf-8").split())
    places = [
        text.index(head) for head in ("快递业“两进一出”工程工作通报", "一、总体进展", "五、交办与销号", "七、数据口径")
    ]
    assert places == sorted(places)
    assert "—1—" in text


@pytest.mark.browser
def test_the_map_draws_and_answers_a_click_without_a_network(tmp_path):
    chromium = program("chromium")
    click = "<script>document.querySelector('.village').dispatchEvent(new Event('click',{bubbles:true}))</script>"
    page = tmp_path / "map.html"
    page.write_text(render_map(small_month()).replace("</html>", click + "</html>"), encoding="utf-8")
    command = [chromium, *CHROMIUM, f"--user-data-dir={tmp_path}/profile", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, check=True, capture_output=True, timeout=180).stdout.decode("utf-8")
    said = shown[shown.index('<p id="said"') :].split("</p>")[0]
    assert "岭上镇上坞村" in said
