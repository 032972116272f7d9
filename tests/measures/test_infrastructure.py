"""Hand-worked cases of sorting centres, outlets, lockers at homes and sites."""

from datetime import date

import pytest

from tests.measures.tables import Row, figures, measured

TOWN = "990101101000"
OUTLETS: list[Row] = [
    {
        "kind": "sorting_centre",
        "division": TOWN,
        "brand": "甲",
        "area_m2": 10_000.0,
        "sorting_capacity_per_day": 500,
        "is_automated": True,
    },
    {"kind": "sorting_centre", "division": TOWN, "brand": "乙", "area_m2": 10_000.5, "sorting_capacity_per_day": 300},
    {"division": TOWN, "is_standardised": True, "is_filed": True, "is_demonstration": True, "kind": "outlet"},
    {"division": TOWN, "is_standardised": False, "is_filed": True, "is_demonstration": False, "kind": "outlet"},
    {"division": "990101102201", "is_standardised": None, "is_filed": False, "kind": "outlet"},
    {"division": TOWN, "kind": "outlet", "is_standardised": True, "valid_from": date(2021, 7, 1)},
]


def test_sorting_capacity_per_day_adds_up_the_centres() -> None:
    assert measured("sorting_capacity_per_day", outlets=OUTLETS).value == 800.0


def test_automated_sorting_share_looks_at_centres_where_it_is_known() -> None:
    figure = measured("automated_sorting_share", outlets=OUTLETS)
    assert (figure.numerator, figure.denominator, figure.coverage) == (1, 1, 0.5)


def test_large_sorting_centres_counts_those_above_the_area_not_at_it() -> None:
    assert measured("large_sorting_centres", outlets=OUTLETS).value == 1.0
    assert figures("large_sorting_centres", (), parameters={"area_m2": 9_000}, outlets=OUTLETS)[0].value == 2.0


def test_outlets_count_leaves_sorting_centres_and_future_outlets_out() -> None:
    assert measured("outlets_count", outlets=OUTLETS).value == 3.0


def test_outlets_count_by_place_gives_an_outlet_in_a_village_to_its_town() -> None:
    by_place = figures("outlets_count", ("place",), outlets=OUTLETS)
    assert [(f.place, f.value) for f in by_place] == [(TOWN, 2.0), ("990101102000", 1.0)]


def test_standardised_outlet_share_is_of_the_outlets_judged() -> None:
    figure = measured("standardised_outlet_share", outlets=OUTLETS)
    assert (figure.numerator, figure.denominator, figure.coverage) == (1, 2, 2 / 3)


def test_filed_outlet_share_is_of_the_outlets_checked() -> None:
    figure = measured("filed_outlet_share", outlets=OUTLETS)
    assert (figure.numerator, figure.denominator, figure.coverage) == (2, 3, 1.0)


def test_demonstration_outlets_counts_outlets_recognised() -> None:
    figure = measured("demonstration_outlets", outlets=OUTLETS)
    assert (figure.value, figure.coverage) == (1.0, 2 / 3)


HOMES: list[Row] = [
    {"households": 300, "population": 900, "locker_groups": 3, "accepted_on": date(2021, 6, 30)},
    {
        "households": 900,
        "population": 3_000,
        "locker_groups": 3,
        "distribution_centre_m2": 30.0,
        "accepted_on": date(2021, 1, 1),
    },
    {"households": 950, "population": 3_100, "distribution_centre_m2": 29.9, "accepted_on": date(2021, 1, 1)},
    {"households": 500, "population": 4_000, "locker_groups": 9, "accepted_on": None},
]


def test_lockers_per_hundred_households_is_of_accepted_projects_that_told_their_lockers() -> None:
    figure = measured("lockers_per_hundred_households", residential_projects=HOMES)
    assert (figure.numerator, figure.denominator, figure.value) == (6, 1_200, 0.5)
    assert figure.coverage == 2 / 3


def test_distribution_centre_rule_share_starts_at_three_thousand_people() -> None:
    figure = measured("distribution_centre_rule_share", residential_projects=HOMES)
    assert (figure.numerator, figure.denominator) == (1, 2)
    (wider,) = figures("distribution_centre_rule_share", (), parameters={"min_area_m2": 20}, residential_projects=HOMES)
    assert wider.value == 1.0


@pytest.mark.parametrize(("name", "kind"), [("processing_areas", "processing_area"), ("service_zones", "service_zone")])
def test_processing_areas_and_service_zones_count_parks_of_their_kind(name: str, kind: str) -> None:
    assert measured(name, parks=[{"kind": kind}, {"kind": kind}, {"kind": "industrial"}]).value == 2.0


def test_express_logistics_parks_counts_those_that_express_has_entered() -> None:
    parks = [{"kind": "express_logistics", "has_express": entered} for entered in (True, False)]
    assert measured("express_logistics_parks", parks=parks).value == 1.0


def test_safety_centres_counts_what_is_done() -> None:
    assert measured("safety_centres", projects=[{"kind": "safety_centre", "status": "done"}]).value == 1.0
