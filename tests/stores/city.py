"""A few days of scans of one small city, and ways to lay them out as files."""

import random
from pathlib import Path

from posthouse.stores.workspace import Workspace, create_workspace
from tests.records.rows import CHANNEL_HEADINGS, scan, scan_file

STEPS = ("accepted", "outlet_arrived", "village_arrived", "delivered")


def city_scans(parcels=60, days=4):
    """Four scans a parcel, each a day later than the one before."""
    return [
        scan(
            str(parcel * 10 + at),
            waybill=f"YT70000{parcel:05d}",
            brand=("甲", "乙", "丙")[parcel % 3],
            step=step,
            event_at=f"2021-06-{1 + parcel % days + at:02d} {8 + parcel % 10:02d}:{parcel % 60:02d}:00",
            site=f"W{parcel % 7}" if at else "",
            village=f"33078210420{parcel % 5}" if at >= 2 else "",
            how="station" if step == "delivered" else "",
        )
        for parcel in range(parcels)
        for at, step in enumerate(STEPS)
    ]


def write_scans(folder: Path, lines, files=1, seed=0):
    """Write the lines, shuffled unless seed is 0, into so many files."""
    lines = list(lines)
    if seed:
        random.Random(seed).shuffle(lines)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        (folder / f"scans-{number}.csv").write_text(scan_file(*lines[number::files]), encoding="utf-8")
    return folder


def write_channels(folder: Path, *lines):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "channels.csv").write_text("\n".join((CHANNEL_HEADINGS, *lines)) + "\n", encoding="utf-8")
    return folder


def new_workspace(path: Path) -> Workspace:
    """An empty workspace with a fixed key, so that two of them can be compared."""
    workspace = create_workspace(path)
    (path / "key").write_bytes(b"only for tests")
    return workspace


def contents(workspace: Workspace, *places):
    """Every published file of these places with its bytes."""
    from posthouse.stores.manifest import read_manifest

    return {
        name: (workspace.path / name).read_bytes()
        for name in sorted(read_manifest(workspace.path).files())
        if name.startswith(places or ("records", "journeys", "superseded"))
    }
