"""Each kind on a few journeys worked by hand; which outlet and which month they count for."""

import random

import pytest

from posthouse.records.fold import steps
from posthouse.supervision.conformance import streamed
from posthouse.supervision.conformance.check import check_conformance
from posthouse.vocabulary.periods import parse_period
from tests.measures.tables import make_tables
from tests.supervision.conformance.builders import (
    CITY_TABLES,
    NEAR,
    OTHER_CITY,
    OVERSEAS,
    VILLAGE,
    journey,
    parcel,
    stream_of,
)

JUNE, JULY = parse_period("2021-06"), parse_period("2021-07")


def check(*journeys, parcels=None, period=JUNE):
    sent = parcels if parcels is not None else [parcel(j["waybill"]) for j in journeys]
    tables = make_tables(journeys=journeys, parcels=sent, **CITY_TABLES)
    rows = check_conformance(tables, period)
    assert check_conformance(tables, period, stream=stream_of(journeys)) == rows
    return [(row.kind, row.step, row.outlet, row.count, row.parcels) for row in rows]


def test_a_whole_journey_conforms():
    assert check(journey(1), journey(2, village_arrived=None, village=None, how="outlet")) == []


def test_a_step_between_two_others_that_is_missing_was_skipped():
    assert check(journey(1), journey(2, out_for_delivery=None)) == [("step_skipped", "out_for_delivery", "W1", 1, 2)]


def test_a_step_before_the_outlet_is_counted_for_the_brand():
    assert check(journey(1), journey(2, origin_departed=None), journey(3, outlet="W2")) == [
        ("step_skipped", "origin_departed", None, 1, 3)
    ]


def test_arrival_in_a_village_is_only_missed_where_the_parcel_was_in_a_village():
    assert check(journey(1, village_arrived=None)) == [("step_skipped", "village_arrived", "W1", 1, 1)]


def test_an_outlet_without_an_arrival_scan_is_known_by_the_town_of_the_parcel():
    assert check(journey(1), journey(2, outlet_arrived=None, outlet=None)) == [
        ("step_skipped", "outlet_arrived", "W1", 1, 2)
    ]


def test_an_outlet_is_not_guessed_where_the_brand_has_two_in_the_town():
    lost = journey(1, outlet_arrived=None, outlet=None, brand="乙")
    assert check(lost) == [("step_skipped", "outlet_arrived", None, 1, 1)]


def test_a_parcel_signed_without_any_arrival_is_told_apart():
    lost = journey(1, outlet_arrived=None, outlet=None, village_arrived=None, village=None, how="outlet")
    assert ("signed_without_arrival", "", "W1", 1, 1) in check(lost)


def test_minutes_of_swap_are_the_clocks():
    assert check(journey(1, out_for_delivery=50 * 3600 - 600)) == []
    assert check(journey(1, out_for_delivery=50 * 3600 - 601)) == [("step_swapped", "out_for_delivery", "W1", 1, 1)]


def test_a_swap_is_seen_across_a_missing_step():
    found = check(journey(1, origin_departed=None, destination_arrived=1))
    assert ("step_swapped", "destination_arrived", None, 1, 1) in found


def test_a_parcel_signed_within_a_minute_of_leaving_the_outlet_was_not_carried():
    close = {"village_arrived": None, "village": None, "out_for_delivery": 60 * 3600}
    assert check(journey(1, delivered=60 * 3600 + 59, **close)) == [("interval_too_short", "delivered", "W1", 1, 1)]
    assert check(journey(1, delivered=60 * 3600 + 60, **close)) == []


def test_another_city_is_not_reached_in_twenty_minutes():
    leg = {"origin_departed": 12 * 3600, "destination_arrived": 12 * 3600 + 1199}
    found = [("interval_too_short", "destination_arrived", None, 1, 1)]
    assert check(journey(1, **leg), parcels=[parcel(1, origin=OTHER_CITY)]) == found
    assert check(journey(1, **leg), parcels=[parcel(1, origin=NEAR)]) == []


def test_no_border_is_crossed_within_an_hour():
    leg = {"origin_departed": 12 * 3600, "destination_arrived": 12 * 3600 + 3599}
    found = [("interval_too_short", "destination_arrived", None, 1, 1)]
    assert check(journey(1, **leg), parcels=[parcel(1, destination=OVERSEAS)]) == found
    assert check(journey(1, **leg), parcels=[parcel(1, origin=OTHER_CITY)]) == []


def test_a_parcel_cannot_cross_the_city_faster_than_a_car():
    # From NEAR to VILLAGE half a degree north: 55.6 km, 41 min 42 s at 80 km/h.
    steps = ("origin_arrived", "origin_departed", "destination_arrived", "destination_departed", "outlet_arrived")
    rush = {**dict.fromkeys(steps), "outlet": None, "out_for_delivery": None, "village_arrived": 30 * 60}
    sent = [parcel(1, origin=NEAR)]
    assert ("impossible_speed", "", "W1", 1, 1) in check(journey(1, delivered=41 * 60, **rush), parcels=sent)
    kinds = [kind for kind, *_ in check(journey(1, delivered=42 * 60, **rush), parcels=sent)]
    assert "impossible_speed" not in kinds


def test_ten_parcels_of_an_outlet_signed_in_one_second_are_a_batch():
    nine = [journey(n) for n in range(9)]
    elsewhere = journey(20, outlet="W2")
    later = journey(21, delivered=70 * 3600 + 1)
    assert check(*nine, elsewhere, later) == []
    assert check(*nine, journey(9), elsewhere, later) == [("batch_signed", "", "W1", 10, 11)]


def test_a_parcel_at_the_outlet_for_a_week_without_signature_is_stuck():
    assert check(journey(1, delivered=None, how=None)) == [("never_signed", "delivered", "W1", 1, 1)]


def test_a_parcel_without_signature_counts_in_the_month_in_which_its_week_ends():
    late = journey(1, delivered=None, how=None, days_later=25)
    assert check(late) == []
    assert check(late, period=JULY) == [("never_signed", "delivered", "W1", 1, 1)]


def test_a_parcel_still_between_the_cities_is_nobody_s_fault():
    under_way = dict.fromkeys(
        ("outlet_arrived", "out_for_delivery", "village_arrived", "delivered", "village", "outlet")
    )
    assert check(journey(1, **under_way)) == []


def test_five_examples_are_given_of_many_parcels():
    journeys = [journey(n - 3, origin_arrived=None, delivered=70 * 3600 + n) for n in range(12)]
    tables = make_tables(journeys=journeys, parcels=[], **CITY_TABLES)
    (row,) = check_conformance(tables, JUNE)
    assert check_conformance(tables, JUNE, stream=stream_of(journeys)) == (row,)
    # The least of -3 … 8 of each remainder by five, whatever the sign: 0, ±1, ±2, ±3, ±4.
    assert row.examples == (-3, -2, -1, 0, 4)
    assert (row.count, row.share) == (12, 1.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_kernel_counts_what_the_query_counts_of_any_journeys(seed, monkeypatch):
    monkeypatch.setattr(streamed, "_BATCH_ROWS", 7)
    monkeypatch.setattr(streamed, "_MOST_GROUPS", 5)
    chance = random.Random(seed)
    journeys = [_any_journey(chance) for _ in range(400)]
    parcels = [parcel(j["waybill"], origin=chance.choice([NEAR, OTHER_CITY, OVERSEAS])) for j in journeys]
    tables = make_tables(journeys=journeys, parcels=parcels, **CITY_TABLES)
    found = check_conformance(tables, JUNE)
    assert len({row.kind for row in found}) >= 6
    assert check_conformance(tables, JUNE, stream=stream_of(journeys, rows_at_once=33)) == found


def _any_journey(chance):
    """A journey with steps left out, at any hour, or seconds after the step before; often in the same second."""
    close = {"destination_arrived": 36_000, "outlet_arrived": 144_000, "delivered": 216_000}
    anytime = {step: chance.choice([chance.randrange(90) * 3600, close.get(step, 0) + 13]) for step in steps()}
    moved = {step: second for step, second in anytime.items() if chance.random() < 0.15}
    outlet = chance.choice(["W1", "W2", "W3", None])
    missing = [step for step in steps()[1:] if chance.random() < 0.15 or (step == "outlet_arrived" and not outlet)]
    return journey(
        chance.randrange(-(2**63), 2**63),
        days_later=chance.choice([-62, -61, -60, -3, 0, 1, 20, 29]),
        brand=chance.choice(["甲", "乙"]),
        outlet=outlet,
        village=chance.choice([VILLAGE, None]),
        **{**moved, **dict.fromkeys(missing)},
    )
