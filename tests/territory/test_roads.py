from posthouse.territory.roads import ROAD_KINDS, join_graphs, road_graph_from, roads_table
from posthouse.territory.ways import fastest_ways
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


def test_the_register_comes_back_as_it_went_in():
    more = road("F1", TOWN, STONE, 20.0, 60.0, kind="ferry")
    columns = {"is_oneway": True, "weekdays": "1010101", "basis": "straight_line", "from_lon": 120.0, "from_lat": 29.0}
    graph = road_graph_from(roads(more | columns))
    row = next(row for row in roads_table(graph).to_pylist() if row["road_id"] == "F1")
    assert {name: row[name] for name in columns} == columns
    assert (row["to_lon"], row["to_lat"]) == (None, None)


def test_joined_graphs_share_the_nodes_of_the_same_id():
    whole = road_graph_from(roads())
    more = road_graph_from(roads(road("R9", "X1", "X2", 3.0, 4.0)), kinds=frozenset({"county_road"}))
    joined = join_graphs(whole, more)
    assert len(joined.road_ids) == len(whole.road_ids) + len(more.road_ids)
    assert set(joined.nodes) == {*whole.nodes, "X2"}
