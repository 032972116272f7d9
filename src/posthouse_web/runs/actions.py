"""What can be done with runs: ask for one, stop it, go on with it, do it again.

The run and its place in the queue are one transaction: there is never the one without the other.
"""

from typing import Any

from django.db import transaction

from posthouse_web.accounts.models import User
from posthouse_web.accounts.scope import scope_of
from posthouse_web.runs.kinds import KINDS
from posthouse_web.runs.models import Run, State
from posthouse_web.runs.work import execute


class NotPossibleError(Exception):
    """The run is not in a state in which this can be done."""


@transaction.atomic
def start_run(by: User | None, kind: str, parameters: dict[str, Any], *, repeats: Run | None = None) -> Run:
    """Queue a run; `by` is None where the program itself asks for it (at its start)."""
    if by is not None:
        scope_of(by).require(KINDS[kind].needs)
    run = Run.objects.create(kind=kind, parameters=parameters, asked_by=by, repeats=repeats)
    execute.enqueue(run.pk)
    return run


def stop_run(by: User, run: Run) -> None:
    """Stop the run: at once where it still waits, at its next step where it is at work."""
    scope_of(by).require(KINDS[run.kind].needs)
    if Run.objects.filter(pk=run.pk, state=State.QUEUED).update(state=State.STOPPED):
        return
    if not Run.objects.filter(pk=run.pk, state=State.RUNNING).update(state=State.STOPPING):
        raise NotPossibleError


@transaction.atomic
def resume_run(by: User, run: Run) -> Run:
    """Go on with a run that was stopped, failed or was lost, leaving out the steps whose effect is in place."""
    scope_of(by).require(KINDS[run.kind].needs)
    if run.seen_state not in (State.STOPPED, State.FAILED, State.LOST) or not KINDS[run.kind].can_resume:
        raise NotPossibleError
    resumed = Run.objects.filter(pk=run.pk, state=run.state).update(
        state=State.QUEUED, attempt=run.attempt + 1, message="", ended_at=None, heard_at=None
    )
    if not resumed:
        raise NotPossibleError
    execute.enqueue(run.pk)
    return run


def repeat_run(by: User, run: Run) -> Run:
    """Queue the same again, from the start."""
    if not run.is_over:
        raise NotPossibleError
    return start_run(by, run.kind, run.parameters, repeats=run)
