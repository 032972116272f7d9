"""How fast EPCIS 2.0 documents become checked scans: generated documents, CPU-seconds of this process, and peers.

    python benchmarks/epcis.py                       # about two minutes
    python benchmarks/epcis.py --parcels 1000000

A parcel is accepted, sent out for delivery and signed by itself; in between it travels in bags, five events with all
parcels of a bag. The peers stop where ours goes on: json.load makes Python values of the document, DuckDB one row a
scan with texts; neither checks a row or hashes a waybill. The floor reads the bytes and looks for quotes, no more.
"""

import argparse
import json
import platform
import resource
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from posthouse.records.load import load_source
from posthouse.stores.workspace import create_workspace

RESULT = Path(__file__).parent / "results" / "epcis.md"
ALONE = ("accepted", "out_for_delivery", "delivered")
IN_BAG = ("origin_arrived", "origin_departed", "destination_arrived", "destination_departed", "outlet_arrived")


def write_document(path: Path, parcels: int, bag: int, seed: int) -> int:
    """Write a document of a month's events; return how many scans it holds."""
    random = np.random.default_rng(seed)
    starts = random.integers(0, 28 * 86_400, parcels)
    order = np.argsort(starts)
    scans = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],"type":"EPCISDocument",')
        file.write('"schemaVersion":"2.0","epcisBody":{"eventList":[')
        separator = ""
        for first in range(0, parcels, bag):
            members = order[first : first + bag].tolist()
            events = [(step, turn, [parcel]) for parcel in members for turn, step in zip((0, 6, 8), ALONE, strict=True)]
            events += [(step, turn, members) for turn, step in enumerate(IN_BAG, start=1)]
            for step, turn, inside in events:
                at = int(starts[inside[0]]) + turn * 14_400
                site, village = (int(number) for number in random.integers(0, 800, 2))
                file.write(
                    separator
                    + json.dumps(_event(step, at, inside, site, village), ensure_ascii=False, separators=(",", ":"))
                )
                separator = ","
                scans += len(inside)
        file.write("]}}")
    return scans


def _event(step: str, at_s: int, parcels: list[int], site: int, village: int) -> dict[str, object]:
    when = time.strftime("2021-06-%dT%H:%M:%S+08:00", time.gmtime(at_s % (28 * 86_400)))
    return {
        "type": "ObjectEvent",
        "eventID": "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_OID, f"{step} {parcels[0]}")),
        "eventTime": when,
        "eventTimeZoneOffset": "+08:00",
        "recordTime": when,
        "epcList": [f"urn:posthouse:waybill:YT{7_000_000_000_000 + parcel}" for parcel in parcels],
        "action": "OBSERVE",
        "bizStep": f"urn:posthouse:step:{step}",
        "disposition": "in_transit",
        "readPoint": {"id": f"urn:posthouse:site:S{site:05d}"},
        "bizLocation": {"id": f"urn:posthouse:{'village' if step == 'delivered' else 'site'}:330782104{village:03d}"},
        "posthouse:brand": f"示例{parcels[0] % 8}",
    }


def ours(path: Path) -> int:
    return sum(block.rows.num_rows for block in load_source(path, key=b"benchmark"))


def with_json(path: Path) -> int:
    with path.open(encoding="utf-8") as file:
        return sum(len(event["epcList"]) for event in json.load(file)["epcisBody"]["eventList"])


def with_duckdb(path: Path) -> int:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        rows = connection.execute(
            """SELECT count(*), max(event_at)::VARCHAR, max(step), max(site), max(waybill) FROM (
                SELECT e.eventTime AS event_at, e.bizStep AS step, e.readPoint.id AS site, unnest(e.epcList) AS waybill
                FROM (SELECT unnest(epcisBody.eventList) AS e
                    FROM read_json(?, maximum_object_size = 4000000000)))""",
            [str(path)],
        ).fetchall()
    return int(rows[0][0])


def only_quotes(path: Path) -> int:
    room, quotes = np.empty(1 << 19, np.uint8), 0
    with path.open("rb", buffering=0) as file:
        while read := file.readinto(room):
            quotes += int(np.count_nonzero(room[:read] == ord('"')))
    return quotes


def timed(work: Callable[[Path], int], path: Path) -> tuple[int, float]:
    before = time.process_time()
    scans = work(path)
    return scans, time.process_time() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parcels", type=int, default=60_000)
    parser.add_argument("--bags", type=int, nargs="*", default=[1, 5, 20], help="parcels that travel together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULT, help="write the results as Markdown")
    given = parser.parse_args()
    lines = [
        "# EPCIS 2.0 to checked scans",
        "",
        f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}, seed {given.seed}; one thread, CPU-seconds, best of three. ",
        "Made by `python benchmarks/epcis.py`.",
        "",
        "| parcels a bag | scans | MB | | CPU-s | M scans / CPU-s |",
        "|---:|---:|---:|---|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as place:
        for bag in given.bags:
            path = Path(place) / f"events-{bag}.json"
            scans = write_document(path, given.parcels, bag, given.seed)
            size = path.stat().st_size / 1e6
            ours(path)
            works: list[tuple[str, Callable[[Path], int], int]] = [
                ("ours, read and checked", ours, 3),
                ("ours, into a workspace", lambda path: _into(Path(place), path), 3),
                ("floor: bytes read, quotes counted", lambda path, scans=scans: scans if only_quotes(path) else 0, 3),
                ("json.load, values only", with_json, 1),
                ("DuckDB read_json, texts only", with_duckdb, 1),
            ]
            for label, work, times in works:
                found = [timed(work, path) for _ in range(times)]
                assert all(count == scans for count, _ in found), (label, found, scans)
                cpu = min(cpu for _, cpu in found)
                lines.append(f"| {bag} | {scans:,} | {size:.0f} | {label} | {cpu:.2f} | {scans / cpu / 1e6:.2f} |")
                print(lines[-1], flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    lines += ["", f"Peak memory of all ways, `json.load` among them: {peak:.2f} GB."]
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _into(place: Path, path: Path) -> int:
    with tempfile.TemporaryDirectory(dir=place) as folder:
        return create_workspace(Path(folder) / "ws").load(path).stored["scans"]


if __name__ == "__main__":
    main()
