"""How scans and parcels join the stored ones, day by day: they are too many for `merge`, and known by one integer.

Rules, all free of the order of files and rows within a load:
- scans: of several rows with one event_id the one recorded first stays (then the least by its other columns). A row
  named in another's `corrects` is superseded, whichever comes first; of several corrections of one event the one
  recorded last stands.
- parcels: a row of this load replaces one of earlier loads; within a load the least by its columns stays.
Only days that change are written again.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import plain_columns, take_rows
from posthouse.records.schema import Table
from posthouse.stores.canonical import Canonical
from posthouse.stores.corrections import RETRACTIONS, replaced_events
from posthouse.stores.counts import MergeCounts
from posthouse.stores.manifest import Manifest
from posthouse.stores.parts import day_of_part, key_range, part_of_day, read_part, write_canonical, write_part
from posthouse.stores.rows import find_copies, is_in, numbers_of, order_of
from posthouse.stores.shared_keys import Span, find_shared_keys
from posthouse.stores.staging import Staging

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]


def is_keyed(table: Table) -> bool:
    """Whether the table's rows are many and known by one integer column, so that `merge_keyed` takes it."""
    by_number = len(table.key) == 1 and table.column(table.key[0]).type in ("key", "hash")
    return table.kind == "event" and table.day is not None and by_number


def merge_keyed(folder: Path, manifest: Manifest, table: Table, staging: Staging) -> tuple[Manifest, MergeCounts]:
    """Return the manifest with the staged rows merged in, and what happened; nothing is published yet."""
    work = _Work(folder=folder, table=table, staging=staging, stored=_by_day(manifest.records, table))
    gone = _by_day(manifest.superseded, table)
    retracted = list(manifest.records.get(RETRACTIONS, {}).values()) if table.name == "scans" else []
    every, fresh = replaced_events(
        folder, table, [*work.stored.values()], [*gone.values()], staging, retracted=retracted
    )
    work.replaced = every
    touched = set(staging.days(table.name)) | work.stored_days_with(fresh)
    shared, work.repeated = find_shared_keys(work.spans(), work.keys_of)
    touched |= work.settle_shared(shared)
    records, superseded = dict(work.stored), dict(gone)
    for day in sorted(touched):
        rows, kept, out = work.merge_day(day)
        if kept is not None:
            records.pop(day, None)
            if len(kept):
                whole = work.canonical.rows(rows, kept)
                records[day] = write_canonical(folder, f"records/{table.name}", part_of_day(table, day), whole)
        if out.num_rows:
            before = [read_part(folder / gone[day], table)] if day in gone else []
            settled = work.settle_superseded([out, *before])
            work.counts.superseded += settled.num_rows - sum(part.num_rows for part in before)
            superseded[day] = write_part(folder, f"superseded/{table.name}", part_of_day(table, day), settled)
    for kind, parts in (("records", records), ("superseded", superseded)):
        manifest = manifest.with_parts(kind, table.name, {part_of_day(table, day): f for day, f in parts.items()})
    return manifest, work.counts


def _by_day(group: Any, table: Table) -> dict[int, str]:
    return {day_of_part(part): file for part, file in group.get(table.name, {}).items()}


@dataclass(slots=True)
class _Work:
    """One merge of one table: where rows come from, and what has been counted.

    shared : keys on several days; winners : of their rows those that stay, by day. repeated : keys that stand several
    times on one day, by day.
    """

    folder: Path
    table: Table
    staging: Staging
    stored: dict[int, str]
    replaced: "Ints | None" = None
    shared: "Ints | None" = None
    repeated: "dict[int, Ints]" = field(default_factory=dict)
    winners: "dict[int, pa.Table]" = field(default_factory=dict)
    counts: MergeCounts = field(default_factory=MergeCounts)
    canonical: Canonical = field(default_factory=Canonical)

    @property
    def key(self) -> str:
        return self.table.key[0]

    def staged_keys(self, day: int) -> "Ints":
        return numbers_of(self.staging.read(self.table.name, day, [self.key]), self.key)

    def stored_keys(self, day: int) -> "Ints":
        return numbers_of(read_part(self.folder / self.stored[day], self.table, [self.key]), self.key)

    def keys_of(self, day: int) -> "Ints":
        """Return the keys of a day, staged and stored."""
        import numpy as np

        parts = [self.staged_keys(day)]
        return np.concatenate([*parts, self.stored_keys(day)] if day in self.stored else parts)

    def spans(self) -> list[Span]:
        """Return the range of keys of every day; stored days are looked up in their footers."""
        spans = []
        new = set(self.staging.days(self.table.name))
        for day in sorted(new | set(self.stored)):
            keys = self.staged_keys(day)
            ranges = [(int(keys.min()), int(keys.max()), len(keys))] if len(keys) else []
            if day in self.stored:
                ranges.append(key_range(self.folder / self.stored[day], self.key))
            lows, highs, rows = zip(*ranges, strict=True)
            spans.append(Span(day, min(lows), max(highs), sum(rows), day in new))
        return spans

    def stored_days_with(self, keys: "Ints | None") -> set[int]:
        """Return the stored days that hold any of the keys."""
        if keys is None or not len(keys):
            return set()
        ranges = {day: key_range(self.folder / file, self.key) for day, file in self.stored.items()}
        near = [day for day, (low, high, _) in ranges.items() if low <= keys.max() and high >= keys.min()]
        return {day for day in near if is_in(self.stored_keys(day), keys).any()}

    def settle_shared(self, shared: "Ints") -> set[int]:
        """Choose among rows that have one key on different days; return the days this touches."""
        import numpy as np
        import pyarrow as pa

        if not len(shared):
            return set()
        self.shared = shared
        rows, days, ages = [], [], []
        for age, source in ((1, self.staging.days(self.table.name)), (0, tuple(self.stored))):
            for day in source:
                part = (
                    self.staging.read(self.table.name, day)
                    if age
                    else read_part(self.folder / self.stored[day], self.table)
                )
                part = part.filter(pa.array(is_in(numbers_of(part, self.key), shared)))
                rows.append(part)
                days += [day] * part.num_rows
                ages += [age] * part.num_rows
        together, day_of = plain_columns(pa.concat_tables(rows)), np.array(days)
        best = _best_rows(self.table, together, np.array(ages))
        self.counts.conflicting += together.num_rows - len(best)
        for day in np.unique(day_of[best]).tolist():
            self.winners[day] = take_rows(together, best[day_of[best] == day])
        return set(day_of.tolist())

    def merge_day(self, day: int) -> "tuple[pa.Table, Ints | None, pa.Table]":
        """Return rows of a day, which of them are to be stored in what order, and those superseded now.

        The order is None where nothing changes.
        """
        import numpy as np
        import pyarrow as pa

        staged = self._without_shared(
            self.staging.read(self.table.name, day) if day in self.staging.days(self.table.name) else None
        )
        stored = self._without_shared(
            read_part(self.folder / self.stored[day], self.table) if day in self.stored else None
        )
        new = [part for part in (self.winners.get(day), staged) if part is not None]
        fresh_rows = sum(part.num_rows for part in new)
        before = stored.num_rows if stored is not None else 0
        rows = plain_columns(pa.concat_tables([*new, *([stored] if stored is not None else [])]))
        out = rows.slice(0, 0)
        alive = None
        if self.replaced is not None and len(self.replaced):
            dead = is_in(numbers_of(rows, self.key), self.replaced)
            if dead.any():
                out = take_rows(rows, np.flatnonzero(dead))
                alive = ~dead
        keep = order_of(self.table, rows)
        if alive is not None:
            keep = keep[alive[keep]]
        twins = 0
        if day in self.repeated:
            keep, twins = self._settle_repeated(rows, keep, self.repeated[day], fresh_rows)
        if self.shared is None and len(keep) == before and int((keep < fresh_rows).sum()) == twins:
            return rows, None, out
        return rows, keep, out

    def settle_superseded(self, parts: "list[pa.Table]") -> "pa.Table":
        """Return superseded rows of a day, each once."""
        import numpy as np
        import pyarrow as pa

        rows = plain_columns(pa.concat_tables(parts))
        order = order_of(self.table, rows)
        return take_rows(rows, np.delete(order, find_copies(self.table, rows, order)))

    def _without_shared(self, rows: "pa.Table | None") -> "pa.Table | None":
        import pyarrow as pa

        if rows is None or self.shared is None:
            return rows
        return rows.filter(pa.array(~is_in(numbers_of(rows, self.key), self.shared)))

    def _settle_repeated(self, rows: "pa.Table", keep: "Ints", keys: "Ints", fresh_rows: int) -> "tuple[Ints, int]":
        """Return the positions that stay of rows of which some share a key, and how many came that are stored already.

        Parameters
        ----------
        keep : positions, sorted. fresh_rows : rows before this one are of this load.
        """
        import numpy as np

        doubtful = np.flatnonzero(is_in(numbers_of(rows, self.key), keys)[keep])
        at = keep[doubtful]
        copies = find_copies(self.table, rows, at)
        twins = int((at[copies] >= fresh_rows).sum())
        self.counts.present += twins
        self.counts.repeated += len(copies) - twins
        stay = self._drop_conflicts(rows, np.delete(at, copies), fresh_rows)
        return np.delete(keep, doubtful[~np.isin(at, stay)]), twins

    def _drop_conflicts(self, rows: "pa.Table", keep: "Ints", fresh_rows: int) -> "Ints":
        """Return the positions that stay where rows with one key differ."""
        import numpy as np

        from posthouse.records.order_kernel import repeated_numbers

        keys = numbers_of(rows, self.key)[keep]
        repeated = repeated_numbers(keys)
        if not len(repeated):
            return keep
        doubtful = is_in(keys, repeated)
        at = keep[doubtful]
        best = at[_best_rows(self.table, take_rows(rows, at), (at < fresh_rows).astype(np.int64))]
        lost = np.setdiff1d(at, best)
        if self.table.name == "scans":
            self.counts.conflicting += len(lost)
        else:
            self.counts.updated += int((lost >= fresh_rows).sum())
            self.counts.conflicting += int((lost < fresh_rows).sum())
        return keep[~np.isin(keep, lost)]


def _best_rows(table: Table, rows: "pa.Table", ages: "Ints") -> "Ints":
    """Return the positions of the rows that stay, one a key. ages : 1 for rows of this load, 0 for stored ones."""
    import numpy as np
    import pyarrow as pa

    key = table.key[0]
    texts = [field for field in rows.schema if pa.types.is_dictionary(field.type)]
    for text in texts:
        rows = rows.set_column(rows.column_names.index(text.name), text.name, rows.column(text.name).cast(pa.string()))
    rows = rows.append_column("_new", pa.array(-ages)).append_column("_at", pa.array(np.arange(rows.num_rows)))
    first = ["recorded_at"] if table.name == "scans" else ["_new"]
    others = [column.name for column in table.columns if column.name not in (key, *first)]
    ordered = rows.sort_by([(name, "ascending") for name in (key, *first, *others)])
    keys = numbers_of(ordered, key)
    leads = np.concatenate([[True], keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, np.bool_)
    return numbers_of(ordered, "_at")[leads]
