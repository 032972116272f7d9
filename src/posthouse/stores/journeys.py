"""The journeys of a workspace, folded again only where scans have changed.

A journey spans days. It is stored in the part of the day of its first scan, and folded from the scans of all days.
Stored scans are sorted by waybill, so a complete fold takes them range by range of waybills, each range from all days:
memory is bounded by a range. After that, only what changed is folded: added scans are merged into the journeys they
belong to, and parcels that lost a scan (to a correction) are folded anew. Both ways give the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import plain_columns, take_rows
from posthouse.records.schema import get_table
from posthouse.stores.manifest import Manifest
from posthouse.stores.parts import part_of_day, read_part, write_part
from posthouse.stores.rows import difference, is_in, numbers_of, order_of
from posthouse.stores.staging import Staging, split_days, stored_part

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

RANGE_ROWS = 1 << 21  # scans folded at once: about a hundred megabytes, which the next range uses again
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
    for parts in sorted_scans([folder / file for file in scans.values()], max(-(-rows // RANGE_ROWS), 1)):
        staging.add(table, fold_sorted(parts))
    return {
        part_of_day(table, day): write_part(folder, "journeys", part_of_day(table, day), staging.read(table.name, day))
        for day in staging.days(table.name)
    }


def sorted_scans(files: "Sequence[Path]", ranges: int) -> "Iterator[list[pa.Table]]":
    """Yield what the fold needs of the scans of all days, one equal range of waybills after the other.

    Each file is read once, a row group at a time, as far as the range needs it.
    """
    with ExitStack() as stack:
        days = [_Day(stack.enter_context(_open_scans(path))) for path in files]
        for turn in range(1, ranges + 1):
            last = -(2**63) + 2**64 * turn // ranges - 1
            yield [rows for day in days for rows in day.up_to(last)]


def _open_scans(path: Path) -> Any:
    from pyarrow import parquet

    return parquet.ParquetFile(path, read_dictionary=["brand", "step", "site", "village", "how"])


class _Day:
    """A day's scans in the order of their waybills, taken piece by piece."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._next_group = 0
        self._rest: pa.Table | None = None

    def up_to(self, last: int) -> "Iterator[pa.Table]":
        """Yield the rows not taken yet, up to this waybill."""
        import numpy as np

        from posthouse.records.fold_kernel import COLUMNS

        while True:
            if self._rest is None:
                if self._next_group == self._file.num_row_groups:
                    return
                self._rest = self._file.read_row_group(self._next_group, list(COLUMNS), use_threads=False)
                self._next_group += 1
            end = int(np.searchsorted(self._rest.column("waybill").to_numpy(), last, "right"))
            yield self._rest.slice(0, end)
            if end < self._rest.num_rows:
                self._rest = self._rest.slice(end)
                return
            self._rest = None


def _fold_changes(folder: Path, manifest: Manifest, changed: set[str]) -> dict[str, str]:
    """Return the parts of the journeys, those of parcels that gained or lost scans folded anew."""
    import numpy as np
    import pyarrow as pa

    from posthouse.records.fold_kernel import fold_sorted
    from posthouse.records.merge_journeys import merge_journeys

    table = get_table("journeys")
    added, removed = _changed_scans(folder, manifest, changed)
    lost = np.unique(numbers_of(removed, "waybill"))
    gained = added.filter(pa.array(~is_in(numbers_of(added, "waybill"), lost)))
    touched = np.union1d(lost, numbers_of(gained, "waybill"))
    pieces = [fold_sorted([gained])]
    if len(lost):
        every = (_rows_of(folder / file, "scans", lost) for file in manifest.records["scans"].values())
        pieces.append(fold_sorted([rows for rows, _ in every if rows is not None]))
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
