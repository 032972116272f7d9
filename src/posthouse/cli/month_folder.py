"""The folder in which months are closed one after another (`posthouse run --out`): closing one more in it."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from posthouse import __version__
from posthouse.assignments.exchange import assignments_from_json
from posthouse.assignments.model import Assignment
from posthouse.cycle import close_month
from posthouse.diagnosis.model import UnitReliability
from posthouse.diagnosis.reliability import reliability_from_json
from posthouse.documents.model import Document
from posthouse.programme.exchange import programme_to_toml
from posthouse.programme.model import Programme
from posthouse.reports.bulletin import render_bulletin
from posthouse.reports.exchange import report_to_json
from posthouse.reports.map import render_map
from posthouse.reports.model import MonthReport
from posthouse.reports.task_list import render_task_list
from posthouse.stores.manifest import MANIFEST, write_atomically
from posthouse.stores.workspace import Workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding
from posthouse.vocabulary.periods import Period, parse_period
from posthouse.vocabulary.sources import Run


def close_in_folder(
    out: Path,
    workspace: Workspace,
    document: Document,
    period: Period,
    *,
    plan: Path,
    programme: Programme | None = None,
    seed: int = 1,
    findings: Sequence[Finding] = (),
    progress: Callable[[str], None] = lambda stage: None,
) -> tuple[MonthReport, Mapping[str, bytes]]:
    """Close a month of the workspace, write its results into the folder, and return them.

    Parameters
    ----------
    plan : file of the document. programme : as a person has confirmed it; read from the document where there is none.
    findings : of loading, passed on to the report.

    Raises
    ------
    UnusableInputError : the month has no scans, or the month before cannot be read.
    """
    issued, reliability = read_previous(out, period)
    _check_month(workspace, period)
    report = close_month(
        document,
        workspace.tables(),
        period,
        _provenance(plan, workspace, period, programme, seed),
        stream=workspace.stream_journeys,
        programme=programme,
        issued=issued,
        reliability=reliability,
        findings=findings,
        progress=progress,
    )
    progress("编写通报、清单、地图")
    files = _render(report)
    _write(out, workspace, report, files)
    return report, files


def read_previous(out: Path, period: Period) -> tuple[tuple[Assignment, ...], tuple[UnitReliability, ...]]:
    """Return what the latest earlier month closed here hands on; a month closed again starts where it did before.

    Raises
    ------
    UnusableInputError : that month's result cannot be read.
    """
    months = sorted(path.stem for path in (out / "months").glob("*.json"))
    earlier = [month for month in months if parse_period(month).end_on <= period.start_on]
    if not earlier:
        return (), ()
    path = out / "months" / f"{earlier[-1]}.json"
    try:
        cycle = json.loads(path.read_text(encoding="utf-8"))
        return assignments_from_json(cycle["assignments"]), reliability_from_json(cycle.get("reliability", ()))
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableInputError(
            f"{path} 应为上月的 cycle.json，读不出交办和可信度（{error}）。请恢复该文件或换一个 --out。"
        ) from None


def _check_month(workspace: Workspace, period: Period) -> None:
    days = [day for day in workspace.list_days("scans") if day[:7] == str(period)]
    if not days:
        known = sorted({day[:7] for day in workspace.list_days("scans") if day[:1].isdigit()})
        held = f"现有扫描的月份：{'、'.join(known)}" if known else "没有任何扫描"
        raise UnusableInputError(f"{period} 没有扫描数据（{held}）。请换 --month，或补充 --records 的文件后重试。")


def _provenance(plan: Path, workspace: Workspace, period: Period, programme: Programme | None, seed: int) -> Run:
    inputs = {"plan": _digest(plan.read_bytes()), "records": _digest((workspace.path / MANIFEST).read_bytes())}
    if programme is not None:
        inputs["programme"] = _digest(programme_to_toml(programme).encode())
    parameters = {"month": str(period), "plan": plan.name}
    mark = _digest(json.dumps([inputs, parameters, seed, __version__], sort_keys=True).encode())[:8]
    now = datetime.now(UTC)
    return Run(id=f"{now:%Y%m%d-%H%M%S}-{mark}", version=__version__, seed=seed, inputs=inputs, parameters=parameters)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _render(report: MonthReport) -> Mapping[str, bytes]:
    names = ("cycle.json", "bulletin.docx", "task_list.xlsx", "map.html")
    cycle = json.dumps(report_to_json(report, files=names), ensure_ascii=False, indent=1)
    contents = (cycle.encode(), render_bulletin(report), render_task_list(report), render_map(report).encode())
    return dict(zip(names, contents, strict=True))


def _write(out: Path, workspace: Workspace, report: MonthReport, files: Mapping[str, bytes]) -> None:
    workspace.write_run(report.run, files)
    workspace.write_programme(programme_to_toml(report.programme))
    (out / "months").mkdir(exist_ok=True)
    for name, content in files.items():
        write_atomically(out / name, content)
    write_atomically(out / "months" / f"{report.period}.json", files["cycle.json"])
