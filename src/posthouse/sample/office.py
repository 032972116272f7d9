"""The office's log of a month: meetings of the task forces and of the office, progress reports, the bulletin."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from posthouse.sample.industry import TASK_FORCES
from posthouse.sample.months import Month, month_at
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np

Row = Mapping[str, object]

DEPARTMENTS = ("交通运输局", "农业农村局", "商务局", "经信局", "供销社", "市场监管局", "邮政分公司", "海关")


FIRST_INDEX = -4
"""The programme began in January 2021; its log begins in February."""


def list_office_log(world: World) -> list[Row]:
    """Return the rows of table `office_log` up to the month, from February 2021 on (at least the month itself)."""
    rows: list[Row] = []
    for index in range(min(FIRST_INDEX, world.month.index), world.month.index + 1):
        rows += _month_rows(world, month_at(index))
    return rows


def _month_rows(world: World, month: Month) -> list[Row]:
    short = world.kind.city.short
    stream = open_stream(world.seed, world.kind.name, "office", month.text)
    last = month.last_on
    rows: list[Row] = []

    def enter(kind: str, body: str, due_on: date, held_on: date | None) -> None:
        entry_id = f"TZ{month.text.replace('-', '')}{len(rows) + 1:03d}"
        rows.append({"entry_id": entry_id, "kind": kind, "body": body, "due_on": due_on, "held_on": held_on})

    for number, name in enumerate(TASK_FORCES):
        # The 出海 task force skips a meeting now and then.
        is_missed = number == 2 and month.index % 4 == 1
        enter("task_force_meeting", f"{name}工作专班", last, None if is_missed else _before(last, stream))
    if last.month % 3 == 0:
        enter("office_meeting", "领导小组办公室", last, _before(last, stream))
    units = [*(f"市{unit}" if unit != "海关" else f"{short}海关" for unit in DEPARTMENTS), *world.geography.town_names]
    n_late = 0 if month.index % 3 == 2 else max(1, len(units) // 14)
    late = {int(i) for i in stream.permutation(len(units))[:n_late]}
    for number, unit in enumerate(units):
        held = last + timedelta(days=int(stream.integers(2, 9))) if number in late else _before(last, stream)
        enter("progress_report", unit, last, held)
    due = last - timedelta(days=2)
    enter("bulletin", "领导小组办公室", due, due if month.index % 5 else due + timedelta(days=1))
    return rows


def _before(last: date, stream: "np.random.Generator") -> date:
    return last - timedelta(days=int(stream.integers(0, 9)))
