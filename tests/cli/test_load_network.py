from posthouse.cli.main import main
from posthouse.stores.workspace import create_workspace, open_workspace
from tests.planning.county import TOWN, A, B, registers
from tests.planning.test_bad_inputs import FEED, feed


def city(folder):
    create_workspace(folder).write_table("divisions", registers()["divisions"])
    return folder


def table(folder, name):
    return open_workspace(folder).read_table(name).to_pylist()


def test_a_feed_is_kept_in_the_register_of_trips_and_loading_it_again_changes_nothing(tmp_path):
    workspace = city(tmp_path / "workspace")
    source = feed(tmp_path / "feed")
    for _ in range(2):
        assert main(["load", str(source), "--into", str(workspace)]) == 0
        rows = table(workspace, "timetable")
        assert [(r["trip_id"], r["division"], r["arrive_min"]) for r in rows] == [("T", TOWN, 1430), ("T", B, 1510)]


def test_a_trip_with_fewer_stops_than_before_is_said_and_the_old_one_stays(tmp_path, capsys):
    workspace = city(tmp_path / "workspace")
    longer = FEED["stop_times.txt"].replace(f"{B},2", f"{A},2") + f"T,25:40:00,25:40:00,{B},3\n"
    stops = FEED["stops.txt"] + f"{A},甲村,29.1,120.0\n"
    main(["load", str(feed(tmp_path / "longer", stops=stops, stop_times=longer)), "--into", str(workspace)])
    main(["load", str(feed(tmp_path / "shorter")), "--into", str(workspace)])
    assert "territory.trip_shortened" in capsys.readouterr().err
    assert [row["division"] for row in table(workspace, "timetable")] == [TOWN, A, B]


def test_a_road_file_joins_the_villages_and_is_kept(tmp_path):
    workspace = city(tmp_path / "workspace")
    line = '{"type":"LineString","coordinates":[[120.0,29.0],[120.0,29.2]]}'
    (tmp_path / "roads.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"highway":"secondary"},'
        f'"geometry":{line}}}]}}',
        encoding="utf-8",
    )
    assert main(["load", str(tmp_path / "roads.geojson"), "--into", str(workspace)]) == 0
    nodes = {row[end] for row in table(workspace, "roads") for end in ("from_node", "to_node")}
    assert {TOWN, A, B} <= nodes


def test_without_divisions_there_is_nothing_to_place_stops_by(tmp_path):
    assert main(["load", str(feed(tmp_path / "feed")), "--into", str(tmp_path / "workspace")]) == 2
