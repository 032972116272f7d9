import csv
import io
import sqlite3
from datetime import date

import pytest

from posthouse.planning.model import Call, Plan, Route, Visit, WeekPlan
from posthouse.reports.plan_geography import APPLICATION_ID, plan_to_geojson, plan_to_geopackage
from posthouse.reports.plan_gtfs import plan_to_gtfs
from posthouse.reports.plan_workbook import render_plan_workbook
from posthouse.reports.route_sheets import render_route_sheets

TOWN, A, B = "339900101000", "339900101201", "339900101202"
POSITIONS = {TOWN: (120.0, 29.0), A: (120.0, 29.1), B: (120.0, 29.2)}


def visit(village, name, minute):
    return Visit(village=village, village_name=name, arrive_min=minute, parcels=7, point=f"{name}服务站")


ROUTE = Route(
    weekday=1,
    vehicle="V1",
    depot="东镇营业部",
    visits=(visit(A, "甲村", 560), visit(B, "乙村", 1445)),
    distance_km=60.0,
    duration_min=1000.0,
    cost_yuan=260.0,
    depot_code=TOWN,
    kind="van",
    line="L001",
    depart_min=540,
)
CALLS = tuple(
    Call(
        village=v.village,
        village_name=v.village_name,
        weekday=1,
        arrive_min=v.arrive_min,
        mode="pooled_van",
        line="L001",
        point=v.point,
        parcels=7.0,
        depot_code=TOWN,
    )
    for v in ROUTE.visits
)
PLAN = Plan(routes=(ROUTE,), week=WeekPlan(timetable=CALLS, cost_yuan=260.0))


@pytest.fixture(scope="module")
def feed():
    files = plan_to_gtfs(PLAN, POSITIONS, agency="云县联收联投", start_on=date(2021, 7, 5), end_on=date(2021, 12, 31))
    return {name: list(csv.DictReader(io.StringIO(content.decode()))) for name, content in files.items()}


def test_every_stop_time_names_a_trip_and_a_stop_of_the_feed(feed):
    trips, stops = {row["trip_id"] for row in feed["trips.txt"]}, {row["stop_id"] for row in feed["stops.txt"]}
    assert {(r["trip_id"] in trips, r["stop_id"] in stops) for r in feed["stop_times.txt"]} == {(True, True)}


def test_times_do_not_go_back_and_pass_midnight_as_gtfs_wants(feed):
    times = [t for row in feed["stop_times.txt"] for t in (row["arrival_time"], row["departure_time"])]
    assert times == sorted(times)
    assert "24:05:00" in times


def test_the_feed_says_its_days_and_how_long_it_holds(feed):
    (monday,) = feed["calendar.txt"]
    assert (monday["monday"], monday["sunday"], monday["start_date"], monday["end_date"]) == (
        "1",
        "0",
        "20210705",
        "20211231",
    )


def test_a_stop_without_position_leaves_its_round_out_of_the_feed():
    files = plan_to_gtfs(PLAN, {TOWN: (120.0, 29.0)}, agency="x", start_on=date(2021, 7, 5), end_on=date(2021, 12, 31))
    assert files["trips.txt"].decode().splitlines() == ["route_id,service_id,trip_id,trip_headsign"]


def test_geojson_has_villages_as_points_and_rounds_as_lines_from_the_depot_and_back():
    kinds = [f["geometry"] for f in plan_to_geojson(PLAN, POSITIONS)["features"]]
    assert [k["type"] for k in kinds] == ["Point", "Point", "LineString"]
    assert kinds[2]["coordinates"][0] == kinds[2]["coordinates"][-1] == [120.0, 29.0]


def test_the_geopackage_is_one_and_its_geometries_are_readable(tmp_path):
    import shapely

    path = tmp_path / "plan.gpkg"
    path.write_bytes(plan_to_geopackage(PLAN, POSITIONS))
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        tables = database.execute("SELECT table_name, min_y, max_y FROM gpkg_contents ORDER BY 1").fetchall()
        (blob,) = database.execute("SELECT geom FROM routes").fetchone()
    database.close()
    assert tables == [("routes", 29.0, 29.2), ("villages", 29.1, 29.2)]
    assert blob[:2] == b"GP"
    assert shapely.from_wkb(blob[8:]).geom_type == "LineString"


def test_the_workbook_has_a_mark_on_each_day_of_a_village():
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(io.BytesIO(render_plan_workbook(PLAN))).get_sheet_by_name("村").to_python()
    assert [row[:5] for row in rows[1:]] == [
        [A, "甲村", "联收联投（快快合作）", "√", ""],
        [B, "乙村", "联收联投（快快合作）", "√", ""],
    ]


def test_the_driver_s_sheet_has_times_and_points():
    from docx import Document

    document = Document(io.BytesIO(render_route_sheets(PLAN, title="云县快递进村线路单")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "甲村" in cells
    assert "甲村服务站　7件" in cells
    assert "09:20" in cells


def test_the_same_plan_gives_the_same_workbook():
    assert render_plan_workbook(PLAN) == render_plan_workbook(PLAN)
