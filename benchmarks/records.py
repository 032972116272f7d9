"""How fast scans are loaded, checked, sorted, stored and folded: synthetic rows, CPU-seconds of this process.

    python benchmarks/records.py --parcels 200000 --bad 0.01

Rows are made by numpy with a fixed seed: eight scans a parcel over three days, a month of days, text waybill numbers.
"""

import argparse
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from posthouse.records.fold import fold_journeys, steps
from posthouse.stores.workspace import create_workspace

BRANDS = ("示例一", "示例二", "示例三", "示例四", "示例五", "示例六", "示例七", "示例八")
MONTH_START_S = 1_622_476_800  # 2021-06-01 00:00 Asia/Shanghai


def make_scans(parcels: int, bad: float, seed: int) -> pa.Table:
    """Return synthetic scans as a platform would export them: everything text but the event's number."""
    random = np.random.default_rng(seed)
    names = steps()
    order = np.array([0, 1, 2, 3, 4, 5, 6, 8])
    start = MONTH_START_S + random.integers(0, 28 * 86_400, parcels)
    at = start[:, None] + np.cumsum(random.integers(600, 40_000, (parcels, 8)), axis=1)
    parcel = np.repeat(np.arange(parcels), 8)
    flat = at.ravel()
    when = np.argsort(flat, kind="stable")
    step = np.tile(order, parcels)
    village = random.integers(0, 800, parcels)[parcel]
    in_village = (step == 8) & (random.random(parcels)[parcel] < 0.4)
    codes = pa.array([f"330782104{number:03d}" for number in range(800)])
    sites = pa.array([f"S{number:05d}" for number in range(600)])
    hows = pa.array(["door", "station", "locker", "outlet"])
    texts = pa.array(names)
    event = pc.strftime(pa.array(flat + 28_800).cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S")
    recorded = pc.strftime(
        pa.array(flat + 28_800 + random.integers(0, 900, len(flat))).cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S"
    )
    step_text = texts.take(pa.array(step))
    if bad:
        wrong = pa.array(random.random(len(flat)) < bad)
        step_text = pc.if_else(wrong, "不明", step_text)
    rows = pa.table(
        {
            "event_id": np.arange(len(flat)) + 10_000_000_000,
            "waybill": pc.binary_join_element_wise(
                "YT", pc.cast(pa.array(parcel + 7_000_000_000_000), pa.string()), ""
            ),
            "brand": pa.array(BRANDS).take(pa.array(parcel % len(BRANDS))),
            "step": step_text,
            "event_at": event,
            "recorded_at": recorded,
            "site": sites.take(pa.array(random.integers(0, 600, len(flat)))),
            "village": codes.take(pa.array(village, mask=~in_village)),
            "how": hows.take(pa.array(random.integers(0, 4, len(flat)), mask=step != 8)),
        }
    )
    return rows.take(pa.array(when))


def write_by_day(rows: pa.Table, folder: Path, form: str) -> None:
    folder.mkdir()
    days = pc.utf8_slice_codeunits(rows["event_at"], 0, 10)
    if form == "parquet":
        shanghai = pa.timestamp("us", tz="Asia/Shanghai")
        for name in ("event_at", "recorded_at"):
            local = pc.assume_timezone(rows[name].cast(pa.timestamp("us")), "Asia/Shanghai").cast(shanghai)
            rows = rows.set_column(rows.column_names.index(name), name, local)
    for day in pc.unique(days).to_pylist():
        part = rows.filter(pc.equal(days, day))
        if form == "csv":
            csv.write_csv(part, folder / f"scans-{day}.csv")
        else:
            parquet.write_table(part, folder / f"scans-{day}.parquet")


def timed(label: str, scans: int, work: Callable[[], object]) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rate = scans / cpu / 1e6
    print(f"{label:34s} {cpu:8.2f} CPU-s {wall:8.2f} s {rate:7.2f} M rows/CPU-s  peak {peak:5.2f} GB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=25_000)
    parser.add_argument("--bad", type=float, default=0.0, help="share of rows with a word that is not allowed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--form", choices=("csv", "parquet"), nargs="*", default=["csv", "parquet"])
    given = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, pyarrow {pa.__version__}")
    print(f"{given.parcels} parcels, {given.parcels * 8} scans, {given.bad:.1%} bad, seed {given.seed}")
    with tempfile.TemporaryDirectory() as place:
        rows = make_scans(given.parcels, given.bad, given.seed)
        for form in given.form:
            write_by_day(rows, Path(place) / form, form)
        count = rows.num_rows
        del rows
        for turn in range(given.repeat):
            for form in given.form:
                workspace = create_workspace(Path(place) / f"{form}-{turn}")
                timed(f"load {form} (turn {turn + 1})", count, lambda: workspace.load(Path(place) / form))  # noqa: B023
                timed("fold to stored journeys", count, workspace.tables)
        tables = workspace.tables()
        connection = tables["scans"].get_backend().con
        timed("fold in SQL, not stored", count, lambda: fold_journeys(connection, "scans"))
        timed("load again, nothing new", count, lambda: workspace.load(Path(place) / given.form[-1]))


if __name__ == "__main__":
    main()
