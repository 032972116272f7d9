"""`posthouse load`: register and event files into a workspace, with a report of what was read and what turned away."""

import argparse
import json
import sys
from pathlib import Path

from posthouse.cli.progress import Progress
from posthouse.records.mapping import SourceMapping, read_mapping
from posthouse.records.schema import get_table
from posthouse.records.source import list_files
from posthouse.stores.publish import LoadReport
from posthouse.stores.workspace import create_workspace
from posthouse.vocabulary.findings import Severity

_EXAMPLE = """\
例：
  posthouse load 数据文件夹 --into out/本市/workspace
  posthouse load 轨迹导出.csv --into out/本市/workspace --map 轨迹.toml
同一个文件可以重复导入，结果不变。
"""

_SEVERITY = {Severity.ERROR: "错误", Severity.WARNING: "注意", Severity.INFO: "说明"}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "load",
        help="导入台账和扫描",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=Path, metavar="SOURCE", help="文件或文件夹：csv、xlsx、parquet、jsonl")
    parser.add_argument("--into", type=Path, required=True, metavar="WORKSPACE", help="工作区文件夹；没有则新建")
    parser.add_argument("--map", type=Path, metavar="MAPPING.toml", help="映射文件：别人的标题和用词对应到本系统")
    parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load the source; print the report; return the exit code."""
    mapping = read_mapping(args.map) if args.map else SourceMapping()
    list_files(args.source, mapping)  # a source that cannot be read must not leave an empty workspace behind
    workspace = create_workspace(args.into)
    with Progress() as progress:
        report = workspace.load(args.source, mapping=mapping, progress=progress.step)
    if args.json:
        print(json.dumps(report_to_json(report), ensure_ascii=False))
    else:
        _print_report(report)
    return 1 if any(finding.severity is Severity.ERROR for finding in report.findings) else 0


def report_to_json(report: LoadReport) -> dict[str, object]:
    """Return the report as plain values."""
    return {
        "files": list(report.files),
        "tables": {
            table: {
                "loaded": report.loaded.get(table, 0),
                "rejected": report.rejected.get(table, 0),
                "present": report.present.get(table, 0),
                "stored": stored,
            }
            for table, stored in report.stored.items()
        },
        "findings": [finding.as_dict() for finding in report.findings],
    }


def _print_report(report: LoadReport) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for heading in ("表", "读入", "隔离", "原已有", "现有"):
        table.add_column(heading, justify="left" if heading == "表" else "right")
    for name, stored in report.stored.items():
        counts = (report.loaded.get(name, 0), report.rejected.get(name, 0), report.present.get(name, 0), stored)
        table.add_row(get_table(name).zh, *(f"{count:,}" for count in counts))
    Console().print(table)
    for finding in sorted(report.findings, key=lambda finding: list(_SEVERITY).index(finding.severity)):
        print(f"{_SEVERITY[finding.severity]} {finding.code} {finding.message}", file=sys.stderr)
