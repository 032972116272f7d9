import numpy as np
import pytest

from posthouse.territory.distance import DEFAULT_DETOUR, DEFAULT_SPEED_KMH, fit_detour, straight_km
from posthouse.territory.divisions import divisions_from
from posthouse.territory.roads import road_graph_from
from posthouse.territory.travel import islands_without_road, travel_between
from tests.territory.ground import ISLE, OTHER_TOWN, PINE, REED, STONE, TOWN, divisions, road, roads

TREE = divisions_from(divisions())


def test_a_degree_of_latitude_is_111_km():
    assert straight_km(np.array(120.0), np.array(29.0), np.array(120.0), np.array(30.0)) == pytest.approx(
        111.195, abs=0.01
    )


def test_known_roads_count_as_they_are():
    travel = travel_between([TOWN], [STONE, PINE], TREE, road_graph_from(roads()))
    assert travel.minutes.tolist() == [[18.0, 16.0]]
    assert not travel.is_estimated.any()
    assert travel.assumptions == ()


def test_where_no_road_is_known_the_straight_line_is_stretched_and_said():
    travel = travel_between([TOWN], [OTHER_TOWN, REED], TREE, road_graph_from(roads()))
    # 0.1 degree of longitude at 29 N is 9.725 km; one known pair is too few to fit a factor.
    assert travel.distance_km[0, 0] == pytest.approx(9.725 * DEFAULT_DETOUR, rel=1e-3)
    assert travel.minutes[0, 0] == pytest.approx(travel.distance_km[0, 0] / DEFAULT_SPEED_KMH * 60)
    assert {f.code for f in travel.findings} == {"territory.no_road"}
    assert "1.40倍" in travel.assumptions[0]


def test_nobody_drives_to_an_island_without_ferry():
    travel = travel_between([TOWN, ISLE], [ISLE], TREE, road_graph_from(roads()))
    assert travel.minutes.tolist() == [[np.inf], [0.0]]
    assert travel.findings == ()


def test_a_ferry_opens_the_way_to_the_island():
    graph = road_graph_from(roads(road("F1", OTHER_TOWN, ISLE, 25.0, 70.0, kind="ferry")))
    assert travel_between([OTHER_TOWN], [ISLE], TREE, graph).minutes[0, 0] == 70.0
    assert islands_without_road(TREE, graph, OTHER_TOWN) == (STONE, PINE)


def test_islands_without_any_way_are_listed():
    assert islands_without_road(TREE, road_graph_from(roads()), TOWN) == (REED, ISLE)


def test_a_place_without_position_and_road_has_no_way():
    travel = travel_between(["nowhere"], [STONE], TREE, road_graph_from(roads()))
    assert np.isinf(travel.minutes[0, 0])


def test_an_outlet_may_bring_its_own_position():
    travel = travel_between(["WD1"], [STONE], TREE, road_graph_from(roads()), positions={"WD1": (120.0, 29.0)})
    assert travel.distance_km[0, 0] == pytest.approx(11.12 * DEFAULT_DETOUR, rel=1e-3)


def test_the_detour_factor_is_the_median_of_the_known_roads():
    straight = np.full((1, 11), 10.0)
    road_km = np.array([[12.0, 13.0, 14.0, 15.0, 16.0, 15.0, 15.0, 15.0, 15.0, 15.0, 90.0]])
    detour, speed, fitted = fit_detour(straight, road_km, road_km * 2)
    assert (detour, speed, fitted) == (1.5, 30.0, True)


def test_too_few_roads_give_the_defaults():
    one = np.array([[10.0]])
    assert fit_detour(one, one * 2, one) == (DEFAULT_DETOUR, DEFAULT_SPEED_KMH, False)


def test_what_the_scenario_closes_is_not_replaced_by_a_straight_line():
    graph = road_graph_from(roads())
    closed = travel_between([TOWN], [STONE, REED], TREE, graph, closed=frozenset({"R2"}))
    assert closed.basis(0, 0) == "none"
    assert closed.basis(0, 1) == "straight_line"
    assert travel_between([TOWN], [STONE], TREE, graph).basis(0, 0) == "road"


def test_a_faster_van_and_a_day_without_ferry_are_asked_for():
    ferry = road("F1", OTHER_TOWN, ISLE, 25.0, 70.0, kind="ferry") | {"weekdays": "1000000"}
    graph = road_graph_from(roads(ferry))
    assert travel_between([TOWN], [STONE], TREE, graph, speed={"county_road": 2.0}).minutes[0, 0] == 9.0
    assert travel_between([OTHER_TOWN], [ISLE], TREE, graph, weekday=0).minutes[0, 0] == 70.0
    assert np.isinf(travel_between([OTHER_TOWN], [ISLE], TREE, graph, weekday=1).minutes[0, 0])
