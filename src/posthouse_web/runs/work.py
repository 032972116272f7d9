"""What the worker does with a run: claim it, do it, and write down how it ended — in words, whatever happened."""

import logging
import traceback
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from posthouse_web.runs.control import Control, Heartbeat, Stopped, is_gone, name_worker, patiently
from posthouse_web.runs.faults import LOST, STOPPED, in_words
from posthouse_web.runs.kinds import KINDS
from posthouse_web.runs.models import ALIVE, SILENT, Run, State

logger = logging.getLogger(__name__)


@task()  # type: ignore[untyped-decorator]  # django-tasks ships no types for it
def execute(run_id: int) -> None:
    """Do the run, in a worker process."""
    claimed = patiently(
        lambda: Run.objects.filter(pk=run_id, state=State.QUEUED).update(
            state=State.RUNNING,
            worker=name_worker(),
            started_at=timezone.now(),
            heard_at=timezone.now(),
            ended_at=None,
            message="",
        )
    )
    if not claimed:
        return
    run = patiently(lambda: Run.objects.get(pk=run_id))
    with Heartbeat(run=run.pk):
        try:
            result = import_string(KINDS[run.kind].function)(Control(run), **run.parameters)
        except Stopped:
            _end(run, State.STOPPED, STOPPED)
        except Exception as fault:
            logger.exception("Run %s (%s) failed", run.pk, run.kind)
            _end(run, State.FAILED, in_words(fault), result={"trace": traceback.format_exc()[-4000:]})
        except BaseException:
            # The worker itself is told to go: say so before it does.
            _end(run, State.LOST, LOST)
            raise
        else:
            _end(run, State.DONE, "", result=result or {}, share=1.0, stage="")


def mark_lost() -> int:
    """Write down which runs their worker has left without a word; return how many."""
    alive = Run.objects.filter(state__in=ALIVE)
    gone = [name for name in alive.values_list("worker", flat=True).distinct() if name and is_gone(name)]
    left = alive.filter(Q(heard_at__lt=timezone.now() - SILENT) | Q(worker__in=gone))
    return left.update(state=State.LOST, message=LOST, ended_at=timezone.now())


def queue_again() -> None:
    """Put every waiting run into the queue: a worker may have died between taking it and beginning it.

    A run that is in the queue twice is done once: whoever claims it first.
    """
    for run_id in Run.objects.filter(state=State.QUEUED).order_by("asked_at").values_list("pk", flat=True):
        execute.enqueue(run_id)


def _end(run: Run, state: State, message: str, **changes: Any) -> None:
    changes.update(state=state, message=message, ended_at=timezone.now())
    patiently(lambda: Run.objects.filter(pk=run.pk).update(**changes), gives_up=state == State.LOST)
