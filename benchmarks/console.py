"""How fast the console answers with a big city in it: `python benchmarks/console.py --out FOLDER`.

It fills a database with 36 months of figures of 10,000 villages and a million rows of history (`console_city.py`),
starts the real server on it, and lets several people ask for all pages by HTTP, each again as soon as it is answered.
Per page: queries, and median and 95th percentile of the answer in wall-clock milliseconds beside the limit. SQLite lies
in the folder and is kept for the next time; PostgreSQL is a cluster of its own where the machine has one, or the
database of `--postgres URL`. Results go to `benchmarks/results/console.md`.
"""

import argparse
import http.client
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import console_city
from benchmarks.cluster import Cluster, find_programs

RESULTS = Path(__file__).parent / "results/console.md"
LIST, GOAL, OVERVIEW = 300, 500, 700
"""Limits in milliseconds."""


def pages(period: str = "", village: str = "", villages: int = 0) -> dict[str, tuple[str, str, int]]:
    """Return the pages that are asked for: who asks, address, limit; villages: how many there are."""
    return {
        "总览": ("office", "/", OVERVIEW),
        "总览, own town": ("liaison", "/", OVERVIEW),
        "总览, operator": ("planner", "/", OVERVIEW),
        "目标": ("office", "/goals/", LIST),
        "one goal": ("office", "/goals/G000/", GOAL),
        "one goal by village": ("leader", "/goals/G000/?by=village&order=value&page=7", GOAL),
        "one goal by village, found by name": ("leader", "/goals/G000/?by=village&q=301", GOAL),
        "one goal by village, operator": ("planner", "/goals/G000/?by=village&page=3", GOAL),
        "one village of a goal": ("leader", f"/goals/G000/places/{village}/", GOAL),
        "逾期": ("office", "/late/", LIST),
        "地图": ("office", "/map/", OVERVIEW),
        "地图 data": ("office", f"/map/data.json?month={period}", OVERVIEW),
        "方案": ("office", "/programmes/", LIST),
        "a goal of a plan and its changes": ("office", "/programmes/40/goals/G003/", GOAL),
        "数据": ("data", "/data/", LIST),
        "错行": ("data", "/data/faulty/?page=9", LIST),
        "台账": ("data", "/registers/", LIST),
        "台账, villages": ("data", "/registers/divisions/?page=50", LIST),
        "台账, stations found by name": ("data", "/registers/service_points/?q=301&order=-name", LIST),
        "台账, own town": ("liaison", "/registers/service_points/", LIST),
        "台账, a row and its changes": ("data", f"/registers/service_points/{villages + 7}/", LIST),
        "规划": ("office", "/plans/", LIST),
        "运行": ("office", "/runs/?page=3", LIST),
        "账号": ("admin", "/accounts/", LIST),
        "个人数据查阅记录": ("admin", "/accounts/reads/?page=30", LIST),
    }


def main() -> None:
    """Measure one database (`--database`, in a process of its own) or all that there are."""
    args = _arguments()
    if args.database is not None:
        print(json.dumps(_measure(args)))
        return
    measured = {"SQLite": _ask_child(args, "")}
    if args.postgres:
        measured["PostgreSQL"] = _ask_child(args, args.postgres)
    elif find_programs():
        with Cluster() as cluster:
            measured["PostgreSQL"] = _ask_child(args, cluster.url)
    RESULTS.write_text(_report(args, measured), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--postgres", default="", help="postgres://… of an empty database, or of one filled before")
    parser.add_argument("--villages", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--history", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=15, help="how often each person asks for each page")
    parser.add_argument("--database", default=None, help=argparse.SUPPRESS)
    return parser.parse_args()


def _ask_child(args: argparse.Namespace, url: str) -> dict[str, Any]:
    told = ("out", "villages", "months", "history", "users", "rounds")
    command = [sys.executable, __file__, "--database", url]
    command += [part for name in told for part in (f"--{name}", str(getattr(args, name)))]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    rows: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return rows


def _measure(args: argparse.Namespace) -> dict[str, Any]:
    """Fill the database where it is empty, start the server on it, and return queries and milliseconds by page."""
    args.out.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        POSTHOUSE_OUT=str(args.out), POSTHOUSE_TWO_FACTOR="0", POSTHOUSE_SECRET_KEY="only for timing",
        DATABASE_URL=args.database, DJANGO_SETTINGS_MODULE="posthouse_web.settings",
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    start = time.perf_counter()
    console_city.fill(
        villages=args.villages,
        months=args.months,
        history=args.history,
        say=lambda what: print(f"{time.perf_counter() - start:5.0f} s {what}", file=sys.stderr),
    )
    asked = pages(console_city.months_of(args.months)[-1], console_city.villages_of(args.villages)[7], args.villages)
    cookies = {who: _sign_in(who) for who in {who for who, _, _ in asked.values()}}
    queries = _count_queries(asked)
    with _server(args.out) as port, ThreadPoolExecutor(args.users) as people:
        _person(port, asked, cookies, 1, seed=0)
        answers = list(people.map(lambda seed: _person(port, asked, cookies, args.rounds, seed), range(args.users)))
    times = {name: sorted(took for person in answers for took in person[name]) for name in asked}
    rows = {
        name: [queries[name], statistics.median(took), took[int(len(took) * 0.95) - 1]] for name, took in times.items()
    }
    return {"pages": rows, "held": _count_rows()}


def _sign_in(name: str) -> str:
    from django.test import Client

    from posthouse_web.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


def _count_queries(asked: Mapping[str, tuple[str, str, int]]) -> dict[str, int]:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from posthouse_web.accounts.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    counts = {}
    for name, (who, address, _) in asked.items():
        client = Client()
        client.force_login(User.objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, address
        counts[name] = len(captured)
    return counts


@contextmanager
def _server(out: Path) -> Iterator[int]:
    """Start the console as `posthouse serve` does, and give its port."""
    command = [sys.executable, "-m", "posthouse_web", "--workspace", str(out), "--port", "8700"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = next(line for line in server.stdout or () if "http://" in line)
        yield int(line.rstrip("/\n").rsplit(":", 1)[1])
    finally:
        server.terminate()
        server.wait()


def _person(
    port: int, asked: Mapping[str, tuple[str, str, int]], cookies: Mapping[str, str], rounds: int, seed: int
) -> dict[str, list[float]]:
    """Ask for all pages, each time in another order; return the milliseconds of each answer."""
    rng, took = random.Random(seed), {name: [] for name in asked}
    for _ in range(rounds):
        for name in rng.sample(list(asked), len(asked)):
            who, address, _limit = asked[name]
            start = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", address, headers={"Cookie": f"sessionid={cookies[who]}"})
            answer = connection.getresponse()
            answer.read()
            took[name].append((time.perf_counter() - start) * 1000)
            connection.close()
            assert answer.status == 200, (address, answer.status)
    return took


def _count_rows() -> dict[str, int]:
    from django.apps import apps

    counts = {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}
    return {
        "figures": counts["monitoring_figure"],
        "assignments": counts["monitoring_assignment"],
        "things on the map": counts["maps_feature"],
        "rows of history": sum(count for table, count in counts.items() if "_historical" in table),
    }


def _report(args: argparse.Namespace, measured: Mapping[str, dict[str, Any]]) -> str:
    asked = pages()
    held = ", ".join(f"{count:,} {what}" for what, count in measured["SQLite"]["held"].items())
    lines = [
        "# Console",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}; {date.today()}; "
        f"load {os.getloadavg()[0]:.1f}. Made by `python benchmarks/console.py`: {args.villages:,} villages, "
        f"{args.months} months; {held}. {args.users} people at once, each asking again as soon as it is answered, "
        f"{args.rounds * args.users} answers a page, one server process. Milliseconds of wall clock.",
        "",
        "| page | limit | " + " | ".join(f"{name}: queries | p50 | p95" for name in measured) + " |",
        "|---|---:|" + "---:|---:|---:|" * len(measured),
    ]
    for name, (_, _, limit) in asked.items():
        cells = [
            f"{queries} | {p50:.0f} | {p95:.0f}{'' if p95 < limit else ' ✗'}"
            for queries, p50, p95 in (rows["pages"][name] for rows in measured.values())
        ]
        lines.append(f"| {name} | {limit} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
