"""What is kept of a row that was turned away: its cells as they stood in the file, so that a person can mend them.

Kept are only columns that we know; of a waybill number only its keyed hash (`hash:…`, which loads again as it is); a
mobile number in a free text is blotted out. Words that the mapping knows are kept translated, so that a mended row
loads without it. Of a line with too many or too few cells nothing is kept: which cell is which cannot be told.
"""

import json
from typing import TYPE_CHECKING, Any

from xxhash import xxh3_64_intdigest

from posthouse.records.arrow import rejected_schema
from posthouse.records.headings import HeadingMatch, match_headings
from posthouse.records.keys import HASHED
from posthouse.records.mapping import TableMapping
from posthouse.records.parse import parse_column
from posthouse.records.raw import RawBatch
from posthouse.records.schema import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

CELL = "cell_"
_MOBILE = r"(^|[^0-9])1[3-9][0-9]{9}($|[^0-9])"
_BLOTTED = r"\11**********\2"


def quarantine_schema(table: Table) -> "pa.Schema":
    """Return the schema of turned-away rows of a table: `rejected_schema`, a number, and every column as text.

    id : the same for the same row of the same file, however often it is loaded; rows with several faults stand several
    times. recipe : what the mapping adds to the row (`made_from`, `same`), in JSON; null where nothing.
    """
    import pyarrow as pa

    cells = [pa.field(CELL + column.name, pa.string()) for column in table.columns]
    return pa.schema([*rejected_schema(), pa.field("id", pa.int64()), pa.field("recipe", pa.string()), *cells])


def keep_cells(
    table: Table, mapping: TableMapping, headings: tuple[str, ...], batch: RawBatch, rejected: "pa.Table", *, key: bytes
) -> "pa.Table":
    """Return the rejected rows of a batch with their cells, in `quarantine_schema`.

    Parameters
    ----------
    headings : of the file; those that the mapping added come behind them. batch : as it was checked.
    rejected : in `arrow.rejected_schema`.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = quarantine_schema(table)
    if not rejected.num_rows:
        return schema.empty_table()
    numbers = rejected.column("row").to_numpy()
    at = np.searchsorted(batch.rows, numbers)
    near = np.minimum(at, max(len(batch.rows) - 1, 0))
    known = (batch.rows[near] == numbers) if len(batch.rows) else np.zeros(len(numbers), np.bool_)
    rows = pa.array(near, mask=~known)
    match = match_headings(table, mapping, headings)
    cells = [_cells(column, mapping, match, batch, rows, key=key) for column in table.columns]
    joined: Any = pc.binary_join_element_wise(
        rejected.column("file"),
        rejected.column("row").cast(pa.string()),
        *cells,
        pa.scalar("\x1f"),
        null_handling="replace",
        null_replacement="",
    )
    recipe = {
        "made_from": {name: list(parts) for name, parts in mapping.made_from.items() if _is_made(name, mapping, match)},
        "same": {name: other for name, other in mapping.same.items() if name not in match.positions},
    }
    made = json.dumps(recipe) if any(recipe.values()) else None
    columns: dict[str, Any] = {field.name: rejected.column(field.name) for field in rejected_schema()}
    columns["value"] = _blot(columns["value"])
    # No secret: a row's number only tells rows apart.
    ids = np.fromiter(map(xxh3_64_intdigest, joined.cast(pa.binary()).to_pylist()), np.uint64, len(joined))
    columns["id"] = pa.array(ids.view(np.int64))
    columns["recipe"] = pa.repeat(pa.scalar(made, pa.string()), rejected.num_rows)
    columns |= {CELL + column.name: cell for column, cell in zip(table.columns, cells, strict=True)}
    return pa.table(columns, schema=schema)


def _cells(
    column: Column, mapping: TableMapping, match: HeadingMatch, batch: RawBatch, rows: Any, *, key: bytes
) -> Any:
    """Return the cells of one column at some rows, as texts; null for null rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.name not in match.positions and column.name not in mapping.constants:
        return pa.nulls(len(rows), pa.string())
    if column.name not in match.positions:
        return pc.if_else(rows.is_valid(), mapping.constants[column.name], pa.scalar(None, pa.string()))
    raw = batch.columns[match.positions[column.name]]
    texts = raw.take(rows) if len(raw) else pa.nulls(len(rows), pa.string())
    texts = texts.cast(pa.string())
    if column.type == "hash":
        hashes = parse_column(texts, column, key=key, words={}, coded=False).values
        return pc.binary_join_element_wise(pa.scalar(HASHED), hashes.cast(pa.string()), "")
    if words := mapping.values.get(column.name):
        codes = texts.dictionary_encode()
        meant = [words.get(str(word), str(word)) for word in codes.dictionary.to_pylist()]
        texts = pa.array(meant, pa.string()).take(codes.indices)
    return _blot(texts) if column.type == "text" and not column.refers else texts


def _is_made(name: str, mapping: TableMapping, match: HeadingMatch) -> bool:
    return name not in match.positions or name in mapping.made_from[name]


def _blot(texts: Any) -> Any:
    """Return the texts with mobile numbers blotted out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    codes = whole.dictionary_encode()  # most texts repeat
    blotted: Any = pc.replace_substring_regex(codes.dictionary, pattern=_MOBILE, replacement=_BLOTTED)
    return whole if blotted.equals(codes.dictionary) else blotted.take(codes.indices)
