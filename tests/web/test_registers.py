import csv
import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from posthouse.records.schema import get_table
from posthouse.stores.workspace import open_workspace
from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import Role
from posthouse_web.accounts.scope import scope_of, within
from posthouse_web.data.actions import load_upload, receive_file
from posthouse_web.registers import actions, mapping
from posthouse_web.registers.models import Entry
from posthouse_web.runs.models import Run, State
from tests.web.city import FAR_TOWN, FAR_VILLAGE, OTHER_VILLAGE, OWN, PEOPLE, REGISTERS, RIVAL, TOWN, VILLAGE
from tests.web.test_data import do, own_city
from tests.web.test_scope import BRANDS, LITTLE, PLACES, people_of_any_kind

__all__ = ["own_city"]

NEW_VAN = {
    "vehicle_id": "C9",
    "operator_id": OWN,
    "kind": "厢式车",
    "outlet_id": "W0",
    "capacity_kg": "800",
    "capacity_parcels": "260",
    "is_new_energy": "是",
}


def entry(table, key):
    return Entry.objects.get(table=table, key=key)


def stored(out, table):
    return {
        row[get_table(table).key[0]]: row for row in open_workspace(out / "workspace").read_table(table).to_pylist()
    }


def typed(row, **changes):
    """What a person sends who changes some cells of a row."""
    table = get_table(row.table)
    texts = {c.name: mapping.in_words(c, row.cells.get(c.name)) for c in table.columns}
    return {**texts, "seen_at": row.changed_at.isoformat(), **changes}


def test_the_rows_are_those_of_the_workspace(city):
    assert Entry.objects.filter(table="divisions").count() == 5
    assert entry("vehicles", "C0").brand == OWN
    assert entry("vehicles", "C0").place == TOWN


def test_an_edited_row_is_what_the_next_measurement_reads(own_city, enter):
    row = entry("service_points", "Z1")
    answer = enter("data").post(f"/registers/service_points/{row.pk}/", typed(row, kind="村级服务站"))
    assert answer.status_code == 302
    assert do(Run.objects.get(kind="registers")).state == State.DONE
    assert stored(own_city, "service_points")["Z1"]["kind"] == "village_station"
    assert not Entry.objects.filter(is_pending=True).exists()


def test_the_history_says_who_changed_what_from_what_to_what(own_city, enter):
    row = entry("service_points", "Z1")
    client = enter("data")
    client.post(f"/registers/service_points/{row.pk}/", typed(row, rent_yuan_per_year="1200"))
    page = client.get(f"/registers/service_points/{row.pk}/").content.decode()
    assert "年费用</span> <del>—</del> → <ins>1200</ins>" in page
    assert "data" in page


def test_a_new_row_is_written_too(own_city, enter):
    assert enter("office").post("/registers/vehicles/new/", NEW_VAN).status_code == 302
    do(Run.objects.get(kind="registers"))
    assert stored(own_city, "vehicles")["C9"]["capacity_kg"] == 800


def test_a_closed_row_ends_on_its_day_and_stays_in_the_workspace(own_city, people):
    row = entry("vehicles", "C0")
    actions.close_entry(people["data"], row, date(2021, 7, 1), row.changed_at)
    do(Run.objects.get(kind="registers"))
    assert stored(own_city, "vehicles")["C0"]["valid_to"] == date(2021, 7, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"capacity_kg": "很多"}, "“载重”不是可读的数"),
        ({"capacity_kg": "-1"}, "“载重”超出范围"),
        ({"operator_id": "无名"}, "“快递企业”台账里没有 无名"),
        ({"valid_from": "2021-07-01", "valid_to": "2021-06-01"}, "失效日期应晚于生效日期"),
        ({"vehicle_id": "C0"}, "台账里已有这个编号"),
    ],
)
def test_what_breaks_a_rule_is_said_at_its_field_and_nothing_is_kept(city, enter, changes, words):
    page = enter("data").post("/registers/vehicles/new/", {**NEW_VAN, **changes}).content.decode()
    assert words in page
    assert not Entry.objects.filter(table="vehicles", key="C9").exists()


def test_who_saves_over_a_change_of_somebody_else_is_told_and_nothing_is_lost(own_city, enter):
    row = entry("service_points", "Z1")
    stale = typed(row, name="旧名")
    client = enter("data")
    client.post(f"/registers/service_points/{row.pk}/", typed(row, name="新名"))
    said = client.post(f"/registers/service_points/{row.pk}/", stale, follow=True).content.decode()
    assert "刚才有人改过" in said
    assert entry("service_points", "Z1").name == "新名"


def test_an_exported_register_can_be_changed_and_loaded_again(own_city, people, enter):
    answer = enter("data").get("/registers/service_points.csv")
    text = answer.content.decode("utf-8-sig").replace("上坞村供销社", "上坞村老供销社")
    upload = receive_file(people["data"], SimpleUploadedFile("service_points.csv", text.encode()))
    assert do(load_upload(people["data"], upload)).state == State.DONE
    row = entry("service_points", "Z1")
    assert row.name == "上坞村老供销社"
    assert row.history.count() == 2


def test_a_workbook_holds_what_the_list_shows(city, enter):
    from openpyxl import load_workbook

    answer = enter("data").get("/registers/service_points.xlsx?q=远坞")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [row[0] for row in rows] == ["服务点编号", "Z2"]


def test_a_text_that_looks_like_a_formula_is_exported_as_text(city, enter):
    Entry.objects.filter(key="Z1").update(cells={"point_id": "Z1", "name": "=1+1"})
    lines = enter("data").get("/registers/service_points.csv").content.decode()
    assert "'=1+1" in lines


def test_an_edit_that_is_not_yet_written_survives_a_load(own_city, people):
    row = entry("service_points", "Z1")
    cells = {**row.cells, "name": "改过的"}
    actions.change_entry(people["data"], row, cells, row.changed_at)
    open_workspace(own_city / "workspace").write_table(
        "service_points", mapping.rows_from(get_table("service_points"), [{**REGISTERS["service_points"][1]}])
    )
    actions.copy_registers(open_workspace(own_city / "workspace"))
    assert entry("service_points", "Z1").name == "改过的"


def test_an_operator_sees_only_its_own_rows_and_its_own_name_among_partners(city, enter):
    client = enter("planner")
    for table in mapping.register_tables():
        page = client.get(f"/registers/{table}/").content.decode()
        file = client.get(f"/registers/{table}.csv").content.decode()
        assert RIVAL not in page + file, table
    row = client.get(f"/registers/service_points/{entry('service_points', 'Z1').pk}/").content.decode()
    assert OWN in row
    assert RIVAL not in row
    assert client.get(f"/registers/vehicles/{entry('vehicles', 'C1').pk}/").status_code == 404


@pytest.mark.parametrize("who", PEOPLE)
def test_only_who_keeps_registers_may_change_them(city, enter, who):
    row = entry("service_points", "Z1")
    answer = enter(who).post(f"/registers/service_points/{row.pk}/", typed(row, name="改名"))
    may = PEOPLE[who]["role"] in ("office", "data_officer")
    assert (entry("service_points", "Z1").name == "改名") == may
    assert may or answer.status_code in (403, 404)


def test_an_officer_of_a_town_may_change_and_move_rows_within_it_only(city, people):
    officer = people["data"]
    officer.division = TOWN
    for key, place in (("Z2", FAR_VILLAGE), ("Z1", FAR_VILLAGE)):
        row = entry("service_points", key)
        with pytest.raises(PermissionDenied):
            actions.change_entry(officer, row, {**row.cells, "division": place, "name": "改名"}, row.changed_at)
    row = entry("service_points", "Z1")
    actions.change_entry(officer, row, {**row.cells, "division": OTHER_VILLAGE}, row.changed_at)
    assert entry("service_points", "Z1").place == OTHER_VILLAGE


def test_past_states_outside_the_scope_are_not_shown(city, people, enter):
    row = entry("service_points", "Z2")
    actions.change_entry(people["data"], row, {**row.cells, "division": VILLAGE, "name": "迁来的站"}, row.changed_at)
    page = enter("liaison").get(f"/registers/service_points/{row.pk}/").content.decode()
    assert "迁来的站" in page
    assert "远坞村" not in page
    assert FAR_VILLAGE not in page


rows = st.builds(
    lambda place, brand: Entry(table="outlets", key=f"{place}-{brand}", place=place, brand=brand),
    st.sampled_from(PLACES),
    st.sampled_from(("", *BRANDS)),
)


@LITTLE
@given(user=people_of_any_kind, rows=st.lists(rows, max_size=10, unique_by=lambda row: row.key))
def test_a_register_gives_exactly_the_rows_within_the_scope(db, user, rows):
    Entry.objects.all().delete()
    Entry.objects.bulk_create(rows)
    seen = {row.key for row in within(Entry.objects.all(), scope_of(user))}
    assert seen == {row.key for row in rows if may_see(user, row)}


def may_see(user: User, row: Entry) -> bool:
    """The rule in plain words, told without the code that is tested."""
    if not user.is_active:
        return row.brand == ""  # such a person enters no page at all
    there = (
        not row.place or not user.division or scope_of(User(role="office", division=user.division)).covers(row.place)
    )
    own = set(filter(None, user.brands.split("、")))
    return there and (row.brand == "" or row.brand in own or (not own and user.role != Role.PLANNER))


def test_files_hold_the_headings_that_loading_reads(city, enter):
    lines = enter("office").get("/registers/vehicles.csv").content.decode("utf-8-sig")
    read = list(csv.DictReader(io.StringIO(lines)))
    assert [row["类别"] for row in read] == ["厢式车", "厢式车"]
    assert {row["驻地"] for row in read} == {"W0", "W1"}


def test_a_page_filters_by_town(city, enter):
    page = enter("office").get(f"/registers/outlets/?town={FAR_TOWN}").content.decode()
    assert f"{RIVAL}远山网点" in page
    assert f"{OWN}岭上网点" not in page
