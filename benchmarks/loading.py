"""How fast a big CSV of scans becomes a workspace: read, checked, hashed, sorted, stored; without the fold.

    python benchmarks/loading.py                     # 10 M rows, about ten minutes once the files are made
    python benchmarks/loading.py --rows 2000000

The rows are those of a sample city, repeated with other event and waybill numbers, in one file with Chinese headings;
the second file has 1 % of rows that break a rule. Each load is a process of its own, which loads a small file of the
same kind first and is then measured: CPU-seconds of that process and its children, and the most memory it ever held.
All ways and both files take turns, five times, and the best of each counts: a shared machine goes faster and slower by
the minute. Against clean: the median over the turns, in which the two files follow each other. The peers do less:
pyarrow only cuts the file into columns of texts; DuckDB and Polars cast, compare times, sort and write Parquet, but
keep no quarantine, hash with no key, and do not look for repeated or corrected events.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from itertools import product
from pathlib import Path
from statistics import median

WAYS = ("posthouse", "pyarrow, texts only", "duckdb", "polars")
RESULT = Path(__file__).parent / "results" / "loading.md"
STEPS = ["收寄", "始发到件", "始发发件", "到达到件", "到达发件", "到网点", "派件", "到村", "签收"]
HOWS = {"door": "上门", "station": "服务站", "locker": "快件箱", "outlet": "网点"}
HEADINGS = ["事件编号", "运单号", "品牌", "环节", "发生时间", "上报时间", "地点", "村", "签收方式", "更正事件"]
PARCELS_A_TURN = 120_000
TURNS = 5


def make_csv(folder: Path, rows: int, bad: bool, seed: int) -> Path:
    """Return a CSV of so many scans, made unless it is there already."""
    target = folder / f"scans-{rows}-{seed}{'-bad' if bad else ''}.csv"
    if target.exists():
        return target
    import duckdb

    from posthouse.records.fold import steps
    from posthouse.sample.write import write_sample

    city = folder / f"hill-{seed}"
    if not city.exists():
        half_done = city.with_suffix(".draft")
        write_sample("hill", half_done, parcels=PARCELS_A_TURN, seed=seed)
        half_done.rename(city)
    draft = target.with_suffix(".draft")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        scans = f"read_parquet('{city}/records/scans-*.parquet')"
        count = connection.sql(f"SELECT count(*) FROM {scans}").fetchall()[0][0]
        of_steps = dict(zip(steps(), STEPS, strict=True))
        step, how = (f"map({list(words)}, {list(words.values())})" for words in (of_steps, HOWS))
        shown = (
            f"{step}[step]"
            if not bad
            else f"CASE WHEN hash(event_id, turn) % 100 = 0 THEN '不明' ELSE {step}[step] END"
        )
        cells = (
            "event_id + turn * 1000000000000",
            "left(waybill, 8) || lpad(((right(waybill, 6)::INT + turn * 7919) % 1000000)::VARCHAR, 6, '0') || turn",
            "brand",
            shown,
            "strftime(event_at, '%Y-%m-%d %H:%M:%S')",
            "strftime(recorded_at, '%Y-%m-%d %H:%M:%S')",
            "site",
            "village",
            f"{how}[how]",
            "corrects + turn * 1000000000000",
        )
        columns = ", ".join(f'{cell} AS "{name}"' for cell, name in zip(cells, HEADINGS, strict=True))
        turns = -(-rows // count)
        connection.execute(
            f"COPY (SELECT {columns} FROM {scans}, range({turns}) turns(turn) "
            f"ORDER BY recorded_at, event_id, turn LIMIT {rows}) TO '{draft}' (HEADER)"
        )
    draft.rename(target)
    return target


def load_posthouse(source: Path, out: Path) -> None:
    from posthouse.stores import publish
    from posthouse.stores.workspace import create_workspace

    # The fold is timed elsewhere.
    publish.fold_workspace = lambda folder, manifest: manifest  # type: ignore[assignment]
    create_workspace(out).load(source)


def load_pyarrow(source: Path, out: Path) -> None:
    import pyarrow as pa
    from pyarrow import csv

    del out
    texts = csv.ConvertOptions(column_types=dict.fromkeys(HEADINGS, pa.string()))
    reader = csv.open_csv(source, csv.ReadOptions(use_threads=False, block_size=32 << 20), convert_options=texts)
    for batch in reader:
        assert batch.num_rows


def load_duckdb(source: Path, out: Path) -> None:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"SET threads = 2; SET memory_limit = '3GB'; SET temp_directory = '{out}.tmp'")
        words = ", ".join(f"'{word}'" for word in STEPS)
        connection.execute(
            f"""COPY (
                SELECT "事件编号"::BIGINT AS event_id, hash("运单号") AS waybill, "品牌" AS brand, "环节" AS step,
                    "发生时间"::TIMESTAMP AS event_at, "上报时间"::TIMESTAMP AS recorded_at,
                    "地点" AS site, "村" AS village, "签收方式" AS how, "更正事件"::BIGINT AS corrects
                FROM read_csv('{source}', all_varchar = true, header = true)
                WHERE "环节" IN ({words}) AND event_at >= '2020-01-01' AND recorded_at >= event_at
                ORDER BY event_at::DATE, waybill, event_id
            ) TO '{out}.parquet' (COMPRESSION lz4)"""
        )


def load_polars(source: Path, out: Path) -> None:
    import polars as pl

    texts = pl.scan_csv(source, infer_schema=False)
    event, recorded = (pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S") for name in ("发生时间", "上报时间"))
    (
        texts.with_columns(
            pl.col("事件编号", "更正事件").cast(pl.Int64), event, recorded, pl.col("运单号").hash().alias("运单号")
        )
        .filter(
            pl.col("环节").is_in(STEPS)
            & (pl.col("发生时间") >= pl.datetime(2020, 1, 1))
            & (pl.col("上报时间") >= pl.col("发生时间"))
        )
        .sort(pl.col("发生时间").dt.date(), "运单号", "事件编号")
        .sink_parquet(f"{out}.parquet", compression="lz4")
    )


def run_once(way: str, warm: Path, source: Path, out: Path) -> None:
    """Load in this process and print what it took; a small file first, so that nothing is compiled later."""
    load = dict(zip(WAYS, (load_posthouse, load_pyarrow, load_duckdb, load_polars), strict=True))[way]
    load(warm, out.with_name(f"{out.name}-warm"))
    before, wall = sum(os.times()[:4]), time.perf_counter()
    load(source, out)
    cpu, wall = sum(os.times()[:4]) - before, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    files = [*out.rglob("records/**/*.parquet"), *out.parent.glob(f"{out.name}.parquet")]
    written = sum(file.stat().st_size for file in files)
    print(json.dumps({"cpu_s": cpu, "wall_s": wall, "peak_gb": peak, "written": written}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "posthouse-loading")
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS))
    parser.add_argument("--once", nargs=4, metavar=("WAY", "WARM", "SOURCE", "OUT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        way, *places = given.once
        run_once(way, *map(Path, places))
        return
    given.data.mkdir(parents=True, exist_ok=True)
    files = {"clean": make_csv(given.data, given.rows, False, given.seed)}
    files["1 % bad"] = make_csv(given.data, given.rows, True, given.seed)
    warm = {kind: make_csv(given.data, 100_000, kind != "clean", given.seed) for kind in files}
    turns: dict[tuple[str, str], list[dict[str, float]]] = {at: [] for at in product(given.ways, files)}
    with tempfile.TemporaryDirectory(dir=given.data) as place:
        for turn, (way, kind) in product(range(TURNS), turns):
            places = (str(warm[kind]), str(files[kind]), f"{place}/{way}-{kind}-{turn}")
            command = [sys.executable, __file__, "--once", way, *places]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            turns[way, kind].append(json.loads(done.stdout))
            print(turn + 1, way, kind, f"{turns[way, kind][-1]['cpu_s']:.2f} CPU-s", flush=True)
            for left in Path(place).iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    lines = []
    for (way, kind), figures in turns.items():
        took = min(figures, key=lambda figure: figure["cpu_s"])
        rate = given.rows / took["cpu_s"] / 1e6
        pairs = zip(figures, turns[way, "clean"], strict=True)
        slower = median(one["cpu_s"] / other["cpu_s"] for one, other in pairs) - 1
        lines.append(
            f"| {way} | {kind} | {took['cpu_s']:.1f} | {took['wall_s']:.1f} | {rate:.2f} | {slower:+.0%} "
            f"| {took['peak_gb']:.2f} | {took['written'] / given.rows:.1f} |"
        )
    print(*lines, sep="\n")
    names = ("posthouse", "pyarrow", "numba", "duckdb", "polars")
    RESULT.write_text(
        "# Loading a CSV of scans\n\n"
        f"{given.rows:,} rows of {files['clean'].stat().st_size / given.rows:.0f} bytes, seed {given.seed}. "
        f"{os.cpu_count()} cores of {_processor()}, Python {platform.python_version()}, "
        f"{', '.join(f'{name} {version(name)}' for name in names)}. Made by `python benchmarks/loading.py`, which says "
        "what is timed.\n\n"
        "| way | rows | CPU-s | s | M rows per CPU-s | against clean | peak GB | bytes a row written |\n"
        "|---|---|---:|---:|---:|---:|---:|---:|\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
