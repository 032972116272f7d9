"""`posthouse run`: the whole cycle of one month, from the plan document and the records to bulletin, list and map."""

import argparse
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from posthouse import __version__
from posthouse.assignments.exchange import assignments_from_json
from posthouse.assignments.model import Assignment
from posthouse.cli.progress import Progress
from posthouse.cycle import close_month
from posthouse.documents.read import read_document
from posthouse.programme.exchange import programme_to_toml
from posthouse.programme.extract import extract_programme
from posthouse.reports.bulletin import render_bulletin
from posthouse.reports.exchange import report_to_json
from posthouse.reports.map import render_map
from posthouse.reports.model import MonthReport
from posthouse.reports.task_list import render_task_list
from posthouse.stores.manifest import MANIFEST, write_atomically
from posthouse.stores.workspace import Workspace, create_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity
from posthouse.vocabulary.periods import Grain, Period, parse_period
from posthouse.vocabulary.sources import Run

_EXAMPLE = """\
例：
  posthouse run --plan 方案.docx --records 数据文件夹 --month 2021-06 --out out/本市
下个月用同一个 --out 再运行，上个月的交办即按新数据核验。
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "run",
        help="一个月的闭环：测量、差距、规划、交办、核验、通报",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--plan", type=Path, required=True, metavar="FILE", help="方案公文：txt、md、docx、html、pdf")
    parser.add_argument("--records", type=Path, required=True, metavar="DIR", help="台账和扫描的文件夹")
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help="月份")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="结果文件夹；同一文件夹可逐月使用")
    parser.add_argument("--seed", type=int, default=1, help="随机种子，缺省 1")
    parser.add_argument("--json", action="store_true", help="在标准输出打印 cycle.json 的内容")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Close the month; write the files; print the summary or the JSON; return the exit code."""
    period = parse_period(args.month)
    if period.grain is not Grain.MONTH:
        raise UnusableInputError(f"--month 应写作 2021-06，实际为 {args.month!r}。请改正后重试。")
    document = read_document(args.plan)
    if not extract_programme(document).goals:
        raise UnusableInputError(
            f"{args.plan} 中没有读出任何量化目标，不像一份方案。请用 posthouse read 查看，或换一个文件。"
        )
    if not args.records.exists():
        raise UnusableInputError(f"--records 应为已有的文件夹，{args.records} 不存在。请检查路径。")
    previous = _previous_assignments(args.out, period)
    with _nothing_half_written(args.out), Progress() as progress:
        workspace = create_workspace(args.out / "workspace")
        loaded = workspace.load(args.records, progress=progress.step)
        _check_month(workspace, period)
        report = close_month(
            document,
            workspace.tables(),
            period,
            _provenance(args, workspace),
            issued=previous,
            findings=loaded.findings,
            progress=progress.stage,
        )
        progress.stage("编写通报、清单、地图")
        files = _render(report)
        _write(args.out, workspace, report, files)
    if args.json:
        print(files["cycle.json"].decode("utf-8"))
    else:
        from posthouse.cli.summary import print_summary

        print_summary(report, args.out, tuple(files))
    return 1 if any(f.severity is Severity.ERROR for f in _faults(report)) else 0


@contextmanager
def _nothing_half_written(out: Path) -> Iterator[None]:
    """Take back what a failed first run has made; what was there before is never touched."""
    made = [path for path in (out / "workspace", out, *out.parents) if not path.exists()]
    try:
        yield
    except BaseException:
        if made and made[0] == out / "workspace":
            shutil.rmtree(made[0], ignore_errors=True)
        for folder in made[1:]:
            with suppress(OSError):
                folder.rmdir()
        raise


def _faults(report: MonthReport) -> Sequence[Finding]:
    """Findings about the input; what supervision finds in the city is a result, not a fault."""
    return [f for f in report.findings if not f.code.startswith("supervision.")]


def _previous_assignments(out: Path, period: Period) -> tuple[Assignment, ...]:
    """The assignments of the latest earlier month that this folder closed; a re-run of a month starts where it did."""
    months = sorted(path.stem for path in (out / "months").glob("*.json"))
    earlier = [month for month in months if parse_period(month).end_on <= period.start_on]
    if not earlier:
        return ()
    path = out / "months" / f"{earlier[-1]}.json"
    try:
        return assignments_from_json(json.loads(path.read_text(encoding="utf-8"))["assignments"])
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableInputError(
            f"{path} 应为上月的 cycle.json，读不出交办（{error}）。请恢复该文件或换一个 --out。"
        ) from None


def _check_month(workspace: Workspace, period: Period) -> None:
    days = [day for day in workspace.list_days("scans") if day[:7] == str(period)]
    if not days:
        known = sorted({day[:7] for day in workspace.list_days("scans") if day[:1].isdigit()})
        held = f"现有扫描的月份：{'、'.join(known)}" if known else "没有任何扫描"
        raise UnusableInputError(f"{period} 没有扫描数据（{held}）。请换 --month，或补充 --records 的文件后重试。")


def _provenance(args: argparse.Namespace, workspace: Workspace) -> Run:
    inputs = {"plan": _digest(args.plan.read_bytes()), "records": _digest((workspace.path / MANIFEST).read_bytes())}
    parameters = {"month": args.month, "plan": args.plan.name}
    mark = _digest(json.dumps([inputs, parameters, args.seed, __version__], sort_keys=True).encode())[:8]
    now = datetime.now(UTC)
    return Run(
        id=f"{now:%Y%m%d-%H%M%S}-{mark}", version=__version__, seed=args.seed, inputs=inputs, parameters=parameters
    )


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
