"""The rows of a plain file that are good as they stand, many blocks together; the others go the exact way.

Each block is judged while its bytes are at hand: of rows that break a rule, or are odd, the lines are kept, and read
again together by the exact reader, which says what is wrong.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from posthouse.records.arrow import stored_schema, take_rows
from posthouse.records.check import FIRST_EVENT_US
from posthouse.records.event_days import days_of, order_by_day
from posthouse.records.gather_cells import GatheredCells, gather_cells, micros_of
from posthouse.records.headings import HeadingMatch
from posthouse.records.mapping import TableMapping
from posthouse.records.packed import PackedBlock, packing_of
from posthouse.records.plain_csv import Kind, PlainBatch, read_cells
from posthouse.records.raw import RawBatch
from posthouse.records.schema import Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from posthouse.records.packed_reader import PackedReader

    Ints = npt.NDArray[np.int64]

ROWS = 1 << 17  # rows that are handed on together
ODD_BYTES = 1 << 22  # lines that are read exactly together: each time costs as much as hundreds of lines


def plain_kinds(table: Table, mapping: TableMapping) -> dict[str, Kind]:
    """Return how the columns of a table of events are read by `plain_csv`."""
    kinds: dict[str, Kind] = {}
    for column in table.columns:
        repeats = column.type in ("text", "bool", "date") and column.name not in table.key
        words = bool(mapping.values.get(column.name))
        if repeats:
            kinds[column.name] = "code"
        elif column.type in ("int", "key", "time") and not words:
            kinds[column.name] = "time" if column.type == "time" else "number"
        else:
            kinds[column.name] = "hash" if column.type == "hash" and not words else "text"
    return kinds


class PlainRows:
    """Rows of one file, collected block by block until they are taken."""

    def __init__(
        self,
        table: Table,
        first: PlainBatch,
        *,
        match: HeadingMatch,
        mapping: TableMapping,
        key: bytes,
        packed: bool = False,
    ) -> None:
        self._table = table
        self._exactly = first.exactly
        self._reader = _reader(table, first, match, mapping, key) if packed else None
        self._columns: dict[str, GatheredCells] = {}
        for column in table.columns if self._reader is None else ():
            at = match.positions.get(column.name)
            kind = None if at is None else first.kinds[at]
            self._columns[column.name] = gather_cells(column, at, kind, mapping, key)
        self._good = 0
        self._lines: list[bytes] = []
        self._line_bytes = 0
        self._numbers: list[npt.NDArray[np.int64]] = []

    def add(self, batch: PlainBatch) -> "Iterator[tuple[pa.Table | PackedBlock, RawBatch | None]]":
        """Take the rows of a block in; yield as `take_out` does where there is no room for them.

        Rows that are packed are yielded at once, valid until the next block, with None where no lines are due.
        """
        if self._reader is not None:
            block, at = self._reader.read(batch)
            self._keep_lines(batch, at)
            yield block, self._take_lines() if self._line_bytes >= ODD_BYTES else None
            return
        if self._good and self._good + len(batch) > ROWS:
            yield self.take_out(least=ODD_BYTES)
        at = self._judge(read_cells(batch))
        self._keep_lines(batch, at)
        for column in self._columns.values():
            column.keep(at, self._good, max(ROWS, len(batch)))
        self._good += len(batch) - len(at)

    def take_out(self, least: int = 0) -> "tuple[pa.Table, RawBatch]":
        """Return the rows that break no rule, in `stored_schema`, and the lines of the others.

        Parameters
        ----------
        least : lines of fewer bytes are left for later.
        """
        import numpy as np
        import pyarrow as pa

        schema = stored_schema(self._table)
        if self._reader is not None:
            return schema.empty_table(), self._take_lines()
        good = pa.table(
            [self._columns[field.name].take(self._good).cast(field.type) for field in schema], schema=schema
        )
        lines = self._take_lines() if self._line_bytes >= least else self._exactly(b"", np.empty(0, np.int64))
        self._good = 0
        # They are stored by day, and have to leave this place for the next rows anyhow.
        days = days_of(self._table, good)
        order = np.arange(len(good)) if days is None or not len(days) else order_by_day(days)
        return take_rows(good, order), lines

    def _judge(self, batch: PlainBatch) -> "Ints":
        """Return where the rows of a block are that are odd or break a rule."""
        import numpy as np

        odd = batch.odd
        for column in self._columns.values():
            column.judge(batch, odd)
        if self._table.name == "scans":
            event, recorded = (micros_of(self._columns[name]) for name in ("event_at", "recorded_at"))
            odd |= (event < FIRST_EVENT_US) | (recorded < event)
        return np.flatnonzero(odd)

    def _keep_lines(self, batch: PlainBatch, at: "Ints") -> None:
        if len(at):
            self._lines.append(batch.lines(at))
            self._line_bytes += len(self._lines[-1])
            self._numbers.append(batch.first_row + at)

    def _take_lines(self) -> RawBatch:
        import numpy as np

        numbers = np.concatenate([np.empty(0, np.int64), *self._numbers])
        lines, self._lines, self._numbers, self._line_bytes = self._lines, [], [], 0
        return self._exactly(b"".join(lines), numbers)


def _reader(
    table: Table, first: PlainBatch, match: HeadingMatch, mapping: TableMapping, key: bytes
) -> "PackedReader | None":
    """Return what reads rows that are packed; None where they are not, or a cell has to be read as a text."""
    packing = packing_of(table)
    if packing is None or any(first.kinds[at] == "text" for at in match.positions.values()):
        return None
    from posthouse.records.packed_reader import PackedReader

    reader = PackedReader(packing, first, match=match, mapping=mapping, key=key)
    return None if reader.lacks_any else reader
