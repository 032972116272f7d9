"""What went wrong, told to the person who waits: what happened, that nothing is lost, what to do."""

import errno
from collections.abc import Iterator

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

from posthouse.vocabulary.errors import UnusableInputError

STOPPED = _n("已按要求停止。此前的数据没有变化。")
DISK_FULL = _n("磁盘已满，这次没有写完。此前的数据没有变化。请清出空间后继续或重做。")
DATABASE_AWAY = _n("数据库中断，这次没有做完。此前的数据没有变化。数据库恢复后可以继续或重做。")
DATABASE_BUSY = _n("数据库一直被别的程序占用，这次没有做完。此前的数据没有变化。请稍后继续或重做。")
LOST = _n("执行程序中断（进程被结束或机器重启）。此前的数据没有变化。可以继续或重做。")
MEMORY = _n("内存不足，这次没有做完。此前的数据没有变化。请关闭其他程序后重做。")
BUG = _n("程序出错，这次没有做完。此前的数据没有变化。请把本页编号告诉维护人员，细节在运行日志中。")

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL_WORDS = ("no space left on device", "disk is full", "disk full", "disk quota exceeded")
"""What SQLite, PostgreSQL, DuckDB and Arrow say; they do not all raise OSError."""


def in_words(fault: BaseException) -> str:
    """Return what happened and what to do, for the person who asked for the run."""
    if isinstance(fault, UnusableInputError):
        return str(fault)
    if is_disk_full(fault):
        return DISK_FULL
    if isinstance(fault, DatabaseError):
        return DATABASE_BUSY if is_busy(fault) else DATABASE_AWAY
    if isinstance(fault, MemoryError):
        return MEMORY
    return BUG


def page_in_words(fault: BaseException | None) -> str:
    """Return why a page could not be made, where the person can wait for it or have it mended; else ""."""
    if fault is None:
        return ""
    if is_disk_full(fault):
        return _("磁盘已满，这一步没有存下，此前的数据没有变化。请清出空间后再做一次。")
    if not isinstance(fault, OperationalError | InterfaceError):
        return ""
    if is_busy(fault):
        return _("数据库正忙，这一步没有存下，此前的数据没有变化。请过一会儿再做一次。")
    return _("数据库暂时不能用，可能正在重启。数据没有变化，请过一分钟再试。")


def is_disk_full(fault: BaseException) -> bool:
    """Whether the fault, or what it came from, is that nothing more can be written."""
    return any(
        (isinstance(part, OSError) and part.errno in _FULL) or any(said in str(part).lower() for said in _FULL_WORDS)
        for part in _chain(fault)
    )


def is_busy(fault: BaseException) -> bool:
    """Whether SQLite's file is held by somebody else."""
    return "is locked" in str(fault)


def _chain(fault: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = fault
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
