"""Many-to-many ways against plain Dijkstra and by hand: one-way roads, closed roads, days, classes of vehicles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.territory.roads import days_mask, edge_table, make_graph
from posthouse.territory.ways import fastest_ways


def graph_of(*edges, **columns):
    """Edges as (from, to, km, minutes[, more columns])."""
    names = ("from_node", "to_node", "length_km", "minutes")
    rows = [
        {"road_id": f"R{i}", "kind": "county_road", **dict(zip(names, edge, strict=False)), **columns}
        | (edge[4] if len(edge) > 4 else {})
        for i, edge in enumerate(edges)
    ]
    return make_graph(edge_table(rows), {})


def minutes(graph, one, other, **scenario):
    number = graph.number_of
    return float(fastest_ways(graph, [number[one]], [number[other]], **scenario)[0][0, 0])


TRIANGLE = (("a", "b", 1.0, 1.0), ("b", "c", 2.0, 2.0), ("a", "c", 9.0, 9.0))


def test_a_one_way_road_is_driven_in_one_direction_only():
    graph = graph_of(("a", "b", 1.0, 1.0, {"is_oneway": True}), *TRIANGLE[1:])
    assert (minutes(graph, "a", "b"), minutes(graph, "b", "a")) == (1.0, 11.0)


def test_a_closed_road_and_its_pieces_are_left_out():
    pieces = (("a", "x", 0.5, 0.5, {"road_id": "R9#1"}), ("x", "b", 0.5, 0.5, {"road_id": "R9#2"}))
    graph = graph_of(*pieces, *TRIANGLE[1:])
    assert minutes(graph, "a", "b") == 1.0
    assert minutes(graph, "a", "b", closed=frozenset({"R9"})) == 11.0
    assert minutes(graph, "a", "b", closed=frozenset({"R9#2"})) == 11.0
    assert minutes(graph, "a", "b") == 1.0  # what was laid on for a scenario does not stay


def test_a_ferry_goes_on_its_days():
    graph = graph_of(("port", "isle", 10.0, 40.0, {"kind": "ferry", "weekdays": "1010000"}))
    assert minutes(graph, "port", "isle", weekday=2) == 40.0
    assert minutes(graph, "port", "isle", weekday=3) == np.inf
    assert minutes(graph, "port", "isle") == 40.0
    assert days_mask("1010000") == 0b101


def test_a_faster_class_of_vehicles_may_choose_another_way():
    graph = graph_of(TRIANGLE[0], TRIANGLE[1], ("a", "c", 5.0, 4.0, {"kind": "trunk"}))
    assert minutes(graph, "a", "c") == 3.0
    assert minutes(graph, "a", "c", speed={"trunk": 2.0}) == 2.0
    with pytest.raises(ValueError, match="> 0"):
        minutes(graph, "a", "c", speed={"trunk": 0.0})


def test_of_equally_fast_ways_the_shorter_counts_and_float32_halves_the_memory():
    graph = graph_of(("a", "b", 7.0, 3.0), ("a", "x", 1.0, 1.0), ("x", "b", 1.0, 2.0))
    number = graph.number_of
    time, km = fastest_ways(graph, [number["a"]], [number["b"]], dtype="float32")
    assert (time[0, 0], km[0, 0], km.dtype) == (3.0, 2.0, np.float32)


def reference(graph):
    """Floyd and Warshall over minutes and km, shorter of the equally fast."""
    size = len(graph.nodes)
    best = np.full((size, size, 2), np.inf)
    best[np.arange(size), np.arange(size)] = 0.0
    for tail, head, time, km, one_way in zip(
        graph.tail, graph.head, graph.minutes, graph.length_km, graph.is_oneway, strict=True
    ):
        for a, b in ((tail, head),) if one_way else ((tail, head), (head, tail)):
            best[a, b] = min(best[a, b].tolist(), [time, km])
    for k in range(size):
        for i in range(size):
            for j in range(size):
                best[i, j] = min(best[i, j].tolist(), (best[i, k] + best[k, j]).tolist())
    return best


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 20), st.booleans()),
        min_size=1,
        max_size=30,
    )
)
def test_ways_agree_with_all_pairs_on_random_one_way_graphs(edges):
    graph = graph_of(*((f"n{a}", f"n{b}", float(km), float(m), {"is_oneway": w}) for a, b, km, m, w in edges))
    nodes = list(range(len(graph.nodes)))
    found = np.stack(fastest_ways(graph, nodes, nodes[::-1]), axis=2)[:, ::-1]
    assert np.array_equal(found, reference(graph))


def test_a_grid_agrees_with_scipy():
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    side, rng = 25, np.random.default_rng(5)
    at = np.arange(side * side).reshape(side, side)
    pairs = [*zip(at[:, :-1].flat, at[:, 1:].flat, strict=True), *zip(at[:-1].flat, at[1:].flat, strict=True)]
    weight = rng.uniform(1, 9, len(pairs))
    graph = graph_of(*((f"{a:04d}", f"{b:04d}", w / 2, w) for (a, b), w in zip(pairs, weight, strict=True)))
    ones, others = np.array(pairs).T
    peer = dijkstra(csr_array((weight, (ones, others)), shape=(side**2, side**2)), directed=False)
    nodes = list(range(side * side))
    time, km = fastest_ways(graph, nodes, nodes)
    assert np.allclose(time, peer)
    assert np.allclose(km, peer / 2)
