"""Price all coalitions of eight brands in a 200-village week and divide the cost: python benchmarks/sharing.py

Writes results/sharing.md: total time, how often a coalition was cheaper apart, Shapley value, nucleolus and Equal
Profit Method with their core certificates. counties.py says what the county is. Seconds are CPU seconds of one thread,
without compiling.
"""

import argparse
import os
import platform
import resource
import time
from importlib.metadata import version
from pathlib import Path

from counties import make_county, restrict
from posthouse.optimise.routing.solve import solve_routing
from posthouse.optimise.sharing.check import check_sharing
from posthouse.optimise.sharing.problem import Game
from posthouse.optimise.sharing.solution import Sharing
from posthouse.optimise.sharing.solve import solve_equal_profit, solve_nucleolus, solve_shapley
from posthouse.planning.coalitions import PooledWeek, price_coalitions
from posthouse.planning.effort import ITERATIONS_PER_SECOND, Effort

TABLE = Path(__file__).resolve().parent / "results/sharing.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--villages", type=int, default=200)
    parser.add_argument("--brands", type=int, default=8)
    parser.add_argument("--iterations", type=int, default=40_000, help="of all together; others get a quarter")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    solve_routing(make_county(60, 1, 1)[0], seed=1, iterations=200)
    problem, parcels = make_county(args.villages, 1, args.seed, brands=args.brands)
    brands = [chr(ord("A") + brand) for brand in range(args.brands)]

    def week_of(mask: int):
        return restrict(problem, parcels, [at for at in range(len(brands)) if mask >> at & 1])

    everyone = (1 << len(brands)) - 1
    begun = time.process_time()
    together = solve_routing(week_of(everyone), seed=args.seed, iterations=args.iterations).solution
    depot = PooledWeek(week_of=week_of, solution=together)
    iterations = args.iterations // 4 * everyone
    priced = price_coalitions(brands, [depot], Effort(seconds=iterations / ITERATIONS_PER_SECOND), seed=args.seed)
    took = time.process_time() - begun
    shares = [solve(priced.game) for solve in (solve_shapley, solve_nucleolus, solve_equal_profit)]
    game = priced.game
    lines = [
        "# Sharing the cost of a pooled week",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores, one thread; Python {platform.python_version()}, numba "
        f"{version('numba')}, highspy {version('highspy')}; load average {os.getloadavg()[0]:.1f}. Made by "
        f"`benchmarks/sharing.py`, seed {args.seed}.",
        "",
        f"{args.villages} villages, {args.brands} brands, {len(priced.game.costs)} coalitions: {took:.0f} s CPU, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB; {priced.broken} weeks break a limit. "
        f"{args.iterations:,} iterations for all together, a quarter for each other coalition. {len(priced.lowered)} "
        "coalitions cost less apart and are priced so.",
        "",
        f"All together {game.total:,.0f} yuan a week, each alone {game.alone.sum():,.0f}.",
        "",
        "| rule | " + " | ".join(brands) + " | in the core | largest excess yuan | least-core excess yuan | seconds |",
        "|---|" + "--:|" * (len(brands) + 4),
        "| alone | " + " | ".join(f"{cost:,.0f}" for cost in game.alone) + " | | | | |",
        *(_row(game, share) for share in shares),
        "",
        "A negative least-core excess: under some shares every coalition saves at least that much by staying.",
    ]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _row(game: Game, sharing: Sharing) -> str:
    if check_sharing(game, sharing):
        raise AssertionError(check_sharing(game, sharing))
    certificate = sharing.certificate
    cells = [sharing.method.replace("_", " "), *(f"{share:,.0f}" for share in sharing.shares_yuan)]
    cells += ["yes" if certificate.in_core else "no", f"{certificate.largest_excess_yuan:,.1f}"]
    cells += [f"{certificate.least_core_excess_yuan:,.1f}", f"{sharing.seconds:.2f}"]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
