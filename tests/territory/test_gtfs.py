"""Feeds made by hand, broken ones, and two that were published."""

import zipfile
from datetime import date

import pytest

from posthouse.territory.divisions import divisions_from
from posthouse.territory.gtfs import read_gtfs
from posthouse.territory.timetable import ferry_links, timetable_from_feed
from posthouse.territory.weekly import weekly_trips, weekly_trips_from
from posthouse.vocabulary.errors import UnusableInputError
from tests.territory.ground import ISLE, OTHER_TOWN, TOWN, divisions, table

WEEK = date(2021, 6, 9)  # a Wednesday

FEED = {
    "stops.txt": f"stop_id,stop_name,stop_lon,stop_lat\n{TOWN},东镇站,120.0,29.0\nmid,岔口,119.95,29.0\n"
    "quay,西镇码头,119.9,29.001\nisle,小屿,119.9,28.8\nsea,灯塔,118.0,28.0\n",
    "routes.txt": "route_id,route_type\nB,3\nF,4\nT,2\n",
    "trips.txt": "route_id,service_id,trip_id\nB,daily,b1\nB,daily,night\nF,some,f1\nT,daily,t1\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    f"b1,08:00:00,08:00:00,{TOWN},1\nb1,,,mid,2\nb1,09:00:00,09:00:00,quay,3\n"
    f"night,23:50:00,23:50:00,quay,1\nnight,25:10:30,25:10:30,{TOWN},2\n"
    "f1,10:00:00,10:00:00,quay,1\nf1,10:40:00,10:40:00,isle,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "daily,1,1,1,1,1,1,1,20210101,20211231\nsome,0,1,0,1,0,0,0,20210101,20211231\n",
    "calendar_dates.txt": "service_id,date,exception_type\nsome,20210610,2\nsome,20210612,1\n",
    "parcels.txt": "route_id,trip_id,takes_parcels,capacity_kg,fare_yuan,cut_off_min\n"
    "B,,1,100,0.5,20\nB,night,0,,,\nF,,1,,1,\n",
    "parcel_stops.txt": "stop_id,change_min,handling_yuan,hand_over_from,hand_over_to\nquay,20,0.2,07:00:00,19:00:00\n",
}


def feed(folder, **changed):
    """The files above, some replaced (`stop_times=...`), or left out (`calendar=None`)."""
    files = FEED | {f"{name}.txt": text for name, text in changed.items()}
    for name, text in files.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8-sig")
    return read_gtfs(folder)


def codes(found):
    return [(f.code, f.place) for f in found.findings]


def trip(week, name):
    return next(t for t in week.trips if t.id == name)


def test_a_feed_becomes_the_trips_of_a_week_with_their_parcel_terms(tmp_path):
    week = weekly_trips(feed(tmp_path), WEEK)
    bus, night, boat = (trip(week, name) for name in ("b1", "night", "f1"))
    assert [(week.stops[s].id, a, d) for s, a, d in bus.calls] == [
        (TOWN, 28800, 28800),
        ("mid", 30600, 30600),
        ("quay", 32400, 32400),
    ]
    assert (bus.takes_parcels, bus.capacity_kg, bus.fare_yuan, bus.cut_off_min) == (True, 100.0, 0.5, 20)
    assert (night.takes_parcels, boat.takes_parcels, boat.capacity_kg) == (False, True, None)
    quay = next(stop for stop in week.stops if stop.id == "quay")
    assert (quay.change_min, quay.handling_yuan, quay.hand_over) == (20, 0.2, (420, 1140))


def test_exceptions_take_a_day_away_and_add_another(tmp_path):
    assert trip(weekly_trips(feed(tmp_path), WEEK), "f1").days == (1, 5)
    assert trip(weekly_trips(feed(tmp_path), date(2021, 6, 16)), "f1").days == (1, 3)


def test_times_past_midnight_stay_on_their_service_day_and_minutes_promise_nothing_too_early(tmp_path):
    night = trip(weekly_trips(feed(tmp_path), WEEK), "night")
    assert [call[1:] for call in night.calls_min] == [(1430, 1430), (1511, 1511)]


def test_other_modes_are_named_and_left_out(tmp_path):
    assert codes(feed(tmp_path)) == [("territory.gtfs_mode", "routes.txt:4")]


def test_a_pattern_with_headways_is_laid_out(tmp_path):
    text = "trip_id,start_time,end_time,headway_secs\nf1,08:00:00,10:00:00,3600\nf1,12:00:00,11:00:00,600\n"
    found = feed(tmp_path, frequencies=text)
    assert [t.id for t in weekly_trips(found, WEEK).trips if t.route == "F"] == ["f1@08:00:00", "f1@09:00:00"]
    assert ("territory.gtfs_cell", "frequencies.txt:3") in codes(found)


def test_a_feed_that_has_run_out_says_so(tmp_path):
    week = weekly_trips(feed(tmp_path), date(2023, 1, 1))
    assert week.trips == ()
    assert [f.code for f in week.findings] == ["territory.gtfs_out_of_date"]


BUSES, ALL = {"b1", "night"}, {"b1", "night", "f1"}


@pytest.mark.parametrize(
    ("name", "slip", "place", "left"),
    [
        ("stop_times", ("10:40:00,10:40:00", "09:40:00,09:40:00"), "stop_times.txt:8", BUSES),
        ("stop_times", ("10:40:00,10:40:00", "later,later"), "stop_times.txt:8", BUSES),
        ("stop_times", ("10:40:00,10:40:00", ","), "stop_times.txt:8", BUSES),
        ("stop_times", ("isle,2", "atlantis,2"), "stop_times.txt:8", BUSES),
        ("stop_times", ("isle,2", "isle,two"), "stop_times.txt:8", BUSES),
        ("stop_times", ("isle,2", "isle"), "stop_times.txt:8", BUSES),
        ("trips", ("F,some,f1", "F,never,f1"), "trips.txt:4", BUSES),
        ("trips", ("F,some,f1", "G,some,f1"), "trips.txt:4", BUSES),
        ("trips", ("F,some,f1", "F,some,b1"), "trips.txt:4", BUSES),
        ("calendar", ("some,0,1", "some,0,x"), "calendar.txt:3", ALL),
        ("calendar", ("start_date", "begin"), "calendar.txt", {"f1"}),
        ("parcels", ("F,,1", "F,,perhaps"), "parcels.txt:4", ALL),
        ("parcels", ("100,0.5", "much,0.5"), "parcels.txt:2", ALL),
        ("parcel_stops", ("07:00:00", "seven"), "parcel_stops.txt:2", ALL),
        ("stops", ("28.8", "north"), "stops.txt:5", ALL),
        ("routes", ("F,4", "F,ship"), "routes.txt:3", BUSES),
    ],
)
def test_a_fault_is_reported_with_its_row_and_the_rest_is_used(tmp_path, name, slip, place, left):
    found = feed(tmp_path, **{name: FEED[f"{name}.txt"].replace(*slip)})
    assert place in [f.place for f in found.findings]
    assert {t.id for t in found.trips} == left


def test_without_days_no_trip_runs_and_without_parcel_terms_none_takes_parcels(tmp_path):
    found = feed(tmp_path, calendar=None, calendar_dates=None, parcels=None)
    assert found.trips == ()
    assert {"territory.gtfs_no_days", "territory.gtfs_no_parcels"} <= {f.code for f in found.findings}


def test_a_zip_is_a_feed_and_what_is_none_is_refused(tmp_path):
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in FEED.items():
            archive.writestr(f"inside/{name}", text)
    assert len(read_gtfs(path).trips) == 3
    with pytest.raises(UnusableInputError, match="zip"):
        read_gtfs(tmp_path / "nothing.zip")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnusableInputError, match=r"stops\.txt"):
        read_gtfs(tmp_path / "empty")


def test_stops_stand_for_the_villages_beside_them(tmp_path):
    rows, findings = timetable_from_feed(feed(tmp_path), divisions_from(divisions()), WEEK)
    calls = [(r["trip_id"], r["division"], r["arrive_min"], r["weekdays"]) for r in rows.to_pylist()]
    assert calls == [
        ("b1", TOWN, 480, "1111111"),
        ("b1", OTHER_TOWN, 540, "1111111"),
        ("f1", OTHER_TOWN, 600, "0100010"),
        ("f1", ISLE, 640, "0100010"),
        ("night", OTHER_TOWN, 1430, "1111111"),
        ("night", TOWN, 1511, "1111111"),
    ]
    assert ("territory.stop_without_place", "mid") in [(f.code, f.place) for f in findings]
    assert [t.id for t in weekly_trips_from(rows).trips] == ["b1", "f1", "night"]


def test_a_ferry_is_an_edge_on_the_days_it_sails(tmp_path):
    rows, _ = timetable_from_feed(feed(tmp_path), divisions_from(divisions()), WEEK)
    graph = ferry_links(weekly_trips_from(rows))
    assert (graph.nodes[graph.tail[0]], graph.nodes[graph.head[0]]) == (OTHER_TOWN, ISLE)
    assert (bool(graph.is_oneway[0]), int(graph.weekdays[0])) == (True, 0b100010)
    assert float(graph.minutes[0]) == 40.0 + 240.0  # one sailing in a day of eight hours: half of it is waited


def test_the_register_keeps_a_bus_past_midnight_and_reports_times_that_go_back():
    def call(name, sequence, division, minute):
        base = {"trip_id": name, "route_id": "B", "mode": "bus", "stop_sequence": sequence, "division": division}
        return base | {"arrive_min": minute, "depart_min": minute, "weekdays": "1000001", "takes_parcels": True}

    week = weekly_trips_from(
        table(
            "timetable",
            [
                call("late", 1, TOWN, 1430),
                call("late", 2, OTHER_TOWN, 1460),
                call("odd", 1, TOWN, 600),
                call("odd", 2, OTHER_TOWN, 590),
            ],
        )
    )
    assert [(t.id, t.days, t.calls[1][1]) for t in week.trips] == [("late", (0, 6), 1460 * 60)]
    assert [(f.code, f.place) for f in week.findings] == [("territory.unusable_trip", "odd")]


def test_the_published_overnight_ferry_arrives_after_midnight(shared):
    week = weekly_trips(read_gtfs(shared / "data/timetables/gtfs_ferry_miyako"), date(2018, 7, 4))
    night = trip(week, "to_miyako")
    assert [depart // 3600 for _, _, depart in night.calls] == [20, 30]


def test_the_published_ferries_of_a_country_are_read_with_one_faulty_trip(shared):
    found = read_gtfs(shared / "data/timetables/gtfs_dutch_ferries")
    assert (len(found.stops), len(found.trips)) == (567, 550)
    assert [f.code for f in found.findings] == ["territory.gtfs_no_parcels", "territory.gtfs_trip"]
    assert len(ferry_links(weekly_trips(found, date(2019, 7, 4))).road_ids) > 500
