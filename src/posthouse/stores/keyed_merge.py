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
from posthouse.stores.corrections import RETRACTIONS, replaced_events
from posthouse.stores.counts import MergeCounts
from posthouse.stores.day_rows import DayRows, Form, form_of
from posthouse.stores.manifest import Manifest
from posthouse.stores.parts import day_of_part, key_range, part_of_day, read_part
from posthouse.stores.rows import is_in, numbers_of
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
    import numpy as np

    from posthouse.records.order_kernel import repeated_numbers

    work = _Work(
        folder=folder,
        table=table,
        days=staging.days(table.name),
        form=form_of(table, staging),
        stored=_by_day(manifest.records, table),
    )
    gone = _by_day(manifest.superseded, table)
    retracted = list(manifest.records.get(RETRACTIONS, {}).values()) if table.name == "scans" else []
    every, fresh = replaced_events(
        folder,
        table,
        [*work.stored.values()],
        [*gone.values()],
        work.form,
        retracted=retracted,
        is_retracting=RETRACTIONS in staging.tables(),
    )
    work.replaced = every
    touched = set(work.days) | work.stored_days_with(fresh)
    shared, work.repeated = find_shared_keys(work.spans(), work.keys_of)
    touched |= work.settle_shared(shared)
    records, superseded = dict(work.stored), dict(gone)
    for day in sorted(touched):
        rows, left_out, out = work.merge_day(day)
        if left_out is not None:
            records.pop(day, None)
            if len(left_out) < len(rows):
                place, part = f"records/{table.name}", part_of_day(table, day)
                records[day] = work.form.write(folder, place, part, rows.ordered(left_out))
        if len(out):
            place, part = f"superseded/{table.name}", part_of_day(table, day)
            before = [read_part(folder / gone[day], table)] if day in gone else []
            out = work.form.join([out, *before])
            copies = out.copies(np.flatnonzero(is_in(out.keys, repeated_numbers(out.keys))))[1]
            work.counts.superseded += len(out) - len(copies) - sum(map(len, before))
            superseded[day] = work.form.write(folder, place, part, out.ordered(copies))
    for kind, parts in (("records", records), ("superseded", superseded)):
        manifest = manifest.with_parts(kind, table.name, {part_of_day(table, day): f for day, f in parts.items()})
    return manifest, work.counts


def _by_day(group: Any, table: Table) -> dict[int, str]:
    return {day_of_part(part): file for part, file in group.get(table.name, {}).items()}


@dataclass(slots=True)
class _Work:
    """One merge of one table: where rows come from, and what has been counted.

    days : those of which there are new rows.
    shared : keys on several days; winners : of their rows those that stay, by day. repeated : keys that stand several
    times on one day, by day.
    """

    folder: Path
    table: Table
    days: tuple[int, ...]
    form: Form
    stored: dict[int, str]
    replaced: "Ints | None" = None
    shared: "Ints | None" = None
    repeated: "dict[int, Ints]" = field(default_factory=dict)
    winners: "dict[int, pa.Table]" = field(default_factory=dict)
    counts: MergeCounts = field(default_factory=MergeCounts)

    @property
    def key(self) -> str:
        return self.table.key[0]

    def stored_keys(self, day: int) -> "Ints":
        return numbers_of(read_part(self.folder / self.stored[day], self.table, [self.key]), self.key)

    def keys_of(self, day: int) -> "Ints":
        """Return the keys of a day, staged and stored."""
        import numpy as np

        parts = [self.form.keys(day)] if day in self.days else []
        if day in self.stored:
            parts.append(self.stored_keys(day))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def spans(self) -> list[Span]:
        """Return the range of keys of every day; stored days are looked up in their footers."""
        spans = []
        for day in sorted({*self.days, *self.stored}):
            ranges = [self.form.span(day)] if day in self.days else []
            if day in self.stored:
                ranges.append(key_range(self.folder / self.stored[day], self.key))
            lows, highs, rows = zip(*ranges, strict=True)
            spans.append(Span(day, min(lows), max(highs), sum(rows), day in self.days))
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
        for age, source in ((1, self.days), (0, tuple(self.stored))):
            for day in source:
                if age:
                    staged = self.form.staged(day)
                    part = staged.take(np.flatnonzero(is_in(staged.keys, shared)))
                else:
                    stored = read_part(self.folder / self.stored[day], self.table)
                    part = stored.filter(pa.array(is_in(numbers_of(stored, self.key), shared)))
                rows.append(part)
                days += [day] * part.num_rows
                ages += [age] * part.num_rows
        together, day_of = plain_columns(pa.concat_tables(rows)), np.array(days)
        best = _best_rows(self.table, together, np.array(ages))
        self.counts.conflicting += together.num_rows - len(best)
        for day in np.unique(day_of[best]).tolist():
            self.winners[day] = take_rows(together, best[day_of[best] == day])
        return set(day_of.tolist())

    def merge_day(self, day: int) -> "tuple[DayRows, Ints | None, DayRows]":
        """Return rows of a day, the places of those not to be stored, and the rows that are superseded now.

        Instead of the places there is None where nothing changes.
        """
        import numpy as np

        parts: list[DayRows | pa.Table] = [self.winners[day]] if day in self.winners else []
        if day in self.days:
            staged = self.form.staged(day)
            parts.append(staged if self.shared is None else staged.some(np.flatnonzero(self._unshared(staged.keys))))
        fresh_rows = sum(map(len, parts))
        before = 0
        if day in self.stored:
            stored = read_part(self.folder / self.stored[day], self.table)
            if self.shared is not None:
                stored = stored.filter(self._unshared(numbers_of(stored, self.key)))
            before = stored.num_rows
            parts.append(stored)
        rows = self.form.join(parts)
        known = [wanted for wanted in (self.replaced, self.repeated.get(day)) if wanted is not None]
        at = np.flatnonzero(is_in(rows.keys, np.concatenate([*known, rows.keys[:0]])))
        is_dead = is_in(rows.keys[at], rows.keys[:0] if self.replaced is None else self.replaced)
        dead, lost, twins = at[is_dead], at[:0], 0
        if day in self.repeated:
            lost, twins = self._settle_repeated(rows, at[~is_dead], fresh_rows)
        gone, out = np.concatenate([dead, lost]), rows.some(dead)
        stays = len(rows) - len(gone) == before and fresh_rows - int((gone < fresh_rows).sum()) == twins
        return rows, None if stays and self.shared is None else gone, out

    def _unshared(self, keys: "Ints") -> Any:
        assert self.shared is not None
        return ~is_in(keys, self.shared)

    def _settle_repeated(self, rows: DayRows, at: "Ints", fresh_rows: int) -> "tuple[Ints, int]":
        """Return the positions of rows that go, and how many came that are stored already.

        Parameters
        ----------
        at : the positions of rows that share a key. fresh_rows : rows before this one are of this load.
        """
        import numpy as np

        at, copies = rows.copies(at)
        twins = int((copies >= fresh_rows).sum())
        self.counts.present += twins
        self.counts.repeated += len(copies) - twins
        stay = self._drop_conflicts(rows, at[~np.isin(at, copies, kind="table")], fresh_rows)
        return at[~np.isin(at, stay, kind="table")], twins

    def _drop_conflicts(self, rows: DayRows, keep: "Ints", fresh_rows: int) -> "Ints":
        """Return the positions that stay where rows with one key differ."""
        import numpy as np

        from posthouse.records.order_kernel import repeated_numbers

        keys = rows.keys[keep]
        repeated = repeated_numbers(keys)
        if not len(repeated):
            return keep
        doubtful = is_in(keys, repeated)
        at = keep[doubtful]
        best = at[_best_rows(self.table, rows.take(at), (at < fresh_rows).astype(np.int64))]
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
