"""The closed loop of one month, from the plan document to the report: read this file first.

    plan document ─read→ Document ─extract→ Programme ─┐
    scans, registers ─load→ Records ─fold→ Journeys ───┴─measure→ Measurements ─diagnose→ Gaps
    Gaps ─propose→ Plan ─issue→ Assignments; the next month's Measurements ─verify→ Verdicts ─report→ MonthReport

Values in, values out. Before it `documents` reads the file and `stores` loads and folds the records; after it `reports`
renders what it returns, and `stores` keeps it. `cli/run.py` puts the three together.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from posthouse.assignments.issue import issue_assignments
from posthouse.assignments.model import Assignment, Condition
from posthouse.assignments.verify import verify_assignments
from posthouse.diagnosis.assess import assess_goals
from posthouse.diagnosis.gaps import diagnose_gaps
from posthouse.diagnosis.model import UnitReliability
from posthouse.diagnosis.reliability import score_units
from posthouse.diagnosis.reported import check_declarations, deny_declarations, signing_evidence
from posthouse.documents.model import Document
from posthouse.measures.catalogue import all_definitions
from posthouse.measures.model import Measurement
from posthouse.measures.observe import Observer
from posthouse.planning.demand import count_parcels
from posthouse.planning.propose import propose_plan
from posthouse.programme.bind import bind_goals
from posthouse.programme.extract import extract_programme
from posthouse.programme.model import Programme
from posthouse.records.schema import all_tables
from posthouse.reports.model import MonthReport
from posthouse.reports.places import map_layers
from posthouse.supervision.conformance.streamed import JourneyStream
from posthouse.supervision.supervise import supervise
from posthouse.vocabulary.findings import Finding
from posthouse.vocabulary.periods import Period
from posthouse.vocabulary.sources import Run

if TYPE_CHECKING:
    import ibis

PLAN_SECONDS = 10.0
"""About how long one month's planning may take; turned into an iteration limit, so that it stays repeatable."""


def close_month(
    document: Document,
    tables: "Mapping[str, ibis.Table]",
    period: Period,
    run: Run,
    *,
    stream: JourneyStream | None = None,
    programme: Programme | None = None,
    issued: Sequence[Assignment] = (),
    reliability: Sequence[UnitReliability] = (),
    findings: Sequence[Finding] = (),
    progress: Callable[[str], None] = lambda stage: None,
) -> MonthReport:
    """Return the month's report: goals measured, gaps, plan, assignments verified and issued.

    Parameters
    ----------
    tables : every declared table and `journeys`, as Ibis expressions (`stores.workspace.Workspace.tables`).
    period : the month. run : provenance; its seed makes the plan repeatable.
    stream : hands out the journeys of the tables from their files (`Workspace.stream_journeys`), for the checks that
        look at each of them; without it the engine of the tables does all.
    programme : as a person has confirmed it; read from the document where there is none.
    issued : assignments of earlier months, verified here on this month's data.
    reliability : of the reporting units, as the month before left it.
    findings : of loading, passed on to the report.
    """
    definitions = {definition.id: definition for definition in all_definitions()}
    observer = Observer(tables)

    progress("读方案")
    programme = programme or bind_goals(extract_programme(document), all_definitions())

    progress("测量")
    bound = [goal for goal in programme.goals if goal.binding.measure]
    asked = {goal.id: (goal.binding.measure or "", goal.binding.parameters) for goal in bound}
    measurements = {goal: observer.figure(measure, period, parameters) for goal, (measure, parameters) in asked.items()}
    dated = {goal.id: asked[goal.id] for goal in bound if goal.deadline}
    history = {goal: observer.history(measure, period, parameters) for goal, (measure, parameters) in dated.items()}

    progress("诊断")
    assessments = assess_goals(programme, measurements, history, period, definitions=definitions)
    gaps = diagnose_gaps(assessments, lambda measure, by: observer.parts(measure, period, by))
    checks = check_declarations(
        tables["declarations"].filter(tables["declarations"].period == str(period)).to_pyarrow(),
        lambda measure, place, brand, month: observer.figure(measure, month, place=place, brand=brand),
        evidence=signing_evidence(tables, period),
        definitions=definitions,
    )
    supervised = supervise(tables, period, stream=stream)

    progress("核验交办")
    verified, verdicts = verify_assignments(issued, lambda condition: _observed(observer, condition, period), period)

    progress("规划")
    registers = {name: tables[name].to_pyarrow() for name, table in all_tables().items() if table.kind == "register"}
    plan = propose_plan(
        gaps,
        {**registers, "demand": count_parcels(tables["parcels"])},
        programme,
        seed=run.seed,
        seconds=PLAN_SECONDS,
        on=period.end_on - timedelta(days=1),
    )

    progress("交办")
    assignments = issue_assignments(plan, programme, period, standing=verified)
    return MonthReport(
        programme=programme,
        period=period,
        run=run,
        assessments=assessments,
        gaps=gaps,
        plan=plan,
        assignments=assignments,
        verdicts=verdicts,
        discrepancies=deny_declarations(checks),
        reliability=score_units(checks, period, past=reliability),
        findings=(*document.findings, *programme.findings, *findings, *supervised),
        **map_layers(registers, observer.parts("delivery_days_per_week", period, ("place",)), period),
    )


def _observed(observer: Observer, condition: Condition, period: Period) -> Measurement | None:
    return observer.figure(
        condition.measure, period, dict(condition.parameters), place=condition.place, brand=condition.brand
    )
