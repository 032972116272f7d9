"""The programme's own office: what was due in the period and what was held or sent by its end.

Entries count by the day they were due, so a meeting that was not held is seen. Where each of several bodies owes
its own, the value is that of the one that did least: "each task force once a month" is not met by an average.
"""

from typing import TYPE_CHECKING

from posthouse.measures.expressions.projects import done_projects
from posthouse.measures.forms import (
    By,
    Parameters,
    Tables,
    days_within,
    flag,
    integer,
    last_day,
    literal_date,
    months_ending,
    months_of,
    text,
)
from posthouse.vocabulary.periods import Grain, Period, parse_period

if TYPE_CHECKING:
    from ibis.expr.types import IntegerValue, Table


def task_forces(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per task force set up."""
    return done_projects(tables, period, "task_force").drop("place")


def task_force_meetings_per_month(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row: meetings held by the task force that held fewest, over the months."""
    return _fewest(_due(tables, period, "task_force_meeting"), period)


def office_meetings_per_quarter(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row: three times the office meetings held of those due in at least three months, over the months."""
    quarter = _at_least_a_quarter(period)
    held = _due(tables, quarter, "office_meeting").aggregate(held=lambda t: t.is_done.sum())
    return held.select(item=text("办公室会议"), numerator=(held.held * 3).cast("int64"), denominator=_months(quarter))


def progress_reports_per_month(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row: reports in on time of the unit that sent fewest, over the months."""
    due = _due(tables, period, "progress_report")
    return _fewest(due.mutate(is_done=due.is_on_time), period)


def reports_on_time_share(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row per report due: whether it was in on time."""
    due = _due(tables, period, "progress_report")
    return due.select(item="entry_id", numerator="is_on_time", denominator=integer(1))


def bulletins_per_month(tables: Tables, period: Period, by: By, parameters: Parameters) -> "Table":
    """One row: bulletins issued of those due, over the months."""
    issued = _due(tables, period, "bulletin").aggregate(issued=lambda t: t.is_done.sum())
    return issued.select(item=text("通报"), numerator=issued.issued.cast("int64"), denominator=_months(period))


def _due(tables: Tables, period: Period, kind: str) -> "Table":
    """Entries of this kind due in the period: whether held by its end, whether held by the day they were due."""
    log = tables["office_log"]
    due = log.filter(log.kind == kind, days_within(log.due_on, period))
    is_done = due.held_on <= literal_date(last_day(period))
    return due.mutate(is_done=flag(is_done), is_on_time=flag(is_done & (due.held_on <= due.due_on)))


def _fewest(due: "Table", period: Period) -> "Table":
    by_body = due.group_by("body").aggregate(done=lambda t: t.is_done.sum())
    fewest = by_body.aggregate(done=lambda t: t.done.min())
    return fewest.select(item=text("最少者"), numerator=fewest.done.cast("int64"), denominator=_months(period))


def _at_least_a_quarter(period: Period) -> Period:
    if len(months_of(period)) >= 3:
        return period
    first = parse_period(months_ending(period, 3)[0])
    return Period(first.start_on, period.end_on, Grain.QUARTER)


def _months(period: Period) -> "IntegerValue":
    return integer(len(months_of(period)))
