import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from posthouse.stores.workspace import open_workspace
from posthouse_web.accounts.models import AccessLog
from posthouse_web.data.actions import close_month, load_upload, mend_rows, receive_file, reload_mended
from posthouse_web.data.models import FaultyRow, Upload
from posthouse_web.intake import RefusedError
from posthouse_web.monitoring.models import Month
from posthouse_web.programmes.actions import confirm_version, receive_document
from posthouse_web.runs.models import State
from posthouse_web.runs.work import execute
from tests.web.city import OWN, VILLAGE
from tests.web.test_programmes import as_file

HEADINGS = "事件编号,运单号,品牌,环节,发生时间,上报时间,地点,村,签收方式,更正事件"


def scans(bad=10, good=40, month="2021-07"):
    """A month of scans of which some have a day that does not exist."""
    lines = [
        f"{9000 + n},SF{100000000 + n},{OWN},签收,{month}-{1 + n % 28:02d} 10:00:00,"
        f"{month}-{1 + n % 28:02d} 10:05:00,,{VILLAGE},服务站,"
        for n in range(good)
    ]
    lines += [
        f"{9500 + n},SF{200000000 + n},{OWN},签收,{month}-45 10:00:00,{month}-05 10:05:00,,{VILLAGE},服务站,"
        for n in range(bad)
    ]
    return SimpleUploadedFile("scans-2021-07.csv", "\n".join([HEADINGS, *lines]).encode())


@pytest.fixture
def own_city(city, settings, tmp_path):
    """A copy of the city that a test may load into."""
    settings.POSTHOUSE_OUT = shutil.copytree(city, tmp_path / "copy")
    (settings.POSTHOUSE_OUT / "workspace/key").write_bytes(b"a key for tests only")
    return settings.POSTHOUSE_OUT


@pytest.fixture
def officer(people):
    return people["data"]


def do(run):
    execute.func(run.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def loaded(own_city, officer):
    upload = receive_file(officer, scans())
    assert do(load_upload(officer, upload)).state == State.DONE
    return upload


def test_a_file_is_first_looked_at_and_nothing_is_loaded(own_city, officer, enter):
    upload = receive_file(officer, scans())
    page = enter("data").get(f"/data/{upload.pk}/").content.decode()
    assert "读作" in page
    assert "2021-07" not in open_workspace(own_city / "workspace").list_days("scans")[-1]


def test_good_rows_are_loaded_and_bad_ones_wait_to_be_mended(loaded, own_city):
    loaded.refresh_from_db()
    assert (loaded.good, loaded.rejected) == (40, 10)
    assert FaultyRow.objects.count() == 10
    assert FaultyRow.objects.first().at_fault == ["event_at"]


def test_mended_rows_are_loaded_and_leave_the_list(loaded, own_city, officer):
    mend_rows(officer, {row: {"event_at": "2021-07-05 10:00:00"} for row in FaultyRow.objects.all()})
    assert do(reload_mended(officer)).result == {"mended": 10, "left": 0}
    assert not FaultyRow.objects.exists()
    days = open_workspace(own_city / "workspace").read_table("scans").to_pylist()
    assert sum(row["event_at"].month == 7 for row in days) == 50


def test_a_row_mended_wrongly_stays_with_what_was_written(loaded, officer):
    row = FaultyRow.objects.first()
    mend_rows(officer, {row: {"event_at": "昨天"}})
    assert do(reload_mended(officer)).result == {"mended": 0, "left": 1}
    row.refresh_from_db()
    assert row.edits == {"event_at": "昨天"}
    assert row.history.first().edited_by == officer


def test_a_column_that_does_not_exist_is_not_written(loaded, officer):
    row = FaultyRow.objects.first()
    mend_rows(officer, {row: {"nonsense": "x"}})
    row.refresh_from_db()
    assert row.edits == {}


def test_a_foreign_export_is_read_once_its_columns_are_chosen(own_city, officer, enter):
    text = "名称,代号,层级,类型\n新村,339801101209,村社区,建制村\n"
    upload = receive_file(officer, SimpleUploadedFile("某表.csv", text.encode()))
    client = enter("data")
    client.post(f"/data/{upload.pk}/columns/", {"table": "divisions"})
    answer = client.post(
        f"/data/{upload.pk}/columns/",
        {"table": "divisions", "column-1": "code", "column-2": "level", "column-3": "kind"},
    )
    assert answer.status_code == 302
    upload.refresh_from_db()
    assert upload.preview[0]["missing"] == []
    assert do(load_upload(officer, upload)).result == {"good": 1, "rejected": 0}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.exe", b"MZ", "不是这里能读的"),
        ("x.xlsx", b"not a workbook", "不符"),
        ("x.parquet", b"no", "不符"),
        ("x.csv", b"a\0b", "不符"),
        ("x.csv", b"", "空文件"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(officer, name, content, words, settings):
    with pytest.raises(RefusedError, match=words):
        receive_file(officer, SimpleUploadedFile(name, content))
    assert not Upload.objects.exists()


def test_a_file_name_cannot_lead_out_of_its_folder(own_city, officer):
    upload = receive_file(officer, SimpleUploadedFile("..\\..\\scans.csv", scans().read()))
    assert upload.name == "scans.csv"


def test_only_who_loads_data_for_the_whole_city_enters(loaded, people, enter):
    for who in ("leader", "liaison", "planner", "inspector", "admin"):
        client = enter(who)
        assert {client.get(path).status_code for path in ("/data/", "/data/faulty/", f"/data/{loaded.pk}/")} == {403}
    officer = people["data"]
    officer.division = "339801101000"
    officer.save()
    assert enter("data").get("/data/faulty/").status_code == 403


def test_looking_at_faulty_rows_is_logged(loaded, enter):
    enter("data").get("/data/faulty/")
    assert AccessLog.objects.get().rows == 10


def test_the_room_says_which_goals_lack_which_tables(own_city, people, enter):
    confirm_version(people["office"], receive_document(people["office"], as_file()))
    page = enter("data").get("/data/?month=2021-06").content.decode()
    assert "还缺" in page


def test_a_month_is_closed_with_the_confirmed_programme_and_published(loaded, own_city, people, monkeypatch):
    monkeypatch.setattr("posthouse.cycle.PLAN_SECONDS", 0.1)
    confirm_version(people["office"], receive_document(people["office"], as_file()))
    run = do(close_month(people["data"], "2021-07"))
    assert (run.state, run.message) == (State.DONE, "")
    assert Month.objects.filter(period="2021-07").exists()


def test_without_a_confirmed_programme_the_run_says_what_to_do(loaded, people):
    run = do(close_month(people["data"], "2021-07"))
    assert run.state == State.FAILED
    assert "请先在“方案”里" in run.message
