"""kill -9 at random moments of load and fold: the workspace holds the state before or the state after, nothing else.

    python benchmarks/faults.py --kills 100

A sample's scans are laid out in several formats, in two halves. The first half is loaded; a process of its own loads
the second and is killed at a moment drawn over the whole duration, and again in every second trial while it recovers.
After each kill every published file, journeys included, must be byte for byte that of the state before or after; after
the load is run again, that of a load that nobody disturbed. So no row is lost, and a figure, which is computed from
these files alone, is never wrong. Prints Markdown; the exit code is 1 where a trial fails. A few kills run as
`tests/stores/test_faults.py`.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from posthouse.sample.write import write_sample
from posthouse.stores.manifest import read_manifest
from posthouse.stores.workspace import Workspace, create_workspace, open_workspace

FORMS = ("parquet", "csv", "jsonl", "xlsx", "epcis")
MONTH = "2021-06"
State = Mapping[str, bytes]

_PRELOADED = ["posthouse.stores.workspace", "posthouse.records.fold_kernel", "duckdb", "pyarrow.parquet"]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the trials of one format stand on: the second half to load, and the states before and after it."""

    source: Path
    before: Path
    states: tuple[State, State]
    seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One kill. moment : share of the undisturbed duration. outcome : `before`, `after`; `done` was never killed."""

    form: str
    moment: float
    outcome: str
    is_good: bool


def lay_ground(folder: Path, form: str, *, villages: int = 12, parcels: int = 540, seed: int = 1) -> Ground:
    """Write a sample in this format in two halves, and load them undisturbed."""
    city = write_sample("hill", folder / "city", villages=villages, parcels=parcels, month=MONTH, seed=seed)
    scans = parquet.read_table(city / "records" / f"scans-{MONTH}.parquet")
    half = pc.less(pc.bit_wise_and(scans["event_id"], 3), 2)
    sources = []
    for name, rows in (("first", scans.filter(half)), ("second", scans.filter(pc.invert(half)))):
        sources.append(folder / name)
        sources[-1].mkdir()
        _write(rows, sources[-1] / f"scans.{'json' if form == 'epcis' else form}", form)
    for path in (city / "records").iterdir():
        if not path.name.startswith("scans"):
            shutil.copy(path, sources[path.name.startswith("parcels")])
    workspace = create_workspace(folder / "before")
    (workspace.path / "key").write_bytes(b"the same for all")
    workspace.load(sources[0])
    shutil.copytree(workspace.path, folder / "after")
    after = open_workspace(folder / "after")
    load_and_kill(after.path, sources[1], None)  # the first start of the server is not measured
    started = time.perf_counter()
    load_and_kill(after.path, sources[1], None)
    seconds = time.perf_counter() - started
    return Ground(
        source=sources[1],
        before=workspace.path,
        states=(published(workspace), published(after)),
        seconds=seconds,
    )


def try_once(ground: Ground, form: str, moment: float, *, again: float | None = None) -> Trial:
    """Kill a load at this share of its duration, and the one that recovers at `again`; then load to the end."""
    with tempfile.TemporaryDirectory(dir=ground.before.parent) as place:
        path = Path(place) / "workspace"
        shutil.copytree(ground.before, path)
        outcome, is_good = "done", True
        for share in (moment, again):
            if share is not None and load_and_kill(path, ground.source, share * ground.seconds):
                state = published(open_workspace(path))
                outcome = "after" if state == ground.states[1] else "before"
                is_good &= state in ground.states
        workspace = open_workspace(path)
        workspace.load(ground.source)
        is_good &= published(workspace) == ground.states[1]
    return Trial(form, moment, outcome, is_good)


def load_and_kill(workspace: Path, source: Path, after_s: float | None) -> bool:
    """Load in a process of its own and kill it after so many seconds; return whether it was still at work."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    process = context.Process(target=_load, args=(workspace, source))
    process.start()
    process.join(after_s)
    if process.is_alive() and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    if process.exitcode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"the load ended with {process.exitcode}")
    return process.exitcode != 0


def published(workspace: Workspace) -> State:
    """Return every file that the manifest names, with its bytes."""
    return {name: (workspace.path / name).read_bytes() for name in sorted(read_manifest(workspace.path).files())}


def _load(workspace: Path, source: Path) -> None:
    open_workspace(workspace).load(source)


def _write(rows: pa.Table, path: Path, form: str) -> None:
    if form == "parquet":
        parquet.write_table(rows, path)
        return
    shown = {name: _texts(rows[name]) for name in rows.column_names}
    if form == "csv":
        csv.write_csv(pa.table(shown), path)
    elif form == "epcis":
        document = {"type": "EPCISDocument", "schemaVersion": "2.0"}
        events = [_event(row) for row in pa.table(shown).to_pylist()]
        path.write_text(json.dumps(document | {"epcisBody": {"eventList": events}}, ensure_ascii=False))
    elif form == "jsonl":
        lines = (json.dumps(row, ensure_ascii=False) for row in pa.table(shown).to_pylist())
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        import xlsxwriter

        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, list(shown))
            for line, row in enumerate(pa.table(shown).to_pylist(), start=1):
                sheet.write_row(line, 0, [value if value is not None else "" for value in row.values()])


def _event(row: Mapping[str, str | None]) -> dict[str, object]:
    """Return a scan as an EPCIS event, without what it corrects."""
    kinds = {"readPoint": ("site", row["site"]), "bizLocation": ("village", row["village"])}
    event: dict[str, object] = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventID": f"urn:posthouse:event:{row['event_id']}",
        "eventTime": f"{row['event_at']}+08:00".replace(" ", "T"),
        "recordTime": f"{row['recorded_at']}+08:00".replace(" ", "T"),
        "epcList": [f"urn:posthouse:waybill:{row['waybill']}"],
        "bizStep": f"urn:posthouse:step:{row['step']}",
        "posthouse:brand": row["brand"],
    }
    event |= {name: {"id": f"urn:posthouse:{kind}:{place}"} for name, (kind, place) in kinds.items() if place}
    return event | ({"posthouse:how": f"urn:posthouse:how:{row['how']}"} if row["how"] else {})


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_timestamp(column.type):
        return column.cast(pa.string())
    local = column.cast(pa.timestamp("us", tz="Asia/Shanghai"))
    return pc.strftime(pc.local_timestamp(local).cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S")


def run_trials(kills: int, seed: int, folder: Path) -> Iterator[Trial]:
    """Yield so many trials in which a load was killed, formats in turn."""
    random_moments = random.Random(seed)
    grounds = {}
    for form in FORMS:
        (folder / form).mkdir()
        grounds[form] = lay_ground(folder / form, form, seed=seed)
    count = number = 0
    while count < kills:
        form = FORMS[number % len(FORMS)]
        again = random_moments.random() if number % 2 else None
        trial = try_once(grounds[form], form, random_moments.random(), again=again)
        number += 1
        count += trial.outcome != "done" or not trial.is_good
        print(trial, file=sys.stderr, flush=True)
        yield trial


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        trials = list(run_trials(given.kills, given.seed, Path(place)))
    bad = [trial for trial in trials if not trial.is_good]
    print(
        f"{len(trials)} loads killed at random moments, seed {given.seed}; every second one killed again recovering.\n"
    )
    print("| format | trials | state before stood | state after stood | ended before the kill | wrong |")
    print("|---|---|---|---|---|---|")
    for form in FORMS:
        own = [trial for trial in trials if trial.form == form]
        counts = Counter(trial.outcome for trial in own)
        cells = (form, len(own), counts["before"], counts["after"], counts["done"], sum(t.form == form for t in bad))
        print(f"| {' | '.join(map(str, cells))} |")
    deciles = Counter(min(9, int(trial.moment * 10)) for trial in trials)
    print(f"\nMoments by tenth of the duration: {', '.join(str(deciles[tenth]) for tenth in range(10))}.")
    for trial in bad:
        print(f"wrong: {trial}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
