"""Road files of three kinds, and what is wrong in them."""

import json

import numpy as np
import pytest

from posthouse.territory.components import component_labels
from posthouse.territory.coordinates import from_wgs84
from posthouse.territory.distance import straight_km
from posthouse.territory.read_roads import read_roads
from posthouse.territory.roads import KINDS
from posthouse.vocabulary.errors import UnusableInputError


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def edge(graph, road):
    at = graph.road_ids.index(road)
    return (
        graph.nodes[graph.tail[at]],
        graph.nodes[graph.head[at]],
        float(graph.length_km[at]),
        float(graph.minutes[at]),
        bool(graph.is_oneway[at]),
    )


def test_a_csv_in_chinese_is_read_and_its_broken_rows_are_reported_with_their_line(tmp_path):
    text = "路段编号,起点,终点,类别,长度,时间,单行\nR1,a,b,县道,3.8,6,是\n\nR2,b,c,轮船,2,2,\nR3,b,c,村道,多,2,\nR4,b\n"
    graph = read_roads(write(tmp_path / "路网.csv", "\ufeff" + text))
    assert edge(graph, "R1") == ("a", "b", 3.8, 6.0, True)
    assert [(f.code, f.place) for f in graph.findings] == [
        ("territory.ragged_row", "路网.csv:6"),
        ("territory.bad_row", "路网.csv:4"),
        ("territory.bad_row", "路网.csv:5"),
    ]


def test_a_time_that_is_not_given_follows_from_the_class(tmp_path):
    graph = read_roads(write(tmp_path / "r.csv", "from,to,km\na,b,38\n"))
    assert float(graph.minutes[0]) == 60.0


def test_a_negative_length_is_left_out_and_said(tmp_path):
    graph = read_roads(write(tmp_path / "r.csv", "from,to,km\na,b,-1\na,c,2\n"))
    assert (len(graph.road_ids), [f.code for f in graph.findings]) == (1, ["territory.negative_road"])


def test_positions_of_nodes_come_from_the_file_beside_and_are_turned_into_wgs84(tmp_path):
    lon, lat = from_wgs84(np.array([120.0, 120.1]), np.array([29.0, 29.0]), "gcj02")
    rows = "\n".join(f"{node},{x},{y}" for node, x, y in zip("ab", lon, lat, strict=True))
    write(tmp_path / "r_nodes.csv", f"id,lon,lat\n{rows}\n")
    graph = read_roads(write(tmp_path / "r_edges.csv", "from,to,km\na,b,12\n"), system="gcj02")
    assert straight_km(graph.lon, graph.lat, np.array([120.0, 120.1]), np.array([29.0, 29.0])).max() < 0.001


def test_lines_of_geojson_join_at_shared_vertices_and_share_out_a_given_length(tmp_path):
    def line(coordinates, **properties):
        return {
            "type": "Feature",
            "properties": properties,
            "geometry": {"type": "LineString", "coordinates": coordinates},
        }

    features = [
        line([[120.0, 29.0], [120.1, 29.0], [120.2, 29.0]], id="A", km=30.0, minutes=40.0, highway="primary"),
        line([[120.1, 29.0], [120.1, 29.1]], id="B", kind="村道"),
        line([[120.1, 29.0]], id="C"),
        line([[120.1, 29.0], [121.0, 29.0]], id="D", highway="footway"),
    ]
    graph = read_roads(write(tmp_path / "r.geojson", json.dumps({"type": "FeatureCollection", "features": features})))
    assert edge(graph, "A#1")[2:4] == pytest.approx((15.0, 20.0))
    assert edge(graph, "B")[2] == pytest.approx(11.12, abs=0.01)
    assert component_labels(graph).max() == 0
    assert [f.place for f in graph.findings] == ["r.geojson:3", "r.geojson:4"]


OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lon="120.0" lat="29.0"/><node id="2" lon="120.01" lat="29.0"/><node id="3" lon="120.02" lat="29.0"/>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/><tag k="maxspeed" v="30"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="oneway" v="-1"/></way>
<way id="12"><nd ref="1"/><nd ref="3"/><tag k="highway" v="service"/><tag k="access" v="private"/></way>
<way id="13"><nd ref="1"/><nd ref="3"/><tag k="route" v="ferry"/><tag k="duration" v="01:10"/></way>
<way id="14"><nd ref="1"/><nd ref="3"/><tag k="highway" v="footway"/></way>
<way id="15"><nd ref="1"/><nd ref="9"/><nd ref="3"/><tag k="highway" v="track"/>
<tag k="motor_vehicle" v="yes"/><tag k="access" v="no"/></way>
</osm>"""


def test_openstreetmap_tells_class_limit_direction_access_and_ferries(tmp_path):
    graph = read_roads(write(tmp_path / "town.osm", OSM))
    km = float(straight_km(*map(np.array, (120.0, 29.0, 120.01, 29.0))))
    assert edge(graph, "w10#1") == ("n1", "n2", pytest.approx(km), pytest.approx(km / 24 * 60), False)
    assert edge(graph, "w11#1")[:2] == ("n3", "n2")
    assert edge(graph, "w11#1")[4]
    assert edge(graph, "w13#1")[3] == pytest.approx(85.0)
    assert sorted({road.partition("#")[0] for road in graph.road_ids}) == ["w10", "w11", "w13", "w15"]
    assert sorted(f.code for f in graph.findings) == ["territory.ferry_without_days", "territory.incomplete_extract"]


@pytest.mark.parametrize("name", ["andorra.osm.pbf", "north-bayreuth.osm.gz"])
def test_a_real_extract_gives_one_large_network(shared, name):
    graph = read_roads(shared / "data/osm" / name)
    sizes = np.bincount(component_labels(graph))
    assert graph.length_km.sum() > 400
    assert sizes.max() / sizes.sum() > 0.9
    assert {KINDS[kind] for kind in set(graph.kind.tolist())} >= {"trunk", "county_road", "village_road"}


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("r.shp", "x", "应为 .csv"),
        ("r.csv", "起点,终点\na,b\n", "length_km"),
        ("r.csv", "", "标题行"),
        ("r.geojson", "[]", "GeoJSON"),
        ("r.osm", "no xml", "OpenStreetMap"),
    ],
)
def test_a_file_that_is_no_road_file_is_refused(tmp_path, name, text, says):
    with pytest.raises(UnusableInputError, match=says):
        read_roads(write(tmp_path / name, text))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UnusableInputError, match="检查路径"):
        read_roads(tmp_path / "none.csv")
