"""Projects and bodies that the programme sets up: counted when done, from the register of projects."""

from typing import TYPE_CHECKING

from posthouse.measures.forms import Tables, integer, last_day, literal_date, valid_at_end
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    from ibis.expr.types import Table


def done_projects(tables: Tables, period: Period, kind: str) -> "Table":
    """One row per project of this kind that is done by the end of the period (a done one without a date counts)."""
    projects = valid_at_end(tables["projects"], period)
    projects = projects.filter(projects.kind == kind, projects.status == "done")
    done = projects.filter(projects.done_on.isnull() | (projects.done_on <= literal_date(last_day(period))))
    return done.select(place="division", item="name", numerator=integer(1))
