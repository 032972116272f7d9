"""Hand-worked cases of the measures of 快递进村: two villages in one town, a third in another."""

from datetime import date

import pytest

from tests.measures.tables import Row, at_s, figures, measured

TOWN, OTHER_TOWN = "990101101000", "990101102000"
NEAR, FAR, ISLAND = "990101101201", "990101101202", "990101102201"
DIVISIONS: list[Row] = [
    {"code": NEAR, "kind": "administrative_village"},
    {"code": FAR, "kind": "administrative_village", "is_main_island": False},
    {"code": ISLAND, "kind": "administrative_village", "is_main_island": True},
    {"code": "990101101001", "kind": "community", "is_main_island": True},
    {"code": TOWN, "kind": "town"},
    {"code": OTHER_TOWN, "kind": "subdistrict"},
]
BRANDS: list[Row] = [
    {"brand": "甲", "is_main_brand": True},
    {"brand": "乙", "is_main_brand": True},
    {"brand": "丙", "is_main_brand": False},
]


def visit(village: str | None, day: str, brand: str = "甲", **columns: object) -> Row:
    """A journey that arrived in the village on the day and was signed the day after."""
    arrived = at_s(day)
    times = {"first_s": arrived, "village_arrived_s": arrived, "delivered_s": arrived + 86_400}
    return {"village": village, "brand": brand, **times, **columns}


JUNE: list[Row] = [
    visit(NEAR, "2021-06-01"),
    visit(NEAR, "2021-06-01", "乙"),
    visit(NEAR, "2021-06-08"),
    visit(FAR, "2021-06-30", "丙"),
    visit(None, "2021-06-02"),
    visit(FAR, "2021-07-01"),
    visit("990101101001", "2021-06-03"),
]


def test_delivery_days_per_week_counts_a_village_once_a_day_and_leaves_communities_out() -> None:
    figure = measured("delivery_days_per_week", divisions=DIVISIONS, journeys=JUNE)
    assert (figure.numerator, figure.denominator) == (7 * 3, 3 * 30)
    assert figure.value == 21 / 90
    assert figure.coverage == 5 / 30


def test_delivery_days_per_week_of_a_village_signed_there_without_an_arrival_scan_uses_the_signing() -> None:
    signed = visit(NEAR, "2021-06-05", village_arrived_s=None)
    (near, far, island) = figures("delivery_days_per_week", ("place",), divisions=DIVISIONS, journeys=[signed])
    assert [(f.place, f.numerator, f.denominator) for f in (near, far, island)] == [
        (NEAR, 7, 30),
        (FAR, 0, 30),
        (ISLAND, 0, 30),
    ]


def test_delivery_days_per_week_by_brand_holds_each_brand_against_all_villages() -> None:
    by_brand = figures("delivery_days_per_week", ("brand",), divisions=DIVISIONS, journeys=JUNE)
    assert [(f.brand, f.numerator, f.denominator) for f in by_brand] == [("丙", 7, 90), ("乙", 7, 90), ("甲", 14, 90)]


def test_delivery_days_per_week_by_town_gathers_the_villages_of_a_town() -> None:
    by_town = figures("delivery_days_per_week", ("town",), divisions=DIVISIONS, journeys=JUNE)
    assert [(f.place, f.numerator, f.denominator) for f in by_town] == [(TOWN, 21, 60), (OTHER_TOWN, 0, 30)]


def test_main_island_delivery_days_per_week_looks_at_villages_on_main_islands_only() -> None:
    journeys = [*JUNE, visit(ISLAND, "2021-06-04")]
    figure = measured("main_island_delivery_days_per_week", divisions=DIVISIONS, journeys=journeys)
    assert (figure.numerator, figure.denominator) == (7, 30)


def test_village_coverage_counts_villages_reached_by_any_brand() -> None:
    figure = measured("village_coverage", divisions=DIVISIONS, journeys=JUNE)
    assert (figure.numerator, figure.denominator) == (2, 3)


def test_village_coverage_by_place_is_one_or_nothing() -> None:
    by_place = figures("village_coverage", ("place",), divisions=DIVISIONS, journeys=JUNE)
    assert [f.value for f in by_place] == [1.0, 1.0, 0.0]


def test_main_island_village_coverage_leaves_communities_and_other_places_out() -> None:
    figure = measured("main_island_village_coverage", divisions=DIVISIONS, journeys=[visit(ISLAND, "2021-06-04")])
    assert (figure.value, figure.denominator) == (1.0, 1)


def test_main_island_village_coverage_has_no_value_in_a_city_without_islands() -> None:
    inland = [{**row, "is_main_island": None} for row in DIVISIONS]
    figure = measured("main_island_village_coverage", divisions=inland, journeys=JUNE)
    assert figure.value is None
    assert figure.coverage == 0.0
    assert "没有可计算的对象" in figure.note


def test_village_coverage_by_brand_is_the_mean_over_main_brands() -> None:
    figure = measured("village_coverage_by_brand", divisions=DIVISIONS, operators=BRANDS, journeys=JUNE)
    assert (figure.numerator, figure.denominator) == (2, 3 * 2)


def test_village_coverage_by_brand_of_a_main_brand_is_its_villages_over_all_villages() -> None:
    by_brand = figures("village_coverage_by_brand", ("brand",), divisions=DIVISIONS, operators=BRANDS, journeys=JUNE)
    assert [(f.brand, f.numerator, f.denominator) for f in by_brand] == [("乙", 1, 3), ("甲", 1, 3)]


def test_town_delivery_days_per_week_counts_days_with_a_parcel_signed_for_the_town() -> None:
    parcels = [{"waybill": n, "destination": NEAR if n < 3 else ISLAND} for n in range(4)]
    days = ["2021-06-03", "2021-06-03", "2021-06-09", "2021-06-09"]
    journeys = [
        {"waybill": n, "brand": "甲", "first_s": at_s(day), "delivered_s": at_s(day, 20)} for n, day in enumerate(days)
    ]
    figure = measured("town_delivery_days_per_week", divisions=DIVISIONS, parcels=parcels, journeys=journeys)
    assert (figure.numerator, figure.denominator) == (7 * 2, 30)


def test_village_station_coverage_counts_stations_valid_on_the_last_day() -> None:
    points = [
        {"kind": "village_station", "division": NEAR},
        {"kind": "village_station", "division": NEAR},
        {"kind": "village_station", "division": FAR, "valid_to": date(2021, 6, 30)},
        {"kind": "village_station", "division": ISLAND, "valid_from": date(2021, 7, 1)},
        {"kind": "parcel_locker", "division": FAR},
    ]
    figure = measured("village_station_coverage", divisions=DIVISIONS, service_points=points)
    assert (figure.numerator, figure.denominator) == (1, 3)


@pytest.mark.parametrize(
    ("name", "kind"), [("strong_village_counties", "strong_village_county"), ("farm_gold_projects", "farm_gold")]
)
def test_strong_village_counties_and_farm_gold_projects_count_what_is_done_by_the_end(name: str, kind: str) -> None:
    projects = [
        {"kind": kind, "status": "done", "done_on": date(2021, 6, 30)},
        {"kind": kind, "status": "done"},
        {"kind": kind, "status": "done", "done_on": date(2021, 7, 1)},
        {"kind": kind, "status": "building"},
        {"kind": "safety_centre", "status": "done"},
    ]
    assert measured(name, projects=projects).value == 2.0


def test_a_month_without_scans_has_no_delivery_days_rather_than_none() -> None:
    figure = measured("delivery_days_per_week", "2021-08", divisions=DIVISIONS, journeys=JUNE)
    assert (figure.value, figure.numerator, figure.coverage) == (None, None, 0.0)
    assert "行程" in figure.note
