"""Time the routing engine on Cordeau's periodic instances: python benchmarks/routing.py --seconds 60 --seed 1 p02 p13

Resumable: each (solver, instance, seed, seconds, clock) is one line of results/routing.jsonl and is not run again.
Without names all instances of POSTHOUSE_SHARED/data/pvrp are run. `--table` only writes results/routing.md.
Costs are recomputed by the checker from double distances; compilation is done before the first clock starts and stated.
"""

import argparse
import csv
import json
import os
import platform
import statistics
import time
from pathlib import Path

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.cordeau import read_cordeau
from posthouse.optimise.routing.solve import solve_routing

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("POSTHOUSE_SHARED", HERE.parent / "../shared")).resolve()
LINES, TABLE = HERE / "results/routing.jsonl", HERE / "results/routing.md"
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu where other work shares the machine")
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    known = {row["instance"]: float(row["best_known"]) for row in csv.DictReader(_pvrp("best_known.csv").open())}
    if not args.table:
        done = {_key(line) for line in _lines()}
        warm = None
        for seed in args.seed or [1]:
            for name in args.instances or sorted(known):
                run = {"instance": name, "seed": seed, "seconds": args.seconds, "clock": args.clock}
                if _key(run) not in done:
                    warm = _compile_seconds() if warm is None else warm
                    _append({**run, **_solve(name, seed, args), "compile_seconds": round(warm, 1)}, known[name])
    TABLE.write_text(_table(_lines(), known), encoding="utf-8")


def _solve(name: str, seed: int, args: argparse.Namespace) -> dict[str, object]:
    problem = read_cordeau(_pvrp(name).read_text())
    result = solve_routing(problem, seconds=args.seconds, seed=seed, clock=CLOCKS[args.clock])
    cost, violations = check_solution(problem, result.solution)
    return {
        "cost": cost,
        "violations": len(violations),
        "routes": len(result.solution.routes),
        "iterations": result.iterations,
        "bound": result.bound,
        "took": round(result.seconds, 2),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    }


def _compile_seconds() -> float:
    """Solve the smallest instance once, so that no later clock counts compiling."""
    begun = time.perf_counter()
    solve_routing(read_cordeau(_pvrp("p14").read_text()), iterations=1000, seed=1)
    return time.perf_counter() - begun


def _table(lines: list[dict], known: dict[str, float]) -> str:
    settings = sorted({(line["seconds"], line["clock"]) for line in lines})
    parts = ["# Periodic routing: gaps to the best known costs\n"]
    for seconds, clock in settings:
        own = [line for line in lines if (line["seconds"], line["clock"]) == (seconds, clock)]
        seeds = sorted({line["seed"] for line in own})
        cell = {(line["instance"], line["seed"]): line for line in own}
        parts.append(f"\n## {seconds:g} s of {clock} time, one thread\n\n{own[-1]['machine']}.\n")
        parts.append(
            "\n| instance | best known | " + " | ".join(f"cost, seed {s} | gap %" for s in seeds) + " | iterations/s |"
        )
        parts.append("\n|---|--:|" + "--:|--:|" * len(seeds) + "--:|\n")
        for name in sorted({line["instance"] for line in own}):
            cells = []
            for seed in seeds:
                line = cell.get((name, seed))
                cells.append(f"{line['cost']:.2f} | {_gap(line, known):.2f}" if line else " | ")
            rate = statistics.mean(x["iterations"] / x["took"] for x in own if x["instance"] == name)
            parts.append(f"| {name} | {known[name]:.2f} | " + " | ".join(cells) + f" | {rate:,.0f} |\n")
        for seed in seeds:
            gaps = [_gap(line, known) for line in own if line["seed"] == seed]
            infeasible = sum(bool(line["violations"]) for line in own if line["seed"] == seed)
            parts.append(
                f"\nSeed {seed}: {len(gaps)} instances, mean {statistics.mean(gaps):.3f} %, median "
                f"{statistics.median(gaps):.3f} %, worst {max(gaps):.2f} %, infeasible {infeasible}.\n"
            )
    return "".join(parts)


def _gap(line: dict, known: dict[str, float]) -> float:
    return 100 * (line["cost"] / known[line["instance"]] - 1)


def _append(line: dict, best_known: float) -> None:
    with LINES.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    print(
        f"{line['instance']} seed {line['seed']}: {line['cost']:.2f}, {100 * (line['cost'] / best_known - 1):.2f} %",
        flush=True,
    )


def _lines() -> list[dict]:
    return [json.loads(text) for text in LINES.read_text().splitlines()] if LINES.exists() else []


def _key(line: dict) -> tuple:
    return line.get("solver", "posthouse"), line["instance"], line["seed"], line["seconds"], line["clock"]


def _pvrp(name: str) -> Path:
    return SHARED / "data/pvrp" / name


if __name__ == "__main__":
    main()
