"""Every entry of the vocabularies that carries an example reads its example."""

import re
from datetime import date

import pytest

from posthouse.programme.deadlines import find_dates
from posthouse.programme.implied import find_implied
from posthouse.programme.phrasings import alternatives, load_phrasing
from posthouse.programme.quantities import MASK, find_quantities, mask_names

ISSUED_ON = date(2020, 3, 1)


@pytest.mark.parametrize("entry", load_phrasing("deadlines")["deadline"], ids=lambda entry: entry["id"])
def test_a_deadline_reads_its_example(entry):
    days = [mention.last_on.isoformat() for mention in find_dates(entry["example"], ISSUED_ON)]
    assert days == [entry["expect"]]


@pytest.mark.parametrize("entry", load_phrasing("implied")["phrase"], ids=lambda entry: entry["id"])
def test_an_implied_aim_reads_its_example(entry):
    found = find_implied(entry["example"])
    assert [(aim.id, aim.comparator, aim.unit) for aim in found] == [(entry["id"], entry["comparator"], entry["unit"])]


@pytest.mark.parametrize("entry", load_phrasing("exclusions")["mask"]["names"], ids=lambda entry: entry["example"])
def test_a_name_is_masked_and_gives_no_quantity(entry):
    text = f"推广{entry['example']}建设"
    masked = mask_names(text)
    name = entry.get("masked", entry["example"])
    assert masked == text.replace(name, MASK * len(name), 1)
    assert find_quantities(masked) == []


@pytest.mark.parametrize("name", ["exclusions", "deadlines", "implied"])
def test_the_class_of_first_characters_covers_every_example(name):
    data = load_phrasing(name)
    data = data.get("mask", data)
    entries = data.get("names") or data.get("deadline") or data.get("phrase")
    first = re.compile(f"[{data['first']}]")
    assert all(first.search(entry["example"]) for entry in entries)


@pytest.mark.parametrize("family", load_phrasing("measure_units")["family"])
def test_every_unit_of_a_family_is_read_behind_a_number(family):
    units = load_phrasing("measure_units")
    for word in units["family"][family]:
        (quantity,) = find_quantities(f"达到12.5{word}，")
        base = units["convert"].get(word, {"base": word, "factor": 1})
        assert (quantity.unit, quantity.family) == (base["base"], family)
        assert quantity.value == 12.5 * base["factor"]


@pytest.mark.parametrize("scale", load_phrasing("measure_units")["scale"].items(), ids=lambda scale: scale[0])
def test_every_scale_multiplies(scale):
    word, factor = scale
    assert find_quantities(f"完成3{word}件，")[0].value == 3 * factor


def test_longer_words_are_tried_first():
    assert re.match(alternatives(["达", "达到"]), "达到").group() == "达到"
