"""The journeys of a workspace, folded again only where scans have changed.

A journey spans days. It is stored in the part of the day of its first scan, and folded from the scans of all days.
Stored scans are sorted by waybill, so a complete fold takes them range by range of waybills, each range from all days:
memory is bounded by a range. After that, only what changed is folded: added scans are merged into the journeys they
belong to, and parcels that lost a scan (to a correction) are folded anew. Both ways give the same bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from posthouse.records.arrow import plain_columns, take_rows
from posthouse.records.schema import get_table
from posthouse.stores.manifest import Manifest
from posthouse.stores.parts import part_of_day, read_part, write_part
from posthouse.stores.rows import difference, is_in, numbers_of, order_of
from posthouse.stores.scan_shelf import sorted_scans
from posthouse.stores.staging import Staging, split_days, stored_part

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

RANGE_ROWS = 1 << 19  # scans folded at once: with what is unpacked of each day, about a hundred megabytes
_PARTIAL_SHARE = 0.3  # of the scans; where more has changed, a complete fold is cheaper
_SCRATCH = ".staging/journeys"


def fold_workspace(folder: Path, manifest: Manifest) -> Manifest:
    """Return the manifest with journeys that match its scans; files are written, nothing is published."""
    scans = manifest.records.get("scans", {})
    if manifest.folded == scans:
        return manifest
    changed = {day for day in {*scans, *manifest.folded} if scans.get(day) != manifest.folded.get(day)}
    rows = count_scans(folder / file for file in scans.values())
    fresh = count_scans(folder / scans[day] for day in changed & set(scans))
    if manifest.journeys and fresh <= _PARTIAL_SHARE * rows:
        parts = _fold_changes(folder, manifest, changed)
    else:
        parts = _fold_all(folder, scans, rows)
    return replace(manifest, journeys=dict(sorted(parts.items())), folded=dict(scans))


def count_scans(files: Iterable[Path]) -> int:
    """Return how many rows the files hold, from their footers."""
    from pyarrow import parquet

    return sum(parquet.read_metadata(file).num_rows for file in files)


def _fold_all(folder: Path, scans: Mapping[str, str], rows: int) -> dict[str, str]:
    from posthouse.records.fold_kernel import fold_sorted

    staging = Staging(folder / _SCRATCH)
    table = get_table("journeys")
    for some in sorted_scans([folder / file for file in scans.values()], max(-(-rows // RANGE_ROWS), 1)):
        staging.add(table, fold_sorted(some))
    return {
        part_of_day(table, day): write_part(folder, "journeys", part_of_day(table, day), staging.read(table.name, day))
        for day in staging.days(table.name)
    }


def _fold_changes(folder: Path, manifest: Manifest, changed: set[str]) -> dict[str, str]:
    """Return the parts of the journeys, those of parcels that gained or lost scans folded anew."""
    import numpy as np
    import pyarrow as pa

    from posthouse.records.fold_kernel import fold_sorted
    from posthouse.records.fold_scans import scans_of
    from posthouse.records.merge_journeys import merge_journeys

    table = get_table("journeys")
    added, removed = _changed_scans(folder, manifest, changed)
    lost = np.unique(numbers_of(removed, "waybill"))
    gained = added.filter(pa.array(~is_in(numbers_of(added, "waybill"), lost)))
    touched = np.union1d(lost, numbers_of(gained, "waybill"))
    pieces = [fold_sorted(scans_of([gained]))]
    if len(lost):
        every = (_rows_of(folder / file, "scans", lost) for file in manifest.records["scans"].values())
        pieces.append(fold_sorted(scans_of(rows for rows, _ in every if rows is not None)))
    parts = dict(manifest.journeys)
    staying = {}
    for part, file in manifest.journeys.items():
        rows, others = _rows_of(folder / file, "journeys", touched)
        if rows is not None:
            staying[part] = others
            pieces.append(rows.filter(pa.array(~is_in(numbers_of(rows, "waybill"), lost))))
            del parts[part]
    fresh = {part_of_day(table, day): rows for day, rows in split_days(table, merge_journeys(pieces))}
    for part in sorted(staying.keys() | fresh.keys()):
        if part in parts:
            staying[part] = read_part(folder / parts.pop(part), table)
        together = [rows for rows in (staying.get(part), fresh.get(part)) if rows is not None and rows.num_rows]
        if together:
            rows = plain_columns(pa.concat_tables(together))
            parts[part] = write_part(folder, "journeys", part, take_rows(rows, order_of(table, rows)))
    return parts


def _changed_scans(folder: Path, manifest: Manifest, changed: set[str]) -> "tuple[pa.Table, pa.Table]":
    """Return the scans added and removed since the last fold, each sorted by waybill."""
    import pyarrow as pa

    table = get_table("scans")
    sides: tuple[list[pa.Table], list[pa.Table]] = ([], [])
    for part in sorted(changed):
        old, new = (
            read_part(folder / parts[part], table) if part in parts else stored_part(table, None)
            for parts in (manifest.folded, manifest.records["scans"])
        )
        for side, rows in zip(sides, difference(table, old, new), strict=True):
            side.append(rows)
    together = [plain_columns(pa.concat_tables([stored_part(table, None), *side])) for side in sides]
    added, removed = (take_rows(rows, order_of(table, rows)) for rows in together)
    return added, removed


def _rows_of(path: Path, name: str, waybills: "Ints") -> "tuple[pa.Table | None, pa.Table | None]":
    """Return the rows of these waybills and the others, in their order; nothing where the file has none of them."""
    import pyarrow as pa

    table = get_table(name)
    found = is_in(numbers_of(read_part(path, table, ["waybill"]), "waybill"), waybills)
    if not found.any():
        return None, None
    rows = read_part(path, table)
    return plain_columns(rows.filter(pa.array(found))), rows.filter(pa.array(~found))
