"""Time routing of synthetic counties with 1,000 and 5,000 villages:

    python benchmarks/routing_large.py --seconds 60 c1000

Runs of one case go on in results/routing_large.jsonl, one line each: cost over time, iterations, peak memory. `repair`
times small changes of a plan, `first-call` a cold process on 100 villages with an empty and with a filled cache of
compiled code. `--table` only writes results/routing_large.md. counties.py says what the counties are. Seconds are those
of the process (CPU, one thread), unless `--processes` is above one, and compiling is done before. While a run goes on
its last cost is in a file beside the lines, so that a broken run leaves what it found.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from counties import make_county
from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.repair import repair_solution
from posthouse.optimise.routing.solution import Progress, Solution
from posthouse.optimise.routing.solve import solve_routing

HERE = Path(__file__).resolve().parent
LINES, TABLE = HERE / "results/routing_large.jsonl", HERE / "results/routing_large.md"
CASES = {"c1000": (1000, 3), "c5000": (5000, 6)}
MARKS = (2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800)
REPAIRS = 10
FIRST_CALL = """
import resource, sys, time
begun, cpu = time.perf_counter(), time.process_time()
sys.path.insert(0, {here!r})
from counties import make_county
from posthouse.optimise.routing.solve import solve_routing
result = solve_routing(make_county(100, 1, 1)[0], seed=1, iterations=2000)
print(time.perf_counter() - begun, time.process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", choices=[*CASES, "repair", "first-call", []])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wall", type=float, default=float("inf"), help="end after so many seconds of wall time")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    for case in () if args.table else args.cases:
        if case == "first-call":
            line = _first_call()
        elif case == "repair":
            line = _repair(args.seed)
        else:
            line = _solve(case, args.seed, args.seconds, args.processes, args.wall)
        machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        machine += f"numba {version('numba')}, numpy {version('numpy')}"
        with LINES.open("a", encoding="utf-8") as file:
            file.write(
                json.dumps({"case": case, **line, "load": round(os.getloadavg()[0], 1), "machine": machine}) + "\n"
            )
        print(case, line, flush=True)
    TABLE.write_text(_table([json.loads(text) for text in LINES.read_text().splitlines()]), encoding="utf-8")


def _solve(case: str, seed: int, seconds: float, processes: int, wall: float) -> dict[str, object]:
    solve_routing(make_county(60, 1, 1)[0], seed=1, iterations=200)
    problem, _ = make_county(*CASES[case], seed)
    clock = time.process_time if processes == 1 else time.perf_counter
    begun, started, trace = clock(), time.monotonic(), []
    checkpoint = LINES.with_suffix(f".{case}.{os.getpid()}.running")

    def note(at: Progress) -> None:
        if at.objective < float("inf") and (not trace or at.objective < trace[-1][1]):
            trace.append((round(clock() - begun, 2), round(at.objective, 1), at.iterations))
            checkpoint.write_text(json.dumps(trace), encoding="utf-8")

    def until() -> float:
        return clock() if time.monotonic() - started < wall else float("inf")

    result = solve_routing(problem, seed=seed, seconds=seconds, clock=until, progress=note, processes=processes)
    took = clock() - begun
    cost, violations = check_solution(problem, result.solution)
    checkpoint.unlink(missing_ok=True)
    return {
        "seed": seed,
        "seconds": seconds,
        "processes": processes,
        "cost": round(cost, 2),
        "violations": len(violations),
        "visits": sum(len(route.customers) for route in result.solution.routes),
        "routes": len(result.solution.routes),
        "iterations": result.iterations,
        "took": round(took, 1),
        "mb": _peak_mb(),
        "trace": trace,
    }


def _repair(seed: int) -> dict[str, object]:
    """Time a village added and a vehicle lost, several of each, in a plan of 1,000 villages searched for 20 s."""
    problem, _ = make_county(*CASES["c1000"], seed)
    plan = solve_routing(problem, seed=seed, seconds=20, clock=time.process_time).solution
    added, lost = [], []
    for turn in range(REPAIRS):
        village = turn * problem.customers // REPAIRS
        routes = [replace(r, customers=tuple(c for c in r.customers if c != village)) for r in plan.routes]
        options = tuple(-1 if c == village else option for c, option in enumerate(plan.options))
        before = Solution(routes=tuple(route for route in routes if route.customers), options=options)
        added.append(_mend(problem, before, ()))
        route = plan.routes[turn * len(plan.routes) // REPAIRS]
        fleet = tuple(
            replace(entry, count=entry.count - 1) if entry.slot == route.slot else entry for entry in problem.fleet
        )
        lost.append(_mend(replace(problem, fleet=fleet), plan, (route,)))
    return {"added": added, "lost": lost}


def _mend(problem, before: Solution, lost) -> dict[str, object]:
    repair_solution(problem, before, lost=lost)  # compiled now
    begun = time.process_time()
    repair = repair_solution(problem, before, lost=lost)
    took = time.process_time() - begun
    return {
        "ms": round(1000 * took),
        "changed": len(repair.changed),
        "days_changed": len(repair.days_changed),
        "violations": len(check_solution(problem, repair.solution)[1]),
    }


def _first_call() -> dict[str, object]:
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
        command = [sys.executable, "-c", FIRST_CALL.format(here=str(HERE))]
        runs = [
            subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
            for _ in range(2)
        ]
    cold, warm = (dict(zip(("wall", "cpu", "mb"), (round(float(x), 1) for x in run), strict=True)) for run in runs)
    return {"cold": cold, "warm": warm}


def _peak_mb() -> int:
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round((own + children) / 1024)


def _table(lines: list[dict]) -> str:
    runs = [line for line in lines if line["case"] in CASES and line["trace"]]
    parts = ["# Routing of large counties\n\n"]
    if lines:
        parts.append(f"{lines[-1]['machine']}. Made by `benchmarks/routing_large.py`; every plan passed the checker. ")
    parts.append(
        "Seconds are CPU seconds of one thread (wall seconds where two processes worked), without compiling. `load` is "
        "the machine's load average at the end. MB is the peak of the process, with the distances, and with "
        "the compiler where nothing was compiled before.\n"
    )
    for case, (villages, depots) in CASES.items():
        own = [run for run in runs if run["case"] == case]
        if own:
            parts.append(f"\n## {villages:,} villages, {own[0]['visits']:,} visits a week, {depots} depots\n\n")
            parts.append(_case_table(own))
    parts += [_repair_table(line) for line in lines if line["case"] == "repair"][-1:]
    parts += [_first_call_table(line) for line in lines if line["case"] == "first-call"][-1:]
    return "".join(parts)


def _case_table(runs: list[dict]) -> str:
    best = {seed: min(r["cost"] for r in runs if r["seed"] == seed) for seed in {run["seed"] for run in runs}}
    marks = [mark for mark in MARKS if mark <= max(run["took"] for run in runs)]
    heads = "".join(f" {mark} s |" for mark in marks)
    text = (
        f"| seed | budget s | used s | processes | first feasible s |{heads} end | gap % | iterations/s | MB | load |\n"
    )
    text += "|" + "--:|" * (len(marks) + 10) + "\n"
    for run in sorted(runs, key=lambda run: (run["seed"], run["seconds"], run["processes"])):
        at = [min((c for t, c, _ in run["trace"] if t <= mark), default=None) for mark in marks]
        cells = "".join(f" {cost:,.0f} |" if cost else " |" for cost in at)
        gap = f"{100 * (run['cost'] / best[run['seed']] - 1):.2f}" if len(runs) > 1 else ""
        rate = run["iterations"] / run["took"]
        text += (
            f"| {run['seed']} | {run['seconds']:g} | {run['took']:g} | {run['processes']} | {run['trace'][0][0]:.1f} |"
            f"{cells} {run['cost']:,.0f} | {gap} | {rate:,.0f} | {run['mb']} | {run['load']} |\n"
        )
    longest = max(run["took"] for run in runs)
    return text + (
        f"\nGap: to the best plan found here for the same seed, in runs of {longest:g} s at most; "
        "longer ones may find better plans. A run that used less than its budget was ended before it had cooled.\n"
    )


def _repair_table(line: dict) -> str:
    text = (
        "\n## Repair at 1,000 villages\n\n| change | median ms | worst ms | routes changed | days changed | broken |\n"
    )
    text += "|---|--:|--:|--:|--:|--:|\n"
    for key, name in (("added", "a village added"), ("lost", "a vehicle lost on a day")):
        rows = line[key]
        times = sorted(row["ms"] for row in rows)
        changed = f"{min(r['changed'] for r in rows)} to {max(r['changed'] for r in rows)}"
        days = max(row["days_changed"] for row in rows)
        broken = sum(bool(row["violations"]) for row in rows)
        text += f"| {name} ({len(rows)}) | {times[len(times) // 2]} | {times[-1]} | {changed} | {days} | {broken} |\n"
    return text + "\nAll other routes and days stay as they are.\n"


def _first_call_table(line: dict) -> str:
    text = "\n## First answer of a process, 100 villages\n\n"
    text += "| cache of compiled code | wall s | CPU s | MB |\n|---|--:|--:|--:|\n"
    for key, name in (("cold", "empty"), ("warm", "filled")):
        text += f"| {name} | {line[key]['wall']} | {line[key]['cpu']} | {line[key]['mb']:.0f} |\n"
    return text + f"\nLoad average {line['load']}.\n"


if __name__ == "__main__":
    main()
