import json

import pytest

from posthouse.planning.changes import compare_plans, list_changes
from posthouse.planning.edits import apply_edits, object_to_edits, read_edits
from posthouse.planning.effort import Effort
from posthouse.planning.exchange import plan_from_json, plan_to_json
from posthouse.planning.previous import previous_from
from posthouse.planning.scenario import scenario_from
from posthouse.planning.village import CHANGED, MONTHLY, Depth, plan_villages
from posthouse.reports.plan_workbook import render_plan_workbook
from posthouse.vocabulary.errors import UnusableInputError
from tests.planning.county import DIVISIONS, OWN_VANS_ONLY, TOWN, VANS, A, B, C, gap, ground, part
from tests.planning.test_weekly import trip

DAYS = "delivery_days_per_week"
GAP = gap(DAYS, 3.0, 1.0, part(DAYS, 1.0, A), part(DAYS, 1.0, B), part(DAYS, 1.0, C))


def plan(levers=None, *, depth=MONTHLY, previous=None, effort=None, **more):
    return plan_villages(
        [GAP], ground(levers, **more), effort or Effort(seconds=0.5), seed=1, depth=depth, previous=previous
    )


def test_a_plan_comes_back_from_its_file_as_it_was():
    made = plan()
    assert plan_from_json(json.loads(json.dumps(plan_to_json(made)))) == made


def test_what_is_no_plan_is_refused():
    with pytest.raises(UnusableInputError, match=r"plan\.json"):
        plan_from_json({"goals": []})


def test_a_plan_that_still_fits_is_left_as_it_is():
    before = plan()
    after = plan(depth=CHANGED, previous=previous_from(before))
    assert list_changes(before, after) == ()
    assert after.routes == before.routes


def test_losing_a_van_changes_only_what_it_carried():
    vans = [{**van, "capacity_parcels": 400} for van in VANS]
    before = plan(vehicles=vans)
    levers = {**OWN_VANS_ONLY, "rounds": {"available_share": 1.0, "lost_vehicles": ["V1"]}}
    after = plan(levers, vehicles=vans, depth=CHANGED, previous=previous_from(before))
    assert {route.vehicle for route in before.routes} == {"V1"}
    assert {route.vehicle for route in after.routes} == {"V2"}
    assert previous_from(after).patterns == previous_from(before).patterns


def test_half_the_room_of_a_bus_moves_its_parcels_to_the_van_and_says_so():
    bus = trip("B1", (TOWN, 600), (B, 660), kg=260.0)
    levers = {**OWN_VANS_ONLY, "carriage": {"rural_bus": {"yuan_per_parcel": 0.1}}}
    before = plan(levers, timetable=bus)
    assert "rural_bus" in before.week.modes
    halved = {**levers, "carriage": {"rural_bus": {"yuan_per_parcel": 0.1, "room_share": 0.5}}}
    after = plan(halved, timetable=bus, depth=CHANGED, previous=previous_from(before))
    changed = list_changes(before, after)
    assert any("交快合作（客运班车）改为联收联投" in change.statement for change in changes_of(changed, B))


def changes_of(changes, village):
    return [change for change in changes if change.village == village]


def test_edits_of_the_workbook_are_kept(tmp_path):
    before = plan()
    days = previous_from(before).patterns
    path = tmp_path / "plan.xlsx"
    path.write_bytes(render_plan_workbook(before))
    moved = (2, 4, 6) if days[A] != (2, 4, 6) else (1, 3, 5)
    change_days(path, A, moved)
    edits = read_edits(path)
    scenario = apply_edits(edits, scenario_from(OWN_VANS_ONLY), days)
    assert scenario.locks == {A: moved}
    after = plan({**OWN_VANS_ONLY, "locks": {A: list(moved)}}, depth=CHANGED, previous=previous_from(before))
    assert previous_from(after).patterns[A] == moved
    assert {v for v, own in previous_from(after).patterns.items() if own != days[v]} == {A}


def change_days(path, village, days):
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book["村"]
    row = next(r for r in sheet.iter_rows(min_row=2) if str(r[0].value) == village)
    for day in range(1, 8):
        row[2 + day].value = "√" if day in days else None
    book.save(path)


def test_an_edit_that_cannot_be_kept_is_said(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(render_plan_workbook(plan()))
    change_days(path, A, (1, 2, 3))
    locked = ground({**OWN_VANS_ONLY, "locks": {A: [1, 2, 3], "339900101299": [1]}})
    said = object_to_edits(read_edits(path), {A: (1, 2, 3)}, locked)
    unknown, uneven = sorted(said, key=lambda one: "区划" not in one)
    assert "339900101299不在区划表中" in unknown
    assert "最长5天" in uneven


def test_a_workbook_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "other.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(UnusableInputError, match="--edits"):
        read_edits(path)


def test_brands_pay_less_together_and_their_shares_add_up():
    full = plan(depth=Depth(week=0.5, brands=0.5))
    assert sum(b.share_yuan for b in full.week.brands) == pytest.approx(full.week.cost_yuan)
    assert all(b.share_yuan < b.alone_yuan for b in full.week.brands)
    assert full.week.shares.in_core
    assert "全部3种组合" in full.week.shares.statement


def test_one_more_visit_costs_no_less():
    levers = {**OWN_VANS_ONLY, "frontier": {"visits_per_week": [3, 5], "village_shares": [0.5]}}
    full = plan(levers, depth=Depth(week=0.6, brands=0.0, frontier=0.4))
    costs = {(p.visits_per_week, p.village_share): p.cost_yuan for p in full.week.frontier}
    assert costs[3, 0.5] <= costs[3, 1.0] <= costs[5, 1.0]
    assert all(p.bound_yuan <= p.cost_yuan + 1e-6 for p in full.week.frontier)


def test_a_promise_that_cannot_be_kept_is_explained_with_ways_out():
    levers = {**OWN_VANS_ONLY, "hired": {"most_per_depot": 0}, "rounds": {"shift_min": 60}}
    short = plan(levers, vehicles=[], depth=Depth(week=0.5, brands=0.0, relaxations=0.5))
    assert any("没有安排到村" in said for said in short.unserved)
    assert any("每个网点可增租车辆" in said for said in short.week.relaxations)


def test_a_stop_keeps_the_best_so_far():
    stopped = plan(effort=Effort(seconds=100.0, stop=lambda: True))
    assert {call.village for call in stopped.week.timetable} == {A, B, C}
    assert not stopped.week.is_complete


def test_two_plans_stand_side_by_side():
    few, many = plan(), plan({**OWN_VANS_ONLY, "promise": {**OWN_VANS_ONLY["promise"], "zones": {TOWN: 6}}})
    rows = {side.name: (side.first, side.second) for side in compare_plans(few, many)}
    assert rows["每周到村次数"] == (9, 18)


def test_a_negative_population_is_a_finding_and_the_rest_is_planned():
    wrong = [{**row, "population": -5} if row["code"] == A else row for row in DIVISIONS]
    made = plan(divisions=wrong)
    assert "planning.negative_demand" in {finding.code for finding in made.findings}
    assert {call.village for call in made.week.timetable} == {A, B, C}


def test_a_village_beyond_the_driver_s_day_is_told_what_a_longer_one_would_cost():
    levers = {**OWN_VANS_ONLY, "rounds": {"available_share": 1.0, "shift_min": 45}}
    short = plan(levers, depth=Depth(week=0.5, brands=0.0, relaxations=0.5))
    assert any("超过司机一班45分钟" in said for said in short.unserved)
    assert any("司机一班延长一小时：补上" in said for said in short.week.relaxations)
