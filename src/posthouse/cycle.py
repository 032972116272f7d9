"""The closed loop of one month, from the plan document to the report: read this file first.

    plan document ─read→ Document ─extract→ Programme ─┐
    scans, registers ─load→ Records ─fold→ Journeys ───┴─measure→ Measurements ─diagnose→ Gaps
    Gaps ─propose→ Plan ─issue→ Assignments; the next month's Measurements ─verify→ Verdicts ─report→ bulletin, list, map

Values in, values out: `stores` loads and folds the records, `documents` reads the file, `reports` writes what comes out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from posthouse.assignments.issue import issue_assignments
from posthouse.assignments.model import Assignment, Condition
from posthouse.assignments.verify import verify_assignments
from posthouse.diagnosis.assess import assess_goals
from posthouse.diagnosis.gaps import diagnose_gaps
from posthouse.diagnosis.reported import find_discrepancies
from posthouse.documents.model import Document
from posthouse.measures.catalogue import all_definitions, get_definition
from posthouse.measures.measure import measure
from posthouse.measures.model import Measurement
from posthouse.planning.propose import propose_plan
from posthouse.programme.bind import bind_goals
from posthouse.programme.extract import extract_programme
from posthouse.programme.model import Goal, Programme
from posthouse.reports.model import MonthReport
from posthouse.vocabulary.findings import Finding
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.sources import Run

if TYPE_CHECKING:
    import ibis

    Tables = Mapping[str, ibis.Table]
