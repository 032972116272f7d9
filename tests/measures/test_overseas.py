"""Hand-worked cases of 快递出海."""

from datetime import date

import pytest

from tests.measures.tables import Row, figures, measured

OPERATORS: list[Row] = [
    {"operator_id": "a", "brand": "甲", "kind": "express", "is_international_backbone": True},
    {"operator_id": "b", "brand": "乙", "kind": "express", "is_international_backbone": False},
    {"operator_id": "c", "brand": "丙", "kind": "pooled"},
]


def returned(column: str, *values: tuple[str, int]) -> list[Row]:
    """Returns of operator a given as (month, value)."""
    return [{"operator_id": "a", "brand": "甲", "month": month, column: value} for month, value in values]


@pytest.mark.parametrize(
    ("name", "column"),
    [("cross_border_volume", "cross_border_volume"), ("cross_border_trade_value", "cross_border_value_yuan")],
)
def test_cross_border_volume_and_cross_border_trade_value_add_up_the_year_to_date(name: str, column: str) -> None:
    rows = returned(column, ("2020-12", 7), ("2021-01", 10), ("2021-02", 20), ("2021-03", 99))
    assert measured(name, "2021-02", operators=OPERATORS, returns=rows).value == 30.0


def test_cross_border_volume_growth_compares_with_the_base_year() -> None:
    rows = returned("cross_border_volume", ("2019-01", 10), ("2021-01", 25))
    (figure,) = figures(
        "cross_border_volume_growth", (), "2021-01", {"base_year": 2019}, operators=OPERATORS, returns=rows
    )
    assert (figure.numerator, figure.denominator, figure.value) == (15, 10, 1.5)


def test_open_channels_counts_open_ones_of_every_mode_or_of_one() -> None:
    channels = [
        {"mode": "air", "is_open": True},
        {"mode": "sea", "is_open": True},
        {"mode": "rail", "is_open": False},
        {"mode": "air", "is_open": True, "valid_from": date(2021, 7, 1)},
    ]
    assert measured("open_channels", channels=channels).value == 2.0
    assert figures("open_channels", (), parameters={"mode": "air"}, channels=channels)[0].value == 1.0


def test_international_backbone_operators_counts_those_recognised() -> None:
    assert measured("international_backbone_operators", operators=OPERATORS).value == 1.0


def test_cross_border_demonstration_projects_counts_what_is_done() -> None:
    projects = [{"kind": "cross_border_demonstration", "status": status} for status in ("done", "building", "done")]
    assert measured("cross_border_demonstration_projects", projects=projects).value == 2.0


def test_cross_border_hubs_counts_hubs() -> None:
    parks = [{"kind": kind} for kind in ("cross_border_hub", "service_zone")]
    assert measured("cross_border_hubs", parks=parks).value == 1.0
