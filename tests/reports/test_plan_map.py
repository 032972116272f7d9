from dataclasses import replace

from posthouse.planning.model import StationProposal
from posthouse.reports.model import Place
from posthouse.reports.plan_map import render_plan_map
from tests.reports.test_plan_files import PLAN, POSITIONS, TOWN, A, B

KINDS = {TOWN: ("东镇", "town"), A: ("甲村", "administrative_village"), B: ("乙村", "administrative_village")}
PLACES = {
    code: Place(code=code, name=name, kind=kind, lon=POSITIONS[code][0], lat=POSITIONS[code][1])
    for code, (name, kind) in KINDS.items()
}


def test_the_map_says_who_comes_to_each_village_and_draws_the_rounds():
    page = render_plan_map(PLAN, PLACES, title="云县规划")
    assert "甲村：周一，联收联投（快快合作），09:20前后到，交接点甲村服务站" in page
    assert '<g class="routes day1"' in page
    assert "http" not in page.split("</style>")[1]


def test_a_village_that_nobody_comes_to_is_marked_and_a_new_station_drawn():
    station = StationProposal(
        village=B, village_name="乙村", host_kind="商店", host_name="乙村商店", reason="", cost_yuan_per_year=0.0
    )
    week = replace(PLAN.week, timetable=PLAN.week.timetable[:1], missing={B: 3})
    page = render_plan_map(replace(PLAN, week=week, stations=(station,)), PLACES, title="云县规划")
    assert "乙村：没有安排到村" in page
    assert page.count('<circle class="gap"') == 1
    assert page.count('stroke-width=".6"') == 1


def test_what_differs_from_the_plan_before_is_marked_and_its_rounds_are_a_layer():
    week = replace(PLAN.week, timetable=PLAN.week.timetable[:1])
    after = replace(PLAN, week=week, routes=())
    page = render_plan_map(after, PLACES, title="云县规划", before=PLAN)
    assert '<g class="routes before hidden"' in page
    assert "1个村与原规划不同" in page
