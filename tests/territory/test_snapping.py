"""Villages beside a straight road of 10 km along the parallel; 0.01 degree of latitude is 1.112 km."""

import math

import pytest

from posthouse.territory.components import find_cut_off
from posthouse.territory.distance import DEFAULT_DETOUR
from posthouse.territory.divisions import divisions_from
from posthouse.territory.roads import edge_table, make_graph
from posthouse.territory.snapping import ACCESS_KMH, snap_places
from posthouse.territory.ways import fastest_ways
from tests.territory.ground import ISLE, PINE, STONE, TOWN, divisions

ENDS = {"w": (120.0, 29.0), "e": (120.1, 29.0), "i": (120.0, 29.3), "j": (120.1, 29.3)}


def row(road, one, other, km, minutes, **more):
    base = {"road_id": road, "from_node": one, "to_node": other, "kind": "county_road"}
    return base | {"length_km": km, "minutes": minutes} | more


def street(*more, **columns):
    return make_graph(edge_table([row("R1", "w", "e", 10.0, 20.0, **columns), *more]), ENDS)


def way(graph, one, other, **scenario):
    number = graph.number_of
    minutes, km = fastest_ways(graph, [number[one]], [number[other]], **scenario)
    return float(minutes[0, 0]), float(km[0, 0])


def test_a_village_joins_the_point_of_the_road_that_it_lies_beside():
    snapped = snap_places(street(), {"v": (120.05, 29.01)})
    access = 1.112 * DEFAULT_DETOUR
    assert snapped.distance_km["v"] == pytest.approx(1.112, abs=0.001)
    minutes, km = way(snapped.graph, "v", "e")
    assert km == pytest.approx(5.0 + access, abs=0.01)
    assert minutes == pytest.approx(10.0 + access / ACCESS_KMH * 60, abs=0.02)
    assert way(snapped.graph, "w", "e") == pytest.approx((20.0, 10.0))


def test_several_villages_split_a_road_in_their_order_and_closing_it_closes_every_piece():
    graph = snap_places(street(), {"b": (120.08, 29.0), "a": (120.02, 29.0), "end": (120.1, 29.0)}).graph
    assert way(graph, "a", "b")[1] == pytest.approx(6.0, abs=0.01)
    assert way(graph, "end", "e")[1] == pytest.approx(0.0, abs=0.01)
    assert {road for road in graph.road_ids if road.startswith("R1")} == {"R1#1", "R1#2", "R1#3"}
    assert way(graph, "a", "b", closed=frozenset({"R1"})) == (math.inf, math.inf)


def test_a_one_way_road_stays_one_way_when_it_is_split():
    graph = snap_places(street(is_oneway=True), {"v": (120.05, 29.0)}).graph
    assert way(graph, "v", "e")[1] == pytest.approx(5.0, abs=0.01)
    assert way(graph, "e", "v")[0] == math.inf


def test_too_far_and_unsurveyed_villages_are_reported_and_left_out():
    snapped = snap_places(street(), {"far": (120.05, 29.1), "x": (math.nan, math.nan)}, limit_km=5.0)
    assert [(f.code, f.place) for f in snapped.findings] == [
        ("territory.far_from_road", "far"),
        ("territory.unplaced", "x"),
    ]
    assert not {"far", "x"} & set(snapped.graph.nodes)


def test_nobody_joins_a_motorway_or_a_ferry_midway():
    motorway = snap_places(street(can_join=False), {"v": (120.05, 29.01)})
    ferry = snap_places(street(kind="ferry"), {"v": (120.05, 29.01)})
    assert [s.findings[0].code for s in (motorway, ferry)] == ["territory.far_from_road"] * 2


def test_villages_on_an_unconnected_road_are_told_together():
    graph = street(row("R2", "i", "j", 10.0, 20.0))
    graph = snap_places(graph, {TOWN: (120.0, 29.0), STONE: (120.03, 29.3), PINE: (120.06, 29.3)}).graph
    cut_off = find_cut_off(graph, [STONE, PINE, ISLE], [TOWN], divisions_from(divisions()))
    assert cut_off.groups == ((STONE, PINE), (ISLE,))
    assert "东镇石村、东镇松村" in cut_off.findings[0].message
    assert "小屿" in cut_off.findings[1].message


def test_a_village_that_one_can_reach_but_not_leave_is_cut_off():
    graph = street(row("R3", "e", STONE, 1.0, 1.0, is_oneway=True))
    assert find_cut_off(graph, [STONE], ["w"], divisions_from(divisions())).places == (STONE,)


def test_without_the_ferry_of_the_day_the_island_is_cut_off():
    graph = street(row("F1", "e", ISLE, 9.0, 40.0, kind="ferry", weekdays="1010101"))
    tree = divisions_from(divisions())
    assert find_cut_off(graph, [ISLE], ["w"], tree, weekday=0).places == ()
    assert find_cut_off(graph, [ISLE], ["w"], tree, weekday=1).places == (ISLE,)
    assert find_cut_off(graph, [ISLE], ["w"], tree, closed=frozenset({"R1"})).places == (ISLE,)
