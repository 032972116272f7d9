"""`posthouse route`: solve a Cordeau-format periodic routing instance; every cost is re-computed by the checker."""

import argparse
import json
import math
import sys
from pathlib import Path

from posthouse.optimise.routing.cordeau import read_cordeau
from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.solution import Progress, RoutingResult, Status
from posthouse.optimise.routing.solve import solve_routing
from posthouse.vocabulary.errors import UnusableInputError

_EXAMPLE = """\
例：
  posthouse route shared/data/pvrp/p02 --seconds 30 --seed 1 --out p02.json
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "route",
        help="求解周期性车辆路径算例（Cordeau 格式）",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("instance", type=Path, metavar="INSTANCE", help="算例文件")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S", help="限时（秒），缺省 60")
    parser.add_argument("--seed", type=int, default=1, metavar="K", help="随机种子，缺省 1")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="结果 JSON 文件")
    parser.add_argument("--json", action="store_true", help="在标准输出也打印结果 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Solve, write the routes; exit code 1 if the best answer still breaks a limit."""
    if not args.seconds > 0:
        raise UnusableInputError(f"--seconds 应大于 0，给的是 {args.seconds:g}。")
    if not args.out.parent.is_dir():
        raise UnusableInputError(f"--out 的文件夹应已存在，{args.out.parent} 不存在。请先建立。")
    try:
        text = args.instance.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInputError(f"应为可读的算例文本，{args.instance} 读不了（{error}）。请检查路径。") from None
    problem = read_cordeau(text)
    result = solve_routing(problem, seconds=args.seconds, seed=args.seed, progress=_report)
    print(file=sys.stderr)
    for line in result.explanation:
        print(line, file=sys.stderr)
    data = json.dumps(result_to_json(problem, result))
    args.out.write_text(data + "\n", encoding="utf-8")
    if args.json:
        print(data)
    print(f"成本 {result.objective:.2f}，下界 {result.bound:.2f}，{result.seconds:.1f} 秒。", file=sys.stderr)
    return 1 if result.status is Status.INFEASIBLE else 0


def result_to_json(problem: RoutingProblem, result: RoutingResult) -> dict[str, object]:
    """Return the answer as plain values; days and customers count from 1 as in the instance file, depots from 0."""
    routes = [
        {
            "day": int(problem.slot_day[route.slot]) + 1,
            "depot": int(problem.slot_depot[route.slot]),
            "visits": [customer + 1 for customer in route.customers],
        }
        for route in result.solution.routes
    ]
    return {"cost": result.objective, "seconds": round(result.seconds, 3), "seed": result.seed, "routes": routes}


def _report(progress: Progress) -> None:
    best = f"{progress.objective:.2f}" if math.isfinite(progress.objective) else "尚无可行解"
    print(f"\r{progress.share:4.0%}  {best}", end="", file=sys.stderr)
