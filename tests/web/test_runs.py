import errno
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.monitoring.models import Month
from posthouse_web.runs import work
from posthouse_web.runs.actions import NotPossibleError, repeat_run, resume_run, start_run, stop_run
from posthouse_web.runs.kinds import KINDS, Kind
from posthouse_web.runs.models import Run, State
from posthouse_web.runs.work import execute, mark_lost

DONE = []
"""Steps that the trial work has done, so that a test sees what was repeated."""


def three_steps(control, fail_at=0, fault=""):
    for number in (1, 2, 3):
        if f"{number}" in control.finished:
            continue
        control.step(f"第{number}步", number / 3)
        if number == fail_at:
            raise _FAULTS[fault]
        DONE.append(number)
        control.finish(f"{number}")
    return {"steps": 3}


_FAULTS = {
    "input": UnusableInputError("文件应为 csv，实际为图片。请换一个文件。"),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
    "sqlite disk": OperationalError("database or disk is full"),
    "memory": MemoryError(),
    "bug": KeyError("brand"),
}


@pytest.fixture(autouse=True)
def _trial(monkeypatch, db):
    DONE.clear()
    trial = Kind(title="试", needs=KINDS["publish"].needs, function=f"{__name__}.three_steps", can_resume=True)
    monkeypatch.setattr("posthouse_web.runs.actions.KINDS", {**KINDS, "trial": trial})
    monkeypatch.setattr(work, "KINDS", {**KINDS, "trial": trial})
    monkeypatch.setattr(
        work, "import_string", lambda path: three_steps if path.endswith("three_steps") else _real(path)
    )


def _real(path):
    from django.utils.module_loading import import_string

    return import_string(path)


def do(run):
    execute.func(run.pk)
    run.refresh_from_db()
    return run


def test_a_run_is_queued_done_and_says_so(people):
    run = start_run(people["office"], "trial", {})
    assert run.state == State.QUEUED
    assert do(run).state == State.DONE
    assert (run.percent, run.result, run.finished) == (100, {"steps": 3}, ["1", "2", "3"])


def test_asking_for_a_run_puts_it_into_the_workers_queue(people, django_capture_on_commit_callbacks):
    from django_tasks_db.models import DBTaskResult

    with django_capture_on_commit_callbacks(execute=True):
        run = start_run(people["office"], "trial", {})
    assert DBTaskResult.objects.get().args_kwargs["args"] == [run.pk]


def test_a_run_that_is_done_is_not_done_again(people):
    run = do(start_run(people["office"], "trial", {}))
    do(run)
    assert DONE == [1, 2, 3]


def test_a_waiting_run_is_stopped_at_once(people):
    run = start_run(people["office"], "trial", {})
    stop_run(people["office"], run)
    assert do(run).state == State.STOPPED
    assert DONE == []


def test_a_run_at_work_stops_at_its_next_step_and_goes_on_from_there(people, monkeypatch):
    run = start_run(people["office"], "trial", {})
    real = work.Control.finish
    monkeypatch.setattr(
        work.Control, "finish", lambda control, step: (real(control, step), Run.objects.update(state=State.STOPPING))
    )
    assert do(run).state == State.STOPPED
    assert DONE == [1]
    monkeypatch.setattr(work.Control, "finish", real)
    assert do(resume_run(people["office"], run)).state == State.DONE
    assert DONE == [1, 2, 3]
    assert run.attempt == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("input", "请换一个文件"),
        ("disk", "磁盘已满"),
        ("sqlite disk", "磁盘已满"),
        ("memory", "内存不足"),
        ("bug", "维护人员"),
    ],
)
def test_a_fault_is_told_in_plain_words_and_what_was_done_is_kept(people, fault, words):
    run = do(start_run(people["office"], "trial", {"fail_at": 2, "fault": fault}))
    assert run.state == State.FAILED
    assert words in run.message
    assert run.finished == ["1"]


def test_a_database_that_comes_back_within_a_minute_is_waited_for(people, monkeypatch):
    from posthouse_web.runs import control

    monkeypatch.setattr(control, "PATIENCE_S", (0, 0, 0))
    monkeypatch.setattr("posthouse_web.runs.control.connection.close", lambda: None)
    failures = iter([OperationalError("server closed the connection"), OperationalError("starting up")])

    class Quiet:
        in_atomic_block = False

        def close(self):
            pass

    monkeypatch.setattr(control, "connection", Quiet())

    def say():
        for failure in failures:
            raise failure
        return "said"

    assert control.patiently(say) == "said"


def test_a_killed_worker_is_noticed_and_its_run_can_go_on(people):
    run = start_run(people["office"], "trial", {})
    Run.objects.update(state=State.RUNNING, heard_at=timezone.now() - timedelta(minutes=2), finished=["1"])
    run.refresh_from_db()
    assert run.seen_state == State.LOST
    assert mark_lost() == 1
    run.refresh_from_db()
    assert "中断" in run.message
    assert do(resume_run(people["office"], run)).state == State.DONE
    assert DONE == [2, 3]


def test_a_run_at_work_is_neither_lost_nor_repeated(people):
    run = start_run(people["office"], "trial", {})
    Run.objects.update(state=State.RUNNING, heard_at=timezone.now())
    run.refresh_from_db()
    assert mark_lost() == 0
    with pytest.raises(NotPossibleError):
        repeat_run(people["office"], run)
    with pytest.raises(NotPossibleError):
        resume_run(people["office"], run)


def test_a_repeated_run_starts_from_the_beginning_and_names_the_first(people):
    first = do(start_run(people["office"], "trial", {}))
    again = do(repeat_run(people["office"], first))
    assert again.repeats == first
    assert DONE == [1, 2, 3, 1, 2, 3]


def test_closed_months_are_published_by_a_run_and_only_once(city, people):
    Month.objects.filter(period="2021-06").delete()
    assert do(start_run(people["data"], "publish", {})).result == {"months": ["2021-06"]}
    assert do(start_run(people["data"], "publish", {})).result == {"months": []}


def test_the_page_of_a_run_says_that_no_worker_is_there(people, enter):
    client = enter("office")
    answer = client.post("/runs/publish/")
    assert "没有执行程序在工作" in client.get(answer["Location"]).content.decode()


def test_a_fault_while_writing_a_month_leaves_the_month_as_it_was(city, people, monkeypatch):
    from posthouse_web.monitoring import actions
    from posthouse_web.monitoring.models import Figure

    before = Figure.objects.count()
    Month.objects.filter(period="2021-06").update(run_id="older")
    real = actions._replace

    def fail_late(model, rows, **where):
        if model.__name__ == "Feature":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(model, rows, **where)

    monkeypatch.setattr(actions, "_replace", fail_late)
    run = do(start_run(people["data"], "publish", {}))
    assert "磁盘已满" in run.message
    assert Figure.objects.count() == before
    assert Month.objects.get(period="2021-06").run_id == "older"
