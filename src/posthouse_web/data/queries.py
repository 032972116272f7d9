"""What this room reads: uploads, rows to mend, what the records hold and what goals lack."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, QuerySet

from posthouse.measures.catalogue import get_definition
from posthouse.records.schema import all_tables, get_table
from posthouse.stores.workspace import Workspace, open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.accounts.scope import Scope, within
from posthouse_web.data.models import FaultyRow, Upload
from posthouse_web.monitoring.models import Goal
from posthouse_web.programmes.queries import list_measures_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the workspace holds of one table. months : newest first, empty for registers."""

    title: str
    is_event: bool
    is_empty: bool
    months: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A goal that cannot be measured in the latest month, and the tables it lacks."""

    goal: str
    measure: str
    tables: Sequence[str]


def list_uploads(scope: Scope) -> "QuerySet[Upload]":
    """Return the files that were handed in."""
    return within(Upload.objects.select_related("uploaded_by", "run"), scope)


def list_faulty(scope: Scope) -> "QuerySet[FaultyRow]":
    """Return the rows that wait to be mended."""
    return within(FaultyRow.objects.all(), scope)


def count_faulty(scope: Scope) -> list[tuple[str, int]]:
    """Return how many rows of each table wait to be mended."""
    counts = list_faulty(scope).order_by().values_list("table").annotate(Count("pk"))
    return [(get_table(name).zh, count) for name, count in counts]


def count_mended(scope: Scope) -> int:
    """Return how many rows have been changed and not yet loaded."""
    return list_faulty(scope).exclude(edits={}).count()


def find_workspace() -> Workspace | None:
    """Return the workspace, or None where nothing was ever loaded."""
    try:
        return open_workspace(Path(settings.POSTHOUSE_OUT) / "workspace")
    except UnusableInputError:
        return None


def list_held(workspace: Workspace | None) -> list[Held]:
    """Return every table that can be loaded, with what there is of it."""
    held = []
    for name, table in all_tables().items():
        if table.kind == "derived":
            continue
        days = workspace.list_days(name) if workspace else ()
        months = sorted({day[:7] for day in days if day[:1].isdigit()}, reverse=True)
        held.append(Held(title=table.zh, is_event=table.day is not None, is_empty=not days, months=months))
    return held


def list_lacks(workspace: Workspace | None, month: str) -> list[Lack]:
    """Return the goals in force whose measure lacks a table, or this month's rows of one."""
    asked = list_measures_in_force() or _published_measures()
    lacks = []
    for goal, measure in asked:
        definition = get_definition(measure)
        missing = [get_table(name).zh for name in definition.tables if _is_missing(workspace, name, month)]
        if missing:
            lacks.append(Lack(goal=goal, measure=definition.name_zh, tables=missing))
    return lacks


def _published_measures() -> list[tuple[str, str]]:
    latest = Goal.objects.order_by("-period").values_list("period", flat=True).first()
    goals = Goal.objects.filter(period=latest).exclude(measure="").order_by("position")
    return list(goals.values_list("name", "measure"))


def _is_missing(workspace: Workspace | None, name: str, month: str) -> bool:
    table = all_tables().get("scans" if name == "journeys" else name)
    if table is None or table.kind == "derived":
        return False
    days = workspace.list_days(table.name) if workspace else ()
    dated = [day for day in days if day[:1].isdigit()]
    return not (any(day.startswith(month) for day in dated) if table.day and dated else days)
