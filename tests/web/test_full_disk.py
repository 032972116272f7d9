"""The disk is full in the middle of a run, at the place where bytes are really written."""

import errno
from copy import copy

import pytest
from django.db import OperationalError, connection

from posthouse.stores.workspace import open_workspace
from posthouse_web.data.actions import load_upload, receive_file
from posthouse_web.monitoring import actions
from posthouse_web.monitoring.models import Figure, Month
from posthouse_web.runs import control, queries
from posthouse_web.runs.actions import repeat_run, resume_run, start_run
from posthouse_web.runs.models import Run, State
from tests.web.test_data import do, own_city, scans

__all__ = ["own_city"]


@pytest.fixture
def no_space():
    """The database may not grow by more than some pages, as on a full disk; `release()` makes room."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite's file can be bounded")

    def set_most(pages):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {pages}")

    with connection.cursor() as cursor:
        used, most = (cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "max_page_count"))
    set_most(used + 4)
    yield lambda: set_most(most)
    set_most(most)


def test_a_full_disk_of_the_database_is_told_and_the_run_goes_on_when_there_is_room(
    city, closed_city, people, no_space, monkeypatch
):
    Month.objects.update(parts_of="")
    before = list(Figure.objects.values_list("pk", flat=True))
    much = [copy(figure) for _, figures in closed_city[1] for figure in figures]
    for figure in much:
        figure.pk, figure.unit = None, "次" * 5000  # more than fits into the pages that are left
    monkeypatch.setattr(actions, "read_parts", lambda out, month, say: [f for f in much if f.period == month])
    run = do(start_run(people["data"], "publish", {}))
    assert run.state == State.FAILED
    assert "磁盘已满，这次没有写完。此前的数据没有变化。" in run.message
    assert list(Figure.objects.values_list("pk", flat=True)) == before
    no_space()
    assert do(resume_run(people["data"], run)).state == State.DONE
    assert Figure.objects.count() == len(before)
    assert not actions.list_without_parts()


def test_a_full_disk_of_the_workspace_leaves_it_as_it_was_and_the_load_is_repeated(own_city, people, monkeypatch):
    from pyarrow import parquet

    before = open_workspace(own_city / "workspace").list_days("scans")
    run = load_upload(people["data"], receive_file(people["data"], scans(bad=0)))
    real = parquet.write_table

    def fill_up(table, where, *args, **kwargs):
        real(table.slice(0, 1), where, *args, **kwargs)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", fill_up)
    do(run)
    assert (run.state, "磁盘已满" in run.message) == (State.FAILED, True)
    assert open_workspace(own_city / "workspace").list_days("scans") == before
    monkeypatch.setattr(parquet, "write_table", real)
    again = do(repeat_run(people["data"], run))
    assert again.result == {"good": 40, "rejected": 0}


def test_how_a_run_ended_is_said_as_soon_as_it_can_be_written(people, monkeypatch):
    monkeypatch.setattr(control, "PATIENCE_S", (0,))
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(type(connection), "in_atomic_block", False, raising=False)
    full = iter([OperationalError("database or disk is full")] * 20)

    def say():
        for fault in full:
            raise fault
        return "said"

    assert control.patiently(say, gives_up=False) == "said"


def test_the_run_pages_say_that_the_disk_is_nearly_full(city, enter, monkeypatch):
    Run.objects.create(pk=1, kind="publish")
    monkeypatch.setattr(queries, "LITTLE_MB", 2**40)
    office = enter("office")
    assert "磁盘快满了" in office.get("/runs/").content.decode()
    assert "磁盘快满了" in office.get("/runs/1/").content.decode()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OperationalError("database or disk is full"), "磁盘已满，这一步没有存下"),
        (OperationalError("database is locked"), "数据库正忙"),
        (OperationalError("connection refused"), "数据库暂时不能用"),
    ],
)
def test_a_page_that_cannot_be_made_says_why_and_what_to_do(city, enter, monkeypatch, fault, words):
    office = enter("office")
    office.raise_request_exception = False

    def fail(*args):
        raise fault

    monkeypatch.setattr("posthouse_web.monitoring.queries.list_months", fail)
    answer = office.get("/goals/")
    assert answer.status_code == 503
    assert words in answer.content.decode()
