from datetime import date

import pytest

from posthouse.cli.plan_inputs import add_files
from posthouse.planning.depots import Need
from posthouse.planning.effort import Effort
from posthouse.planning.ground import ground_from
from posthouse.planning.scenario import scenario_from
from posthouse.planning.weekly import plan_week
from tests.planning.county import OWN_VANS_ONLY, TOWN, A, B, registers

MONDAY = date(2021, 6, 28)


def tables(**more):
    return registers(timetable=[], **more)


def feed(folder, *times):
    """One trip from 东镇 to 乙村 every day, carrying parcels; a stop for each time, as GTFS files."""
    folder.mkdir()
    stops = (TOWN, B)
    files = {
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon", f"{TOWN},东镇,29.0,120.0", f"{B},乙村,29.2,120.0"],
        "routes.txt": ["route_id,route_type", "R,3"],
        "trips.txt": ["route_id,service_id,trip_id", "R,S,T"],
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            "S,1,1,1,1,1,1,1,20210101,20211231",
        ],
        "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]
        + [f"T,{time},{time},{stop},{n}" for n, (time, stop) in enumerate(zip(times, stops, strict=True), start=1)],
    }
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_feed_s_trip_past_midnight_joins_the_register(tmp_path):
    inputs = add_files(tables(), gtfs=feed(tmp_path / "feed", "23:50:00", "25:10:00"), roads=None, on=MONDAY)
    rows = inputs.registers["timetable"].to_pylist()
    assert [(row["division"], row["arrive_min"], row["weekdays"]) for row in rows] == [
        (TOWN, 1430, "1111111"),
        (B, 1510, "1111111"),
    ]


def test_a_bad_feed_is_a_finding_and_the_rest_is_planned(tmp_path):
    inputs = add_files(tables(), gtfs=feed(tmp_path / "feed", "10:00:00", "09:00:00"), roads=None, on=MONDAY)
    assert inputs.findings
    ground = ground_from(inputs.registers, scenario_from(OWN_VANS_ONLY))
    answer = plan_week([Need(village=A, visits=3)], ground, Effort(seconds=0.5), seed=1)
    assert answer.missing == {}


def test_villages_join_the_roads_of_a_file(tmp_path):
    file = tmp_path / "roads.csv"
    rows = ["road_id,from_node,to_node,kind,length_km,minutes,from_lon,from_lat,to_lon,to_lat"]
    rows.append("N1,x,y,county_road,22.3,30,120.0,29.0,120.0,29.2")
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    inputs = add_files(tables(roads=[]), gtfs=None, roads=file, on=MONDAY)
    answer = plan_week(
        [Need(village=A, visits=3)],
        ground_from(inputs.registers, scenario_from(OWN_VANS_ONLY)),
        Effort(seconds=0.5),
        seed=1,
    )
    assert answer.drives[0][1].distance_km == pytest.approx(22.3, rel=0.05)
