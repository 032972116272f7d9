"""Time the routing engine on Cordeau's periodic instances: python benchmarks/routing.py --seconds 60 --seed 1 p02 p13

Resumable: each (solver, instance, seed, seconds, clock) is one line of results/routing.jsonl and is not run again.
Without names all instances of POSTHOUSE_SHARED/data/pvrp are run. `--solver pyvrp` and `--solver ortools` run what a
planner could install instead (routing_peers.py). `--table` only writes results/routing.md. Costs are recomputed by the
checker from double distances. `--first-call` times import, compiling and loading compiled code, in fresh processes.
"""

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.cordeau import read_cordeau
from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.solution import Solution
from posthouse.optimise.routing.solve import solve_routing

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("POSTHOUSE_SHARED", HERE.parent / "../shared")).resolve()
LINES, TABLE = HERE / "results/routing.jsonl", HERE / "results/routing.md"
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
SOLVERS = {"posthouse": "Posthouse", "pyvrp": "PyVRP per day, pattern repair", "ortools": "OR-Tools, copies of nodes"}
FIRST_CALL = """
import resource, time
begun = time.process_time()
from posthouse.optimise.routing.cordeau import read_cordeau
from posthouse.optimise.routing.solve import solve_routing
problem = read_cordeau("1 1 2 2\\n0 10\\n0 10\\n0 0 0 0 0 0 0\\n1 3 4 0 5 1 2 1 2\\n2 6 8 0 5 2 1 3\\n")
solve_routing(problem, seed=1, iterations=10)
print(time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", nargs="*")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--solver", choices=SOLVERS, default="posthouse")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu where other work shares the machine")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--first-call", action="store_true")
    args = parser.parse_args()
    known = {row["instance"]: float(row["best_known"]) for row in csv.DictReader(_pvrp("best_known.csv").open())}
    if args.first_call:
        _append(_time_first_call())
    elif not args.table:
        done = {_key(line) for line in _lines() if "instance" in line}
        _compile()
        for seed in args.seed or [1]:
            for name in args.instances or sorted(known):
                run = {"solver": args.solver, "instance": name, "seed": seed}
                run |= {"seconds": args.seconds, "clock": args.clock}
                if _key(run) not in done:
                    line = {**run, **_solve(name, seed, args)}
                    _append(line)
                    print(
                        f"{args.solver} {name} seed {seed}: {line['cost']:.2f}, {_gap(line, known):.2f} %", flush=True
                    )
    TABLE.write_text(_tables(_lines(), known), encoding="utf-8")


def _solve(name: str, seed: int, args: argparse.Namespace) -> dict[str, object]:
    problem = read_cordeau(_pvrp(name).read_text())
    clock = CLOCKS[args.clock]
    begun = clock()
    iterations: int | None = None
    if args.solver == "posthouse":
        result = solve_routing(problem, seconds=args.seconds, seed=seed, clock=clock)
        solution, iterations = result.solution, result.iterations
    else:
        solution = _solve_with_peer(args.solver, problem, args.seconds, seed, clock)
    took = clock() - begun
    cost, violations = check_solution(problem, solution)
    return {
        "cost": cost,
        "violations": len(violations),
        "routes": len(solution.routes),
        "iterations": iterations,
        "took": round(took, 2),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"numba {version('numba')}, PyVRP {version('pyvrp')}, OR-Tools {version('ortools')}",
    }


def _solve_with_peer(solver: str, problem: RoutingProblem, seconds: float, seed: int, clock) -> Solution:
    from routing_peers import solve_by_day, solve_with_copies

    run = solve_by_day if solver == "pyvrp" else solve_with_copies
    return run(problem, seconds=seconds, seed=seed, clock=clock)


def _compile() -> None:
    """Solve a small instance, so that no clock below counts compiling."""
    solve_routing(read_cordeau(_pvrp("p14").read_text()), iterations=100, seed=1)


def _time_first_call() -> dict[str, object]:
    """Time a first answer with an empty and with a filled cache of compiled code, each in a fresh process."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        runs = [
            subprocess.run(
                [sys.executable, "-c", FIRST_CALL], env=environment, capture_output=True, text=True, check=True
            )
            for _ in range(2)
        ]
    (cold, cold_mb), (warm, warm_mb) = (tuple(float(x) for x in run.stdout.split()) for run in runs)
    return {"first_call": "cpu", "cold": cold, "cold_mb": cold_mb, "warm": warm, "warm_mb": warm_mb}


def _tables(lines: list[dict], known: dict[str, float]) -> str:
    parts = ["# Periodic routing: gaps to the best known costs\n"]
    own = [line for line in lines if line.get("solver") == "posthouse"]
    for seconds, clock in sorted({(line["seconds"], line["clock"]) for line in own}, reverse=True):
        some = [line for line in own if (line["seconds"], line["clock"]) == (seconds, clock)]
        parts.append(f"\n## {seconds:g} s of {clock} time, one thread\n\n{some[-1]['machine']}.\n")
        parts.append(_gap_table(some, known))
    parts.append(_peer_table([line for line in lines if "instance" in line], known))
    parts += [
        f"\n## First call\n\nImport, compile and solve two customers in a fresh process: {line['cold']:.1f} s CPU, "
        f"{line['cold_mb']:.0f} MB; compiled code in the cache {line['warm']:.1f} s, {line['warm_mb']:.0f} MB.\n"
        for line in [line for line in lines if "first_call" in line][-1:]
    ]
    return "".join(parts)


def _gap_table(lines: list[dict], known: dict[str, float]) -> str:
    seeds = sorted({line["seed"] for line in lines})
    cell = {(line["instance"], line["seed"]): line for line in lines}
    heads = "".join(f" cost, seed {seed} | gap % |" for seed in seeds)
    parts = [f"\n| instance | best known |{heads} iterations/s |\n|---|--:|" + "--:|--:|" * len(seeds) + "--:|\n"]
    for name in sorted({line["instance"] for line in lines}):
        parts.append(f"| {name} | {known[name]:.2f} |")
        for seed in seeds:
            line = cell.get((name, seed))
            parts.append(f" {line['cost']:.2f} | {_gap(line, known):.2f} |" if line else " | |")
        rates = [line["iterations"] / line["took"] for line in lines if line["instance"] == name]
        parts.append(f" {statistics.mean(rates):,.0f} |\n")
    for seed in seeds:
        some = [line for line in lines if line["seed"] == seed]
        gaps = [_gap(line, known) for line in some]
        infeasible = sum(bool(line["violations"]) for line in some)
        parts.append(
            f"\nSeed {seed}: {len(gaps)} instances, mean {statistics.mean(gaps):.3f} %, median "
            f"{statistics.median(gaps):.3f} %, worst {max(gaps):.2f} %, infeasible {infeasible}.\n"
        )
    return "".join(parts)


def _peer_table(lines: list[dict], known: dict[str, float]) -> str:
    """Return all solvers side by side, for each setting a peer was run at."""
    parts = []
    for seconds, clock in sorted({(x["seconds"], x["clock"]) for x in lines if x["solver"] != "posthouse"}):
        some = [line for line in lines if (line["seconds"], line["clock"]) == (seconds, clock)]
        names = sorted({line["instance"] for line in some if line["solver"] != "posthouse"})
        parts.append(
            f"\n## Beside what could be installed, {seconds:g} s of {clock} time: gap %, mean of seeds\n\n| solver |"
        )
        parts.append("".join(f" {name} |" for name in names) + " mean |\n|---|" + "--:|" * (len(names) + 1) + "\n")
        for solver, title in SOLVERS.items():
            gaps = {}
            for name in names:
                own = [line for line in some if (line["solver"], line["instance"]) == (solver, name)]
                if own:
                    gaps[name] = statistics.mean(_gap(line, known) for line in own)
            cells = "".join(f" {gaps[name]:.2f} |" if name in gaps else " |" for name in names)
            mean = f" {statistics.mean(gaps.values()):.2f} |" if len(gaps) == len(names) else " |"
            parts.append(f"| {title} |{cells}{mean}\n")
    return "".join(parts)


def _gap(line: dict, known: dict[str, float]) -> float:
    return 100 * (line["cost"] / known[line["instance"]] - 1)


def _append(line: dict) -> None:
    with LINES.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _lines() -> list[dict]:
    return [json.loads(text) for text in LINES.read_text().splitlines()] if LINES.exists() else []


def _key(line: dict) -> tuple:
    return line["solver"], line["instance"], line["seed"], line["seconds"], line["clock"]


def _pvrp(name: str) -> Path:
    return SHARED / "data/pvrp" / name


if __name__ == "__main__":
    main()
