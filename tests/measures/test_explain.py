"""A figure can be led back to its rows."""

import pytest

from posthouse.measures.explain import explain_measure
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import parse_period
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
