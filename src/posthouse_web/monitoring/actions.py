"""Publishing: the closed months and the workspace, copied into rows that lists can search."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from posthouse.stores.workspace import Workspace, open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import parse_period
from posthouse_web.maps.mapping import TABLES, map_rows
from posthouse_web.maps.models import Feature
from posthouse_web.monitoring import mapping
from posthouse_web.monitoring.in_force import read_plan
from posthouse_web.monitoring.models import Assignment, Discrepancy, Figure, Goal, Month, Place
from posthouse_web.monitoring.parts import measure_parts

_MONTH = re.compile(r"\d{4}-\d{2}")
_BATCH = 2000
_M = TypeVar("_M", bound=models.Model)


def list_closed(out: Path) -> list[str]:
    """Return the months that `posthouse run` has closed in this folder, oldest first."""
    return sorted(p.stem for p in (out / "months").glob("*.json") if _MONTH.fullmatch(p.stem))


def list_unpublished(out: Path) -> list[str]:
    """Return the closed months whose rows are missing or of an earlier run, oldest first."""
    published = dict(Month.objects.values_list("period", "run_id"))
    return [month for month in list_closed(out) if published.get(month) != read_cycle(out, month)["run"]["id"]]


def list_without_parts() -> list[str]:
    """Return the published months whose figures are not broken down yet, newest first: people look there first."""
    months = Month.objects.exclude(parts_of=models.F("run_id")).order_by("-period")
    return list(months.values_list("period", flat=True))


def read_cycle(out: Path, month: str) -> dict[str, Any]:
    """Return cycle.json of the month, with the plan that is in force for it, where one is, in place of the month's own.

    Raises
    ------
    UnusableInputError : it is missing or damaged.
    """
    path = out / "months" / f"{month}.json"
    try:
        cycle: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        cycle["run"]["id"], cycle["goals"], cycle["programme"]["goals"]
        cycle["plan"] = read_plan(out, month) or cycle["plan"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableInputError(f"{path.name} 应为 {month} 的结账结果，读不出（{error}）。请重新运行该月。") from None
    return cycle


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRows:
    """The rows of one closed month, ready to be written. places is empty where there is no workspace."""

    month: Month
    goals: list[Goal]
    assignments: list[Assignment]
    discrepancies: list[Discrepancy]
    places: list[Place]
    features: list[Feature]


def publish_month(out: Path, month: str) -> None:
    """Copy what the month was closed with: a matter of a second. Its breakdown follows by `publish_parts`."""
    write_month(read_month(out, month))


def publish_parts(out: Path, month: str, progress: Callable[[str], None] = lambda stage: None) -> None:
    """Break the month's figures down: measuring takes long, the database is locked only while they are written."""
    published = Month.objects.get(period=month)
    figures = read_parts(out, month, progress)
    progress(f"{month} 写入控制台")
    write_parts(published, figures)


def read_month(out: Path, month: str) -> MonthRows:
    """Return the rows of a closed month, from its result and the registers; nothing is written."""
    cycle = read_cycle(out, month)
    workspace = _find_workspace(out)
    places = [] if workspace is None else mapping.place_rows(workspace.read_table("divisions").to_pylist())
    return MonthRows(
        month=mapping.month_row(cycle),
        goals=mapping.goal_rows(cycle),
        assignments=mapping.assignment_rows(cycle),
        discrepancies=mapping.discrepancy_rows(cycle, {place.code: place.full_name for place in places}),
        places=places,
        features=[] if workspace is None else map_rows(cycle, {t: workspace.read_table(t) for t in TABLES}, places),
    )


def read_parts(out: Path, month: str, progress: Callable[[str], None] = lambda stage: None) -> list[Figure]:
    """Return the figures of a closed month by place and brand, measured in the workspace; none where there is none."""
    workspace = _find_workspace(out)
    if workspace is None:
        return []
    names = {row.code: row.full_name for row in mapping.place_rows(workspace.read_table("divisions").to_pylist())}
    return list(_figures(workspace, month, mapping.goal_rows(read_cycle(out, month)), names, progress))


@transaction.atomic
def publish_plan(out: Path, month: str) -> None:
    """Copy what has changed in a published month once a plan is in force for it: totals, assignments, map."""
    rows = read_month(out, month)
    Month.objects.filter(pk=month).update(plan=rows.month.plan)
    _replace(Assignment, rows.assignments, period=month)
    if rows.places:
        _replace(Feature, rows.features, period=month)


@transaction.atomic
def write_month(rows: MonthRows) -> None:
    """Write the rows of a month in one transaction; what the month had before is replaced, its old breakdown too."""
    month = rows.month.period
    _replace(Month, [rows.month], period=month)
    _replace(Goal, rows.goals, period=month)
    _replace(Assignment, rows.assignments, period=month)
    _replace(Discrepancy, rows.discrepancies, period=month)
    _replace(Figure, [], period=month)
    if rows.places:
        _replace(Place, rows.places)
        _replace(Feature, rows.features, period=month)


@transaction.atomic
def write_parts(month: Month, figures: list[Figure]) -> None:
    """Write the breakdown of a published month, unless the month was closed anew while it was measured."""
    if not Month.objects.filter(pk=month.pk, run_id=month.run_id).update(
        parts_of=month.run_id, published_at=timezone.now()
    ):
        return
    _replace(Figure, figures, period=month.period)


def _figures(
    workspace: Workspace, month: str, goals: list[Goal], names: Mapping[str, str], progress: Callable[[str], None]
) -> Iterator[Figure]:
    bound = {goal.series: goal for goal in goals if goal.series}
    parts = measure_parts(
        workspace.tables(),
        parse_period(month),
        [(goal.measure, goal.parameters) for goal in bound.values()],
        lambda stage: progress(f"{month} {stage}"),
    )
    for goal, found in zip(bound.values(), parts, strict=True):
        yield mapping.whole_figure(goal)
        yield from mapping.figure_rows(goal.series, found, names)


def _find_workspace(out: Path) -> Workspace | None:
    try:
        return open_workspace(out / "workspace")
    except UnusableInputError:
        return None


def _replace(model: type[_M], rows: list[_M], **where: str) -> None:
    model._default_manager.filter(**where).delete()
    model._default_manager.bulk_create(rows, batch_size=_BATCH)
