"""What a month of parcels costs: fold, measures, conformance and a year from states, beside plain DuckDB and Polars.

    python benchmarks/measures.py --parcels 1000000        # a quick look
    python benchmarks/measures.py                          # ten million parcels, 82 million scans

A sample city of a million parcels is made and loaded once into the cache. For more, its stored days are copied with
other waybills (keyed again) and other event numbers, and sorted again: same places, same days, so many times the
parcels. Every step is a process of its own: CPU-seconds of all its threads, and its greatest memory.
"""

import argparse
import importlib
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.measure import measure
from posthouse.measures.states import without_states
from posthouse.vocabulary.periods import parse_period

ONE_SAMPLE = 1_000_000
SEED = 1
MONTH, YEAR = parse_period("2021-06"), parse_period("2021")
RESULTS = Path(__file__).parent / "results" / "measures.md"
DOOR_TO_DOOR = ["door_to_door_hours", "delivered_within_48h_share", "delivered_within_72h_share"]
VISITS = ["delivery_days_per_week", "village_coverage", "village_coverage_by_brand"]
OF_STATES = [d.id for d in all_definitions() if d.computed and {"journeys", "parcels"} & {*d.tables}]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=10 * ONE_SAMPLE, help="a multiple of a million")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "posthouse-benchmarks")
    parser.add_argument("--step", choices=STEPS, help="run this step alone and print its figures as JSON")
    given = parser.parse_args()
    copies = max(given.parcels // ONE_SAMPLE, 1)
    workspace = given.cache / f"workspace-{copies}m"
    if given.step:
        print(json.dumps(_timed(STEPS[given.step], workspace)))
        return
    make_data(given.cache, copies)
    figures = {}
    for step in STEPS:
        if step == "year from states":
            spread_states(workspace)
        command = [sys.executable, __file__, "--step", step, "--cache", str(given.cache)]
        command += ["--parcels", str(copies * ONE_SAMPLE)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        figures[step] = json.loads(done.stdout.splitlines()[-1])
        print(f"{step:44s} {figures[step]['cpu_s']:8.2f} CPU-s {figures[step]['peak_gb']:6.2f} GB", flush=True)
    RESULTS.write_text(_report(figures, copies), encoding="utf-8")


def make_data(cache: Path, copies: int) -> None:
    """Make the workspace of so many million parcels, once."""
    from posthouse.sample.write import write_sample
    from posthouse.stores.workspace import create_workspace

    first = cache / "workspace-1m"
    if not (first / "manifest.json").exists():
        write_sample("hill", cache / "city", villages=None, parcels=ONE_SAMPLE, month=str(MONTH), seed=SEED)
        create_workspace(first).load(cache / "city" / "records")
    if copies > 1 and not (cache / f"workspace-{copies}m" / "manifest.json").exists():
        _copy_workspace(first, cache / f"workspace-{copies}m", copies)


def spread_states(workspace: Path) -> None:
    """Give the other months of the year the states of the month, so that a year's report reads twelve of them."""
    import pyarrow.compute as pc
    from pyarrow import parquet

    kept = json.loads((workspace / "states.json").read_text(encoding="utf-8"))
    for name, months in kept["files"].items():
        rows = parquet.ParquetFile(workspace / months[str(MONTH)]).read()
        at = rows.column_names.index("day")
        for number in range(1, 13):
            month = parse_period(f"{YEAR.start_on.year}-{number:02d}")
            if month != MONTH:
                days = pc.add(rows.column("day"), (month.start_on - MONTH.start_on).days)
                months[str(month)] = f"states/{name}/{month}.copied.parquet"
                parquet.write_table(rows.set_column(at, "day", days), workspace / months[str(month)])
    (workspace / "states.json").write_text(json.dumps(kept), encoding="utf-8")


def _copy_workspace(source: Path, target: Path, copies: int) -> None:
    import shutil
    from dataclasses import replace

    from posthouse.stores.journeys import fold_workspace
    from posthouse.stores.manifest import Manifest, read_manifest, write_manifest

    manifest = read_manifest(source)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "key", target / "key")
    records = {name: dict(parts) for name, parts in manifest.records.items()}
    for name, parts in records.items():
        for part, file in parts.items():
            if name in ("scans", "parcels"):
                parts[part] = _copy_part(source / file, target, name, part, copies)
            else:
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source / file, target / file)
    write_manifest(target, fold_workspace(target, replace(Manifest(), records=records)))


def _copy_part(path: Path, target: Path, name: str, part: str, copies: int) -> str:
    """Write a day of events so many times, with other waybills and event numbers, and return the file."""
    import numpy as np
    import pyarrow as pa

    from posthouse.records.arrow import plain_columns, take_rows
    from posthouse.records.schema import get_table
    from posthouse.stores.parts import read_part, write_part
    from posthouse.stores.rows import order_of

    table = get_table(name)
    rows = read_part(path, table)
    together = []
    for copy in range(copies):
        mixed = _mix(rows.column("waybill").to_numpy().view(np.uint64) + np.uint64(copy)).view(np.int64)
        again = rows.set_column(rows.column_names.index("waybill"), "waybill", pa.array(mixed))
        if name == "scans":
            numbers = rows.column("event_id").to_numpy() + copy * (1 << 40)
            again = again.set_column(rows.column_names.index("event_id"), "event_id", pa.array(numbers))
        together.append(again)
    whole = plain_columns(pa.concat_tables(together))
    return write_part(target, f"records/{name}", part, take_rows(whole, order_of(table, whole)))


def _mix(numbers):  # type: ignore[no-untyped-def]
    """Return other 64-bit numbers, each a different one (the finaliser of splitmix64)."""
    import numpy as np

    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _timed(step: Callable[[Path], int], workspace: Path) -> dict[str, float]:
    # What a long-running process has done once: imports and compiled kernels are not the step's.
    for module in (
        "ibis.backends.duckdb",
        "pandas",
        "duckdb",
        "pyarrow.parquet",
        "pyarrow.compute",
        "posthouse.records.fold_kernel",
    ):
        importlib.import_module(module)
    cpu, wall = time.process_time(), time.perf_counter()
    answer = step(workspace)
    return {
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        "answer": answer,
    }


def _files(workspace: Path, name: str) -> list[str]:
    manifest = json.loads((workspace / "manifest.json").read_text(encoding="utf-8"))
    parts = manifest["journeys"] if name == "journeys" else manifest["records"][name]
    return [str(workspace / file) for file in parts.values()]


def _scan(workspace: Path, name: str, columns: tuple[str, ...]) -> int:
    """Read columns and add up something of each, which is the least any query does."""
    import duckdb

    sums = ", ".join(f"count({column}), min({column})" for column in columns)
    return int(duckdb.execute(f"SELECT count(*), {sums} FROM read_parquet({_files(workspace, name)})").fetchone()[0])  # type: ignore[index]


def scan_journeys(workspace: Path) -> int:
    times = ("accepted_s", "origin_arrived_s", "origin_departed_s", "destination_arrived_s", "destination_departed_s")
    more = ("outlet_arrived_s", "out_for_delivery_s", "village_arrived_s", "delivered_s", "village", "outlet")
    return _scan(workspace, "journeys", ("waybill", "brand", "seen", "first_s", "how", *times, *more))


def fold(workspace: Path) -> int:
    from posthouse.records.fold_kernel import fold_sorted
    from posthouse.stores.journeys import RANGE_ROWS, count_scans, sorted_scans

    files = [Path(file) for file in _files(workspace, "scans")]
    ranges = -(-count_scans(files) // RANGE_ROWS)
    return sum(fold_sorted(parts).num_rows for parts in sorted_scans(files, ranges))


def fold_and_store(workspace: Path) -> int:
    import tempfile
    from dataclasses import replace

    from posthouse.stores.journeys import fold_workspace
    from posthouse.stores.manifest import read_manifest

    with tempfile.TemporaryDirectory(dir=workspace.parent) as place:
        (Path(place) / "records").symlink_to(workspace / "records")
        return len(fold_workspace(Path(place), replace(read_manifest(workspace), journeys={}, folded={})).journeys)


def keep_states(workspace: Path) -> int:
    from posthouse.stores.workspace import open_workspace

    (workspace / "states.json").unlink(missing_ok=True)
    open_workspace(workspace).keep_states()
    return 1


def _from_journeys(ids: list[str] | None) -> Callable[[Path], int]:
    def step(workspace: Path) -> int:
        from posthouse.stores.workspace import open_workspace

        return len(measure(ids, without_states(open_workspace(workspace).tables()), MONTH))

    return step


def conformance(workspace: Path) -> int:
    from posthouse.stores.workspace import open_workspace
    from posthouse.supervision.conformance.check import check_conformance

    return len(check_conformance(open_workspace(workspace).tables(), MONTH))


def year_from_states(workspace: Path) -> int:
    from posthouse.stores.workspace import open_workspace

    return len(measure(OF_STATES, open_workspace(workspace).tables(), YEAR))


_TIMES = """SELECT waybill, min(brand) AS brand,
  min(event_at) FILTER (step = 'accepted') AS accepted, min(event_at) FILTER (step = 'delivered') AS delivered,
  max(how) FILTER (step = 'delivered') AS how FROM scans GROUP BY waybill"""
_PEERS = {
    "door to door": f"""SELECT origin, destination, count(*), avg(epoch(delivered - accepted))
        FROM ({_TIMES}) JOIN parcels USING (waybill) GROUP BY ALL""",
    "visits": """SELECT village, brand, event_at::DATE, count(*) FROM scans
        WHERE village IS NOT NULL AND step IN ('village_arrived', 'delivered') GROUP BY ALL""",
    "locker share": f"""SELECT destination, brand, count(*) FILTER (how = 'locker'), count(how)
        FROM ({_TIMES}) JOIN parcels USING (waybill) GROUP BY ALL""",
    "conformance": """SELECT brand, outlet, count(*) FILTER (swapped), count(*) FROM (
        SELECT waybill, min(brand) AS brand, max(site) FILTER (step = 'outlet_arrived') AS outlet,
          min(event_at) FILTER (step = 'outlet_arrived') < min(event_at) FILTER (step = 'destination_departed')
          OR min(event_at) FILTER (step = 'delivered') < min(event_at) FILTER (step = 'out_for_delivery') AS swapped
        FROM scans GROUP BY waybill) GROUP BY ALL""",
}
"""The four questions on the long table of events, as one writes them in SQL without journeys."""


def duckdb_on_events(workspace: Path) -> int:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        connection.execute("SET memory_limit = '8GB'")
        for name in ("scans", "parcels"):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({_files(workspace, name)})")
        # Summed inside: neither side pays for handing out rows.
        return sum(connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0] for query in _PEERS.values())  # type: ignore[index]


def polars_on_events(workspace: Path) -> int:
    import polars as pl

    scans, parcels = (pl.scan_parquet(_files(workspace, name)) for name in ("scans", "parcels"))

    def first(step: str) -> pl.Expr:
        return pl.col("event_at").filter(pl.col("step") == step).min()

    how = pl.col("how").filter(pl.col("step") == "delivered").max()
    ends = scans.group_by("waybill").agg(pl.col("brand").min(), a=first("accepted"), d=first("delivered"), how=how)
    joined = ends.join(parcels.select("waybill", "origin", "destination"), on="waybill")
    outlet = pl.col("site").filter(pl.col("step") == "outlet_arrived").max()
    early = first("outlet_arrived") < first("destination_departed")
    swapped = early | (first("delivered") < first("out_for_delivery"))
    checked = scans.group_by("waybill").agg(pl.col("brand").min(), outlet=outlet, swapped=swapped)
    visited = scans.filter(pl.col("village").is_not_null(), pl.col("step").is_in(["village_arrived", "delivered"]))
    day = pl.col("event_at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    queries = [
        joined.group_by("origin", "destination").agg((pl.col("d") - pl.col("a")).mean(), n=pl.len()),
        visited.group_by("village", "brand", day).agg(n=pl.len()),
        joined.group_by("destination", "brand").agg((pl.col("how") == "locker").sum(), n=pl.col("how").count()),
        checked.group_by("brand", "outlet").agg(pl.col("swapped").sum(), n=pl.len()),
    ]
    return sum(query.collect(engine="streaming").height for query in queries)


STEPS: dict[str, Callable[[Path], int]] = {
    "pure scan of the journey columns": scan_journeys,
    "fold, decoding included": fold,
    "fold, sorted by day and stored": fold_and_store,
    "door to door": _from_journeys(DOOR_TO_DOOR),
    "visits": _from_journeys(VISITS),
    "locker share": _from_journeys(["locker_delivery_share"]),
    "conformance": conformance,
    "all measures from journeys": _from_journeys(None),
    "states of the month": keep_states,
    "year from states": year_from_states,
    "DuckDB on events, four questions": duckdb_on_events,
    "Polars on events, four questions": polars_on_events,
}


def _report(figures: dict[str, dict[str, float]], copies: int) -> str:
    scans = figures["fold, decoding included"]
    ours = sum(figures[name]["cpu_s"] for name in ("fold, decoding included", *_PEERS))
    names = ("duckdb", "polars", "ibis-framework", "numba", "numpy", "pyarrow")
    lines = [
        "# Fold and measures at the scale of a county",
        "",
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in names)
        + f"; seed {SEED}, {copies} million parcels (copies of a sample of one million). "
        "Each step in a process of its own, imports not counted; `python benchmarks/measures.py` makes this page.",
        "",
        "| step | CPU-s | s | peak GB |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {f['cpu_s']:.2f} | {f['wall_s']:.2f} | {f['peak_gb']:.2f} |" for name, f in figures.items()),
        "",
        f"The fold gives {scans['answer']:.0f} journeys. Fold and the four questions together: {ours:.1f} CPU-s; "
        f"DuckDB on events {figures['DuckDB on events, four questions']['cpu_s'] / ours:.1f} times, "
        f"Polars {figures['Polars on events, four questions']['cpu_s'] / ours:.1f} times as much. "
        "Their questions are simpler than ours: one mean by pair of places, where ours counts three measures with "
        "region groups, coverage and clock faults; two swapped steps, where conformance looks at seven kinds with "
        "examples.",
        "",
        f"The year reads twelve months of states (the month's, with other days) and gives all {len(OF_STATES)} "
        "measures of parcels.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
