"""What a working function holds of its run: it reports progress here and learns here that it should stop."""

import os
import socket
import threading
import time
from collections.abc import Callable
from itertools import chain, repeat
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from posthouse_web.runs.models import ALIVE, Run, State, Worker

BEAT_S = 5.0
"""Seconds between two signs of life."""
ASKED_S = 0.5
"""Seconds between two looks whether a run should stop, where the work asks all the time."""
PATIENCE_S = (0.2, 1, 2, 5, 10, 20, 30)
"""Waits before a word to the database is tried again; together longer than a database takes to restart."""

_T = TypeVar("_T")


class Stopped(Exception):  # noqa: N818 - it is no fault
    """Somebody has asked the run to stop."""


class Control:
    """The run that a function works for."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.finished: set[str] = set(run.finished)
        self._stopping, self._ask_at = False, 0.0

    def step(self, stage: str, share: float | None = None) -> None:
        """Say what is being done and how much of all is done (0..1).

        Raises
        ------
        Stopped : the run should end here; nothing half done may be left.
        """
        self.say(stage, share)
        if self._is_stopping():
            raise Stopped

    def say(self, stage: str, share: float | None = None) -> None:
        """Say what is being done, for work that ends early with what it has and asks `is_stopping` itself."""
        changes: dict[str, Any] = {"stage": stage[:120], "heard_at": timezone.now()}
        if share is not None:
            changes["share"] = min(1.0, max(0.0, share))
        patiently(lambda: Run.objects.filter(pk=self.run.pk).update(**changes))

    def is_stopping(self) -> bool:
        """Whether somebody has asked to stop; may be asked at every turn, the database is every half second."""
        if not self._stopping and time.monotonic() > self._ask_at:
            self._stopping = self._is_stopping()
            self._ask_at = time.monotonic() + ASKED_S
        return self._stopping

    def _is_stopping(self) -> bool:
        return patiently(lambda: Run.objects.filter(pk=self.run.pk, state=State.STOPPING).exists())

    def finish(self, step: str) -> None:
        """Keep that this step's effect is in place: a resumed run need not do it again."""
        self.finished.add(step)
        patiently(lambda: Run.objects.filter(pk=self.run.pk).update(finished=sorted(self.finished)))


class Heartbeat:
    """A thread that says every few seconds that this process lives.

    worker : its name. run : the run it works on. also : done at each beat.
    """

    def __init__(self, *, worker: str = "", run: int | None = None, also: Callable[[], object] = lambda: None) -> None:
        self._worker, self.run, self._also = worker, run, also
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=2)

    def _beat(self) -> None:
        while True:
            try:
                self._say()
            except (OperationalError, InterfaceError):
                # The database restarts; the next beat finds it again.
                connection.close()
            if self._over.wait(BEAT_S):
                connection.close()
                return

    def _say(self) -> None:
        close_old_connections()
        now = timezone.now()
        if self._worker:
            Worker.objects.update_or_create(name=self._worker, defaults={"heard_at": now})
        if self.run is not None:
            Run.objects.filter(pk=self.run, state__in=ALIVE).update(heard_at=now)
        self._also()


def patiently(say: Callable[[], _T], *, gives_up: bool = True) -> _T:
    """Return what `say` returns, tried again while the database is away or its disk full; its last error is raised.

    gives_up : whether patience ends; how a run has ended is said again and again until it can be written.
    """
    pause = threading.Event()
    for wait_s in chain(PATIENCE_S, () if gives_up else repeat(PATIENCE_S[-1])):
        try:
            return say()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            pause.wait(wait_s)
    return say()


def name_worker() -> str:
    """Return the name of this process among the workers."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(worker: str) -> bool:
    """Whether this worker was a process of this machine and is none any more."""
    host, _, number = worker.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False
