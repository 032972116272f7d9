"""`posthouse quarantine`: list the rows that were turned away, and load them again once a person has mended them."""

import argparse
import json
import sys
from pathlib import Path

from posthouse.cli.load import print_report
from posthouse.records.schema import all_tables, get_table
from posthouse.stores.mending import QuarantinedRow, explain_faults, write_list
from posthouse.stores.workspace import open_workspace

_EXAMPLE = """\
例：
  posthouse quarantine list out/本市/workspace --csv 隔离.csv
  posthouse quarantine reload out/本市/workspace 隔离.csv
"""
_SHOWN = 50


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "quarantine",
        help="隔离区：查看、改正、重新导入错行",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser(
        "list", help="列出错行", epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    listing.add_argument("workspace", type=Path, metavar="WORKSPACE", help="工作区")
    tables = [name for name, table in all_tables().items() if table.kind != "derived"]
    listing.add_argument("--table", choices=tables, metavar="TABLE", help="只看一张表，如 scans")
    listing.add_argument("--csv", type=Path, metavar="FILE", help="写成 CSV，可在 Excel 里改正")
    listing.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
    listing.set_defaults(run=run_list)
    reloading = actions.add_parser(
        "reload", help="导入改好的清单", epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reloading.add_argument("workspace", type=Path, metavar="WORKSPACE", help="工作区")
    reloading.add_argument("file", type=Path, metavar="FILE", help="改好的清单：csv 或 xlsx")
    reloading.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
    reloading.set_defaults(run=run_reload)


def run_list(args: argparse.Namespace) -> int:
    """Print the rows in quarantine or write them to be mended; return the exit code."""
    rows = open_workspace(args.workspace).list_quarantine(args.table)
    if args.csv:
        write_list(rows, args.csv)
    if args.json:
        print(json.dumps({"rows": [_to_json(row) for row in rows]}, ensure_ascii=False))
        return 0
    for row in rows[:_SHOWN]:
        wrong, remedy = explain_faults(row)
        print(f"{get_table(row.table).zh} {row.file} 第 {row.row} 行：{wrong}。{remedy}。")
    print(f"隔离区共 {len(rows)} 行。" + (f"已写入 {args.csv}。" if args.csv else ""), file=sys.stderr)
    return 0


def run_reload(args: argparse.Namespace) -> int:
    """Load a mended list; print the report; return the exit code."""
    return print_report(open_workspace(args.workspace).reload_quarantine(args.file), as_json=args.json)


def _to_json(row: QuarantinedRow) -> dict[str, object]:
    wrong, remedy = explain_faults(row)
    return {
        "id": row.id,
        "table": row.table,
        "file": row.file,
        "row": row.row,
        "faults": [{"rule": rule, "column": column, "value": value} for rule, column, value in row.faults],
        "wrong": wrong,
        "remedy": remedy,
        "cells": dict(row.cells),
    }
