import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import floyd_warshall

from posthouse.territory.roads import ROAD_KINDS, fastest_ways, road_graph_from
from tests.territory.ground import PINE, STONE, TOWN, road, roads


def ways(graph, origins, destinations):
    number = graph.number_of
    return fastest_ways(graph, [number[c] for c in origins], [number[c] for c in destinations])


def test_the_fastest_way_is_taken_and_its_km_are_summed():
    minutes, km = ways(road_graph_from(roads()), [TOWN], [STONE, PINE])
    # 东镇 to 松村 over the crossing: 6 + 10 min and 4 + 5 km; the direct road of 9 km takes 20 min.
    assert minutes.tolist() == [[18.0, 16.0]]
    assert km.tolist() == [[10.0, 9.0]]


def test_of_two_parallel_roads_the_faster_counts():
    minutes, km = ways(road_graph_from(roads(road("R9", TOWN, STONE, 15.0, 5.0))), [TOWN], [STONE])
    assert (minutes[0, 0], km[0, 0]) == (5.0, 15.0)


def test_a_negative_length_is_reported_and_left_out():
    graph = road_graph_from(roads(road("R9", TOWN, STONE, -1.0, 1.0)))
    assert [(f.code, f.place) for f in graph.findings] == [("territory.negative_road", "R9")]
    assert ways(graph, [TOWN], [STONE])[0][0, 0] == 18.0


def test_ferries_can_be_left_out():
    table = roads(road("F1", TOWN, "339900102202", 20.0, 60.0, kind="ferry"))
    assert "339900102202" in road_graph_from(table).number_of
    assert "339900102202" not in road_graph_from(table, kinds=ROAD_KINDS).number_of


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 30)), min_size=1, max_size=25))
def test_minutes_agree_with_all_pairs_and_a_constant_speed_gives_proportional_km(edges):
    table = roads(*(road(f"E{i}", f"n{a}", f"n{b}", m * 0.5, float(m)) for i, (a, b, m) in enumerate(edges)))
    graph = road_graph_from(table)
    nodes = [i for i, name in enumerate(graph.nodes) if name.startswith("n")]
    minutes, km = fastest_ways(graph, nodes, nodes)
    assert np.allclose(minutes, floyd_warshall(graph.minutes)[np.ix_(nodes, nodes)])
    assert np.allclose(km[np.isfinite(km)], 0.5 * minutes[np.isfinite(minutes)])
