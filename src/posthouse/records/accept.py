"""Which rows of a plain batch are good as they stand; the others go the exact way, which says what is wrong."""

from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import stored_schema, take_rows
from posthouse.records.check import clock_faults
from posthouse.records.event_days import days_of, order_by_day
from posthouse.records.headings import HeadingMatch
from posthouse.records.known_texts import KnownTexts
from posthouse.records.mapping import TableMapping
from posthouse.records.parse import DistinctTexts, ParsedColumn, check_values, parse_column, parse_distinct
from posthouse.records.plain_csv import Kind, PlainBatch, PlainCells
from posthouse.records.raw import RawBatch
from posthouse.records.schema import Column, Table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


def plain_kinds(table: Table, mapping: TableMapping) -> dict[str, Kind]:
    """Return how the columns of a table of events are read by `plain_csv`."""
    kinds: dict[str, Kind] = {}
    for column in table.columns:
        repeats = column.type in ("text", "bool", "date") and column.name not in table.key
        if repeats:
            kinds[column.name] = "code"
        elif column.type in ("int", "key", "time") and not mapping.values.get(column.name):
            kinds[column.name] = "time" if column.type == "time" else "number"
        else:
            kinds[column.name] = "text"
    return kinds


def accept_plain(
    table: Table, batch: PlainBatch, *, match: HeadingMatch, mapping: TableMapping, key: bytes
) -> "tuple[pa.Table, RawBatch]":
    """Return the rows that break no rule, in `stored_schema`, and the lines of the others."""
    import numpy as np
    import pyarrow as pa

    odd, rows = batch.odd, len(batch.rows)
    arrays = {}
    for column in table.columns:
        words = mapping.values.get(column.name, {})
        if column.name in match.positions:
            parsed = _parse_cells(batch, batch.cells[match.positions[column.name]], column, words, key)
        else:
            raw = pa.repeat(pa.scalar(mapping.constants.get(column.name), pa.string()), rows)
            parsed = parse_column(raw, column, key=key, words=words, coded=True)
        arrays[column.name] = parsed.values
        for _, mask in parsed.faults:
            odd |= mask
    if table.name == "scans":
        odd |= clock_faults(arrays)
    schema = stored_schema(table)
    good = pa.table([arrays[field.name].cast(field.type) for field in schema], schema=schema)
    if odd.any():
        good = _without(table, good, odd)
    return good, batch.read_lines(np.flatnonzero(odd))


def _without(table: Table, rows: "pa.Table", odd: "npt.NDArray[np.bool_]") -> "pa.Table":
    """Return the other rows, by day where the table has days: they are stored so, and are moved only once."""
    import numpy as np

    positions = np.flatnonzero(~odd)
    days = None if odd.all() else days_of(table, rows)
    if days is not None:
        positions = positions[order_by_day(days[positions])]
    return take_rows(rows, positions)


def _parse_cells(batch: PlainBatch, cells: PlainCells, column: Column, words: Any, key: bytes) -> ParsedColumn:
    import pyarrow as pa

    if cells.values is not None and cells.empty is not None:
        kind = pa.timestamp("us", tz="UTC") if column.type == "time" else pa.int64()
        values = pa.array(cells.values, mask=cells.empty if cells.empty.any() else None).cast(kind)
        return ParsedColumn(values=values, faults=check_values(values, column))
    if cells.known is not None and cells.codes is not None:
        return _take_codes(_distinct(cells.known, column, words, key), cells.codes, column)
    assert cells.begins is not None
    assert cells.ends is not None
    if column.type == "hash" and not words:
        from posthouse.records.hash_kernel import hash_column

        hashes, left = hash_column(cells.begins, cells.ends, batch.block, key)
        return ParsedColumn(values=pa.array(hashes), faults=(("left", left),))
    return parse_column(_texts(batch, cells), column, key=key, words=words, coded=True)


def _distinct(known: KnownTexts, column: Column, words: Any, key: bytes) -> DistinctTexts:
    """Return what the texts known by now mean, worked out again only where there are more than before."""
    if known.meaning is None or len(known.meaning.places) != known.count + 1:
        known.meaning = parse_distinct(known.texts(), column, key=key, words=words)
    return known.meaning


def _take_codes(distinct: DistinctTexts, codes: "npt.NDArray[np.int32]", column: Column) -> ParsedColumn:
    """Return the values of codes, text as codes; -1 is the last place."""
    import numpy as np
    import pyarrow as pa

    from posthouse.records import take_kernel

    places: Any = np.empty(len(codes), np.int32)
    valid: Any = np.empty((len(codes) + 7) // 8, np.uint8)
    lacking = take_kernel.spread_places(codes, distinct.places, places, valid)
    buffers = [pa.py_buffer(valid) if lacking else None, pa.py_buffer(places)]
    indices = pa.Array.from_buffers(pa.int32(), len(codes), buffers, lacking)
    values = pa.DictionaryArray.from_arrays(indices, distinct.values)
    faulty = (("faulty", distinct.faulty[codes]),) if distinct.faulty.any() else ()
    return ParsedColumn(values=values if column.type == "text" else values.dictionary_decode(), faults=faulty)


def _texts(batch: PlainBatch, cells: PlainCells) -> Any:
    """Return cells as an Arrow string array, null where empty.

    Raises
    ------
    UnicodeDecodeError : they are not UTF-8.
    """
    import numpy as np
    import pyarrow as pa

    from posthouse.records import code_kernel, csv_kernel

    begins: Any = cells.begins
    ends: Any = cells.ends
    if not code_kernel.are_utf8(begins, ends, batch.block):
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "not UTF-8")
    sizes = ends - begins
    offsets: Any = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=offsets[1:])
    data: Any = np.empty(int(offsets[-1]), np.uint8)
    csv_kernel.copy_texts(begins, ends, batch.block, offsets, data)
    texts = pa.StringArray.from_buffers(len(sizes), pa.py_buffer(offsets), pa.py_buffer(data))
    return texts if sizes.all() else _without_empty(texts, sizes == 0)


def _without_empty(texts: Any, empty: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(empty), pa.scalar(None, pa.string()), texts)
