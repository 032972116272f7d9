"""The village plan of a workspace: its registers and parcels, today's figures, and the levers of a scenario.

Both `posthouse plan village` and the console plan by these two functions: `read_case` once, `plan_case` as often as
somebody has time for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from posthouse.cli.plan_inputs import add_files
from posthouse.diagnosis.model import Gap
from posthouse.measures.model import Measurement
from posthouse.measures.observe import Observer
from posthouse.planning.demand import count_parcels
from posthouse.planning.effort import Effort
from posthouse.planning.ground import Ground, ground_from
from posthouse.planning.model import Plan
from posthouse.planning.previous import previous_from
from posthouse.planning.scenario import Scenario
from posthouse.planning.village import CHANGED, FULL, plan_villages
from posthouse.records.schema import all_tables
from posthouse.stores.workspace import Workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding
from posthouse.vocabulary.periods import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is to be planned. today : visits a week by (village, brand) as measured. findings : of files added."""

    ground: Ground
    gaps: tuple[Gap, ...]
    today: Mapping[tuple[str, str], float]
    findings: tuple[Finding, ...] = ()


def read_case(
    workspace: Workspace, scenario: Scenario, period: Period, *, gtfs: Path | None = None, roads: Path | None = None
) -> Case:
    """Return what there is to plan in a month's data.

    Parameters
    ----------
    gtfs, roads : files whose trips and roads join those of the registers, see `plan_inputs.add_files`.
    """
    tables = workspace.tables()
    registers = {name: tables[name].to_pyarrow() for name, table in all_tables().items() if table.kind == "register"}
    last_day = period.end_on - timedelta(days=1)
    inputs = add_files(registers, gtfs=gtfs, roads=roads, on=last_day)
    ground = ground_from({**inputs.registers, "demand": count_parcels(tables["parcels"])}, scenario, last_day)
    observer = Observer(tables)
    targets = {"delivery_days_per_week": float(scenario.promise.visits_per_week), "village_station_coverage": 1.0}
    return Case(
        ground=ground,
        gaps=tuple(_gap(measure, target, observer, period) for measure, target in targets.items()),
        today=_today(observer, period),
        findings=inputs.findings,
    )


def plan_case(case: Case, effort: Effort, *, before: Plan | None = None) -> Plan:
    """Return the plan of all villages.

    Parameters
    ----------
    before : an earlier plan, to be changed only where it must be; whose week costs what is then not worked out anew.
    """
    plan = plan_villages(
        case.gaps,
        case.ground,
        effort,
        seed=case.ground.scenario.seed,
        depth=CHANGED if before else FULL,
        today={} if before else case.today,
        previous=previous_from(before) if before else None,
        everywhere=True,
    )
    ground = case.ground
    faults = (*case.findings, *ground.divisions.findings, *ground.graph.findings)
    return replace(plan, findings=(*faults, *plan.findings))


def latest_month(workspace: Workspace) -> str:
    """Return the latest month with scans.

    Raises
    ------
    UnusableInputError : there are none.
    """
    months = [day[:7] for day in workspace.list_days("scans") if day[:1].isdigit()]
    if not months:
        raise UnusableInputError(f"{workspace.path} 没有扫描数据，无法规划。请先用 posthouse load 导入。")
    return max(months)


def _gap(measure: str, target: float, observer: Observer, period: Period) -> Gap:
    whole = observer.figure(measure, period)
    short = [m for m in observer.parts(measure, period, ("place",)) if m.value is not None and m.value < target]
    value = whole.value if whole else None
    return Gap(
        goal_id=measure,
        measure=measure,
        target=target,
        bar=target,
        value=value,
        shortfall=None if value is None else max(0.0, target - value),
        items=tuple(sorted(short, key=_worst_first)),
    )


def _worst_first(measurement: Measurement) -> tuple[float, str]:
    return measurement.value or 0.0, measurement.place or ""


def _today(observer: Observer, period: Period) -> Mapping[tuple[str, str], float]:
    parts = observer.parts("delivery_days_per_week", period, ("place", "brand"))
    return {(m.place, m.brand): m.value for m in parts if m.place and m.brand and m.value is not None}
