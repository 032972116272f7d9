"""No view, list or export gives anyone a row outside their scope."""

import csv
import io
import json

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import ALLOWED, Permission, Role
from posthouse_web.accounts.scope import Scope, in_partners, scope_of, within
from posthouse_web.monitoring.models import Figure, Month
from posthouse_web.runs import actions
from posthouse_web.runs.kinds import KINDS
from tests.web.addresses import list_addresses
from tests.web.city import FAR_TOWN, FAR_VILLAGE, OTHER_VILLAGE, OWN, RIVAL, TOWN, VILLAGE

PLACES = ("", TOWN, FAR_TOWN, VILLAGE, OTHER_VILLAGE, FAR_VILLAGE, "339801000000", "339802001201")
BRANDS = ("甲", "乙", "丙")
LITTLE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
people_of_any_kind = st.builds(
    User,
    role=st.sampled_from([*Role.values, "", "unknown"]),
    division=st.sampled_from(("", *PLACES[1:])),
    brands=st.lists(st.sampled_from(BRANDS), unique=True).map("、".join),
    is_active=st.booleans(),
)
figures = st.builds(
    Figure,
    series=st.just("m"),
    period=st.just("2021-06"),
    place=st.sampled_from(PLACES),
    brand=st.sampled_from(("", *BRANDS)),
    partners=st.lists(st.sampled_from(BRANDS), unique=True).map(in_partners),
    unit=st.just("share"),
)


def may_see(user: User, figure: Figure) -> bool:
    """The rule in plain words, told without the code that is tested."""
    if not user.is_active:
        return figure.brand == "" and figure.partners == ""  # such a person enters no page at all
    area = user.division.rstrip("0") if user.division else ""
    lies_there = not figure.place or not user.division or figure.place.startswith(_prefix(user.division) or area)
    own = set(filter(None, user.brands.split("、")))
    if not own and user.role != Role.PLANNER:
        return lies_there
    is_part = not figure.partners or any(f"|{brand}|" in figure.partners for brand in own)
    return lies_there and (figure.brand in own or (not figure.brand and is_part))


def _prefix(code: str) -> str:
    for end in (2, 4, 6, 9):
        if not code[end:].strip("0"):
            return code[:end]
    return code


@LITTLE
@given(user=people_of_any_kind, rows=st.lists(figures, max_size=12))
def test_a_query_gives_exactly_the_rows_within_the_scope(db, user, rows):
    rows = list({(row.place, row.brand): row for row in rows}.values())
    Figure.objects.all().delete()
    Figure.objects.bulk_create(rows)
    seen = {(row.place, row.brand) for row in within(Figure.objects.all(), scope_of(user))}
    assert seen == {(row.place, row.brand) for row in rows if may_see(user, row)}


@LITTLE
@given(user=people_of_any_kind, kind=st.sampled_from(sorted(KINDS)))
def test_a_run_is_refused_to_whoever_may_not_ask_for_it(db, user, kind):
    allowed = user.is_active and KINDS[kind].needs in ALLOWED.get(user.role, frozenset())
    if allowed:
        scope_of(user).require(KINDS[kind].needs)
    else:
        with pytest.raises(PermissionDenied):
            actions.start_run(user, kind, {})


def test_an_operator_without_a_brand_sees_no_figure_of_any_brand(db):
    Figure.objects.create(series="m", period="2021-06", place=TOWN, brand="", partners="|甲|", unit="share")
    user = User(role=Role.PLANNER)
    assert not within(Figure.objects.all(), scope_of(user)).exists()


def test_a_model_that_says_nothing_of_its_scope_cannot_be_queried(db):
    with pytest.raises(TypeError, match="SCOPE"):
        within(User.objects.all(), Scope(permissions=frozenset(Permission)))


def test_everyone_signed_in_sees_which_months_there_are(db):
    Month.objects.create(period="2021-06", title="方案", run_id="r")
    assert within(Month.objects.all(), Scope(permissions=frozenset(), area=TOWN, brands=frozenset())).exists()


def test_no_page_shows_an_operator_its_rival(city, enter):
    client = enter("planner")
    pages = {name: client.get(address) for name, address in list_addresses().items()}
    pages["brands"] = client.get("/goals/G1/?by=brand")
    pages["villages"] = client.get("/goals/G1/?by=village")
    pages["rows"] = client.get(f"/goals/G1/places/{VILLAGE}/?rows=journeys")
    shown = {name: answer.content.decode() for name, answer in pages.items() if answer.status_code == 200}
    assert any(OWN in text for text in shown.values())
    for name, text in shown.items():
        assert RIVAL not in text, name


def test_an_operator_may_not_ask_for_its_rival_by_name(city, enter):
    client = enter("planner")
    assert client.get(f"/goals/G1/places/{VILLAGE}/?brand={RIVAL}").status_code == 404
    assert client.get(f"/map/data.json?brand={RIVAL}").status_code == 404
    assert client.get(f"/map/villages.csv?brand={RIVAL}").status_code == 404


def test_an_operator_sees_the_pooled_figure_where_it_delivers_and_none_where_only_its_rival_does(city, enter):
    villages = enter("planner").get("/map/data.json").json()["villages"]["features"]
    days = {village["properties"]["code"]: village["properties"]["days"] for village in villages}
    assert days[VILLAGE] is not None
    assert days[FAR_VILLAGE] is None


@pytest.mark.parametrize(
    ("who", "own", "foreign"), [("liaison", "上坞村", "远坞村"), ("inspector", "远坞村", "上坞村")]
)
def test_no_page_or_export_shows_a_town_the_villages_of_another(city, enter, who, own, foreign):
    client = enter(who)
    addresses = {**list_addresses(), "villages": "/goals/G1/?by=village", "geojson": "/map/villages.geojson"}
    shown = [client.get(address) for address in addresses.values()]
    texts = [answer.content.decode() for answer in shown if answer.status_code == 200]
    assert any(own in text for text in texts)
    for text in texts:
        assert foreign not in _decoded(text)


def test_a_town_may_not_open_a_village_of_another(city, enter):
    assert enter("liaison").get(f"/goals/G1/places/{FAR_VILLAGE}/").status_code == 404


def test_an_export_holds_what_the_map_shows(city, enter):
    rows = list(csv.reader(io.StringIO(enter("leader").get("/map/villages.csv").content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["岭上镇上坞村", "岭上镇下坞村", "远山镇远坞村"]


def test_an_inspector_exports_nothing(city, enter):
    assert enter("inspector").get("/map/villages.csv").status_code == 403


def _decoded(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False) if text.startswith("{") else text
