"""`posthouse read`: a plan document to its programme, as a summary, JSON, an editable TOML file or a review page."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from posthouse.documents.model import Document
from posthouse.documents.read import read_document
from posthouse.measures.catalogue import all_definitions
from posthouse.programme.bind import bind_goals
from posthouse.programme.exchange import programme_to_json, programme_to_toml
from posthouse.programme.extract import extract_programme
from posthouse.programme.merge import Merged, merge_corrections
from posthouse.programme.model import KIND_NAMES, Programme
from posthouse.programme.review import render_review
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Severity

_EXAMPLE = """\
例：
  posthouse read 方案.docx
  posthouse read 方案.docx -o programme.toml --html review.html
  posthouse read 方案.txt --json > programme.json
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "read",
        help="读方案公文：目标、任务、责任单位",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="公文：txt、md、docx、html、pdf")
    parser.add_argument("--text", action="store_true", help="只打印文字（位置 span 按它计数）")
    parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
    parser.add_argument("-o", "--out", type=Path, metavar="programme.toml", help="写出可编辑的要目；已有时合并人工改动")
    parser.add_argument("--fresh", action="store_true", help="与 -o 同用：不合并已有要目中的人工改动，重新写")
    parser.add_argument("--html", type=Path, metavar="review.html", help="写出核对页：原文与读出的内容并排")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the document and write what is asked for; return the exit code."""
    document = read_document(args.file)
    if args.text:
        sys.stdout.write(document.text)
        return 0
    programme = bind_goals(extract_programme(document), all_definitions())
    if args.out is not None:
        programme = _write_programme(programme, args.out, fresh=args.fresh)
    if args.html is not None:
        names = {definition.id: definition.name_zh for definition in all_definitions()}
        _write(args.html, render_review(programme, document, names))
    findings = (*document.findings, *programme.findings)
    if args.json:
        data = programme_to_json(programme)
        data["findings"] = [finding.as_dict() for finding in findings]
        print(json.dumps(data, ensure_ascii=False))
    elif args.out is None and args.html is None:
        _print_summary(programme, document)
    for finding in findings:
        if finding.severity != Severity.INFO:
            print(f"{_SEVERITIES[finding.severity]}：{finding.message}", file=sys.stderr)
    return 1 if any(finding.severity == Severity.ERROR for finding in findings) else 0


def _write_programme(read: Programme, out: Path, *, fresh: bool) -> Programme:
    """Write the programme, with the corrections of the file that is there, and tell what changed."""
    merged = Merged(programme=read, read=read, changes=())
    if out.exists() and not fresh:
        try:
            edited = out.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UnusableInputError(
                f"应为此前写出的 programme.toml，{out} 读不了（{error}）。请检查文件，或加 --fresh 重新写。"
            ) from None
        merged = merge_corrections(edited, read)
    _write(out, programme_to_toml(merged.programme, read=merged.read))
    for change in merged.changes:
        print(change.message, file=sys.stderr)
    return merged.programme


def _write(path: Path, text: str) -> None:
    """Write a text by renaming, so that nothing half written is left."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", errors="replace")
        part.replace(path)
    except OSError as error:
        raise UnusableInputError(
            f"应能写入 {path}，实际不能（{error.strerror}）。请检查文件夹是否存在、可写。"
        ) from None


def _print_summary(programme: Programme, document: Document) -> None:
    from rich.console import Console
    from rich.table import Table

    from posthouse.programme.compare import show_figure

    console = Console(file=sys.stdout)
    facts = programme.document
    console.print(f"{facts.title or document.name}　{facts.number}　{facts.issued_on or ''}", highlight=False)
    table = Table()
    for heading in ("编号", "条款", "类别", "指标", "值", "期限", "对应指标"):
        table.add_column(heading, overflow="fold")
    for goal in programme.goals:
        table.add_row(
            goal.id,
            goal.source.clause,
            KIND_NAMES[goal.kind],
            goal.indicator,
            show_figure(goal),
            str(goal.deadline or ""),
            goal.binding.measure or "",
        )
    console.print(table)
    counts = Counter(KIND_NAMES[goal.kind] for goal in programme.goals)
    kinds = "、".join(f"{name} {count}" for name, count in counts.items())
    console.print(
        f"{kinds}；任务 {len(programme.tasks)}；机构 {len(programme.bodies)}；机制 {len(programme.rhythms)}；"
        f"请核对 {len(programme.findings)}",
        highlight=False,
    )


_SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "注意", Severity.INFO: "提示"}
