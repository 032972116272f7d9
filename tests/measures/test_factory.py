"""Hand-worked cases of 快递进厂."""

from datetime import date

import pytest

from tests.measures.tables import Row, figures, measured

TOWN = "990101101000"
FACTORIES: list[Row] = [
    {"industry": "泵", "is_key_industry": True, "cooperation": "入厂物流", "cooperating_from": date(2021, 6, 30)},
    {"industry": "泵", "is_key_industry": True, "cooperation": "仓配一体化", "cooperating_from": date(2021, 1, 1)},
    {"industry": "鞋", "is_key_industry": True},
    {"industry": "镜", "is_key_industry": False, "cooperation": "入厂物流", "cooperating_from": date(2020, 1, 1)},
    {"industry": "袜", "is_key_industry": True, "cooperation": "入厂物流", "cooperating_from": date(2021, 7, 1)},
]
PARKS: list[Row] = [
    {"kind": "industrial", "is_key": True, "has_express": True, "is_demonstration": True, "division": TOWN},
    {"kind": "industrial", "is_key": True, "has_express": False, "is_demonstration": False, "division": TOWN},
    {"kind": "small_enterprise", "has_express": True, "is_demonstration": False, "division": TOWN},
    {"kind": "small_enterprise", "has_express": False, "is_demonstration": None, "division": TOWN},
    {"kind": "small_enterprise", "has_express": True, "valid_to": date(2021, 6, 30), "division": TOWN},
]


def test_key_industries_counts_key_industries_with_a_cooperating_factory() -> None:
    assert measured("key_industries", factories=FACTORIES).value == 1.0


def test_cooperating_factories_counts_those_that_began_by_the_end_of_the_month() -> None:
    assert measured("cooperating_factories", factories=FACTORIES).value == 3.0


def test_factory_coverage_is_the_share_of_factories_that_cooperate() -> None:
    figure = measured("factory_coverage", factories=FACTORIES)
    assert (figure.numerator, figure.denominator) == (3, 5)


def test_key_parks_counts_key_parks_that_express_has_entered() -> None:
    assert measured("key_parks", parks=PARKS).value == 1.0


def test_small_enterprise_parks_entered_leaves_out_what_is_no_longer_valid() -> None:
    assert measured("small_enterprise_parks_entered", parks=PARKS).value == 1.0


def test_demonstration_parks_knows_how_many_parks_have_been_judged() -> None:
    figure = measured("demonstration_parks", parks=PARKS)
    assert (figure.value, figure.coverage) == (1.0, 3 / 4)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("key_projects", "factory_key"),
        ("typical_projects", "factory_typical"),
        ("warehouse_value_added_projects", "warehouse_value_added"),
    ],
)
def test_key_projects_typical_projects_and_warehouse_value_added_projects_count_what_is_done(
    name: str, kind: str
) -> None:
    projects = [
        {"kind": kind, "status": "done", "done_on": date(2021, 5, 1), "division": TOWN},
        {"kind": kind, "status": "planned", "division": TOWN},
        {"kind": "task_force", "status": "done", "division": TOWN},
    ]
    assert measured(name, projects=projects).value == 1.0
    assert [(f.place, f.value) for f in figures(name, ("place",), projects=projects)] == [(TOWN, 1.0)]


def test_a_register_with_rows_of_other_kinds_counts_none_of_this_kind() -> None:
    figure = measured("key_projects", projects=[{"kind": "task_force", "status": "done"}])
    assert (figure.value, figure.coverage) == (0.0, 1.0)


def test_an_empty_register_has_no_count() -> None:
    figure = measured("key_projects")
    assert (figure.value, figure.coverage) == (None, 0.0)
    assert "项目（projects）" in figure.note
