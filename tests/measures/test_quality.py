"""Hand-worked cases of service quality: a parcel or two each way, timed by hand."""

from datetime import date

import pytest

from posthouse.measures.model import Measurement
from tests.measures.tables import Row, at, at_s, figures, measured

HOME = "990101101001"
DIVISIONS: list[Row] = [{"code": HOME, "kind": "community"}]
BRANDS: list[Row] = [{"brand": "甲", "is_main_brand": True}, {"brand": "乙", "is_main_brand": False}]
REGIONS: list[Row] = [
    {"region_code": "993300000000", "country": "CN", "is_in_province": True},
    {"region_code": "310000000000", "country": "CN", "is_yangtze_delta_major": True, "is_national_major": True},
    {"region_code": "440100000000", "country": "CN", "is_national_major": True},
    {"region_code": "JP", "country": "JP", "is_neighbouring_country": True, "is_global_major": True},
    {"region_code": "BR", "country": "BR"},
]


def sent(*legs: tuple[str, str, str, float, str, float, str]) -> dict[str, list[Row]]:
    """Tables of parcels given as (origin, destination, day, hour accepted, day, hour delivered, brand)."""
    parcels: list[Row] = []
    journeys: list[Row] = []
    for waybill, (origin, destination, day, hour, last_day, last_hour, brand) in enumerate(legs):
        ends = {"origin": origin, "destination": destination, "accepted_at": at(day, hour)}
        parcels.append({"waybill": waybill, "brand": brand, **ends})
        start, end = at_s(day, hour), at_s(last_day, last_hour)
        journeys.append({"waybill": waybill, "brand": brand, "first_s": start, "accepted_s": start, "delivered_s": end})
    return {"parcels": parcels, "journeys": journeys}


def limit_share(name: str, legs: dict[str, list[Row]], **parameters: object) -> Measurement:
    """The figure of a time-limit measure on these parcels."""
    rows = {"divisions": DIVISIONS, "regions": REGIONS, "operators": BRANDS, **legs}
    (figure,) = figures(name, (), parameters=parameters, **rows)
    return figure


def test_locker_delivery_share_counts_parcels_signed_in_the_city_with_a_known_way() -> None:
    legs = sent(*[("310000000000", HOME, "2021-06-01", 9, "2021-06-02", 9, "甲")] * 4)
    legs["parcels"][3] = {**legs["parcels"][3], "destination": "310000000000"}
    for journey, how in zip(legs["journeys"], ("locker", "door", None, "locker"), strict=True):
        journey["how"] = how  # type: ignore[index]
    figure = measured("locker_delivery_share", divisions=DIVISIONS, **legs)
    assert (figure.numerator, figure.denominator) == (1, 2)
    assert figure.coverage == 1 / 30


def test_delivered_within_48h_share_counts_main_brands_between_major_cities_both_ways() -> None:
    legs = sent(
        (HOME, "310000000000", "2021-06-01", 9, "2021-06-03", 9, "甲"),
        ("440100000000", HOME, "2021-06-01", 9, "2021-06-03", 9.01, "甲"),
        (HOME, "993300000000", "2021-06-01", 9, "2021-06-01", 10, "甲"),
        (HOME, "310000000000", "2021-06-01", 9, "2021-06-01", 10, "乙"),
        (HOME, HOME, "2021-06-01", 9, "2021-06-01", 10, "甲"),
    )
    figure = limit_share("delivered_within_48h_share", legs)
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_delivered_within_48h_share_takes_its_limit_from_the_goal() -> None:
    legs = sent((HOME, "310000000000", "2021-06-01", 9, "2021-06-02", 10, "甲"))
    assert limit_share("delivered_within_48h_share", legs, limit_hours=24).value == 0.0


def test_delivered_within_72h_share_counts_every_domestic_parcel_of_every_brand() -> None:
    legs = sent(
        (HOME, "993300000000", "2021-06-01", 9, "2021-06-04", 9, "乙"),
        ("440100000000", HOME, "2021-06-01", 9, "2021-06-05", 9, "甲"),
        (HOME, "JP", "2021-06-01", 9, "2021-06-02", 9, "甲"),
    )
    figure = limit_share("delivered_within_72h_share", legs)
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_same_day_in_province_share_counts_midnights_not_hours() -> None:
    legs = sent(
        (HOME, "993300000000", "2021-06-01", 0.5, "2021-06-01", 23.5, "甲"),
        (HOME, "993300000000", "2021-06-01", 23.5, "2021-06-02", 0.5, "甲"),
        ("993300000000", HOME, "2021-06-01", 1, "2021-06-01", 2, "甲"),
    )
    figure = limit_share("same_day_in_province_share", legs)
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_next_day_yangtze_delta_share_allows_one_midnight() -> None:
    legs = sent(
        (HOME, "310000000000", "2021-06-01", 9, "2021-06-02", 23, "甲"),
        (HOME, "310000000000", "2021-06-01", 9, "2021-06-03", 1, "甲"),
        (HOME, "440100000000", "2021-06-01", 9, "2021-06-01", 10, "甲"),
    )
    figure = limit_share("next_day_yangtze_delta_share", legs)
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_day_after_national_major_share_allows_two_midnights() -> None:
    legs = sent(
        (HOME, "440100000000", "2021-06-01", 9, "2021-06-03", 23, "甲"),
        (HOME, "310000000000", "2021-06-01", 9, "2021-06-04", 1, "甲"),
        (HOME, "993300000000", "2021-06-01", 9, "2021-06-01", 10, "甲"),
    )
    figure = limit_share("day_after_national_major_share", legs)
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_domestic_one_day_share_leaves_parcels_abroad_out() -> None:
    legs = sent(
        (HOME, "440100000000", "2021-06-01", 9, "2021-06-02", 23, "甲"),
        (HOME, "993300000000", "2021-06-01", 9, "2021-06-03", 1, "甲"),
        (HOME, "JP", "2021-06-01", 9, "2021-06-01", 10, "甲"),
    )
    figure = limit_share("domestic_one_day_share", legs)
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_neighbouring_countries_two_day_share_counts_neighbours_only() -> None:
    legs = sent(
        (HOME, "JP", "2021-06-01", 9, "2021-06-03", 9, "甲"),
        (HOME, "BR", "2021-06-01", 9, "2021-06-02", 9, "甲"),
    )
    figure = limit_share("neighbouring_countries_two_day_share", legs)
    assert (figure.numerator, figure.denominator) == (1, 1)


def test_global_major_cities_three_day_share_counts_major_cities_abroad_only() -> None:
    legs = sent(
        (HOME, "JP", "2021-06-01", 9, "2021-06-05", 9, "甲"),
        (HOME, "BR", "2021-06-01", 9, "2021-06-02", 9, "甲"),
    )
    figure = limit_share("global_major_cities_three_day_share", legs)
    assert (figure.numerator, figure.denominator) == (0, 1)


def test_a_journey_without_its_acceptance_scan_lowers_the_coverage_of_a_time_limit() -> None:
    days = [f"2021-06-{day:02d}" for day in range(1, 31)]
    legs = sent(*[(HOME, "993300000000", day, 9, day, 9, "甲") for day in days])
    legs["journeys"][0] = {**legs["journeys"][0], "accepted_s": None}
    figure = limit_share("same_day_in_province_share", legs)
    assert (figure.numerator, figure.denominator, figure.coverage) == (29, 29, 29 / 30)


STAGES = [
    ("door_to_door_hours", 30.0),
    ("collection_hours", 2.0),
    ("origin_processing_hours", 3.0),
    ("transport_hours", 10.0),
    ("destination_processing_hours", 4.0),
    ("delivery_hours", 11.0),
]


@pytest.mark.parametrize(("name", "hours"), STAGES)
def test_door_to_door_hours_and_collection_hours_to_delivery_hours_are_means_per_parcel(
    name: str, hours: float
) -> None:
    steps = (
        "accepted",
        "origin_arrived",
        "origin_departed",
        "destination_arrived",
        "destination_departed",
        "delivered",
    )
    marks = (8.0, 10.0, 13.0, 23.0, 27.0, 38.0)
    times = {f"{step}_s": at_s("2021-06-01", mark) for step, mark in zip(steps, marks, strict=True)}
    doubled = {column: 2 * second - times["accepted_s"] for column, second in times.items()}
    first = {"first_s": times["accepted_s"]}
    once = measured(name, journeys=[{**times, **first}])
    twice = measured(name, journeys=[{**times, **first}, {**doubled, **first}])
    assert once.value == hours
    assert twice.value == hours * 1.5


def test_origin_processing_hours_transport_hours_and_destination_processing_hours_skip_swapped_scans() -> None:
    swapped = {
        "first_s": at_s("2021-06-01", 8),
        "origin_arrived_s": at_s("2021-06-01", 13),
        "origin_departed_s": at_s("2021-06-01", 10),
        "delivered_s": at_s("2021-06-02"),
    }
    assert measured("origin_processing_hours", journeys=[swapped]).value is None


def test_complaints_per_million_holds_valid_complaints_against_the_volume_returned() -> None:
    complaints = [
        {"filed_on": date(2021, 6, 3), "is_valid": True},
        {"filed_on": date(2021, 6, 4), "is_valid": False},
        {"filed_on": date(2021, 6, 5), "is_valid": None},
        {"filed_on": date(2021, 7, 5), "is_valid": True},
    ]
    returns = [{"operator_id": "a", "month": month, "volume": 500_000} for month in ("2021-05", "2021-06")]
    operators = [{"operator_id": "a"}]
    figure = measured("complaints_per_million", complaints=complaints, returns=returns, operators=operators)
    assert (figure.numerator, figure.denominator, figure.value) == (1, 500_000, 2.0)


def test_secondary_charge_share_is_the_share_of_households_that_said_they_were_charged() -> None:
    calls = [
        {"kind": "charge_callback", "checked_on": date(2021, 6, 9), "brand": "甲", "expected": 30, "done": 24},
        {"kind": "charge_callback", "checked_on": date(2021, 6, 9), "brand": "乙", "expected": 10, "done": 10},
        {"kind": "real_name", "checked_on": date(2021, 6, 9), "expected": 99, "done": 1},
    ]
    figure = measured("secondary_charge_share", checks=calls)
    assert (figure.numerator, figure.denominator, figure.coverage) == (6, 40, 1.0)
    assert [f.value for f in figures("secondary_charge_share", ("brand",), checks=calls)] == [0.0, 0.2]
