"""`posthouse explain`: one figure with its definition, clause, rows, runs and query."""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from posthouse.cli.measure import measurement_to_json, parse_settings, show_coverage, show_value
from posthouse.measures.explain import Explanation, explain_measure
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.periods import parse_period

_EXAMPLE = """\
例：
  posthouse explain delivery_days_per_week out/hill/workspace --month 2021-06 --place 339801101201
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "explain",
        help="说明一个数的来历：定义、依据、分子分母的行、查询",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("measure", metavar="MEASURE", help="指标编号")
    parser.add_argument("workspace", type=Path, metavar="WORKSPACE", help="工作区文件夹")
    parser.add_argument("--month", required=True, metavar="YYYY-MM", help="月份；也可为 2021-Q2、2021 等期间")
    parser.add_argument("--place", metavar="CODE", help="村、镇街或县的 12 位代码；缺省为全市")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="指标参数，如 base_year=2019")
    parser.add_argument("--rows", type=int, default=20, metavar="N", help="列出的行数，缺省 20")
    parser.add_argument("--skip", type=int, default=0, metavar="N", help="跳过前 N 行，接着看下一页")
    parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the explanation; return the exit code."""
    period = parse_period(args.month)
    workspace = open_workspace(args.workspace)
    explanation = explain_measure(
        args.measure,
        workspace.tables(),
        period,
        place=args.place,
        parameters=parse_settings(args.set),
        limit=max(0, args.rows),
        skip=max(0, args.skip),
    )
    runs = _runs_of(workspace.path / "runs", args.month)
    if args.json:
        print(json.dumps(_as_json(explanation, runs), ensure_ascii=False, default=str))
    else:
        print("\n".join(_lines(explanation, runs)))
    return 0


def _runs_of(folder: Path, month: str) -> list[Mapping[str, object]]:
    """The runs that closed this month, oldest first."""
    entries = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/run.json"))]
    return [entry for entry in entries if entry.get("parameters", {}).get("month") == month]


def _as_json(explanation: Explanation, runs: list[Mapping[str, object]]) -> dict[str, object]:
    definition = explanation.definition
    return {
        "measurement": measurement_to_json(explanation.measurement),
        "definition": {
            "id": definition.id,
            "name": definition.name_zh,
            "numerator": definition.numerator,
            "denominator": definition.denominator,
            "source": definition.source,
            "valid_from": definition.valid_from,
            "valid_to": definition.valid_to,
            "version": definition.version,
        },
        "parameters": dict(explanation.parameters),
        "rows": list(explanation.rows),
        "skipped": explanation.skipped,
        "rows_total": explanation.rows_total,
        "tables": dict(explanation.tables),
        "runs": [{"id": entry["id"], "version": entry["version"]} for entry in runs],
        "sql": explanation.sql,
    }


def _lines(explanation: Explanation, runs: list[Mapping[str, object]]) -> Iterator[str]:
    definition, figure = explanation.definition, explanation.measurement
    unit = "" if figure.unit == "share" or figure.value is None else f" {figure.unit}"
    yield f"{definition.name_zh}（{definition.id}，第 {definition.version} 版）"
    where = _named(figure.place, explanation.places) if figure.place else "全市"
    yield f"{figure.period} {where}：{show_value(figure.value, figure.unit)}{unit}"
    if figure.numerator is not None:
        below = "" if figure.denominator is None else f" ÷ {figure.denominator:,}"
        times = "" if definition.scale == 1 else f" × {definition.scale:,}"
        yield f"  = {figure.numerator:,}{times}{below}，覆盖 {show_coverage(figure.coverage)}"
    if figure.note:
        yield f"  {figure.note}"
    yield f"分子：{definition.numerator}"
    yield f"分母：{definition.denominator or '（计数，无分母）'}"
    yield f"依据：{definition.source}"
    yield f"适用：{definition.valid_from} 起" + (f"，至 {definition.valid_to}（不含）" if definition.valid_to else "")
    for name, value in explanation.parameters.items():
        yield f"参数：{name} = {value}"
    yield "数据：" + "；".join(f"{name} {count:,} 行" for name, count in explanation.tables.items())
    yield f"运行：{'、'.join(str(entry['id']) for entry in runs) or '这个月还没有运行过闭环'}"
    first, last = explanation.skipped + 1, explanation.skipped + len(explanation.rows)
    shown = f"列出第 {first:,} 至 {last:,} 行" if explanation.rows else "没有列出"
    yield f"计入的行：共 {explanation.rows_total:,} 行，{shown}（有分子的在前）"
    for row in explanation.rows:
        yield "  " + "，".join(_cells(row, explanation.places))
    if last < explanation.rows_total:
        yield f"  （下一页：--skip {last}）"
    yield "查询："
    yield explanation.sql


def _cells(row: Mapping[str, object], places: Mapping[str, str]) -> Iterator[str]:
    for name, word in _WORDS.items():
        value = row.get(name)
        if value is None or (name == "place" and value == row["item"]):
            continue
        yield f"{word} {_named(value, places)}"


def _named(value: object, places: Mapping[str, str]) -> str:
    name = places.get(str(value))
    return f"{value}（{name}）" if name else str(value)


_WORDS = {
    "item": "对象",
    "place": "地区",
    "brand": "品牌",
    "outlet": "网点",
    "day": "日期",
    "numerator": "分子",
    "denominator": "分母",
}
