"""`posthouse run`: the whole cycle of one month, from the plan document and the records to bulletin, list and map."""

import argparse
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from posthouse.cli.month_folder import close_in_folder, read_previous
from posthouse.cli.progress import Progress
from posthouse.documents.read import read_document
from posthouse.programme.extract import extract_programme
from posthouse.reports.model import MonthReport
from posthouse.stores.workspace import create_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity
from posthouse.vocabulary.periods import Grain, parse_period

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
    read_previous(args.out, period)  # if it cannot be read, that is said before anything is written
    with _nothing_half_written(args.out), Progress() as progress:
        workspace = create_workspace(args.out / "workspace")
        loaded = workspace.load(args.records, progress=progress.step)
        report, files = close_in_folder(
            args.out,
            workspace,
            document,
            period,
            plan=args.plan,
            seed=args.seed,
            findings=loaded.findings,
            progress=progress.stage,
        )
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
