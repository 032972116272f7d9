"""`posthouse site`: solve an OR-Library p-median instance; the checker verifies the answer before it is written."""

import argparse
import json
import math
import sys
import time
from pathlib import Path

from posthouse.optimise.siting.check import check_median
from posthouse.optimise.siting.parse import parse_pmedian
from posthouse.optimise.siting.solution import MedianSolution
from posthouse.optimise.siting.solve import solve_median
from posthouse.vocabulary.errors import UnusableInputError

_EXAMPLE = """\
例：
  posthouse site pmed1.txt --seconds 5 --seed 1 --out pmed1.json
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "site",
        help="求解 p-中位选址算例（OR-Library 格式）",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("instance", type=Path, metavar="INSTANCE", help="算例文件：点数、边数、设点数，然后逐行一条边")
    parser.add_argument("--seconds", type=float, default=10.0, metavar="S", help="限时（秒），缺省 10；证明最优即止")
    parser.add_argument("--seed", type=int, default=1, metavar="K", help="随机种子，缺省 1")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="结果 JSON 文件")
    parser.add_argument("--json", action="store_true", help="在标准输出也打印结果 JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Solve, verify, write the facilities; return the exit code."""
    if not 0 < args.seconds < math.inf:
        raise UnusableInputError(f"--seconds 应大于 0，实际为 {args.seconds:g}。请改正后重试。")
    if args.seed < 0:
        raise UnusableInputError(f"--seed 应不小于 0，实际为 {args.seed}。请改正后重试。")
    if not args.out.parent.is_dir():
        raise UnusableInputError(f"--out 的文件夹应已存在，{args.out.parent} 不存在。请先建立。")
    try:
        text = args.instance.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInputError(f"应为可读的算例文本，{args.instance} 读不了（{error}）。请检查路径。") from None
    begun = time.perf_counter()
    problem = parse_pmedian(text)
    solution = solve_median(problem, seconds=args.seconds - (time.perf_counter() - begun), seed=args.seed)
    faults = check_median(problem, solution)
    if faults:
        raise AssertionError(f"The checker refuses the answer: {' '.join(faults)}")
    data = json.dumps(solution_to_json(solution))
    args.out.write_text(data + "\n", encoding="utf-8")
    if args.json:
        print(data)
    said = "已证明最优" if solution.status == "optimal" else f"差距不超过 {solution.gap:.3%}"
    print(
        f"总费用 {solution.objective:g}，下界 {solution.bound:g}，{said}，{solution.seconds:.1f} 秒。", file=sys.stderr
    )
    return 0


def solution_to_json(solution: MedianSolution) -> dict[str, object]:
    """Return the answer as plain values; nodes count from 1 as in the instance file."""
    return {
        "objective": solution.objective,
        "bound": solution.bound,
        "seconds": round(solution.seconds, 3),
        "facilities": [int(site) + 1 for site in solution.open_sites],
    }
