import json

import pytest
from django.core.exceptions import PermissionDenied

from posthouse.cli.plan_files import write_plan_files
from posthouse.cli.plan_workspace import read_case
from posthouse.planning.model import (
    BrandCost,
    Call,
    FrontierPoint,
    Plan,
    Route,
    Shares,
    StationProposal,
    Visit,
    WeekPlan,
)
from posthouse.planning.scenario import scenario_from
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.periods import parse_period
from posthouse_web.accounts.scope import scope_of
from posthouse_web.maps.models import Feature, Layer
from posthouse_web.monitoring.actions import publish_month
from posthouse_web.monitoring.models import Month
from posthouse_web.plans import actions, files, mapping, queries
from posthouse_web.plans.levers import changes_from, list_levers, texts_from
from posthouse_web.plans.models import Scenario
from posthouse_web.plans.models import State as Stage
from posthouse_web.registers.actions import change_entry
from posthouse_web.registers.models import Entry
from posthouse_web.runs.actions import NotPossibleError, repeat_run
from posthouse_web.runs.control import Control
from posthouse_web.runs.models import Run, State
from tests.web.city import FAR_VILLAGE, OTHER_VILLAGE, OWN, PEOPLE, RIVAL, TOWN, VILLAGE
from tests.web.test_data import do, own_city

__all__ = ["own_city"]

QUICK = {"seconds": 60}


COSTS = (700.0, 640.0, 660.0, 600.0, 610.0)
"""What the rounds of the trial search find."""


@pytest.fixture
def searching(own_city, monkeypatch):
    """The city, with a search in place of the planner's that finds COSTS one after another; `asked` is its efforts."""
    asked = []

    def find(case, effort):
        asked.append(effort)
        effort.progress("排线路", 0.5)
        return pooled_plan(COSTS[len(asked) - 1])

    monkeypatch.setattr("posthouse_web.plans.work.plan_case", find)
    return asked


def pooled_plan(cost=700.0, missing=0):
    """A plan of two brands: one round on Mondays, one ride by bus, one new station."""
    return Plan(
        stations=(
            StationProposal(
                village=VILLAGE,
                village_name="上坞村",
                host_kind="供销社",
                host_name="上坞村供销社",
                reason="本村有",
                cost_yuan_per_year=1200.0,
            ),
        ),
        routes=(
            Route(
                weekday=1,
                vehicle=f"{RIVAL}的车",
                depot=f"{RIVAL}远山网点",
                visits=(Visit(village=VILLAGE, village_name="上坞村", arrive_min=600, parcels=4),),
                distance_km=12.0,
                duration_min=40.0,
                cost_yuan=300.0,
                depot_code=TOWN,
            ),
        ),
        week=WeekPlan(
            timetable=(
                Call(
                    village=VILLAGE,
                    village_name="上坞村",
                    weekday=1,
                    arrive_min=600,
                    mode="pooled_van",
                    line="1",
                    point="",
                    parcels=4.0,
                    depot_code=TOWN,
                ),
                Call(
                    village=OTHER_VILLAGE,
                    village_name="下坞村",
                    weekday=2,
                    arrive_min=700,
                    mode="rural_bus",
                    line="B1",
                    point="",
                    parcels=2.0,
                    depot_code=TOWN,
                ),
            ),
            cost_yuan=cost,
            parcels_per_week=6.0,
            modes={"pooled_van": 1, "rural_bus": 1},
            brands=tuple(
                BrandCost(
                    brand=brand,
                    parcels_per_week=3.0,
                    visits_today=1.0,
                    visits=2,
                    today_yuan=400.0,
                    alone_yuan=alone,
                    share_yuan=share,
                )
                for brand, alone, share in ((OWN, 500.0, 300.0), (RIVAL, 660.0, 400.0))
            ),
            shares=Shares(
                method="核仁",
                in_core=True,
                coalitions=3,
                is_complete=True,
                statement=f"没有哪几家会更省，{RIVAL}也不会。",
                objections=((RIVAL, 1.0),),
            ),
            frontier=tuple(
                FrontierPoint(
                    visits_per_week=visits,
                    village_share=1.0,
                    villages=3,
                    cost_yuan=200.0 * visits,
                    bound_yuan=150.0 * visits,
                    missing_visits=0,
                )
                for visits in (3, 5)
            ),
            missing={FAR_VILLAGE: missing} if missing else {},
        ),
    )


@pytest.fixture
def planned(own_city, people):
    """A planned scenario of the office, as the worker would leave it."""
    return keep_plan(people["office"])


def keep_plan(by, plan=None, **facts):
    """Keep a plan with its files."""
    plan, period = plan or pooled_plan(), parse_period("2021-06")
    scenario = Scenario(name="三次", month="2021-06", folder=f"{Scenario.objects.count():032d}", made_by=by)
    folder = actions.folder_of(scenario.folder)
    case = read_case(open_workspace(folder.parent.parent / "workspace"), scenario_from({}), period)
    write_plan_files(plan, folder, case.ground, period, days=3)
    for field, value in {"state": Stage.PLANNED, **mapping.figures_of(plan), **facts}.items():
        setattr(scenario, field, value)
    scenario.save()
    return scenario


def test_every_lever_of_the_planner_has_its_words():
    assert [lever.path for lever in list_levers() if lever.title == lever.path] == []


def test_the_form_filled_with_the_defaults_changes_nothing():
    assert changes_from({lever.path: lever.default for lever in list_levers()}) == ({}, {})


def test_a_changed_lever_is_kept_and_shown_as_it_was_filled_in():
    texts = {"promise.zones": f"{TOWN} = 5", "rounds.closed_roads": "L1、L2", "carriage.ferry.allowed": "no"}
    changes, wrong = changes_from(texts)
    assert not wrong
    assert scenario_from(changes).promise.zones == {TOWN: 5}
    assert texts_from(changes) == texts


@pytest.mark.parametrize(
    ("lever", "text", "words"),
    [
        ("promise.visits_per_week", "九", "请填整数"),
        ("promise.visits_per_week", "9", "应为"),
        ("locks", "1", "一行一条"),
    ],
)
def test_a_lever_that_cannot_be_is_said_at_its_field(own_city, enter, lever, text, words):
    filled = {each.path: each.default for each in list_levers()}
    page = enter("planner").post("/plans/new/", {"name": "试", "data_month": "2021-06", **filled, lever: text})
    assert words in page.content.decode()
    assert not Scenario.objects.exists()


def test_a_scenario_is_planned_in_rounds_of_which_the_best_is_kept(searching, people):
    scenario = actions.make_scenario(people["office"], "试", "2021-06", QUICK)
    assert do(scenario.run).state == State.DONE
    scenario.refresh_from_db()
    assert (scenario.state, scenario.cost_yuan, scenario.is_complete) == (Stage.PLANNED, 600.0, True)
    assert [cost for _, cost, _ in scenario.course] == [700.0, 640.0, 640.0, 600.0, 600.0]
    assert sum(effort.seconds for effort in searching) == pytest.approx(QUICK["seconds"])
    assert (actions.folder_of(scenario.folder) / "plan.xlsx").exists()


def test_a_scenario_shows_the_run_that_was_repeated(searching, people):
    scenario = actions.make_scenario(people["office"], "试", "2021-06", QUICK)
    do(scenario.run)
    again = do(repeat_run(people["office"], scenario.run))
    scenario.refresh_from_db()
    assert scenario.run == again


def test_who_stops_a_search_keeps_the_best_so_far(searching, people, monkeypatch):
    monkeypatch.setattr(Control, "is_stopping", lambda control: len(searching) > 1)
    scenario = actions.make_scenario(people["office"], "试", "2021-06", QUICK)
    assert do(scenario.run).state == State.DONE
    scenario.refresh_from_db()
    assert (scenario.state, scenario.cost_yuan, scenario.is_complete) == (Stage.PLANNED, 640.0, False)


def test_an_edited_register_is_what_is_planned_with(searching, people):
    row = Entry.objects.get(table="vehicles", key="C0")
    change_entry(people["office"], row, {**row.cells, "capacity_parcels": 1}, row.changed_at)
    do(actions.make_scenario(people["office"], "试", "2021-06", QUICK).run)
    assert not Entry.objects.filter(is_pending=True).exists()


def test_a_plan_without_data_says_what_to_do(settings, tmp_path, people, enter):
    assert "还没有扫描数据" in enter("office").get("/plans/").content.decode()
    run = do(actions.make_scenario(people["office"], "试", "2021-06", QUICK).run)
    assert run.state == State.FAILED
    assert "工作区" in run.message


def test_an_operator_reads_its_own_share_and_no_rival_in_any_page_or_file(planned, people, enter):
    actions.publish_scenario(people["office"], planned)
    client = enter("planner")
    second = keep_plan(people["planner"])
    compared = client.get(f"/plans/compare/?plan={planned.pk}&plan={second.pk}").content.decode()
    page = client.get(f"/plans/{planned.pk}/").content.decode()
    assert "三次" in compared
    assert OWN in page
    assert "300" in page
    assert RIVAL not in page + compared
    assert mapping.OTHERS in page
    whole = json.dumps(mapping.figures_of(queries.read_plan(scope_of(people["planner"]), planned)), ensure_ascii=False)
    assert RIVAL not in whole
    for name in files.FILES:
        answer = client.get(f"/plans/{planned.pk}/files/{name}")
        assert answer.status_code == (404 if name == "plan.gpkg" else 200), name
        assert RIVAL not in read_all(name, answer.content), name


def read_all(name, content):
    """The texts of a file, unpacked."""
    import io
    import zipfile

    if name.endswith(("json", "html", "gpkg")):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(entry).decode("utf-8", "replace") for entry in packed.namelist())


def test_the_office_reads_everybodys_share(planned, enter):
    page = enter("office").get(f"/plans/{planned.pk}/").content.decode()
    assert RIVAL in page
    assert RIVAL in read_all("plan.xlsx", enter("office").get(f"/plans/{planned.pk}/files/plan.xlsx").content)


def test_a_draft_is_seen_by_its_maker_and_the_office_only(planned, people, enter):
    own = keep_plan(people["planner"])
    shown = {who: enter(who).get(f"/plans/{own.pk}/").status_code for who in PEOPLE}
    assert [who for who, status in shown.items() if status == 200] == ["office", "planner"]
    assert enter("planner").get(f"/plans/{planned.pk}/").status_code == 404


def test_an_operator_does_not_see_a_published_plan_that_it_is_no_part_of(planned, people, enter):
    Scenario.objects.filter(pk=planned.pk).update(state=Stage.PUBLISHED, partners=f"|{RIVAL}|")
    assert enter("planner").get(f"/plans/{planned.pk}/").status_code == 404
    assert enter("leader").get(f"/plans/{planned.pk}/").status_code == 200


def test_an_operator_does_not_see_the_runs_of_others(planned, people, enter):
    Run.objects.create(kind="plan", asked_by=people["office"], stage="别人的")
    assert "别人的" not in enter("planner").get("/runs/").content.decode()
    assert enter("planner").get(f"/runs/{Run.objects.get().pk}/").status_code == 404


@pytest.mark.parametrize("who", ["leader", "liaison", "planner", "inspector", "data", "admin"])
def test_only_the_office_puts_a_plan_in_force(planned, people, who):
    actions.publish_scenario(people["office"], planned)
    with pytest.raises(PermissionDenied):
        actions.put_in_force(people[who], planned)


def test_what_is_published_is_not_planned_again_nor_published_twice(planned, people):
    actions.publish_scenario(people["office"], planned)
    with pytest.raises(NotPossibleError):
        actions.plan_again(people["office"], planned)
    with pytest.raises(NotPossibleError):
        actions.publish_scenario(people["office"], planned)


def test_a_plan_in_force_is_what_the_map_draws_and_stays_when_the_month_is_published_again(planned, people, own_city):
    actions.publish_scenario(people["office"], planned)
    actions.put_in_force(people["office"], planned)
    publish_month(own_city, "2021-06")
    stops = [row.stops for row in Feature.objects.filter(period="2021-06", layer=Layer.ROUTE).order_by("weekday")]
    assert stops == [[OTHER_VILLAGE]]  # the round has one stop and no line to draw; the bus ride has its own
    assert Feature.objects.get(period="2021-06", layer=Layer.NEW_STATION).place == VILLAGE
    assert Month.objects.get(period="2021-06").plan["stations"] == 1


def test_at_most_one_plan_is_in_force_for_a_month(planned, people):
    for scenario in (planned, keep_plan(people["office"])):
        actions.publish_scenario(people["office"], scenario)
        actions.put_in_force(people["office"], scenario)
    planned.refresh_from_db()
    assert planned.state == Stage.PUBLISHED


def test_people_of_one_town_do_not_enter(planned, people, enter):
    office = people["office"]
    office.division = TOWN
    office.save()
    assert {enter("office").get(path).status_code for path in ("/plans/", f"/plans/{planned.pk}/")} == {403}
