"""`posthouse sample KIND --out DIR`: a fictional city's records, its plan and the known truth."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # What add_subparsers returns has a public behaviour but a private name.
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

EXAMPLE = """示例：
  posthouse sample hill --out out/hill
  posthouse sample hill --out out/hill --month 2021-07        # 追加一个月
  posthouse sample hill --out out/hill --month 2021-08 --carry-out out/规划   # 规划照办的一个月
  posthouse sample islands --out out/islands --villages 60 --parcels 20000 --seed 7
"""


def add_parser(subparsers: "Subparsers") -> None:
    """Add the verb to the command line."""
    parser = subparsers.add_parser(
        "sample",
        help="生成样例城市：台账、扫描、方案和真值",
        description="生成一座虚构的样例城市：records/（台账和一个月的事件）、plan.md、truth.json。同样的参数得到同样的字节。",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("kind", metavar="KIND", help="hill 山区、islands 海岛、metropolis 大城市、workshop 产业城市")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="写入的目录；已有同一城市时追加月份")
    parser.add_argument("--villages", type=int, metavar="N", help="建制村数；不写则用该类城市的默认数")
    parser.add_argument("--parcels", type=int, metavar="N", help="当月签收的快件数；不写则用默认数")
    parser.add_argument("--month", default="2021-06", metavar="YYYY-MM", help="月份，默认 2021-06")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="随机种子，默认 1")
    parser.add_argument("--carry-out", type=Path, metavar="PLAN", help="plan village 的结果：这个月照规划投递")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Generate the city with a progress bar on stderr; 0 when done."""
    from rich.console import Console
    from rich.progress import Progress

    from posthouse.sample.write import write_sample

    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("生成样例城市", total=1.0)
        out = write_sample(
            args.kind,
            args.out,
            villages=args.villages,
            parcels=args.parcels,
            month=args.month,
            seed=args.seed,
            carried_out=args.carry_out,
            progress=lambda what, share: bar.update(task, description=what, completed=share),
        )
    print(f"样例城市已写入 {out}（records/、plan.md、truth.json；城市和数据均为虚构）", file=sys.stderr)
    return 0
