"""Hand-worked cases of packaging, recycling and vehicles."""

import pytest

from tests.measures.tables import Row, at, figures, measured

HOME = "990101101001"
DIVISIONS: list[Row] = [{"code": HOME, "kind": "community"}]


def parcel(**columns: object) -> Row:
    """A parcel accepted at home on 1 June."""
    return {"origin": HOME, "accepted_at": at("2021-06-01"), "brand": "甲", **columns}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("standard_packaging_share", "is_standard_packaging"),
        ("slim_tape_share", "is_slim_tape"),
        ("e_waybill_share", "has_e_waybill"),
        ("reusable_bag_share", "in_reusable_bag"),
    ],
)
def test_standard_packaging_share_slim_tape_share_e_waybill_share_and_reusable_bag_share_count_parcels_accepted_here(
    name: str, column: str
) -> None:
    parcels = [
        parcel(**{column: True}),
        parcel(**{column: True}),
        parcel(**{column: False}),
        parcel(**{column: True, "origin": "310000000000"}),
        parcel(**{column: True, "accepted_at": at("2021-07-01", 0.0)}),
    ]
    figure = measured(name, divisions=DIVISIONS, parcels=parcels)
    assert (figure.numerator, figure.denominator) == (2, 3)
    (town,) = figures(name, ("place",), divisions=DIVISIONS, parcels=parcels)
    assert town.place == "990101101000"


def test_a_parcel_accepted_just_after_midnight_in_shanghai_belongs_to_the_new_month() -> None:
    parcels = [parcel(is_slim_tape=True, accepted_at=at("2021-06-01", 0.001))]
    assert measured("slim_tape_share", "2021-06", divisions=DIVISIONS, parcels=parcels).value == 1.0
    assert measured("slim_tape_share", "2021-05", divisions=DIVISIONS, parcels=parcels).value is None


def test_unknown_packaging_lowers_the_coverage_and_not_the_share() -> None:
    parcels = [parcel(is_slim_tape=True, accepted_at=at(f"2021-06-{day:02d}")) for day in range(1, 31)]
    parcels[0] = {**parcels[0], "is_slim_tape": None}
    figure = measured("slim_tape_share", divisions=DIVISIONS, parcels=parcels)
    assert (figure.value, figure.denominator, figure.coverage) == (1.0, 29, 29 / 30)


def test_no_repackaging_share_is_of_e_commerce_parcels() -> None:
    parcels = [
        parcel(is_ecommerce=True, is_repackaged=False),
        parcel(is_ecommerce=True, is_repackaged=True),
        parcel(is_ecommerce=False, is_repackaged=None),
    ]
    figure = measured("no_repackaging_share", divisions=DIVISIONS, parcels=parcels)
    assert (figure.numerator, figure.denominator) == (1, 2)


def test_tape_per_parcel_is_the_mean_over_parcels_whose_tape_is_known() -> None:
    parcels = [parcel(tape_cm=20), parcel(tape_cm=40), parcel(tape_cm=None)]
    figure = measured("tape_per_parcel", divisions=DIVISIONS, parcels=parcels)
    assert (figure.numerator, figure.denominator, figure.value) == (60, 2, 30.0)


def test_tape_reduction_weighs_operators_by_volume() -> None:
    rows = [
        {"operator_id": "a", "brand": "甲", "month": "2019-01", "volume": 100, "tape_cm_per_parcel": 30.0},
        {"operator_id": "b", "brand": "乙", "month": "2019-01", "volume": 300, "tape_cm_per_parcel": 50.0},
        {"operator_id": "a", "brand": "甲", "month": "2021-01", "volume": 400, "tape_cm_per_parcel": 36.0},
        {"operator_id": "b", "brand": "乙", "month": "2021-01", "volume": None, "tape_cm_per_parcel": 99.0},
    ]
    operators = [{"operator_id": "a", "brand": "甲"}]
    (figure,) = figures("tape_reduction", (), "2021-01", {"base_year": 2019}, operators=operators, returns=rows)
    assert (figure.numerator, figure.denominator) == (90_000, 450_000)
    assert figure.value == 0.2


OUTLETS: list[Row] = [
    {"kind": "outlet", "is_urban": True, "has_recycling_bin": True},
    {"kind": "outlet", "is_urban": True, "has_recycling_bin": False},
    {"kind": "outlet", "is_urban": True, "has_recycling_bin": None},
    {"kind": "outlet", "is_urban": False, "has_recycling_bin": True},
    {"kind": "sorting_centre", "is_urban": True, "has_recycling_bin": True},
]


def test_urban_recycling_outlet_share_is_of_urban_outlets_checked() -> None:
    figure = measured("urban_recycling_outlet_share", outlets=OUTLETS)
    assert (figure.numerator, figure.denominator, figure.coverage) == (1, 2, 2 / 3)


def test_recycling_outlets_counts_every_outlet_with_a_bin() -> None:
    figure = measured("recycling_outlets", outlets=OUTLETS)
    assert (figure.value, figure.coverage) == (2.0, 3 / 4)


def test_new_energy_vehicle_share_by_brand_goes_by_the_operator() -> None:
    operators = [{"operator_id": "a", "brand": "甲"}, {"operator_id": "b", "brand": "乙"}]
    vehicles = [
        {"operator_id": "a", "is_new_energy": True},
        {"operator_id": "a", "is_new_energy": False},
        {"operator_id": "b", "is_new_energy": True},
    ]
    figure = measured("new_energy_vehicle_share", operators=operators, vehicles=vehicles)
    assert (figure.numerator, figure.denominator) == (2, 3)
    by_brand = figures("new_energy_vehicle_share", ("brand",), operators=operators, vehicles=vehicles)
    assert [(f.brand, f.value) for f in by_brand] == [("乙", 1.0), ("甲", 0.5)]
