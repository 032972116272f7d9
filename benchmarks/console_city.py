"""A big city for `benchmarks/console.py`: 10,000 villages, 36 months, brands, assignments, a million rows of history.

Figures are poured in by the database's own fast way, as nothing of the console is tried by that. The history is
written by the console's own mechanism, django-simple-history, state by state.
"""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

BRANDS = ("青鸢", "飞鹿", "白鹭", "金雀", "云雁", "海豚", "赤兔", "墨鱼")
MAIN = "delivery_days_per_week"
OTHERS = 49
"""Goals besides the one of every village; their figures go down to towns."""
TOWNS = 200
FAULTY = 20_000
ASSIGNMENTS, DISCREPANCIES = 5_000, 500
"""Of one month."""
BATCH = 5_000

Say = Callable[[str], None]


def months_of(count: int) -> list[str]:
    """Return so many months from 2020-01 on."""
    return [f"{2020 + n // 12}-{n % 12 + 1:02d}" for n in range(count)]


def villages_of(count: int) -> list[str]:
    """Return division codes of so many villages in TOWNS towns."""
    return [f"3398{n % TOWNS // 50 + 1:02d}{n % 50 + 101:03d}{n // TOWNS + 201:03d}" for n in range(count)]


def fill(*, villages: int, months: int, history: int, say: Say) -> None:
    """Fill the database of the settings, if it holds no month yet."""
    from posthouse_web.monitoring.models import Month

    if Month.objects.exists():
        return
    codes, periods, rng = villages_of(villages), months_of(months), random.Random(1)
    towns = sorted({code[:9] + "000" for code in codes})
    people = _people(towns[0])
    _places(towns, codes, rng)
    for period in periods:
        _month(period, towns, codes, rng)
    say("months")
    _daily_work(people["data"])
    _registers(codes)
    _history(history, people["data"], say)
    _settle()
    say("history")


def _people(town: str) -> dict[str, Any]:
    from posthouse_web.accounts.models import User

    facts: dict[str, dict[str, str]] = {
        "leader": {"role": "leader"},
        "office": {"role": "office"},
        "data": {"role": "data_officer"},
        "liaison": {"role": "liaison", "division": town},
        "planner": {"role": "planner", "brands": BRANDS[0]},
        "admin": {"role": "administrator"},
    }
    return {name: User.objects.create_user(name, password="only for timing", **more) for name, more in facts.items()}


def _places(towns: Sequence[str], codes: Sequence[str], rng: random.Random) -> None:
    from posthouse_web.monitoring.models import Place

    of_level = (("town", "town", towns), ("village", "administrative_village", codes))
    rows = (
        (code, code[-6:], f"{code[4:9]}镇{code[-3:]}村", level, kind, 119 + rng.random(), 29 + rng.random(), 1000)
        for level, kind, found in of_level
        for code in found
    )
    _pour(Place, ("code", "name", "full_name", "level", "kind", "lon", "lat", "population"), rows)


def _month(period: str, towns: Sequence[str], codes: Sequence[str], rng: random.Random) -> None:
    from posthouse_web.maps.models import Feature
    from posthouse_web.monitoring.models import Assignment, Discrepancy, Figure, Goal, Month

    Month.objects.create(period=period, title="行动方案", run_id=period, parts_of=period)
    Goal.objects.bulk_create(_goals(period, rng))
    _pour(Figure, _FIGURE, _figures(period, towns, codes, rng))
    _pour(Assignment, _ASSIGNMENT, _assignments(period, codes, rng))
    told = ((period, MAIN, f"{c[4:9]}站", c, c[-6:], "", 6.0, 4.0, "次/周", "少报") for c in codes[:DISCREPANCIES])
    fields = ("period", "measure", "reported_by", "place", "place_name", "brand", "declared", "observed", "unit")
    _pour(Discrepancy, (*fields, "explanation"), told)
    _pour(Feature, _FEATURE, _features(period, codes, rng))


def _goals(period: str, rng: random.Random) -> list[Any]:
    from posthouse_web.monitoring.models import Goal

    measures = [MAIN, *("village_station_coverage" for _ in range(OTHERS))]
    return [
        Goal(
            period=period, goal_id=f"G{n:03d}", position=n, name=f"目标{n}", text=f"目标{n}的原文", measure=measure,
            series=MAIN if not n else f"{measure} n={n}", status=rng.choice(("met", "behind", "on_track")),
            rank=rng.randrange(6), value=rng.random() * 7, numerator=1, denominator=1, coverage=1.0, target=5.0,
            comparator=">=", unit="次/周", deadline=date(2023, 12, 31), forecast=5.0,
        )
        for n, measure in enumerate(measures)
    ]  # fmt: skip


_FIGURE = (
    "series", "period", "level", "place", "place_name", "brand", "partners", "value", "numerator", "denominator",
    "coverage", "unit",
)  # fmt: skip


def _figures(period: str, towns: Sequence[str], codes: Sequence[str], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    pooled = f"|{'|'.join(sorted(BRANDS))}|"

    def rows(series: str, level: str, places: Sequence[str], brands: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for place in places:
            for brand in brands:
                partners = "" if brand or not place else pooled
                counted = rng.randrange(210)
                yield series, period, level, place, place[4:], brand, partners, counted / 30, counted, 30, 1.0, "次/周"

    yield from rows(MAIN, "", ("",), ("", *BRANDS))
    yield from rows(MAIN, "town", towns, ("", *BRANDS))
    yield from rows(MAIN, "village", codes, ("", *BRANDS))
    for n in range(1, OTHERS + 1):
        yield from rows(f"village_station_coverage n={n}", "", ("",), ("", *BRANDS))
        yield from rows(f"village_station_coverage n={n}", "town", towns, ("",))


_ASSIGNMENT = (
    "period", "assignment_id", "goal_id", "title", "lead_units", "place", "place_name", "brand", "due_on", "state",
    "before", "why",
)  # fmt: skip


def _assignments(period: str, codes: Sequence[str], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    start = date.fromisoformat(f"{period}-01")
    for n in range(ASSIGNMENTS):
        place, due_on = rng.choice(codes), start + timedelta(days=rng.randrange(-60, 90))
        state, before = rng.choice(("open", "closed", "relapsed")), rng.choice(("open", "closed"))
        title = f"{place[4:9]}镇{place[-3:]}村每周投递不足"
        yield period, f"A{n}", "G000", title, f"{place[4:9]}镇", place, place[4:], "", due_on, state, before, ""


_FEATURE = ("period", "layer", "key", "name", "place", "brand", "weekday", "points", "stops")


def _features(period: str, codes: Sequence[str], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    def spot() -> list[float]:
        return [round(119 + rng.random(), 5), round(29 + rng.random(), 5)]

    for code in codes[: len(codes) * 8 // 10]:
        yield period, "station", code, "服务站", code, "", None, json.dumps([spot()]), "[]"
    for n in range(len(codes) // 15):
        brand, place = BRANDS[n % len(BRANDS)], rng.choice(codes)
        yield period, "outlet", f"O{n}", "网点", place, brand, None, json.dumps([spot()]), "[]"
    for n in range(len(codes) // 8):
        stops = rng.sample(codes, 8)
        points = json.dumps([spot() for _ in stops])
        yield period, "route", str(n), "线路", stops[0], "", n % 7 + 1, points, json.dumps(stops)


def _daily_work(officer: Any) -> None:
    """What people leave behind: runs, files, versions of the plan, reads of rows."""
    from posthouse_web.accounts.models import AccessLog
    from posthouse_web.data.models import FaultyRow, Upload
    from posthouse_web.programmes.models import Version, VersionGoal
    from posthouse_web.runs.models import Run

    at = datetime(2022, 12, 1, tzinfo=UTC)
    kinds = ("publish", "load", "mend", "close")
    Run.objects.bulk_create([Run(kind=kinds[n % 4], state="done", asked_by=officer) for n in range(5_000)])
    told = ((officer.pk, at + timedelta(seconds=n), "逐行依据", f"journeys {n}", 30) for n in range(100_000))
    _pour(AccessLog, ("user_id", "at", "what", "subject", "rows"), told)
    for n in range(2_000):
        Upload.objects.create(name=f"scans-{n}.csv", folder=f"{n:032d}", size=1, digest="0" * 64, uploaded_by=officer)
    FaultyRow.objects.bulk_create(
        [
            FaultyRow(
                number=f"{n:016d}", table=("scans", "outlets")[n % 2], file=f"scans-{n % 40}.csv", row=n,
                wrong="时间不存在", remedy="改成真实的时间", cells={"事件编号": str(n), "发生时间": "2021-06-45"},
                at_fault=["发生时间"],
            )
            for n in range(FAULTY)
        ],
        batch_size=1_000,
    )  # fmt: skip
    for n in range(40):
        version = Version.objects.create(
            title=f"行动方案第{n}稿", folder=f"{n}", name="方案.docx", uploaded_by=officer, marked="<p>原文</p>",
            state="in_force" if n == 39 else "former",
        )  # fmt: skip
        VersionGoal.objects.bulk_create(
            [
                VersionGoal(
                    version=version, goal_id=f"G{k:03d}", position=k, text="原文", indicator=f"目标{k}",
                    comparator=">=", value=k, kind="goal",
                )
                for k in range(50)
            ]
        )  # fmt: skip


def _registers(codes: Sequence[str]) -> None:
    """The villages, their stations and the outlets, as 台账 keeps them."""
    from posthouse_web.registers.models import Entry

    def entry(table: str, key: str, place: str, kind: str, brand: str = "") -> Entry:
        name = f"{place[4:9]}镇{place[-3:]}村"
        cells = {"name": name, "kind": kind, "division": place}
        facts = {"name": name, "kind": kind, "place": place, "town": place[:9] + "000", "brand": brand}
        return Entry(table=table, key=key, cells=cells, **facts)

    rows = [entry("divisions", code, code, "administrative_village") for code in codes]
    rows += [entry("service_points", f"S{code}", code, "village_station") for code in codes]
    rows += [entry("outlets", f"O{code}", code, "outlet", BRANDS[int(code) % len(BRANDS)]) for code in codes[::15]]
    Entry.objects.bulk_create(rows, batch_size=1_000)


def _history(count: int, officer: Any, say: Say) -> None:
    """Keep so many states of rows: of registers half, of faulty rows 40 %, of goals of plans 10 %."""
    from django.db import transaction

    from posthouse_web.data.models import FaultyRow
    from posthouse_web.programmes.models import VersionGoal
    from posthouse_web.registers.models import Entry

    def keep(model: Any, field: str, value: Callable[[int], object], total: int) -> None:
        rows = list(model.objects.all())
        for turn in range(-(-total // len(rows))):
            for row in rows:
                setattr(row, field, value(turn))
            with transaction.atomic():
                model.history.bulk_history_create(rows, batch_size=500, update=True, default_user=officer)
        say(f"{total:,} states of {model.__name__}")

    keep(VersionGoal, "value", float, count // 10)
    keep(FaultyRow, "edits", lambda turn: {"发生时间": f"2021-06-{turn % 28 + 1:02d}"}, count * 4 // 10)
    keep(Entry, "cells", lambda turn: {"name": f"{turn}村", "population": 1000 + turn}, count * 5 // 10)


def _settle() -> None:
    """What an office's nightly upkeep does: statistics for the database's planner."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _pour(model: Any, fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from django.db import connection, transaction

    table, columns = model._meta.db_table, ", ".join(f'"{name}"' for name in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)
