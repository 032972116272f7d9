"""A figure can be led back to its rows."""

import pytest

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.explain import explain_measure
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import parse_period
from tests.measures.city import draw_city
from tests.measures.tables import make_tables
from tests.measures.test_village import DIVISIONS, JUNE, NEAR, TOWN

PERIOD = parse_period("2021-06")


def test_the_rows_of_a_village_are_the_days_on_which_it_was_visited() -> None:
    tables = make_tables(divisions=DIVISIONS, journeys=JUNE)
    explanation = explain_measure("delivery_days_per_week", tables, PERIOD, place=NEAR)
    assert explanation.measurement.numerator == 14
    assert [row["day"] for row in explanation.rows] == ["2021-06-01", "2021-06-08", None]
    assert explanation.rows_total == 3
    assert explanation.tables == {"divisions": 6, "journeys": 7}


def test_the_rows_add_up_to_the_figure_of_a_town() -> None:
    tables = make_tables(divisions=DIVISIONS, journeys=JUNE)
    explanation = explain_measure("delivery_days_per_week", tables, PERIOD, place=TOWN)
    assert sum(int(str(row["numerator"])) for row in explanation.rows) == explanation.measurement.numerator == 21


def test_the_query_runs_as_it_is_shown() -> None:
    tables = make_tables(divisions=DIVISIONS, journeys=JUNE)
    explanation = explain_measure("village_coverage", tables, PERIOD)
    backend = tables["divisions"].get_backend()
    rows = backend.raw_sql(explanation.sql).fetchall()
    assert (explanation.measurement.numerator, explanation.measurement.denominator) == tuple(rows[0][1:3])


def test_only_as_many_rows_as_asked_for_are_shown() -> None:
    tables = make_tables(divisions=DIVISIONS, journeys=JUNE)
    explanation = explain_measure("village_coverage", tables, PERIOD, limit=1)
    assert (len(explanation.rows), explanation.rows_total) == (1, 3)


def test_a_place_of_a_measure_without_places_is_refused() -> None:
    with pytest.raises(UnusableInputError, match="不分地区"):
        explain_measure("express_volume", make_tables(), PERIOD, place=NEAR)


def test_a_place_without_a_figure_is_refused() -> None:
    tables = make_tables(divisions=DIVISIONS, journeys=JUNE)
    with pytest.raises(UnusableInputError, match="990101101299"):
        explain_measure("village_coverage", tables, PERIOD, place="990101101299")


def test_the_next_page_begins_where_the_first_ended() -> None:
    tables = make_tables(divisions=DIVISIONS, journeys=JUNE)
    whole = explain_measure("village_coverage", tables, PERIOD).rows
    pages = [explain_measure("village_coverage", tables, PERIOD, limit=2, skip=skip) for skip in (0, 2)]
    assert pages[0].rows + pages[1].rows == whole
    assert [page.skipped for page in pages] == [0, 2]


def test_every_measure_can_be_led_back_to_its_rows_and_its_query() -> None:
    tables = make_tables(**draw_city(7, parcels=150))
    connection = tables["divisions"].get_backend()
    for definition in all_definitions():
        found = explain_measure(definition.id, tables, PERIOD, limit=1_000_000)
        figure = found.measurement
        assert definition.source, definition.id
        assert definition.numerator, definition.id
        assert len(found.rows) == found.rows_total, definition.id
        assert sum(int(str(row["numerator"])) for row in found.rows) == figure.numerator, definition.id
        if figure.denominator is not None:
            assert sum(int(str(row["denominator"])) for row in found.rows) == figure.denominator, definition.id
        assert all(row["item"] for row in found.rows), definition.id
        rows = connection.raw_sql(found.sql).fetchall()
        assert rows[0][1] == figure.numerator, definition.id


def test_of_a_waybill_only_the_last_digits_of_its_hash_are_shown() -> None:
    tables = make_tables(**draw_city(7, parcels=150))
    for definition in all_definitions():
        for row in explain_measure(definition.id, tables, PERIOD, limit=3).rows:
            assert isinstance(row["item"], str), definition.id
            if str(row["item"]).startswith("…"):
                assert len(str(row["item"])) == 7, definition.id
