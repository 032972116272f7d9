from datetime import date

from posthouse.territory.divisions import divisions_from
from tests.territory.ground import COUNTY, OTHER_TOWN, PINE, STONE, TOWN, division, divisions, table


def test_a_village_finds_its_town_and_county_by_its_own_code():
    tree = divisions_from(divisions())
    assert [above.code for above in tree.ancestors(STONE)] == [TOWN, COUNTY]
    assert tree.name_with_town(STONE) == "东镇石村"


def test_a_town_lists_its_administrative_villages_without_communities():
    assert [v.name for v in divisions_from(divisions()).list_villages(TOWN)] == ["石村", "松村"]


def test_a_parent_code_in_the_register_goes_before_the_code_itself():
    rows = divisions().to_pylist()
    for row in rows:
        row["parent_code"] = OTHER_TOWN if row["code"] == PINE else None
    assert divisions_from(table("divisions", rows)).town_of(PINE).code == OTHER_TOWN


def test_only_rows_valid_on_the_day_count():
    rows = divisions().to_pylist()
    for row in rows:
        row["valid_to"] = date(2021, 1, 1) if row["code"] == PINE else None
    tree = divisions_from(table("divisions", rows), date(2021, 6, 30))
    assert tree.find(PINE) is None
    assert divisions_from(table("divisions", rows), date(2020, 12, 31)).find(PINE) is not None


def test_a_village_without_town_or_position_is_kept_and_reported():
    lost = division("339900109201", "失村", "village", "administrative_village")
    tree = divisions_from(table("divisions", [*divisions().to_pylist(), lost]))
    assert tree.get("339900109201").position is None
    assert {(f.code, f.place) for f in tree.findings} == {
        ("territory.no_parent", "339900109201"),
        ("territory.no_position", "339900109201"),
    }


def test_an_unknown_code_is_its_own_name():
    assert divisions_from(divisions()).name_with_town("000000000000") == "000000000000"
