"""The catalogue is complete: each measure has an entry, a function and a test of its name."""

import json
import re
from pathlib import Path

import pytest

from posthouse.measures.catalogue import SUBJECTS, all_definitions, get_definition
from posthouse.measures.expressions import get_expression
from posthouse.measures.measure import GROUPS
from posthouse.records.schema import all_tables
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Grain

UNITS = ("share", "件", "元", "家", "个", "人", "条", "位", "次/周", "次/月", "次/季度", "小时", "厘米/件", "件/日")
RATIO_UNITS = ("件/百万件", "组/百户")


@pytest.mark.parametrize("definition", all_definitions(), ids=lambda definition: definition.id)
def test_an_entry_says_what_people_and_the_binding_need(definition) -> None:  # type: ignore[no-untyped-def]
    assert definition.name_zh
    assert definition.name_en
    assert definition.numerator
    assert definition.cues
    assert definition.units_zh
    assert definition.source
    assert definition.unit in UNITS + RATIO_UNITS
    assert definition.direction in ("up", "down")
    assert definition.grain in tuple(Grain)
    assert set(definition.groups) <= set(GROUPS)
    assert set(definition.tables) <= set(all_tables())
    assert set(definition.defaults) <= set(definition.parameters)
    assert definition.computed or definition.needs
    assert (definition.unit == "share" or definition.scale != 1) <= bool(definition.denominator)
    assert definition.target_share is None or definition.unit == "share"


def test_no_two_measures_share_an_id_or_a_name() -> None:
    definitions = all_definitions()
    assert len({d.id for d in definitions}) == len(definitions)
    assert len({d.name_zh for d in definitions}) == len(definitions)


def test_every_computed_measure_has_a_function_of_its_name() -> None:
    for definition in all_definitions():
        if definition.computed:
            assert callable(get_expression(definition))


def test_every_computed_measure_has_a_test_that_names_it() -> None:
    tests = "\n".join(
        (Path(__file__).parent / f"test_{subject}.py").read_text(encoding="utf-8") for subject in SUBJECTS
    )
    names = " ".join(re.findall(r"def (test_\w+)", tests))
    missing = [d.id for d in all_definitions() if d.computed and d.id not in names]
    assert missing == []


def test_an_unknown_measure_is_refused_with_those_that_look_like_it() -> None:
    with pytest.raises(UnusableInputError, match="express_volume_growth"):
        get_definition("express_volum_growth")


def test_every_indicator_of_the_annotated_plans_is_a_cue_of_some_measure_or_holds_one(shared: Path) -> None:
    cues = [cue for definition in all_definitions() for cue in (*definition.cues, definition.name_zh)]
    missing = []
    for path in sorted((shared / "plans" / "gold").glob("*.json")):
        for target in json.loads(path.read_text(encoding="utf-8"))["targets"]:
            plain = target["indicator"] + target["text"]
            if not any(cue in plain for cue in cues):
                missing.append((target["id"], target["indicator"]))
    assert missing == []
