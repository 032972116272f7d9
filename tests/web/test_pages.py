import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from posthouse.planning.exchange import plan_to_json
from posthouse_web.data.models import Upload
from posthouse_web.plans.actions import folder_of
from posthouse_web.plans.models import Scenario
from posthouse_web.plans.models import State as Stage
from posthouse_web.programmes.models import Version, VersionGoal
from posthouse_web.registers.models import Entry
from posthouse_web.runs.models import Run
from tests.web.addresses import list_addresses
from tests.web.city import PEOPLE
from tests.web.test_plans import pooled_plan

MOST_QUERIES = 30
NOWHERE = "339801101999"
OPEN = {"accounts:login"}


@pytest.fixture
def ready(city, people):
    Run.objects.create(pk=1, kind="publish")
    office = people["office"]
    version = Version.objects.create(pk=1, title="方案", folder="1", state="in_force", uploaded_by=office)
    VersionGoal.objects.create(
        version=version, goal_id="G1", position=0, indicator="次数", comparator=">=", value=5, kind="goal"
    )
    Entry.objects.create(pk=1_000_000, table="divisions", key=NOWHERE, name="新村", cells={"code": NOWHERE})
    scenario = Scenario.objects.create(
        pk=1, name="三次", month="2021-06", folder="1", state=Stage.PUBLISHED, made_by=office
    )
    folder_of(scenario.folder).mkdir(parents=True, exist_ok=True)
    (folder_of(scenario.folder) / "plan.json").write_text(json.dumps(plan_to_json(pooled_plan())), encoding="utf-8")
    Upload.objects.create(pk=1, name="scans.csv", folder="1", size=1, uploaded_by=office)


def test_nobody_sees_a_page_without_signing_in(ready):
    for name, address in list_addresses().items():
        answer = Client().get(address)
        assert answer.status_code == (200 if name in OPEN else 302), name
        if name not in OPEN:
            assert "/accounts/login/" in answer["Location"], name


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_asks_the_database_more_than_thirty_times(ready, enter, who):
    client = enter(who)
    for name, address in list_addresses().items():
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        assert answer.status_code in (200, 302, 403, 404), (name, answer.status_code)
        assert len(asked) <= MOST_QUERIES, f"{name}: {len(asked)} queries"


def test_every_page_opens_for_somebody(ready, enter):
    clients = [enter(who) for who in PEOPLE]
    for name, address in list_addresses().items():
        if name in ("monitoring:file", "programmes:file", "accounts:edit", "accounts:verify"):
            continue
        answers = {client.get(address).status_code for client in clients}
        assert answers & {200, 302}, (name, answers)


def test_no_page_carries_script_or_style_of_its_own_or_allows_foreign_ones(ready, enter):
    client = enter("office")
    for name, address in list_addresses().items():
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self';" in policy, name
        assert "unsafe" not in policy, name
        text = answer.content.decode()
        assert " style=" not in text, name
        assert "<style" not in text, name
        assert "<script>" not in text, name
        assert " onclick=" not in text, name
        assert "http://" not in text.replace("http://www.w3.org", ""), name


def test_what_a_person_saw_does_not_stay_in_the_browser(ready, enter):
    assert "no-store" in enter("leader").get("/")["Cache-Control"]


def test_an_empty_console_says_what_to_do_next(enter):
    assert "posthouse run" in enter("office").get("/").content.decode()


@pytest.mark.parametrize(
    "path", ["/2021-01/", "/goals/none/", "/goals/G1/places/339801101999/", "/nowhere/", "/files/key"]
)
def test_what_is_not_there_is_not_found_in_plain_words(ready, enter, path):
    answer = enter("leader").get(path)
    assert answer.status_code == 404
    assert "没有这一页" in answer.content.decode()


def test_a_script_that_asks_too_fast_is_told_to_wait(ready, enter, settings):
    settings.POSTHOUSE_PACE = (3, 3)
    client = enter("leader")
    assert [client.get("/goals/").status_code for _ in range(5)][-1] == 429
