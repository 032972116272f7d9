"""The generated pages say what the program does; nothing public is undocumented."""

import re
import tomllib
from pathlib import Path

from posthouse.cli.main import VERBS
from posthouse.cli.reference import reference_pages

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def test_every_generated_page_is_up_to_date():
    stale = [
        str(path.relative_to(ROOT))
        for path, text in reference_pages(DOCS).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `make docs` and commit the pages"


def test_every_finding_code_in_the_source_is_documented():
    documented = {
        code for file in (DOCS / "dev" / "codes.d").glob("*.toml") for code in tomllib.loads(file.read_text("utf-8"))
    }
    rooms = "records|documents|programme|diagnosis|planning|supervision|assignments|territory|measures|sample|stores"
    used = {
        code
        for file in (ROOT / "src").rglob("*.py")
        for code in re.findall(rf'code=f?"((?:{rooms})\.[a-z_0-9]+)"', file.read_text("utf-8"))
    }
    assert used - documented == set()


def test_every_verb_explains_itself_with_an_example():
    import argparse

    parser = argparse.ArgumentParser(prog="posthouse")
    subparsers = parser.add_subparsers()
    for verb in VERBS:
        verb.add_parser(subparsers)
    lacking = [name for name, sub in subparsers.choices.items() if f"posthouse {name}" not in (sub.epilog or "")]
    assert lacking == [], "add an epilog with an example"


def test_every_link_between_documents_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    links = [
        (page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    ]
    broken = [f"{page.relative_to(ROOT)} -> {link}" for page, link in links if not (page.parent / link).exists()]
    assert broken == []


def test_the_licence_and_both_commands_are_there():
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make run" in readme
    assert "make test" in readme
