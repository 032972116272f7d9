"""How good and how fast siting is: OR-Library pmed1-15, 5,000 random places, village stations, covering, first call.

    python benchmarks/siting.py --rows out/siting.jsonl --table benchmarks/results/siting.md

One thread (the engine starts no other). Every answer is verified by the checker, and the cost it states is the one the
checker computed. Rows already in the file are not run again, so an interrupted benchmark goes on where it stopped.
"""

import argparse
import importlib.metadata
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from posthouse.optimise.siting.check import check_cover, check_median, check_stations
from posthouse.optimise.siting.parse import parse_pmedian
from posthouse.optimise.siting.problem import CoverProblem, MedianProblem, StationProblem
from posthouse.optimise.siting.solution import Outcome
from posthouse.optimise.siting.solve import solve_cover, solve_maximal_cover, solve_median, solve_stations

SHARED = Path(os.environ.get("POSTHOUSE_SHARED", Path(__file__).resolve().parent.parent / "../shared"))
OPTIMA = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255, 7696, 6634, 4374, 2968, 1729)
WALK_KM = 1.5
FIRST_CALL = """
import resource, time
begun = time.perf_counter()
import numpy as np
from posthouse.optimise.siting.problem import MedianProblem
from posthouse.optimise.siting.solve import solve_median
places = np.random.default_rng(1).random((100, 2))
cost = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
solve_median(MedianProblem(cost=cost, p=10), seconds=5)
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

Row = dict[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, default=Path("out/siting.jsonl"))
    parser.add_argument("--table", type=Path, default=Path("benchmarks/results/siting.md"))
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    args.rows.parent.mkdir(parents=True, exist_ok=True)
    lines = args.rows.read_text().splitlines() if args.rows.exists() else []
    done = {row["case"]: row for row in map(json.loads, lines)}
    for case, run in cases(args.seeds):
        if case in done:
            continue
        done[case] = {"case": case, "load": round(os.getloadavg()[0], 1), **run()}
        print(done[case], flush=True)
        with args.rows.open("a") as rows:
            rows.write(json.dumps(done[case]) + "\n")
    args.table.parent.mkdir(parents=True, exist_ok=True)
    args.table.write_text(render([done[case] for case, _ in cases(args.seeds)]), encoding="utf-8")


def cases(seeds: int) -> Iterator[tuple[str, Callable[[], Row]]]:
    """Yield each case's name and what runs it."""
    yield "first call, empty cache", lambda: first_call(fresh=True)
    yield "first call, filled cache", lambda: first_call(fresh=False)
    for seed in range(1, seeds + 1):
        for number in range(1, 16):
            yield f"pmed{number} 5 s seed {seed}", lambda n=number, s=seed: pmed(n, s)
    for seed in range(1, seeds + 1):
        yield f"plane n=5000 p=150 60 s seed {seed}", lambda s=seed: plane(5000, 150, 60, s)
    yield "roads n=5000 p=150 60 s seed 1", lambda: roads(5000, 150, 60, 1)
    yield "plane n=1000 p=50 30 s seed 1", lambda: plane(1000, 50, 30, 1)
    yield "stations 3000 villages 30 s seed 1", lambda: stations(3000, 30, 1)
    yield "stations 400 villages with 60 new at most, 30 s seed 1", lambda: stations(400, 30, 1, new_limit=60)
    yield "set cover 1000 villages 30 s seed 1", lambda: covering(1000, 30, 1, None)
    yield "maximal cover 1000 villages 20 sites 30 s seed 1", lambda: covering(1000, 30, 1, 20)


def pmed(number: int, seed: int) -> Row:
    problem = parse_pmedian((SHARED / f"data/pmedian/pmed{number}.txt").read_text())
    solution = solve_median(problem, seconds=5, seed=seed)
    return {**outcome(solution, check_median(problem, solution)), "known": OPTIMA[number - 1]}


def plane(n: int, p: int, seconds: float, seed: int) -> Row:
    """Customers and sites at random places of a square of 1,000 by 1,000."""
    places = np.random.default_rng(seed).random((n, 2)) * 1000
    cost = np.hypot(places[:, None, 0] - places[None, :, 0], places[:, None, 1] - places[None, :, 1])
    problem = MedianProblem(cost=cost, p=p)
    solution = solve_median(problem, seconds=seconds, seed=seed)
    return outcome(solution, check_median(problem, solution))


def roads(n: int, p: int, seconds: float, seed: int) -> Row:
    """A random tree with three further edges per node, lengths 1 to 100."""
    rng = np.random.default_rng(seed)
    tree = [(node, int(rng.integers(node))) for node in range(1, n)]
    edges = tree + rng.integers(0, n, (3 * n, 2)).tolist()
    lines = [f"{a + 1} {b + 1} {rng.integers(1, 101)}" for a, b in edges]
    problem = parse_pmedian("\n".join([f"{n} {len(lines)} {p}", *lines]))
    solution = solve_median(problem, seconds=seconds, seed=seed)
    return outcome(solution, check_median(problem, solution))


def stations(n: int, seconds: float, seed: int, new_limit: int | None = None) -> Row:
    """Three hosts a village, a third of the villages served already, sharing within 1.5 km; lockers as modules."""
    rng = np.random.default_rng(seed)
    villages = rng.random((n, 2)) * math.sqrt(n) * 1.2  # one village per 1.44 square kilometres
    at = np.repeat(np.arange(n), 3)
    hosts = villages[at] + rng.normal(0, 0.2, (len(at), 2))
    km = np.hypot(villages[:, None, 0] - hosts[None, :, 0], villages[:, None, 1] - hosts[None, :, 1])
    village, site = np.nonzero(km <= WALK_KM)
    demand = rng.integers(5, 80, n).astype(float)
    problem = StationProblem(
        demand=demand,
        pair_village=village,
        pair_site=site,
        pair_km=km[village, site],
        pair_cost_yuan=300 * 0.5 * km[village, site] * demand[village] * 0.2,
        site_cost_yuan=rng.integers(2000, 12000, len(at)).astype(float),
        site_capacity=np.full(len(at), 100.0),
        kept=(rng.random(n) < 1 / 3).repeat(3) & np.tile([True, False, False], n),
        site_village=at,
        own_station=rng.random(n) < 0.2,
        walk_limit_km=WALK_KM,
        module_capacity=np.full(len(at), 60.0),
        module_cost_yuan=np.full(len(at), 1500.0),
        module_limit=np.full(len(at), 3),
        new_limit=new_limit,
        unserved_cost_yuan=None if new_limit is None else np.full(n, 50_000.0),
    )
    solution = solve_stations(problem, seconds=seconds, seed=seed)
    return outcome(solution, check_stations(problem, solution))


def covering(n: int, seconds: float, seed: int, new_limit: int | None) -> Row:
    """Every village a candidate, 3 km of reach in a square of 36 by 36 km, unequal costs."""
    rng = np.random.default_rng(seed)
    places = rng.random((n, 2)) * 36
    km = np.hypot(places[:, None, 0] - places[None, :, 0], places[:, None, 1] - places[None, :, 1])
    customer, site = np.nonzero(km <= 3)
    problem = CoverProblem(
        n_customers=n,
        n_sites=n,
        pair_customer=customer,
        pair_site=site,
        site_cost=rng.integers(5, 15, n).astype(float),
        weight=rng.integers(10, 400, n).astype(float),
        kept=np.zeros(n, dtype=bool),
    )
    if new_limit is None:
        solution = solve_cover(problem, seconds=seconds, seed=seed)
    else:
        solution = solve_maximal_cover(problem, new_limit=new_limit, seconds=seconds, seed=seed)
    return outcome(solution, check_cover(problem, solution, new_limit=new_limit))


def first_call(*, fresh: bool) -> Row:
    """Time and memory of a process that solves 100 places, with the compiler's cache empty or filled."""
    with tempfile.TemporaryDirectory() as cache:
        command, environment = [sys.executable, "-c", FIRST_CALL], {**os.environ, "NUMBA_CACHE_DIR": cache}
        for _ in range(1 if fresh else 2):
            output = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    seconds, megabytes = map(float, output.split())
    return {"seconds": round(seconds, 2), "megabytes": round(megabytes)}


def outcome(solution: Outcome, faults: tuple[str, ...]) -> Row:
    if faults:
        raise AssertionError(faults)
    return {
        "objective": solution.objective,
        "bound": solution.bound,
        "gap": solution.gap,
        "status": solution.status,
        "seconds": round(solution.seconds, 2),
        "megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def render(rows: list[Row]) -> str:
    """Return the page of results."""
    packages = ("highspy", "numba", "numpy", "scipy")
    versions = ", ".join(f"{package} {importlib.metadata.version(package)}" for package in packages)
    known = [row for row in rows if "known" in row]
    reached = sum(row["objective"] == row["known"] and row["status"] == "optimal" for row in known)
    lines = [
        "# Siting",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores, one thread; Python {platform.python_version()}, {versions}; "
        f"{time.strftime('%Y-%m-%d')}. Made by `benchmarks/siting.py`; every answer passed the checker. `load` is the "
        "machine's load average when the case began; above the number of cores the times are those of a busy machine. "
        "`MB` is the peak of the process so far.",
        "",
        f"pmed1-15: {reached} of {len(known)} runs end with the published optimum and its proof within 5 s; the "
        f"slowest took {max(float(str(row['seconds'])) for row in known):.2f} s.",
        "",
        "| case | objective | bound | gap | status | seconds | MB | load |",
        "|---|---:|---:|---:|---|---:|---:|---:|",
    ]
    for row in rows:
        gap = f"{row['gap']:.4%}" if "gap" in row else ""
        figures = [f"{row[key]:,.2f}".removesuffix(".00") if key in row else "" for key in ("objective", "bound")]
        cells = [row["case"], *figures, gap, row.get("status", ""), row["seconds"], row["megabytes"], row["load"]]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
