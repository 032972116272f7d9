"""`posthouse plan village`: stations and weekly pooled routes that keep a promise of N delivery days."""

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path

from posthouse.diagnosis.model import Gap
from posthouse.measures.model import Measurement
from posthouse.measures.observe import Observer
from posthouse.planning.propose import propose_plan
from posthouse.programme.model import DocumentFacts, Programme
from posthouse.records.schema import all_tables
from posthouse.stores.manifest import write_atomically
from posthouse.stores.workspace import Workspace, open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Period, parse_period
from posthouse.vocabulary.plain import to_plain

_EXAMPLE = """\
例：
  posthouse plan village out/本市/workspace --out out/规划 --days 5
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "plan",
        help="规划：站点、班期、线路、费用",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = parser.add_subparsers(metavar="KIND", required=True)
    village = kinds.add_parser(
        "village", help="快递进村", epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    village.add_argument("workspace", type=Path, metavar="WORKSPACE", help="工作区")
    village.add_argument("--out", type=Path, required=True, metavar="DIR", help="结果文件夹")
    village.add_argument("--days", type=int, default=5, help="每周投递天数的承诺，1 至 7，缺省 5")
    village.add_argument("--month", metavar="YYYY-MM", help="按哪个月的数据，缺省为最近有扫描的月份")
    village.add_argument("--seconds", type=float, default=15.0, help="大约搜索多少秒，缺省 15")
    village.add_argument("--seed", type=int, default=1, help="随机种子，缺省 1")
    village.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write plan.json and say on stderr what it holds; return the exit code."""
    if not 1 <= args.days <= 7:
        raise UnusableInputError(f"--days 应为 1 至 7，实际为 {args.days}。请改正后重试。")
    workspace = open_workspace(args.workspace)
    period = parse_period(args.month or _latest_month(workspace))
    tables = workspace.tables()
    observer = Observer(tables)
    targets = {"delivery_days_per_week": float(args.days), "village_station_coverage": 1.0}
    gaps = [_gap(measure, target, observer, period) for measure, target in targets.items()]
    registers = {name: tables[name].to_pyarrow() for name, table in all_tables().items() if table.kind == "register"}
    demand = tables["parcels"].select("destination", "accepted_at").to_pyarrow()
    programme = Programme(document=DocumentFacts())
    on = period.end_on - timedelta(days=1)
    plan = propose_plan(gaps, {**registers, "parcels": demand}, programme, seed=args.seed, seconds=args.seconds, on=on)
    args.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"month": str(period), "days": args.days, **_plain(plan)}, ensure_ascii=False, indent=1)
    write_atomically(args.out / "plan.json", text.encode())
    print(
        f"站点 {len(plan.stations)} 处，线路每周 {len(plan.routes)} 趟、{plan.weekly_distance_km:.0f} 公里、"
        f"{plan.weekly_cost_yuan:.0f} 元；未能安排 {len(plan.unserved)} 处。\n  {args.out / 'plan.json'}",
        file=sys.stderr,
    )
    return 0


def _plain(plan: object) -> dict[str, object]:
    plain = to_plain(plan)
    assert isinstance(plain, dict)
    return plain


def _latest_month(workspace: Workspace) -> str:
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
