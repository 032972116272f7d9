"""The console that stands over a workspace: at most one, known by a locked file, so that it can be found and stopped.

The lock goes with the process, however it ends; the file's text (process, address) is only believed while it is held.
"""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from posthouse.vocabulary.errors import UnusableInputError

LOG = Path("console") / "serve.log"
_FILE = Path("console") / "serve.pid"
_PATIENCE_S = 25.0
"""What a console may take to end: its worker is given ten seconds to put down what it is doing."""


@contextmanager
def standing(workspace: Path) -> Iterator[Path]:
    """Hold the workspace as its console; yield the file into which `announce` writes.

    Raises
    ------
    UnusableInputError : another console stands over this workspace.
    """
    path = workspace / _FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            address = find_address(workspace) or "正在启动"
            raise UnusableInputError(
                f"这个文件夹的控制台已经在运行（{address}）。"
                f"要重新启动，先运行 posthouse serve --workspace {workspace} --stop"
            ) from None
        _write(path, f"{os.getpid()}\n")
        try:
            yield path
        finally:
            _write(path, "")


def announce(path: Path, address: str) -> None:
    """Say under which address the console answers."""
    _write(path, f"{os.getpid()}\n{address}\n")


def find_address(workspace: Path) -> str | None:
    """Return the address of the console that stands over the workspace, or None where none answers yet."""
    lines = _read(workspace)
    return lines[1] if len(lines) > 1 else None


def stop_standing(workspace: Path) -> bool:
    """End the console of the workspace, if there is one; return whether there was.

    One that does not end in time is killed: what it was doing is marked as interrupted at the next start.
    """
    lines = _read(workspace)
    if not lines:
        return False
    pid = int(lines[0])
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        if not _is_gone(workspace, _PATIENCE_S):
            os.kill(pid, signal.SIGKILL)
            _is_gone(workspace, _PATIENCE_S)
    return True


def _read(workspace: Path) -> list[str]:
    path = workspace / _FILE
    if not path.exists():
        return []
    with path.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return file.read().split()
    return []


def _is_gone(workspace: Path, patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while _read(workspace):
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
