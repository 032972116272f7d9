"""`posthouse plan village`: stations, weekly rounds, timetables, costs, shares; `plan compare`: two plans compared."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from posthouse.cli import plan_verify
from posthouse.cli.plan_files import write_plan_files
from posthouse.cli.plan_workspace import latest_month, plan_case, read_case
from posthouse.cli.progress import Progress
from posthouse.planning.changes import compare_plans, list_changes
from posthouse.planning.edits import apply_edits, object_to_edits, read_edits
from posthouse.planning.effort import Effort
from posthouse.planning.exchange import plan_from_json
from posthouse.planning.model import Plan
from posthouse.planning.patterns import Pattern
from posthouse.planning.previous import previous_from
from posthouse.planning.scenario import Scenario, read_scenario
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Severity
from posthouse.vocabulary.periods import parse_period

_EXAMPLE = """\
例：
  posthouse plan village out/本市/workspace --out out/规划 --days 5
  posthouse plan village out/本市/workspace --out out/规划2 --from out/规划/plan.json --edits 改过的plan.xlsx
  posthouse plan compare out/规划/plan.json out/规划2/plan.json
按 Ctrl+C 停止搜索，写出到那时为止最好的规划。
"""

CHANGE_SECONDS = 6.0
"""How long changing a plan may take where nothing is said: people wait for it."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "plan",
        help="规划：站点、班期、线路、费用、分摊",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kinds = parser.add_subparsers(metavar="KIND", required=True)
    village = kinds.add_parser(
        "village", help="快递进村", epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    village.add_argument("workspace", type=Path, metavar="WORKSPACE", help="工作区")
    village.add_argument("--out", type=Path, required=True, metavar="DIR", help="结果文件夹")
    village.add_argument("--scenario", type=Path, metavar="FILE", help="情景文件（TOML），只写要改的参数")
    village.add_argument("--gtfs", type=Path, metavar="FEED", help="班次：GTFS 文件夹或 zip，加入登记的班次")
    village.add_argument("--roads", type=Path, metavar="FILE", help="道路：csv、geojson、osm、osm.pbf，加入登记的道路")
    village.add_argument("--days", type=int, help="每周投递次数的承诺，1 至 7，优先于情景文件")
    village.add_argument("--month", metavar="YYYY-MM", help="按哪个月的数据，缺省为最近有扫描的月份")
    village.add_argument("--seconds", type=float, help="大约搜索多少秒，优先于情景文件")
    village.add_argument("--seed", type=int, help="随机种子，优先于情景文件")
    village.add_argument("--from", dest="previous", type=Path, metavar="plan.json", help="从这份规划改起，只改必须改的")
    village.add_argument("--edits", type=Path, metavar="plan.xlsx", help="改过的 plan.xlsx；须同时给出 --from")
    village.add_argument("--json", action="store_true", help="在标准输出打印 plan.json 的内容")
    village.set_defaults(run=run)
    plan_verify.add_kind(kinds)
    compare = kinds.add_parser("compare", help="两份规划并列")
    compare.add_argument("first", type=Path, metavar="A/plan.json")
    compare.add_argument("second", type=Path, metavar="B/plan.json")
    compare.add_argument("--json", action="store_true", help="在标准输出打印 JSON")
    compare.set_defaults(run=run_compare)


def run(args: argparse.Namespace) -> int:
    """Plan, write the files, say on stderr what the plan holds; return the exit code."""
    begun = time.perf_counter()
    scenario = _scenario(args)
    before = _read_plan(args.previous) if args.previous else None
    if args.edits and before is None:
        raise UnusableInputError("--edits 应与 --from plan.json 一起给出，指明改的是哪一份规划。请补上 --from。")
    edits = read_edits(args.edits) if args.edits else None
    if edits is not None and before is not None:
        scenario = apply_edits(edits, scenario, previous_from(before).patterns)
    workspace = open_workspace(args.workspace)
    period = parse_period(args.month or latest_month(workspace))
    with Progress() as progress, _stop_on_interrupt() as stopped:
        progress.stage("读取台账和件量")
        case = read_case(workspace, scenario, period, gtfs=args.gtfs, roads=args.roads)
        effort = Effort(
            seconds=scenario.seconds,
            until=begun + scenario.seconds,
            stop=lambda: bool(stopped),
            progress=progress.step,
        )
        plan = plan_case(case, effort, before=before)
        plan = _finished(plan, before, object_to_edits(edits, _days(plan), case.ground) if edits else ())
        progress.stage("写结果")
        days = scenario.promise.visits_per_week
        files, text = write_plan_files(plan, args.out, case.ground, period, days=days, before=before)
    if args.json:
        print(text)
    _say(plan, args.out, files)
    return 1 if any(f.severity is Severity.ERROR for f in plan.findings) else 0


def run_compare(args: argparse.Namespace) -> int:
    """Print two plans side by side; return the exit code."""
    sides = compare_plans(_read_plan(args.first), _read_plan(args.second))
    changes = list_changes(_read_plan(args.first), _read_plan(args.second))
    if args.json:
        rows = [{"name": s.name, "unit": s.unit, "first": s.first, "second": s.second} for s in sides]
        said = [{"village": c.village, "village_name": c.village_name, "statement": c.statement} for c in changes]
        print(json.dumps({"figures": rows, "changes": said}, ensure_ascii=False, indent=1))
        return 0
    for side in sides:
        print(f"{side.name}（{side.unit}）　{side.first:,.1f}　{side.second:,.1f}　{side.second - side.first:+,.1f}")
    print(f"有变动的村：{len(changes)} 个")
    for change in changes:
        print(f"  {change.village_name}：{change.statement}")
    return 0


def _scenario(args: argparse.Namespace) -> Scenario:
    scenario = read_scenario(args.scenario)
    if args.days is not None:
        if not 1 <= args.days <= 7:
            raise UnusableInputError(f"--days 应为 1 至 7，实际为 {args.days}。请改正后重试。")
        scenario = replace(scenario, promise=replace(scenario.promise, visits_per_week=args.days))
    if args.seconds is not None:
        if not args.seconds > 0:
            raise UnusableInputError(f"--seconds 应大于 0，实际为 {args.seconds:g}。请改正后重试。")
        scenario = replace(scenario, seconds=args.seconds)
    elif args.previous:
        scenario = replace(scenario, seconds=min(scenario.seconds, CHANGE_SECONDS))
    return scenario if args.seed is None else replace(scenario, seed=args.seed)


@contextmanager
def _stop_on_interrupt() -> Iterator[list[int]]:
    """Collect interrupts; the first one asks the search to end, a second one ends the program as ever."""
    stopped: list[int] = []
    ordinary = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: object) -> None:
        stopped.append(number)
        signal.signal(signal.SIGINT, ordinary)
        print("正在停止，保留目前最好的规划……", file=sys.stderr)

    signal.signal(signal.SIGINT, note)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, ordinary)


def _read_plan(path: Path) -> Plan:
    try:
        return plan_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise UnusableInputError(f"规划文件应为 plan.json，{path} 读不出来：{fault}。请检查路径。") from None


def _days(plan: Plan) -> dict[str, Pattern]:
    days: dict[str, set[int]] = {}
    for call in plan.week.timetable if plan.week else ():
        days.setdefault(call.village, set()).add(call.weekday)
    return {village: tuple(sorted(own)) for village, own in days.items()}


def _finished(plan: Plan, before: Plan | None, objections: tuple[str, ...]) -> Plan:
    """The plan with what has changed since the one before it, and what of the edits could not be kept."""
    week = plan.week
    if week is not None and before is not None:
        week = replace(week, changes=list_changes(before, plan))
    return replace(plan, week=week, unserved=(*plan.unserved, *objections))


def _say(plan: Plan, out: Path, files: tuple[str, ...]) -> None:
    week = plan.week
    if week is None:
        print("没有需要规划的村。", file=sys.stderr)
        return
    lines = [
        f"站点 {len(plan.stations)} 处；{len({c.village for c in week.timetable})} 个村每周到村"
        f" {len({(c.village, c.weekday) for c in week.timetable})} 次，线路每周 {len(plan.routes)} 趟、"
        f"{plan.weekly_distance_km:,.0f} 公里；每周 {week.cost_yuan:,.0f} 元"
        + (f"，各品牌单独投递 {plan.weekly_cost_alone_yuan:,.0f} 元" if plan.weekly_cost_alone_yuan else ""),
    ]
    if week.shares:
        lines.append(week.shares.statement)
    lines += list(plan.unserved[:5])
    lines += [f"补救：{said}" for said in week.relaxations[:3]]
    if week.changes:
        lines.append(f"与原规划相比，{len(week.changes)} 个村有变动：")
        lines += [f"  {change.village_name}：{change.statement}" for change in week.changes[:10]]
    if not week.is_complete:
        lines.append("搜索提前停止，这是目前最好的规划。")
    lines.append(f"  {out}：{'、'.join(files)}")
    print("\n".join(lines), file=sys.stderr)
