"""Parts of tables as Parquet files that are named by their content and never changed.

A part is a day of events, or a whole table. The same rows give the same bytes, however they came together.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xxhash

from posthouse.records.arrow import stored_schema
from posthouse.records.schema import Table
from posthouse.stores.canonical import Canonical

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

WHOLE = "all"
UNDATED = "undated"
_EPOCH = date(1970, 1, 1)
_ROW_GROUP = 1 << 17
_BATCH_ROWS = 1 << 16
_AT_ONCE = 1024  # pieces that the system takes at once


def part_of_day(table: Table, day: int) -> str:
    """Return the name of the part of a day counted since 1970; `undated` for -1, `all` where the table has no days.

    >>> from posthouse.records.schema import get_table
    >>> part_of_day(get_table("scans"), 18783), part_of_day(get_table("outlets"), -1)
    ('2021-06-05', 'all')
    """
    if table.day is None:
        return WHOLE
    return UNDATED if day < 0 else (_EPOCH + timedelta(days=day)).isoformat()


def day_of_part(part: str) -> int:
    """Return the day of a part, counted since 1970; -1 for `undated` and `all`."""
    return -1 if part in (WHOLE, UNDATED) else (date.fromisoformat(part) - _EPOCH).days


def write_part(folder: Path, place: str, part: str, rows: "pa.Table", order: "Ints | None" = None) -> str:
    """Write the rows of a part and return the file's path relative to the workspace.

    Parameters
    ----------
    folder : the workspace. place : folder within it. order : which rows, and in what order; None for all as they stand.
    """
    return write_content(folder, place, part, encode_rows(Canonical().rows(rows, order)))


def write_content(folder: Path, place: str, part: str, pieces: Sequence[Any]) -> str:
    """Write the pieces of a part's file as `write_part` does."""
    digest = xxhash.xxh3_64()
    for piece in pieces:
        digest.update(piece)
    name = f"{place}/{part}.{digest.hexdigest()}.parquet"
    target = folder / place
    target.mkdir(parents=True, exist_ok=True)
    draft = target / f".{part}.{os.getpid()}.draft"
    with draft.open("wb", buffering=0) as file:
        for start in range(0, len(pieces), _AT_ONCE):
            _write(file.fileno(), pieces[start : start + _AT_ONCE])
        os.fsync(file.fileno())
    draft.rename(folder / name)
    return name


def _write(file: int, pieces: Sequence[Any]) -> None:
    """Write pieces one behind the other, without copying them together as long as the disk takes them."""
    written = os.writev(file, pieces)
    if written < sum(map(len, pieces)):
        rest = b"".join(pieces)[written:]
        while rest:
            rest = rest[os.write(file, rest) :]


def encode_rows(rows: "pa.Table") -> list[Any]:
    """Return rows that are `Canonical` as the pieces of a Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet

    texts: Any = [f.name for f in rows.schema if pa.types.is_dictionary(f.type)]
    numbers = [f.name for f in rows.schema if pa.types.is_int64(f.type) or pa.types.is_timestamp(f.type)]
    out = pa.BufferOutputStream()
    parquet.write_table(
        rows,
        out,
        row_group_size=_ROW_GROUP,
        compression="lz4",
        use_dictionary=texts,
        # Files are chosen by these; in text columns they would cost a third of the writing and choose nothing.
        write_statistics=numbers,
        write_batch_size=_BATCH_ROWS,
        # Differences of neighbouring numbers and times are small; what is not sorted loses nothing by it.
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
        store_schema=False,
    )
    return [memoryview(out.getvalue())]


def read_part(path: Path, table: Table, columns: list[str] | None = None) -> "pa.Table":
    """Return the rows of one file in `stored_schema`, some columns or all."""
    from pyarrow import parquet

    schema = stored_schema(table)
    names = columns or schema.names
    texts = [column.name for column in table.columns if column.type == "text" and column.name in names]
    codes = texts if table.kind != "register" else []
    with parquet.ParquetFile(path, read_dictionary=codes) as file:
        rows = file.read(names, use_threads=False)
    return rows.cast(_subset(schema, names))


def stream_part(path: Path, table: Table, columns: Sequence[str]) -> "Iterator[pa.Table]":
    """Yield columns of a file of events, row group by row group, texts as dictionary codes."""
    from pyarrow import parquet

    texts = [column.name for column in table.columns if column.type == "text" and column.name in columns]
    with parquet.ParquetFile(path, read_dictionary=texts) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, list(columns), use_threads=False)


def key_range(path: Path, column: str) -> tuple[int, int, int]:
    """Return the least and greatest value of an integer column without nulls, and the rows, from the file's footer."""
    from pyarrow import parquet

    footer = parquet.read_metadata(path)
    at = footer.schema.names.index(column)
    groups: list[Any] = [footer.row_group(group).column(at).statistics for group in range(footer.num_row_groups)]
    return min(group.min for group in groups), max(group.max for group in groups), footer.num_rows


def quote_files(folder: Path, parts: Mapping[str, str]) -> str:
    """Return the SQL list of a table's files, for `read_parquet`."""
    return "[" + ", ".join("'" + str(folder / file).replace("'", "''") + "'" for file in parts.values()) + "]"


def _subset(schema: Any, names: list[str]) -> Any:
    import pyarrow as pa

    return pa.schema([schema.field(name) for name in names])
