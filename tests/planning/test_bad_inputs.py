"""What people really hand in: the fault is said with its place, and the rest is still planned."""

from datetime import date

import pytest

from posthouse.cli.plan_inputs import add_files
from posthouse.planning.depots import Need
from posthouse.planning.edits import read_edits
from posthouse.planning.effort import Effort
from posthouse.planning.ground import ground_from
from posthouse.planning.scenario import scenario_from
from posthouse.planning.weekly import plan_week
from posthouse.vocabulary.errors import UnusableInputError
from tests.planning.county import DIVISIONS, OWN_VANS_ONLY, ROADS, TOWN, A, B, C, registers
from tests.territory.ground import road

MONDAY = date(2021, 6, 28)
STOP_TIMES = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
FEED = {
    "stops.txt": f"stop_id,stop_name,stop_lat,stop_lon\n{TOWN},东镇,29.0,120.0\n{B},乙村,29.2,120.0\n",
    "routes.txt": "route_id,route_type\nR,3\n",
    "trips.txt": "route_id,service_id,trip_id\nR,S,T\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "S,1,1,1,1,1,1,1,20210101,20211231\n",
    "stop_times.txt": f"{STOP_TIMES}T,23:50:00,23:50:00,{TOWN},1\nT,25:10:00,25:10:00,{B},2\n",
    "parcels.txt": "route_id,trip_id,takes_parcels,capacity_kg,fare_yuan,cut_off_min\nR,,1,100,0.5,20\n",
}


def feed(folder, *, encoding="utf-8", **changed):
    """The files above, some replaced (`stop_times=...`) or left out (`calendar=None`)."""
    folder.mkdir()
    for name, text in (FEED | {f"{name}.txt": text for name, text in changed.items()}).items():
        if text is not None:
            (folder / name).write_text(text, encoding=encoding)
    return folder


def planned(inputs, **levers):
    """The days of 甲村, 乙村 and 丙村, promised three visits a week, and the findings on the way."""
    ground = ground_from(inputs.registers, scenario_from(OWN_VANS_ONLY | levers))
    needs = [Need(village=village, visits=3) for village in (A, B, C)]
    answer = plan_week(needs, ground, Effort(seconds=0.3), seed=1)
    faults = (*inputs.findings, *ground.divisions.findings, *ground.graph.findings, *answer.findings)
    return answer, {fault.code for fault in faults}


def with_feed(folder):
    return add_files(registers(timetable=[]), gtfs=folder, roads=None, on=MONDAY)


@pytest.mark.parametrize(
    ("changed", "code", "trips"),
    [
        ({"stop_times": None}, "planning.unusable_file", 0),
        ({"calendar": None}, "territory.gtfs_no_days", 0),
        ({"stop_times": FEED["stop_times.txt"] + "T,26:00:00,26:00:00,nowhere,3\n"}, "territory.gtfs_cell", 1),
        ({"trips": FEED["trips.txt"] + "R,S,T\n"}, "territory.gtfs_cell", 1),
        (
            {"stop_times": f"{STOP_TIMES}T,9:00:00,9:00:00,{TOWN},1\nT,8:00:00,8:00:00,{B},2\n"},
            "territory.gtfs_cell",
            0,
        ),
    ],
    ids=["a file is missing", "no calendar", "unknown stop", "trip twice", "back in time"],
)
def test_a_bad_feed_is_said_and_the_villages_are_still_planned(tmp_path, changed, code, trips):
    inputs = with_feed(feed(tmp_path / "feed", **changed))
    answer, codes = planned(inputs)
    assert code in codes
    assert len({row["trip_id"] for row in inputs.registers["timetable"].to_pylist()}) == trips
    assert answer.missing == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_a_feed_in_the_encodings_of_offices_is_read_with_its_trip_past_midnight(tmp_path, encoding):
    rows = with_feed(feed(tmp_path / "feed", encoding=encoding)).registers["timetable"].to_pylist()
    assert [row["arrive_min"] for row in rows] == [1430, 1510]


def test_a_feed_that_is_not_there_at_all_is_refused(tmp_path):
    with pytest.raises(UnusableInputError):
        with_feed(tmp_path / "missing")


def test_a_road_file_that_holds_no_roads_is_said_and_the_register_s_roads_serve(tmp_path):
    (tmp_path / "roads.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    inputs = add_files(registers(timetable=[]), gtfs=None, roads=tmp_path / "roads.csv", on=MONDAY)
    answer, codes = planned(inputs)
    assert ("planning.unusable_file" in codes, answer.missing) == (True, {})


def test_a_village_without_coordinates_on_a_road_is_planned_by_it():
    rows = [dict(row, lon=None, lat=None) if row["code"] == B else row for row in DIVISIONS]
    answer, codes = planned(add_files(registers(divisions=rows, timetable=[]), gtfs=None, roads=None, on=MONDAY))
    assert ("territory.no_position" in codes, answer.missing) == (True, {})


def test_a_village_without_coordinates_and_road_is_told_from_the_rest():
    rows = [dict(row, lon=None, lat=None) if row["code"] == B else row for row in DIVISIONS]
    tables = registers(divisions=rows, roads=[ROADS[0], ROADS[2]], timetable=[])
    answer, _ = planned(add_files(tables, gtfs=None, roads=None, on=MONDAY))
    assert answer.missing == {B: 3}
    assert "没有道路从网点通达" in answer.remote.why[B]


def test_a_road_that_joins_nothing_and_a_negative_one_do_not_stop_the_others():
    odd = (road("X1", "nowhere", "elsewhere", 3.0, 5.0), road("X2", TOWN, A, -1.0, 5.0))
    answer, codes = planned(add_files(registers(roads=(*ROADS, *odd), timetable=[]), gtfs=None, roads=None, on=MONDAY))
    assert ("territory.negative_road" in codes, answer.missing) == (True, {})


def test_a_forbidden_road_that_cuts_a_village_off_is_not_replaced_by_a_straight_line():
    tables = add_files(registers(timetable=[]), gtfs=None, roads=None, on=MONDAY)
    answer, _ = planned(tables, rounds={"available_share": 1.0, "closed_roads": ["R3"]})
    assert answer.missing == {C: 3}
    assert set(answer.patterns) == {A, B}


def test_merged_cells_and_full_width_digits_of_an_edited_plan_are_read(tmp_path):
    import xlsxwriter

    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("村")
        head = ["村代码", "村", "方式", *(f"周{day}" for day in "一二三四五六日"), "锁定", "不可投递日"]
        sheet.write_row(0, 0, head)
        full = str.maketrans("0123456789", "０１２３４５６７８９")
        sheet.write_row(1, 0, [A.translate(full), "甲村", ""])
        sheet.merge_range(1, 3, 1, 5, "√")
        sheet.write(1, 10, "１")
        sheet.write(1, 11, "周六、日")
        roads = book.add_worksheet("禁行道路")
        roads.write_column(0, 0, ["路段编号", "Ｒ３"])
    edits = read_edits(path)
    assert edits.locked == {A: (1, 2, 3)}
    assert edits.forbidden == {A: (6, 7)}
    assert edits.roads == ("R3",)
