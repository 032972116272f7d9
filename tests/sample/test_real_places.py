"""Real cities on the ground: codes and names as published, villages by the rule, islands by assumed ferries."""

from datetime import date

import numpy as np
import pytest

from posthouse.records.load import load_source
from posthouse.sample.real_places import write_real_places
from posthouse.territory.components import find_cut_off
from posthouse.territory.divisions import divisions_from
from posthouse.territory.roads import ROAD_KINDS, road_graph_from
from posthouse.territory.travel import travel_between
from posthouse.territory.weekly import weekly_trips_from
from posthouse.vocabulary.errors import UnusableInputError

DAY = date(2021, 6, 30)


@pytest.fixture(scope="module")
def lists(shared):
    return shared / "data/territory"


def registers(folder):
    return {loaded.table: loaded for loaded in load_source(folder / "records", key=b"test")}


def test_yiwu_has_its_432_villages_and_every_one_can_be_driven_to(lists, tmp_path):
    loaded = registers(write_real_places("yiwu", lists, tmp_path, seed=1))
    assert {name: (table.rejected.num_rows, table.findings) for name, table in loaded.items()} == dict.fromkeys(
        loaded, (0, ())
    )
    tree = divisions_from(loaded["divisions"].rows, DAY)
    villages = tree.list_villages()
    assert len(villages) == 432
    assert tree.name_with_town("330782102201").startswith("义亭镇")
    graph = road_graph_from(loaded["roads"].rows, DAY)
    town = tree.town_of(villages[0].code).code
    assert find_cut_off(graph, [village.code for village in villages], [town], tree).places == ()
    travel = travel_between([town], [village.code for village in villages], tree, graph)
    assert not travel.is_estimated.any()
    assert np.median(travel.minutes) < 90


def test_zhoushan_is_joined_by_assumed_ferries_only_where_the_water_is(lists, tmp_path):
    loaded = registers(write_real_places("zhoushan", lists, tmp_path, seed=1))
    tree = divisions_from(loaded["divisions"].rows, DAY)
    codes = [village.code for village in tree.list_villages()]
    assert len(codes) == 281
    port = "330903001000"
    with_ferries, without = (road_graph_from(loaded["roads"].rows, DAY, **k) for k in ({}, {"kinds": ROAD_KINDS}))
    assert find_cut_off(with_ferries, codes, [port], tree).places == ()
    islands = {tree.get(code).island for code in find_cut_off(without, codes, [port], tree).places}
    assert islands == {d.island for d in tree.list_villages()} - {"舟山岛"}
    assert weekly_trips_from(loaded["timetable"].rows).findings == ()
    assert "假定的航线：干览镇—秀山乡" in (tmp_path / "assumptions.txt").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(lists, tmp_path):
    one, same, other = (
        write_real_places("yiwu", lists, tmp_path / n, seed=s) for n, s in (("a", 1), ("b", 1), ("c", 2))
    )
    files = sorted(path.name for path in (one / "records").iterdir())
    assert all((one / "records" / f).read_bytes() == (same / "records" / f).read_bytes() for f in files)
    assert (one / "records/roads.csv").read_bytes() != (other / "records/roads.csv").read_bytes()


def test_an_unknown_city_is_refused_with_those_that_are_known(lists, tmp_path):
    with pytest.raises(UnusableInputError, match="zhoushan"):
        write_real_places("atlantis", lists, tmp_path)


def test_a_folder_without_the_lists_is_refused(tmp_path):
    with pytest.raises(UnusableInputError, match="villages_five_cities"):
        write_real_places("yiwu", tmp_path, tmp_path)
