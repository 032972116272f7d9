"""The workspaces that `measures.py` measures: a sample city of a million parcels, and copies of it for more."""

import json
from pathlib import Path

from posthouse.vocabulary.periods import parse_period

ONE_SAMPLE = 1_000_000
SEED = 1
MONTH, YEAR = parse_period("2021-06"), parse_period("2021")


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


def write_csv(workspace: Path) -> None:
    """Write what the workspace holds as CSV files of days and registers, as a courier's platform would send them."""
    import duckdb

    folder = workspace.parent / f"{workspace.name}-csv"
    if folder.exists():
        return
    draft = folder.with_suffix(".draft")
    draft.mkdir(exist_ok=True)
    manifest = json.loads((workspace / "manifest.json").read_text(encoding="utf-8"))
    for name, parts in manifest["records"].items():
        for part, file in parts.items():
            path = draft / (f"{name}.csv" if part == "all" else f"{name}-{part}.csv")
            with duckdb.connect() as connection:
                connection.execute("SET TimeZone = 'Asia/Shanghai'")
                connection.execute(f"COPY (FROM read_parquet('{workspace / file}')) TO '{path}' (HEADER)")
    draft.rename(folder)


def list_files(workspace: Path, name: str) -> list[str]:
    """Return the Parquet files of a table."""
    manifest = json.loads((workspace / "manifest.json").read_text(encoding="utf-8"))
    parts = manifest["journeys"] if name == "journeys" else manifest["records"][name]
    return [str(workspace / file) for file in parts.values()]


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

    from posthouse.records.arrow import plain_columns
    from posthouse.records.schema import get_table
    from posthouse.stores.day_rows import form_of
    from posthouse.stores.parts import read_part
    from posthouse.stores.rows import order_of
    from posthouse.stores.staging import Staging

    table = get_table(name)
    rows = read_part(path, table)
    together = []
    for copy in range(copies):
        mixed = _mix(rows.column("waybill").to_numpy().view(np.uint64) + np.uint64(copy)).view(np.int64)
        again = rows.set_column(rows.column_names.index("waybill"), "waybill", pa.array(mixed))
        if name == "scans":
            for column in ("event_at", "recorded_at"):
                later = _some_seconds_later(rows.column(column), copy)
                again = again.set_column(rows.column_names.index(column), column, later)
            numbers = rows.column("event_id").to_numpy() + copy * (1 << 40)
            again = again.set_column(rows.column_names.index("event_id"), "event_id", pa.array(numbers))
        together.append(again)
    whole = plain_columns(pa.concat_tables(together))
    form = form_of(table, Staging(target))
    return form.write(target, f"records/{name}", part, form.join([whole]), order_of(table, whole))


def _some_seconds_later(times, copy):  # type: ignore[no-untyped-def]
    """Return the times so many seconds later, in the same Shanghai day: copies must not happen at one second."""
    import numpy as np
    import pyarrow as pa

    day_us, zone_us = 86_400_000_000, 8 * 3_600_000_000
    micros = times.cast(pa.int64()).to_numpy()
    later = micros + copy * 11_000_000
    same_day = (later + zone_us) // day_us == (micros + zone_us) // day_us
    return pa.array(np.where(same_day, later, micros)).cast(times.type)


def _mix(numbers):  # type: ignore[no-untyped-def]
    """Return other 64-bit numbers, each a different one (the finaliser of splitmix64)."""
    import numpy as np

    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
