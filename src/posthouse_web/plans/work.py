"""What the worker does for this room: search a plan in rounds, each twice as long as the one before, and keep the best.

So there is a whole plan after a few seconds, its cost over time can be shown, and who stops loses nothing.
"""

import secrets
import shutil
import time
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import transaction

from posthouse.cli.plan_files import write_plan_files
from posthouse.cli.plan_workspace import plan_case, read_case
from posthouse.planning.effort import Effort
from posthouse.planning.model import Plan
from posthouse.planning.scenario import scenario_from
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.periods import parse_period
from posthouse_web.plans import mapping
from posthouse_web.plans.actions import folder_of
from posthouse_web.plans.models import Scenario, State
from posthouse_web.registers.actions import write_entries
from posthouse_web.runs.control import Control

ROUNDS = (1 / 31, 2 / 31, 4 / 31, 8 / 31, 16 / 31)
SAID_S = 0.5
"""Seconds between two words on how far a search is."""


def plan_scenario(control: Control, scenario: int) -> dict[str, object]:
    """Plan a scenario; return what the best plan costs a week and whether the search went to its end."""
    row = Scenario.objects.get(pk=scenario)
    Scenario.objects.filter(pk=scenario).update(run=control.run)  # who repeats a run begins another one
    levers, period = scenario_from(row.levers), parse_period(row.month)
    control.step("读取台账和件量", 0.0)
    workspace = open_workspace(Path(settings.POSTHOUSE_OUT) / "workspace")
    write_entries(workspace)
    case = read_case(workspace, levers, period)
    begun = time.perf_counter()
    best: Plan | None = None
    course: list[tuple[float, float, int]] = []
    for number, share in enumerate(ROUNDS, start=1):
        effort = Effort(
            seconds=levers.seconds * share,
            until=time.perf_counter() + levers.seconds * share,
            stop=control.is_stopping,
            progress=_progress(control, number, begun, levers.seconds),
        )
        found = plan_case(case, effort)
        if best is None or mapping.is_better(found, best):
            best = found
        facts = mapping.figures_of(best)
        course.append((round(time.perf_counter() - begun, 1), round(facts["cost_yuan"], 2), facts["missing"]))
        Scenario.objects.filter(pk=scenario).update(course=course)
        # On a busy machine a round may take longer than all of them should.
        if control.is_stopping() or time.perf_counter() - begun > levers.seconds:
            break
    assert best is not None
    control.say("写结果", 0.99)
    is_complete = not control.is_stopping()
    if best.week is not None:
        best = replace(best, week=replace(best.week, is_complete=is_complete))
    folder = secrets.token_hex(16)
    write_plan_files(best, folder_of(folder), case.ground, period, days=levers.promise.visits_per_week)
    _keep(row, best, folder, is_complete=is_complete)
    return {"cost_yuan": mapping.figures_of(best)["cost_yuan"], "is_complete": is_complete}


def _progress(control: Control, number: int, begun: float, seconds: float) -> "_Said":
    return _Said(control, f"第 {number} 轮", begun, seconds)


class _Said:
    """Says how far the search is, at most every half second."""

    def __init__(self, control: Control, words: str, begun: float, seconds: float) -> None:
        self._control, self._words, self._begun, self._seconds = control, words, begun, seconds
        self._said_at = 0.0

    def __call__(self, stage: str, share: float) -> None:
        now = time.perf_counter()
        if now - self._said_at > SAID_S:
            self._said_at = now
            self._control.say(f"{self._words}：{stage}", min(0.98, (now - self._begun) / self._seconds))


@transaction.atomic
def _keep(row: Scenario, plan: Plan, folder: str, *, is_complete: bool) -> None:
    """Name the new files in the row; the old ones go once that is certain."""
    now = Scenario.objects.select_for_update().get(pk=row.pk)
    old = now.folder
    now.folder, now.is_complete = folder, is_complete
    now.state = State.PLANNED if now.state == State.DRAFT else now.state
    for name, value in mapping.figures_of(plan).items():
        setattr(now, name, value)
    now.save()
    transaction.on_commit(lambda: shutil.rmtree(folder_of(old), ignore_errors=True))
