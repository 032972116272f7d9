"""A month is shown at once; its breakdown follows, and until then no page says anything wrong."""

import pytest

from posthouse_web.monitoring.actions import list_without_parts, write_month, write_parts
from posthouse_web.monitoring.models import Figure, Month
from tests.web.city import TOWN, VILLAGE

SAID = "还在后台计算"


@pytest.fixture
def fresh(db, closed_city, settings):
    """Months whose figures are not broken down yet."""
    settings.POSTHOUSE_OUT = closed_city[0]
    for rows, _ in closed_city[1]:
        write_month(rows)


@pytest.mark.parametrize(
    ("page", "must_not_say"),
    [
        ("/", "个村，"),
        ("/goals/G1/", "这个指标不分地方和品牌"),
        ("/goals/G1/places/all/", "没有您可以看的数"),
        (f"/goals/G1/places/{VILLAGE}/", "没有您可以看的数"),
        ("/map/", "达到要求"),
    ],
)
def test_until_the_breakdown_is_there_pages_say_so_and_nothing_else(fresh, enter, page, must_not_say):
    text = enter("office").get(page).content.decode()
    assert SAID in text
    assert must_not_say not in text


def test_the_newest_month_is_broken_down_first(fresh):
    assert list_without_parts() == ["2021-06", "2021-05"]


def test_with_the_breakdown_the_pages_show_it(city, enter):
    office = enter("office")
    assert SAID not in office.get("/goals/G1/").content.decode()
    assert TOWN in office.get("/map/").content.decode()


def test_a_month_closed_anew_loses_its_old_breakdown_and_does_not_get_it_back(city, closed_city):
    rows, figures = closed_city[1][1]
    measured = Month.objects.get(period="2021-06")
    rows.month.run_id = "newer"
    try:
        write_month(rows)
    finally:
        rows.month.run_id = measured.run_id
    assert not Figure.objects.filter(period="2021-06").exists()
    write_parts(measured, figures)
    assert not Figure.objects.filter(period="2021-06").exists()
    assert list_without_parts() == ["2021-06"]
