"""`posthouse plan verify`: a month after, promised against measured; what driving and stopping really take."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from posthouse.cli.plan_inputs import add_files
from posthouse.measures.catalogue import get_definition
from posthouse.measures.observe import Observer
from posthouse.planning.departures import departures_of
from posthouse.planning.exchange import plan_from_json
from posthouse.planning.expected import Today, expect_measures
from posthouse.planning.ground import Ground, ground_from
from posthouse.planning.model import Plan
from posthouse.planning.observed import observe_visits
from posthouse.planning.refit import Factor, refit_factors
from posthouse.planning.scenario import read_scenario
from posthouse.planning.verification import Verification, check_measures, verify_plan
from posthouse.records.schema import all_tables
from posthouse.reports.plan_verification import render_verification_document, render_verification_workbook
from posthouse.stores.manifest import write_atomically
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Grain, Period, parse_period
from posthouse.vocabulary.plain import to_plain

_EXAMPLE = """\
例：
  posthouse plan verify out/规划 out/本市/workspace --month 2021-08 --out out/核验
  posthouse plan verify out/规划 out/本市/workspace --month 2021-08 --write-scenario 实测.toml
  posthouse plan village out/本市/workspace --out out/规划2 --scenario 实测.toml      # 用实测的参数再规划
"""


def add_kind(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the kind to the verb `plan`."""
    verify = kinds.add_parser(
        "verify",
        help="核验：承诺与实测，重新拟合参数",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument("plan", type=Path, metavar="PLAN", help="plan village 的结果文件夹，或其中的 plan.json")
    verify.add_argument("workspace", type=Path, metavar="WORKSPACE", help="工作区，已导入要核验的月份")
    verify.add_argument("--month", required=True, metavar="YYYY-MM", help="核验哪个月，应在规划之后")
    verify.add_argument("--out", type=Path, metavar="DIR", help="写 verification.json、.xlsx、.docx 的文件夹")
    verify.add_argument("--scenario", type=Path, metavar="FILE", help="作规划时用的情景文件")
    verify.add_argument("--gtfs", type=Path, metavar="FEED", help="作规划时用的班次文件")
    verify.add_argument("--roads", type=Path, metavar="FILE", help="作规划时用的道路文件")
    verify.add_argument("--write-scenario", type=Path, metavar="FILE", help="把拟合出的参数写成情景文件")
    verify.add_argument("--json", action="store_true", help="在标准输出打印 verification.json 的内容")
    verify.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check the month, write the files, say on stderr what was found; return the exit code."""
    plan, planned_in = _read_plan(args.plan)
    scenario = read_scenario(args.scenario)
    period = parse_period(args.month)
    if period.grain is not Grain.MONTH or period.start_on < planned_in.end_on:
        raise UnusableInputError(
            f"--month 应是规划所用数据（{planned_in}）之后的一个月，实际为 {args.month}。请改正后重试。"
        )
    workspace = open_workspace(args.workspace)
    tables = workspace.tables()
    registers = {name: tables[name].to_pyarrow() for name, table in all_tables().items() if table.kind == "register"}
    last_day = planned_in.end_on - timedelta(days=1)
    inputs = add_files(registers, gtfs=args.gtfs, roads=args.roads, on=last_day)
    ground = ground_from(inputs.registers, scenario, last_day)
    visits = observe_visits(tables["journeys"], period)
    if not visits:
        raise UnusableInputError(f"工作区 {args.workspace} 里 {period} 没有到村的扫描，无法核验。请先导入这个月。")
    observer = Observer(tables)
    expected = expect_measures(
        plan,
        scenario,
        [village.code for village in ground.divisions.list_villages()],
        _today(observer, ground, planned_in),
        period,
        brands=sorted({str(row["brand"]) for row in ground.rows["operators"] if row["is_main_brand"]}),
    )
    figures = {measure: observer.figure(measure, period) for measure in expected}
    verification = verify_plan(
        plan,
        visits,
        period,
        scenario,
        measures=check_measures(
            expected,
            {measure: figure.value if figure else None for measure, figure in figures.items()},
            {measure: get_definition(measure).name_zh for measure in expected},
        ),
        refit=refit_factors(departures_of(plan), visits, ground, period),
    )
    text = json.dumps(to_plain(verification), ensure_ascii=False, indent=1)
    if args.out:
        _write(args.out, verification, text)
    if args.write_scenario:
        levers = (*verification.refit.factors, *verification.reliability)
        write_atomically(args.write_scenario, scenario_to_toml(levers, period).encode())
    if args.json:
        print(text)
    _say(verification, args)
    return 0


def scenario_to_toml(factors: tuple[Factor, ...], period: Period) -> str:
    """Return a scenario file of the fitted levers, each with what it rests on."""
    tables: dict[str, list[str]] = {}
    for factor in factors:
        table, _, lever = factor.lever.rpartition(".")
        said = f"规划时 {factor.planned:.3g}；±{factor.error:.2g}，{factor.legs} 段或次"
        tables.setdefault(table, []).append(f"{lever} = {factor.fitted:.4g}  # {said}".replace(" = 1  #", " = 1.0  #"))
    lines = [f"# 由 {period} 的到村扫描拟合：posthouse plan verify --write-scenario"]
    for table, levers in tables.items():
        lines += ["", f"[{table}]", *levers]
    return "\n".join(lines) + "\n"


def _read_plan(path: Path) -> tuple[Plan, Period]:
    """The plan and the month of its data."""
    file = path / "plan.json" if path.is_dir() else path
    try:
        data: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise UnusableInputError(f"规划文件应为 plan.json，{file} 读不出来：{fault}。请检查路径。") from None
    plan = plan_from_json(data)
    if plan.week is None or not plan.week.timetable or not data.get("month"):
        raise UnusableInputError(f"{file} 里没有到村的时刻表，无法核验。请换用 posthouse plan village 写出的规划。")
    return plan, parse_period(str(data["month"]))


def _today(observer: Observer, ground: Ground, before: Period) -> Today:
    """What the villages had in the month of the plan's data."""
    by_village = observer.parts("delivery_days_per_week", before, ("place",))
    brands: dict[str, set[str]] = {}
    for part in observer.parts("delivery_days_per_week", before, ("place", "brand")):
        if part.place and part.brand and part.value:
            brands.setdefault(part.place, set()).add(part.brand)
    return Today(
        visits={part.place: part.value for part in by_village if part.place and part.value},
        brands=brands,
        stations=set(ground.points_by_village("village_station")),
    )


def _write(out: Path, verification: Verification, text: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    month = verification.period.start_on
    title = f"{month.year}年{month.month}月快递进村规划核验"
    for name, content in (
        ("verification.json", text.encode()),
        ("verification.xlsx", render_verification_workbook(verification)),
        ("verification.docx", render_verification_document(verification, title=title)),
    ):
        write_atomically(out / name, content)


def _say(verification: Verification, args: argparse.Namespace) -> None:
    lines = [*verification.statements]
    for check in verification.measures:
        measured = "没有数据" if check.measured is None else f"{check.measured:.3f}"
        lines.append(f"{check.name}：预计 {check.predicted:.3f}（{check.low:.3f}—{check.high:.3f}），实测 {measured}")
    short = [village for village in verification.villages if not village.is_kept]
    lines += [f"  {v.village_name}：承诺{v.promised}次，实测{v.measured:.2f}次：{v.why}" for v in short[:10]]
    lines += verification.refit.statements
    for factor in (*verification.refit.factors, *verification.reliability):
        lines.append(f"  {factor.name}：规划 {factor.planned:.3g}，实测 {factor.fitted:.3g}（±{factor.error:.2g}）")
    if args.out:
        lines.append(f"  {args.out}：verification.json、verification.xlsx、verification.docx")
    print("\n".join(lines), file=sys.stderr)
