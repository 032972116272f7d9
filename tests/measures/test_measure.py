"""Properties of measuring that hold for every measure, on a drawn city; and the refusals."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from posthouse.measures import measure as measuring
from posthouse.measures.catalogue import all_definitions, get_definition
from posthouse.measures.forms import Tables
from posthouse.measures.measure import measure
from posthouse.measures.model import Measurement
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import parse_period
from tests.measures.city import draw_city
from tests.measures.tables import make_tables, measured

JUNE = parse_period("2021-06")
NOT_ADDITIVE = {
    # A village visited by two brands on one day is one visit of the whole and one of each brand.
    "delivery_days_per_week": ("brand",),
    "main_island_delivery_days_per_week": ("brand",),
    "town_delivery_days_per_week": ("brand",),
    "village_coverage": ("brand",),
    "main_island_village_coverage": ("brand",),
    # A mean weighted by volume.
    "tape_reduction": ("brand",),
}


@pytest.fixture(scope="module")
def city() -> Tables:
    return make_tables(**draw_city(3))


@pytest.fixture(scope="module")
def whole(city: Tables) -> Mapping[str, Measurement]:
    return {figure.measure: figure for figure in measure(None, city, JUNE)}


def test_every_computed_measure_has_a_value_in_a_city_with_every_register_and_event(
    whole: Mapping[str, Measurement],
) -> None:
    assert [name for name, figure in whole.items() if figure.value is None] == []
    assert len(whole) == len(all_definitions())


def test_every_value_is_its_numerator_over_its_denominator(whole: Mapping[str, Measurement]) -> None:
    for name, figure in whole.items():
        definition = get_definition(name)
        assert figure.numerator is not None
        if definition.form == "ratio":
            assert figure.value == figure.numerator * definition.scale / (figure.denominator or 1)
        assert (figure.denominator is None) == (not definition.denominator)
        assert 0 < figure.coverage <= 1


def test_every_share_that_is_no_growth_lies_between_zero_and_one(whole: Mapping[str, Measurement]) -> None:
    for name, figure in whole.items():
        if figure.unit == "share" and "base_year" not in get_definition(name).parameters:
            assert figure.value is not None
            assert 0.0 <= figure.value <= 1.0


def test_the_order_of_rows_does_not_matter(whole: Mapping[str, Measurement]) -> None:
    shuffle = random.Random(5)
    rows = {table: shuffle.sample(entries, len(entries)) for table, entries in draw_city(3).items()}
    assert {figure.measure: figure for figure in measure(None, make_tables(**rows), JUNE)} == dict(whole)


@pytest.mark.parametrize("group", ["place", "brand", "outlet"])
def test_the_parts_of_a_breakdown_add_up_to_the_whole(
    city: Tables, whole: Mapping[str, Measurement], group: str
) -> None:
    parts: dict[str, list[Measurement]] = {}
    for figure in measure(None, city, JUNE, by=(group,)):
        parts.setdefault(figure.measure, []).append(figure)
    assert parts
    for name, figures in parts.items():
        if group in NOT_ADDITIVE.get(name, ()):
            continue
        assert sum(figure.numerator or 0 for figure in figures) == whole[name].numerator, name
        if whole[name].denominator is not None:
            assert sum(figure.denominator or 0 for figure in figures) == whole[name].denominator, name


def test_a_measure_that_cannot_be_broken_down_so_gives_no_figure(city: Tables) -> None:
    assert measure(["express_volume"], city, JUNE, by=("place",)) == ()


def test_a_breakdown_by_place_brand_and_outlet_names_all_three(city: Tables) -> None:
    figures = measure(["real_name_rate"], city, JUNE, by=("place", "brand", "outlet"))
    assert all(figure.place and figure.brand and figure.outlet for figure in figures)
    assert len(figures) == 9


def test_nothing_loaded_gives_no_value_and_says_which_table_is_missing() -> None:
    for figure in measure(None, make_tables(), JUNE):
        assert (figure.value, figure.coverage) == (None, 0.0), figure.measure
        assert "缺少数据" in figure.note


@pytest.mark.parametrize("by", [("village",), ("place", "town"), ("brand", "brand")])
def test_an_unknown_or_doubled_group_is_refused(by: tuple[str, ...]) -> None:
    with pytest.raises(UnusableInputError, match="分组"):
        measure(["express_volume"], {}, JUNE, by=by)


def test_a_parameter_that_should_be_a_number_and_is_not_is_refused() -> None:
    with pytest.raises(UnusableInputError, match="base_year"):
        measure(["express_volume_growth"], {}, JUNE, parameters={"base_year": "前年"})


def test_a_measure_takes_only_the_parameters_that_it_declares(city: Tables, whole: Mapping[str, Measurement]) -> None:
    (figure,) = measure(["express_volume"], city, JUNE, parameters={"base_year": 2019, "island": "岛"})
    assert figure == whole["express_volume"]


def test_a_definition_is_not_used_outside_the_days_for_which_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = replace(get_definition("slim_tape_share"), valid_to=date(2021, 6, 1))
    monkeypatch.setattr(measuring, "get_definition", lambda name: ended)
    figure = measured("slim_tape_share")
    assert figure.value is None
    assert "2020-01-01 至 2021-06-01" in figure.note


def test_a_definition_that_is_not_computed_yet_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = replace(get_definition("care_stations"), computed=False, needs="驿站台账")
    monkeypatch.setattr(measuring, "get_definition", lambda name: wanted)
    assert "驿站台账" in measured("care_stations").note
