"""The plans annotated by hand are read completely: by the public scorer, and by our own lists of the other two."""

import importlib.util
import json
from pathlib import Path

import pytest

from posthouse.documents.read import read_document
from posthouse.programme.exchange import programme_to_json
from posthouse.programme.extract import extract_programme

ANNOTATIONS = Path(__file__).parent / "annotations"


def score(shared: Path, plan: str) -> dict[str, object]:
    spec = importlib.util.spec_from_file_location("public_scorer", shared / "score" / "programme.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    gold = json.loads((shared / "plans" / "gold" / f"{plan}.json").read_text(encoding="utf-8"))
    found = programme_to_json(extract_programme(read_document(shared / "plans" / f"{plan}.txt")))
    return scorer.score(gold, found)


@pytest.mark.parametrize("plan", ["yiwu", "zhoushan", "hangzhou"])
def test_the_gold_plan_is_found_with_the_promised_recall_and_precision(shared, plan):
    result = score(shared, plan)
    assert result["goals"]["recall"] >= 0.98
    assert result["goals"]["precision"] >= 0.95
    assert all(share >= 0.95 for share in result["fields"].values()), result["field_errors"]
    assert result["units"]["recall"] >= 0.98
    assert result["units"]["precision"] >= 0.98
    assert result["units"]["lead_exact"] in (None, 1.0)


@pytest.mark.parametrize("plan", ["taizhou", "jinjiang"])
def test_every_goal_checked_by_eye_is_read_as_annotated(shared, plan):
    wanted = json.loads((ANNOTATIONS / f"{plan}.json").read_text(encoding="utf-8"))["goals"]
    programme = extract_programme(read_document(shared / "plans" / f"{plan}.txt"))
    found = [
        {
            "text": goal.text,
            "span": list(goal.source.span),
            "kind": goal.kind,
            "comparator": goal.comparator,
            "value": goal.value,
            "unit": goal.unit,
            "deadline": goal.deadline and goal.deadline.isoformat(),
        }
        | ({"value_max": goal.value_max} if goal.value_max is not None else {})
        | ({"base": goal.base} if goal.base else {})
        for goal in programme.goals
    ]
    assert found == wanted


@pytest.mark.parametrize("plan", ["taizhou", "jinjiang"])
def test_every_unit_checked_by_eye_is_read_as_annotated(shared, plan):
    wanted = json.loads((ANNOTATIONS / f"{plan}.json").read_text(encoding="utf-8"))["units"]
    programme = extract_programme(read_document(shared / "plans" / f"{plan}.txt"))
    found = {
        task.path: {"lead": list(task.lead_units), "support": list(task.support_units)}
        for task in programme.tasks
        if task.lead_units
    }
    assert found == wanted


@pytest.mark.parametrize("plan", ["yiwu", "zhoushan", "hangzhou", "taizhou", "jinjiang"])
def test_the_text_at_a_goals_span_holds_its_figure(shared, plan):
    document = read_document(shared / "plans" / f"{plan}.txt")
    for goal in extract_programme(document).goals:
        start, end = goal.source.span
        written = "".join(document.text[start:end].split()).translate(str.maketrans("<>", "‹›"))
        assert written[:6] == goal.text[:6]
