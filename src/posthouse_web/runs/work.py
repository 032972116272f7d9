"""What the worker does with a run: claim it, do it, and write down how it ended — in words, whatever happened."""

import errno
import logging
import traceback
from typing import Any

from django.db import Error as DatabaseError
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.runs.control import Control, Heartbeat, Stopped, patiently
from posthouse_web.runs.kinds import KINDS
from posthouse_web.runs.models import ALIVE, SILENT, Run, State

logger = logging.getLogger(__name__)

KEPT = "此前的数据没有变化。"
DISK_FULL = "磁盘已满，这次没有写完。" + KEPT + "请清出空间后继续或重做。"
DATABASE_AWAY = "数据库中断，这次没有做完。" + KEPT + "数据库恢复后可以继续或重做。"
LOST = "执行程序中断（进程被结束或机器重启）。" + KEPT + "可以继续或重做。"
MEMORY = "内存不足，这次没有做完。" + KEPT + "请关闭其他程序后重做。"
BUG = "程序出错，这次没有做完。" + KEPT + "请把本页编号告诉维护人员，细节在运行日志中。"


@task()  # type: ignore[untyped-decorator]  # django-tasks ships no types for it
def execute(run_id: int) -> None:
    """Do the run, in a worker process."""
    claimed = patiently(
        lambda: Run.objects.filter(pk=run_id, state=State.QUEUED).update(
            state=State.RUNNING, started_at=timezone.now(), heard_at=timezone.now(), ended_at=None, message=""
        )
    )
    if not claimed:
        return
    run = patiently(lambda: Run.objects.get(pk=run_id))
    with Heartbeat(run=run.pk):
        try:
            result = import_string(KINDS[run.kind].function)(Control(run), **run.parameters)
        except Stopped:
            _end(run, State.STOPPED, "已按要求停止。" + KEPT)
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
    silent = Run.objects.filter(state__in=ALIVE, heard_at__lt=timezone.now() - SILENT)
    return silent.update(state=State.LOST, message=LOST, ended_at=timezone.now())


def in_words(fault: BaseException) -> str:
    """Return what happened and what to do, for the person who asked for the run."""
    if isinstance(fault, UnusableInputError):
        return str(fault)
    if isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    if isinstance(fault, DatabaseError):
        return DISK_FULL if "full" in str(fault).lower() else DATABASE_AWAY
    if isinstance(fault, MemoryError):
        return MEMORY
    return BUG


def _end(run: Run, state: State, message: str, **changes: Any) -> None:
    changes.update(state=state, message=message, ended_at=timezone.now())
    patiently(lambda: Run.objects.filter(pk=run.pk).update(**changes))
