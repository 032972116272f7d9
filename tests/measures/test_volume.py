"""Hand-worked cases of 量收规模: two operators, a few months, published totals."""

from datetime import date

import pytest

from tests.measures.tables import Row, figures, measured

OPERATORS: list[Row] = [
    {"operator_id": "a", "brand": "甲", "kind": "express"},
    {"operator_id": "b", "brand": "乙", "kind": "express"},
    {"operator_id": "p", "brand": "联", "kind": "pooled"},
]


def returned(column: str, *values: tuple[str, str, int | None]) -> list[Row]:
    """Returns given as (operator, month, value); the brand follows the operator."""
    brands = {"a": "甲", "b": "乙"}
    return [
        {"area": "990100000000", "operator_id": operator, "brand": brands[operator], "month": month, column: value}
        for operator, month, value in values
    ]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("express_volume", "volume"),
        ("express_revenue", "revenue_yuan"),
        ("online_retail_supported", "online_retail_yuan"),
    ],
)
def test_express_volume_express_revenue_and_online_retail_supported_add_up_the_year_to_date(
    name: str, column: str
) -> None:
    rows = returned(column, ("a", "2021-01", 10), ("a", "2021-02", 20), ("b", "2021-02", 5), ("b", "2021-03", 99))
    published = {"area": "990100000000", "operator_id": "ALL", "month": "2021-01", column: 1_000}
    figure = measured(name, "2021-02", operators=OPERATORS, returns=[*rows, published])
    assert (figure.value, figure.denominator) == (35.0, None)
    assert figure.coverage == 3 / 4  # b did not return January; the pooled company returns nothing


def test_express_volume_of_a_quarter_starts_in_january_too() -> None:
    rows = returned("volume", *[("a", f"2021-{month:02d}", 1) for month in range(1, 8)])
    assert measured("express_volume", "2021-Q2", operators=OPERATORS, returns=rows).value == 6.0


def test_express_volume_by_brand_adds_up_to_the_whole() -> None:
    rows = returned("volume", ("a", "2021-01", 10), ("b", "2021-01", 5))
    by_brand = figures("express_volume", ("brand",), "2021-01", operators=OPERATORS, returns=rows)
    assert [(f.brand, f.value) for f in by_brand] == [("乙", 5.0), ("甲", 10.0)]


def test_express_volume_of_a_week_has_no_value() -> None:
    rows = returned("volume", ("a", "2021-01", 10))
    figure = measured("express_volume", "2021-W01", operators=OPERATORS, returns=rows)
    assert figure.value is None
    assert "最短" in figure.note


@pytest.mark.parametrize(
    ("name", "column"), [("express_volume_growth", "volume"), ("express_revenue_growth", "revenue_yuan")]
)
def test_express_volume_growth_and_express_revenue_growth_compare_the_same_months(name: str, column: str) -> None:
    rows = returned(
        column,
        ("a", "2019-01", 40),
        ("a", "2019-02", 60),
        ("a", "2019-12", 999),
        ("a", "2021-01", 90),
        ("a", "2021-02", 130),
    )
    (figure,) = figures(name, (), "2021-02", {"base_year": 2019}, operators=OPERATORS, returns=rows)
    assert (figure.numerator, figure.denominator, figure.value) == (120, 100, 1.2)
    assert "2019" in figure.note


@pytest.mark.parametrize(
    ("name", "column"), [("express_volume_yearly_growth", "volume"), ("express_revenue_yearly_growth", "revenue_yuan")]
)
def test_express_volume_yearly_growth_and_express_revenue_yearly_growth_are_geometric_means(
    name: str, column: str
) -> None:
    rows = returned(column, ("a", "2019-01", 100), ("a", "2021-01", 144))
    (figure,) = figures(name, (), "2021-01", {"base_year": "2019"}, operators=OPERATORS, returns=rows)
    assert (figure.numerator, figure.denominator) == (144, 100)
    assert figure.value == pytest.approx(0.2)


def test_growth_without_returns_of_the_base_year_has_no_value() -> None:
    rows = returned("volume", ("a", "2021-01", 144))
    (figure,) = figures("express_volume_growth", (), "2021-01", {"base_year": 2019}, operators=OPERATORS, returns=rows)
    assert figure.value is None


def test_growth_on_a_base_year_that_is_not_before_the_period_has_no_value() -> None:
    rows = returned("volume", ("a", "2021-01", 144))
    (figure,) = figures("express_volume_growth", (), "2021-01", {"base_year": 2021}, operators=OPERATORS, returns=rows)
    assert figure.value is None
    assert "基年 2021" in figure.note


def test_growth_without_a_base_year_compares_with_the_year_before() -> None:
    rows = returned("volume", ("a", "2020-01", 100), ("a", "2021-01", 150))
    assert measured("express_volume_growth", "2021-01", operators=OPERATORS, returns=rows).value == 0.5


def test_operators_above_revenue_looks_at_the_last_twelve_months() -> None:
    rows = returned(
        "revenue_yuan",
        ("a", "2020-02", 60_000_000),
        ("a", "2021-01", 50_000_000),
        ("b", "2020-01", 90_000_000),
        ("b", "2021-01", 50_000_000),
    )
    assert measured("operators_above_revenue", "2021-01", operators=OPERATORS, returns=rows).value == 1.0
    (figure,) = figures(
        "operators_above_revenue", (), "2021-01", {"revenue_yuan": 40_000_000}, operators=OPERATORS, returns=rows
    )
    assert figure.value == 2.0


DIVISIONS: list[Row] = [{"code": "990000000000", "level": "province", "kind": "province"}]
PUBLISHED: list[Row] = [
    {"area": area, "operator_id": "ALL", "month": "2021-01", "volume": volume}
    for area, volume in (("990000000000", 1_000), ("990200000000", 300), ("990300000000", 100), ("990100000000", 200))
]


def test_province_volume_share_counts_only_months_that_the_province_published() -> None:
    rows = [*PUBLISHED, *returned("volume", ("a", "2021-01", 150), ("b", "2021-01", 50), ("a", "2021-02", 900))]
    figure = measured("province_volume_share", "2021-02", divisions=DIVISIONS, operators=OPERATORS, returns=rows)
    assert (figure.numerator, figure.denominator, figure.coverage) == (200, 1_000, 0.5)


def test_province_volume_rank_is_one_more_than_the_areas_above() -> None:
    rows = [*PUBLISHED, *returned("volume", ("a", "2021-01", 200))]
    figure = measured("province_volume_rank", "2021-01", divisions=DIVISIONS, operators=OPERATORS, returns=rows)
    assert figure.value == 2.0


def test_province_volume_rank_is_unknown_where_no_other_area_is_published() -> None:
    rows = [PUBLISHED[0], *returned("volume", ("a", "2021-01", 200))]
    figure = measured("province_volume_rank", "2021-01", divisions=DIVISIONS, operators=OPERATORS, returns=rows)
    assert figure.value is None


def test_an_operator_that_began_in_may_owes_no_return_of_april() -> None:
    begun = [OPERATORS[0], {**OPERATORS[1], "valid_from": date(2021, 5, 1)}]
    rows = returned("volume", *[("a", f"2021-0{month}", 1) for month in range(1, 6)], ("b", "2021-05", 1))
    assert measured("express_volume", "2021-05", operators=begun, returns=rows).coverage == 1.0


def test_an_operator_that_ended_within_the_year_owes_the_months_until_then() -> None:
    first = [{**OPERATORS[0], "valid_from": date(2020, 11, 15), "valid_to": date(2021, 9, 1)}]
    rows = returned("volume", *[("a", f"2021-{month:02d}", 1) for month in range(1, 5)])
    assert measured("express_volume", "2021-08", operators=first, returns=rows).coverage == 4 / 8
