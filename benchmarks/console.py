"""How fast the console answers with a big city in it: `python -m benchmarks.console --out FOLDER [--villages 10000]`.

It fills a database (SQLite in the folder, or the one of DATABASE_URL) with 36 months of figures of the villages and a
million rows in the log of reads, then asks for pages from several threads at once through Django's own test client, and
prints the 95th percentile of each page in wall-clock milliseconds beside the limit.
"""

import argparse
import os
import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LIMITS_MS = {"overview": 700, "goals": 300, "goal": 500, "villages": 500, "runs": 300, "reads": 300}
BATCH = 20_000
TOWNS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--villages", type=int, default=10_000)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--history", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=4)
    parser.add_argument("--requests", type=int, default=40, help="of each page, over all users")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    os.environ.update(POSTHOUSE_OUT=str(args.out), POSTHOUSE_TWO_FACTOR="0", POSTHOUSE_SECRET_KEY="only for timing")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posthouse_web.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.POSTHOUSE_PACE = (10**9, 10**9)
    _fill(args)
    _ask(args)


def _fill(args: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import transaction

    from posthouse_web.accounts.models import AccessLog, User
    from posthouse_web.monitoring.models import Figure, Goal, Month, Place

    call_command("migrate", verbosity=0)
    if Month.objects.exists():
        return
    rng = random.Random(1)
    start = time.perf_counter()
    periods = [f"{2020 + n // 12}-{n % 12 + 1:02d}" for n in range(args.months)]
    codes = [f"3398{n // 50 % TOWNS + 1:05d}{n % 50 + n // (50 * TOWNS) * 50 + 200:03d}" for n in range(args.villages)]
    towns = sorted({code[:9] + "000" for code in codes})
    with transaction.atomic():
        for name, role in (("office", "office"), ("admin", "administrator")):
            User.objects.create_user(name, password="only for timing", role=role)
        for level, kind, found in (("town", "town", towns), ("village", "administrative_village", codes)):
            Place.objects.bulk_create(
                [
                    Place(
                        code=code, name=code[-6:], full_name=code[-6:], level=level, kind=kind,
                        lon=119 + rng.random(), lat=29 + rng.random(),
                    )
                    for code in found
                ],
                batch_size=BATCH,
            )  # fmt: skip
        for period in periods:
            Month.objects.create(period=period, title="方案", run_id=period)
            Goal.objects.bulk_create(_goals(Goal, period, rng))
            rows = [
                Figure(
                    series="delivery_days_per_week", period=period, level=level, place=code, place_name=code[-6:],
                    value=rng.random() * 7, numerator=rng.randrange(210), denominator=30, coverage=1.0, unit="次/周",
                )
                for level, found in (("town", towns), ("village", codes))
                for code in found
            ]  # fmt: skip
            Figure.objects.bulk_create(rows, batch_size=BATCH)
    user = User.objects.get(username="office")
    for first in range(0, args.history, BATCH):
        AccessLog.objects.bulk_create(
            [
                AccessLog(user=user, what="逐行依据", subject=f"journeys {n}", rows=30)
                for n in range(first, first + BATCH)
            ]
        )
    print(f"filled in {time.perf_counter() - start:.0f} s")


def _goals(model, period: str, rng: random.Random) -> list:
    return [
        model(
            period=period, goal_id=f"G{n:03d}", position=n, name=f"目标{n}", text=f"目标{n}",
            measure="delivery_days_per_week",
            series="delivery_days_per_week", status=rng.choice(("met", "behind", "on_track")), rank=rng.randrange(6),
            value=rng.random() * 7, numerator=1, denominator=1, coverage=1.0, target=5.0, comparator=">=", unit="次/周",
        )
        for n in range(50)
    ]  # fmt: skip


def _ask(args: argparse.Namespace) -> None:
    from django.test import Client

    from posthouse_web.accounts.models import User

    addresses = {
        "overview": ("office", "/"),
        "goals": ("office", "/goals/"),
        "goal": ("office", "/goals/G003/"),
        "villages": ("office", "/goals/G003/?by=village&order=value&page=7"),
        "runs": ("office", "/runs/"),
        "reads": ("admin", "/accounts/reads/?page=3"),
    }

    def ask(name: str) -> float:
        who, address = addresses[name]
        client = Client()
        client.force_login(User.objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
        start = time.perf_counter()
        answer = client.get(address)
        took = time.perf_counter() - start
        assert answer.status_code == 200, (name, answer.status_code)
        return took * 1000

    for name in addresses:
        ask(name)
    with ThreadPoolExecutor(args.users) as pool:
        for name in addresses:
            times = sorted(pool.map(ask, [name] * args.requests))
            p95 = times[int(len(times) * 0.95) - 1]
            print(f"{name:<10} p50 {statistics.median(times):6.0f} ms  p95 {p95:6.0f} ms  limit {LIMITS_MS[name]} ms")


if __name__ == "__main__":
    main()
