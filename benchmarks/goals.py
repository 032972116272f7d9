"""Every goal of the five plans on the sample city that fits it: what is measured, against what, and what is left.

    python benchmarks/goals.py ../shared/plans

Runs the whole cycle (`posthouse run`) on samples of moderate size and prints the table goal by goal, as Markdown. Goals
of kind goal, standard, structure and rhythm must have a value; the exit code is 1 where one has none.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from posthouse.cli.main import main as posthouse

CITIES = {
    "yiwu": "workshop",
    "zhoushan": "islands",
    "hangzhou": "metropolis",
    "taizhou": "hill",
    "jinjiang": "workshop",
}
"""Plan to sample: small wares and factories, islands, a large city, mountain villages and small towns, factories."""

MEASURED_KINDS = ("goal", "standard", "structure", "rhythm")
COLUMNS = ("id", "clause", "text", "measure", "value", "numerator", "denominator", "coverage", "target", "status")
HEADINGS = ("编号", "条款", "目标原文", "指标", "测量值", "分子", "分母", "覆盖", "目标值", "状态")

Goal = Mapping[str, Any]


def close_months(plans: Path, month: str, villages: int, parcels: int, seed: int) -> Iterator[tuple[str, Goal]]:
    """Yield each plan's name with its cycle.json."""
    with tempfile.TemporaryDirectory() as place:
        for plan, kind in CITIES.items():
            city, out = Path(place) / kind, Path(place) / f"out-{plan}"
            sizes = {"villages": villages, "parcels": parcels, "month": month, "seed": seed}
            options = [f"--{name}={value}" for name, value in sizes.items()]
            arguments = ["--plan", str(plans / f"{plan}.txt"), "--records", str(city / "records")]
            with redirect_stdout(StringIO()):
                posthouse(["sample", kind, "--out", str(city), *options])
                posthouse(["run", *arguments, "--month", month, "--out", str(out)])
            yield plan, json.loads((out / "cycle.json").read_text(encoding="utf-8"))


def wanted(cycle: Mapping[str, Any]) -> list[Goal]:
    """Return the goals that must have a value, as cycle.json has them, with their kind."""
    kinds = {goal["id"]: goal["kind"] for goal in cycle["programme"]["goals"]}
    return [goal for goal in cycle["goals"] if kinds[goal["id"]] in MEASURED_KINDS and goal["status"] != "external"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plans", type=Path, help="folder of the five plans as txt")
    parser.add_argument("--month", default="2021-06")
    parser.add_argument("--villages", type=int, default=60)
    parser.add_argument("--parcels", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    missing = 0
    print(f"{given.month}, samples of {given.villages} villages and {given.parcels} parcels, seed {given.seed}")
    for plan, cycle in close_months(given.plans, given.month, given.villages, given.parcels, given.seed):
        goals = wanted(cycle)
        without = [goal for goal in goals if goal["value"] is None]
        missing += len(without)
        print(f"\n## {plan} on {CITIES[plan]}: {len(goals) - len(without)} of {len(goals)} goals have a value\n")
        print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
        for goal in goals:
            print(f"| {' | '.join(_cell(goal[column]) for column in COLUMNS)} |")
        for goal in without:
            print(f"\n- without a value: {goal['id']} {goal['text']}: {goal['why']}")
    return 1 if missing else 0


def _cell(value: object) -> str:
    if value is None:
        return "—"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text.replace("|", "／").replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main())
