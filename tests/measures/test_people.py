"""Hand-worked cases of staff and care stations."""

from datetime import date

from tests.measures.tables import measured


def test_staff_count_is_of_the_last_month_of_the_period() -> None:
    operators = [{"operator_id": "a"}, {"operator_id": "b"}]
    returns = [
        {"operator_id": "a", "month": "2021-05", "staff": 90},
        {"operator_id": "a", "month": "2021-06", "staff": 100},
        {"operator_id": "b", "month": "2021-06", "staff": None},
    ]
    figure = measured("staff_count", "2021-Q2", operators=operators, returns=returns)
    assert (figure.value, figure.coverage) == (100.0, 0.5)


def test_care_stations_counts_those_opened_by_the_end_of_the_month() -> None:
    stations = [{"opened_on": date(2021, 6, 30)}, {"opened_on": date(2021, 7, 1)}, {"opened_on": None}]
    assert measured("care_stations", care_stations=stations).value == 1.0
