"""Loaded rows on their way into the workspace, by table and day, in memory until they are too many, then in files."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import take_rows
from posthouse.records.event_days import NO_DAY, days_of, order_by_day
from posthouse.records.packed import PackedBlock, pack, packing_of
from posthouse.records.schema import Table, get_table
from posthouse.stores.shared_texts import SharedTexts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from posthouse.stores.packed_staging import PackedDays

MEMORY_BYTES = 1 << 30


class Staging:
    """Rows by table and day. Days count from 1970 in Shanghai; NO_DAY for rows and tables without one."""

    def __init__(self, folder: Path, memory_bytes: int | None = None) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes or MEMORY_BYTES
        self._held_bytes = 0
        self._spilled = 0
        self._pieces: dict[str, dict[int, list[tuple[str, pa.Table | Path]]]] = {}
        self._texts: dict[tuple[str, str], SharedTexts] = {}
        self._packed: dict[str, PackedDays] = {}

    def add(self, table: Table, rows: "pa.Table | PackedBlock", source: str = "") -> None:
        """Take rows of a table, in `stored_schema` or packed; `source` is where they come from."""
        import pyarrow as pa

        if packing := packing_of(table):
            packed = self.packed(table)
            for block in [rows] if isinstance(rows, PackedBlock) else (pack(packing, some) for some in _batches(rows)):
                packed.add(block, source)
            return
        assert isinstance(rows, pa.Table), "rows of this table are not packed"
        pieces = self._pieces.setdefault(table.name, {})
        for batch in _batches(rows):
            for day, part in split_days(table, self._share_texts(table, batch)):
                pieces.setdefault(day, []).append((source, part))
                self._held_bytes += part.nbytes
        if self._held_bytes > self._memory_bytes:
            self._spill()

    def drop(self, source: str) -> None:
        """Forget all rows of a source."""
        for days in self._pieces.values():
            for day, pieces in list(days.items()):
                days[day] = [piece for piece in pieces if piece[0] != source]
                if not days[day]:
                    del days[day]
        for packed in self._packed.values():
            packed.drop(source)

    def tables(self) -> tuple[str, ...]:
        """Return the tables that were added, with or without rows."""
        return tuple(sorted((*self._pieces, *self._packed)))

    def days(self, table: str) -> tuple[int, ...]:
        """Return the days of which there are rows."""
        return self._packed[table].days() if table in self._packed else tuple(sorted(self._pieces[table]))

    def packed(self, table: Table) -> "PackedDays":
        """Return the rows of a table that are packed; none where none came."""
        from posthouse.stores.packed_staging import PackedDays

        packing = packing_of(table)
        assert packing, "rows of this table are not packed"
        if table.name not in self._packed:
            self._packed[table.name] = PackedDays(self._folder, packing, self._memory_bytes)
        return self._packed[table.name]

    def read(self, table: str, day: int, columns: list[str] | None = None) -> "pa.Table":
        """Return the rows of a day as they came, some columns or all."""
        import pyarrow as pa

        parts = [_read(piece, columns) for _, piece in self._pieces[table].get(day, [])]
        if not parts:
            return stored_part(get_table(table), columns)
        schema = parts[0].schema
        arrays = [
            self._texts[table, field.name].spell(column) if pa.types.is_dictionary(field.type) else column
            for field, column in zip(schema, pa.concat_tables(parts).columns, strict=True)
        ]
        return pa.table(arrays, schema=schema)

    def _share_texts(self, table: Table, rows: "pa.Table") -> "pa.Table":
        """Return rows, one chunk a column, with codes of the texts that all rows of the table share."""
        import pyarrow as pa

        columns: list[Any] = []
        for name, column in zip(rows.column_names, rows.columns, strict=True):
            if pa.types.is_dictionary(column.type) and column.num_chunks:
                shared = self._texts.setdefault((table.name, name), SharedTexts())
                columns.append(shared.share(column.chunk(0)))
            else:
                columns.append(column)
        return pa.table(columns, schema=rows.schema)

    def _spill(self) -> None:
        import pyarrow as pa

        self._folder.mkdir(parents=True, exist_ok=True)
        for table, days in self._pieces.items():
            for day, pieces in days.items():
                held: dict[str, list[pa.Table]] = {}
                for source, piece in pieces:
                    if not isinstance(piece, Path):
                        held.setdefault(source, []).append(piece)
                days[day] = [piece for piece in pieces if isinstance(piece[1], Path)]
                for source, tables in held.items():
                    path = self._folder / f"{table}.{day}.{self._spilled}.arrow"
                    rows = pa.concat_tables(tables).unify_dictionaries()
                    with pa.ipc.new_file(str(path), rows.schema) as file:
                        file.write_table(rows)
                    self._spilled += 1
                    days[day].append((source, path))
        self._held_bytes = 0


def _batches(rows: "pa.Table") -> "Iterator[pa.Table]":
    """Yield rows with one chunk a column."""
    import pyarrow as pa

    for batch in rows.to_batches():
        yield pa.Table.from_batches([batch])


def split_days(table: Table, rows: "pa.Table") -> "Iterator[tuple[int, pa.Table]]":
    """Yield (day, rows of that day), each day once, rows of a day in their order."""
    days = days_of(table, rows)
    if days is not None:
        yield from split_numbered(rows, days)
    elif rows.num_rows:
        yield NO_DAY, rows


def split_numbered(rows: "pa.Table", days: "npt.NDArray[np.signedinteger]") -> "Iterator[tuple[int, pa.Table]]":
    """Yield (day, its rows in their order), each day once, for rows whose days are given, shape (n,)."""
    import numpy as np

    if not rows.num_rows:
        return
    changes = np.flatnonzero(np.diff(days))
    if len(changes) and np.any(days[changes] > days[changes + 1]):
        order = order_by_day(days)
        rows, days = take_rows(rows, order), days[order]
        changes = np.flatnonzero(np.diff(days))
    edges = [0, *(changes + 1).tolist(), len(days)]
    for start, end in pairwise(edges):
        yield int(days[start]), rows.slice(start, end - start)


def stored_part(table: Table, columns: list[str] | None) -> "pa.Table":
    """Return no rows, of some columns or all, in `stored_schema`."""
    from posthouse.records.arrow import stored_schema

    empty = stored_schema(table).empty_table()
    return empty if columns is None else empty.select(columns)


def _read(piece: "pa.Table | Path", columns: list[str] | None) -> "pa.Table":
    import pyarrow as pa

    if isinstance(piece, Path):
        piece = pa.ipc.open_file(pa.memory_map(str(piece))).read_all()
    return piece if columns is None else piece.select(columns)
