"""Progress of long work on stderr: one bar, its stage in words; silent where nobody watches."""

import sys
from types import TracebackType
from typing import Self


class Progress:
    """A progress bar for the length of a `with` block.

    `step(what, share)` and `stage(what)` fit the `progress` arguments of the library.
    """

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        console = Console(file=sys.stderr)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        self._bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("准备", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def step(self, what: str, share: float) -> None:
        """Show that `what` is done to this share, 0..1."""
        self._bar.update(self._task, description=what, total=1.0, completed=share)

    def stage(self, what: str) -> None:
        """Show that `what` has begun and that its length is not known."""
        self._bar.update(self._task, description=what, total=None, completed=0)
