"""`posthouse load`: register and event files into a workspace, with a report; or a preview that writes nothing."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from posthouse.cli.load_network import is_network, load_network
from posthouse.cli.progress import Progress
from posthouse.records.mapping import SourceMapping, find_mapping, shipped_mappings
from posthouse.records.preview import FilePreview, preview_source, proposed_mapping
from posthouse.records.propose import mapping_to_toml
from posthouse.records.schema import get_table
from posthouse.records.source import list_files
from posthouse.stores.load_report import LoadReport
from posthouse.stores.workspace import create_workspace, open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity

_EXAMPLE = """\
例：
  posthouse load 数据文件夹 --into out/本市/workspace
  posthouse load 轨迹导出.csv --preview -o 轨迹.toml
  posthouse load 轨迹导出.csv --into out/本市/workspace --map 轨迹.toml
  posthouse load 快递100导出.csv --into out/本市/workspace --map kuaidi100
  posthouse load 客运班次.zip --into out/本市/workspace
同一个文件可以重复导入，结果不变。
"""

_SEVERITY = {Severity.ERROR: "错误", Severity.WARNING: "注意", Severity.INFO: "说明"}
_BY = {"name": "标题", "mapping": "映射文件", "shipped": "常见标题", "content": "内容", "": ""}
_KINDS = {
    "code": "区划代码",
    "time": "时间",
    "date": "日期",
    "waybill": "运单号",
    "number": "数",
    "yes or no": "是否",
    "text": "文字",
    "": "空",
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "load",
        help="导入台账和扫描",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "source",
        type=Path,
        metavar="SOURCE",
        help="文件或文件夹：csv、xlsx、parquet、jsonl、EPCIS 2.0 的 json；GTFS 班次；osm、geojson 道路",
    )
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--into", type=Path, metavar="WORKSPACE", help="工作区文件夹；没有则新建")
    goal.add_argument("--preview", action="store_true", help="只看文件开头会怎样读，什么都不写入")
    parser.add_argument(
        "--map",
        metavar="MAPPING.toml",
        help=f"映射文件：别人的标题和用词对应到本系统；或自带的名称：{'、'.join(shipped_mappings())}",
    )
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="预览时：把建议的映射写成 TOML")
    parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Load the source, or preview it; print the report; return the exit code."""
    if args.out and not args.preview:
        raise UnusableInputError("-o 只与 --preview 一起用：写出建议的映射。请加上 --preview，或去掉 -o。")
    mapping = find_mapping(args.map) if args.map else SourceMapping()
    if args.preview:
        return _preview(args, mapping)
    if is_network(args.source):
        return print_report(load_network(open_workspace(args.into), args.source), as_json=args.json)
    list_files(args.source, mapping)  # a source that cannot be read must not leave an empty workspace behind
    workspace = create_workspace(args.into)
    with Progress() as progress:
        report = workspace.load(args.source, mapping=mapping, progress=progress.step)
    return print_report(report, as_json=args.json)


def print_report(report: LoadReport, *, as_json: bool) -> int:
    """Print what a load did; return the exit code."""
    if as_json:
        print(json.dumps(report_to_json(report), ensure_ascii=False))
    else:
        _print_tables(report)
        print_findings(report.findings)
    return _exit_code(report.findings)


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
                **dataclasses.asdict(report.by_table[table]),
            }
            for table, stored in report.stored.items()
        },
        "by_file": [dataclasses.asdict(file) for file in report.by_file],
        "findings": [finding.as_dict() for finding in report.findings],
    }


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings on stderr, the graver first."""
    for finding in sorted(findings, key=lambda finding: list(_SEVERITY).index(finding.severity)):
        print(f"{_SEVERITY[finding.severity]} {finding.code} {finding.message}", file=sys.stderr)


def _print_tables(report: LoadReport) -> None:
    from rich.console import Console
    from rich.table import Table

    tables = Table()
    for heading in ("表", "读入", "隔离", "原已有", "新增", "更正", "迟到", "现有", "涉及"):
        tables.add_column(heading, justify="left" if heading in ("表", "涉及") else "right")
    for name, stored in report.stored.items():
        told = report.by_table[name]
        counts = (
            report.loaded.get(name, 0),
            report.rejected.get(name, 0),
            report.present.get(name, 0),
            told.new,
            told.updated + told.corrected,
            told.late,
            stored,
        )
        tables.add_row(get_table(name).zh, *(f"{count:,}" for count in counts), _days(told.days))
    files = Table()
    for heading in ("文件", "表", "好", "隔离"):
        files.add_column(heading, justify="right" if heading == "好" else "left")
    for file in report.by_file:
        rules = "，".join(f"{rule} {count:,}" for rule, count in sorted(file.rejected.items()))
        files.add_row(file.file, get_table(file.table).zh, f"{file.good:,}", rules)
    console = Console()
    console.print(tables)
    console.print(files)


def _days(parts: tuple[str, ...]) -> str:
    days = [part for part in parts if part[:1].isdigit()]
    return "" if not days else days[0] if len(days) == 1 else f"{days[0]} 至 {days[-1]} 的 {len(days)} 天"


def _preview(args: argparse.Namespace, mapping: SourceMapping) -> int:
    previews = preview_source(args.source, mapping)
    proposed = mapping_to_toml(proposed_mapping(previews))
    if args.out:
        args.out.write_text(proposed, encoding="utf-8")
    if args.json:
        files = [_preview_to_json(preview) for preview in previews]
        print(json.dumps({"files": files, "mapping": proposed}, ensure_ascii=False))
    else:
        for preview in previews:
            _print_preview(preview)
    return _exit_code(finding for preview in previews for finding in preview.findings)


def _preview_to_json(preview: FilePreview) -> dict[str, object]:
    return {
        "file": preview.file,
        "form": preview.form,
        "table": preview.table,
        "rows": preview.rows,
        "columns": [dataclasses.asdict(guess) for guess in preview.proposal.columns],
        "missing": [column.name for column in preview.proposal.missing],
        "problem": preview.problem,
        "findings": [finding.as_dict() for finding in preview.findings],
    }


def _print_preview(preview: FilePreview) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = get_table(preview.table) if preview.table else None
    console.print(f"{preview.file}：{preview.form}，{table.zh if table else '认不出是哪张表'}，看了 {preview.rows} 行")
    if preview.problem:
        print(f"错误 {preview.problem}", file=sys.stderr)
    if table is None:
        return
    columns = Table()
    for heading in ("文件的标题", "本系统的列", "依据", "内容", "占比"):
        columns.add_column(heading)
    for guess in preview.proposal.columns:
        meant = table.column(guess.column).zh if guess.column else "不读"
        columns.add_row(guess.heading, meant, _BY[guess.by], _KINDS[guess.kind], f"{guess.share:.0%}")
    console.print(columns)
    if preview.proposal.missing:
        console.print("缺少必填的列：" + "、".join(column.zh for column in preview.proposal.missing))
    print_findings(preview.findings)


def _exit_code(findings: Iterable[Finding]) -> int:
    return 1 if any(finding.severity is Severity.ERROR for finding in findings) else 0
