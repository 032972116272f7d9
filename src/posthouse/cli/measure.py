"""`posthouse measure`: the figures of a month from a workspace, whole or broken down."""

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from posthouse.measures.catalogue import all_definitions, get_definition
from posthouse.measures.forms import Tables
from posthouse.measures.measure import can_group, check_groups, measure
from posthouse.measures.model import Measurement
from posthouse.stores.manifest import read_manifest
from posthouse.stores.workspace import Workspace, open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import parse_period

_EXAMPLE = """\
例：
  posthouse measure out/hill/workspace --month 2021-06
  posthouse measure out/hill/workspace --month 2021-06 --measure delivery_days_per_week --by place,brand
  posthouse measure out/hill/workspace --month 2021-06 --measure express_volume_growth --set base_year=2019
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "measure",
        help="按指标目录测量一个月",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("workspace", type=Path, metavar="WORKSPACE", help="工作区文件夹")
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help="月份；也可为 2021-Q2、2021-H1、2021 等期间")
    parser.add_argument("--measure", action="append", metavar="ID", help="指标编号，可多次；缺省为全部")
    parser.add_argument("--by", default="", metavar="G,G", help="分组：place、town、county 取其一，brand，outlet")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="指标参数，如 base_year=2019")
    parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="计算引擎，缺省 duckdb")
    parser.add_argument("--master", default="local[*]", metavar="URL", help="Spark 集群地址，缺省为本机")
    parser.add_argument(
        "--keep-states", action="store_true", help="先更新日状态；以后按季、按年测量只读日状态，不再读运单"
    )
    parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the measurements; return the exit code."""
    period = parse_period(args.month)
    by = tuple(group for group in args.by.split(",") if group)
    check_groups(by)
    workspace = open_workspace(args.workspace)
    for name in _cannot_group(args.measure, by):
        print(f"{name} 不能按 {'、'.join(by)} 分组，未列出。", file=sys.stderr)
    parameters = parse_settings(args.set)
    if args.keep_states:
        workspace.keep_states()
    tables = _open_tables(workspace, args.engine, args.master)
    figures = measure(args.measure, tables, period, by=by, parameters=parameters)
    if args.json:
        entries = [measurement_to_json(figure) for figure in figures]
        print(json.dumps({"month": args.month, "by": list(by), "measurements": entries}, ensure_ascii=False))
    else:
        _print_table(figures)
    return 0


def measurement_to_json(figure: Measurement) -> dict[str, object]:
    """Return a measurement as plain values."""
    return {
        "measure": figure.measure,
        "name": get_definition(figure.measure).name_zh,
        "period": str(figure.period),
        "place": figure.place,
        "brand": figure.brand,
        "outlet": figure.outlet,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "coverage": figure.coverage,
        "unit": figure.unit,
        "version": figure.version,
        "note": figure.note,
    }


def parse_settings(settings: Sequence[str]) -> Mapping[str, object]:
    """Return NAME=VALUE texts as a mapping.

    Raises
    ------
    UnusableInputError : one has no equals sign.
    """
    for setting in settings:
        if "=" not in setting:
            raise UnusableInputError(f"--set 应写作 名称=值（如 base_year=2019），实际为 {setting!r}。请改正后重试。")
    return {name: value for name, _, value in (setting.partition("=") for setting in settings)}


def show_value(value: float | None, unit: str) -> str:
    """Return a value as a person reads it: shares in percent, counts without a fraction."""
    if value is None:
        return "无数据"
    if unit == "share":
        return f"{value:.2%}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"


def show_coverage(coverage: float) -> str:
    """Return a coverage in percent, rounded down: 99.96 % is not all."""
    return "100%" if coverage == 1.0 else f"{math.floor(coverage * 1000) / 10:.1f}%"


def _cannot_group(ids: Sequence[str] | None, by: tuple[str, ...]) -> list[str]:
    definitions = all_definitions() if ids is None else [get_definition(name) for name in ids]
    return [definition.id for definition in definitions if not can_group(definition, by)]


def _open_tables(workspace: Workspace, engine: str, master: str) -> Tables:
    tables = workspace.tables()
    if engine == "duckdb":
        return tables
    from posthouse.measures.spark import spark_tables

    manifest = read_manifest(workspace.path)
    parts = {**manifest.records, "journeys": manifest.journeys}
    files = {name: [workspace.path / file for file in named.values()] for name, named in parts.items()}
    return spark_tables(files, master)


def _print_table(figures: Sequence[Measurement]) -> None:
    from rich.console import Console
    from rich.table import Table

    groups = [group for group in ("place", "brand", "outlet") if any(getattr(f, group) for f in figures)]
    table = Table("指标", *groups, "值", "分子", "分母", "覆盖", "说明")
    for figure in figures:
        definition = get_definition(figure.measure)
        unit = "" if figure.unit == "share" or figure.value is None else f" {figure.unit}"
        table.add_row(
            f"{definition.name_zh}\n{figure.measure}",
            *(getattr(figure, group) or "" for group in groups),
            show_value(figure.value, figure.unit) + unit,
            "" if figure.numerator is None else f"{figure.numerator:,}",
            "" if figure.denominator is None else f"{figure.denominator:,}",
            show_coverage(figure.coverage),
            figure.note,
        )
    Console(file=sys.stdout).print(table)
