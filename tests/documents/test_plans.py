"""The five public plans are read as a person reads them, in every layout."""

import json

import pytest

from posthouse.documents.read import read_document

from .layouts import LAYOUTS, list_paragraphs

PLANS = ("yiwu", "zhoushan", "hangzhou", "taizhou", "jinjiang")
ANNOTATED = ("yiwu", "zhoushan", "hangzhou")


@pytest.fixture(scope="module", params=PLANS)
def plan(request, shared):
    return read_document(shared / "plans" / f"{request.param}.txt")


def outline(document):
    return [(provision.path, provision.title) for provision in document.walk()]


def head(document):
    return (
        document.issuer,
        document.number,
        document.title,
        document.addressees,
        document.issued_on,
        document.printed_on,
        document.effective_on,
        document.parents,
    )


@pytest.mark.parametrize("name", ANNOTATED)
def test_every_annotated_task_has_its_path_and_title(shared, name):
    gold = json.loads((shared / "plans" / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    found = dict(outline(read_document(shared / "plans" / f"{name}.txt")))
    assert {task["path"]: task["title"] for task in gold["tasks"]}.items() <= found.items()


@pytest.mark.parametrize("name", ANNOTATED)
def test_the_head_is_as_annotated(shared, name):
    gold = json.loads((shared / "plans" / "gold" / f"{name}.json").read_text(encoding="utf-8"))["document"]
    document = read_document(shared / "plans" / f"{name}.txt")
    assert document.issuer == gold["issuer"]
    assert document.number == gold["number"]
    assert document.title == gold["title"]
    assert document.notice_title == gold["notice_title"]
    assert list(document.addressees) == gold["addressees"]
    for found, key in (
        (document.issued_on, "date_issued"),
        (document.printed_on, "date_printed"),
        (document.effective_on, "effective_from"),
    ):
        assert (found and found.isoformat()) == gold.get(key)
    cited = [(parent["title"], parent["number"] or "") for parent in gold["parent_documents"]]
    assert [(parent.title, parent.number) for parent in document.parents] == cited


def test_annotated_spans_fall_on_the_same_words(shared):
    for name in ANNOTATED:
        gold = json.loads((shared / "plans" / "gold" / f"{name}.json").read_text(encoding="utf-8"))
        document = read_document(shared / "plans" / f"{name}.txt")
        for target in gold["targets"]:
            start, end = target["span"]
            assert document.text[start:end] == target["text"]


def test_numbering_that_runs_on_keeps_its_sections(shared):
    document = read_document(shared / "plans" / "taizhou.txt")
    numbers = [
        provision.label
        for provision in document.walk()
        if provision.path.startswith("二/") and provision.path.count("/") == 2
    ]
    assert numbers == [str(number) for number in range(1, 17)]
    assert document.effective_on == document.issued_on


def test_the_sections_of_jinjiang_are_complete(shared):
    paths = [provision.path for provision in read_document(shared / "plans" / "jinjiang.txt").walk()]
    assert [path for path in paths if path.startswith("三/")] == [f"三/（{label}）" for label in "一二三四五六"]


def test_a_plan_in_good_order_has_no_findings(plan):
    assert plan.findings == ()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_head_and_tree(plan, layout, tmp_path):
    suffix, make = LAYOUTS[layout]
    path = tmp_path / f"plan{suffix}"
    path.write_bytes(make(list_paragraphs(plan)))
    document = read_document(path)
    assert head(document) == head(plan)
    assert outline(document) == outline(plan)


@pytest.mark.parametrize("layout", ["wrapped", "single", "pdf"])
def test_layouts_of_the_file_as_published_give_the_same_tree(plan, layout, tmp_path):
    suffix, make = LAYOUTS[layout]
    path = tmp_path / f"plan{suffix}"
    path.write_bytes(make([line.strip() for line in plan.text.splitlines() if line.strip()]))
    assert outline(read_document(path)) == outline(plan)
