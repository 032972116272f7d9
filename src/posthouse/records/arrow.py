"""How the declared tables look as Arrow: the one place where a column type of the schema becomes an Arrow type.

Text of events and journeys is kept as dictionary codes while it is loaded and stored, because a month of scans names a
few thousand places in eighty million rows; readers outside see plain strings.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from posthouse.records.schema import ColumnType, Table

if TYPE_CHECKING:
    import pyarrow as pa

KERNEL_ROWS = 4096  # below this, loading the compiled kernels costs more than they save


def arrow_schema(table: Table) -> "pa.Schema":
    """Return the Arrow schema that readers see: columns as declared, text as strings, times in UTC microseconds."""
    import pyarrow as pa

    return pa.schema([pa.field(column.name, _arrow_type(column.type)) for column in table.columns])


@cache
def stored_schema(table: Table) -> "pa.Schema":
    """Return the schema of rows on their way to the workspace: as `arrow_schema`, text as codes except in registers."""
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string()) if table.kind != "register" else pa.string()
    return pa.schema([pa.field(c.name, text if c.type == "text" else _arrow_type(c.type)) for c in table.columns])


def take_rows(rows: "pa.Table", positions: Any) -> "pa.Table":
    """Return the rows at these positions, an integer array of shape (n,)."""
    import numpy as np
    import pyarrow as pa

    if len(positions) < KERNEL_ROWS:
        return rows.take(pa.array(positions))
    # Room for all columns at once: the system hands out much memory in fewer and larger pages.
    ends = np.cumsum([0, *(_room_for(column, len(positions)) for column in rows.columns)])
    room = np.empty(ends[-1], np.uint8)
    columns = [
        take_flat(c.chunk(0), positions, room[ends[at] : ends[at + 1]])
        if c.num_chunks == 1
        else c.take(pa.array(positions))
        for at, c in enumerate(rows.columns)
    ]
    return pa.table(columns, schema=rows.schema)


def take_flat(column: Any, positions: Any, room: Any = None) -> Any:
    """Return the values of an array at these positions; many of them without the checks of a general library."""
    import numpy as np
    import pyarrow as pa

    count = len(positions)
    if count < KERNEL_ROWS or not _is_flat(column.type):
        return column.take(pa.array(positions))
    from posthouse.records import take_kernel

    room = np.empty(_room_for(column, count), np.uint8) if room is None else room
    is_codes = pa.types.is_dictionary(column.type)
    array = column.indices if is_codes else column
    bits, data = array.buffers()
    kind: Any = np.int32 if is_codes else np.int64
    out = room[: count * kind().itemsize].view(kind)
    take_kernel.take_values(np.frombuffer(data, kind)[array.offset : array.offset + len(array)], positions, out)
    valid = None
    lacking = 0
    if bits is not None and array.null_count:
        valid = room[-_bits_for(count) :][: (count + 7) // 8]
        lacking = take_kernel.take_bits(np.frombuffer(bits, np.uint8), array.offset, positions, valid)
    buffers = [None if valid is None else pa.py_buffer(valid), pa.py_buffer(out)]
    if not is_codes:
        return pa.Array.from_buffers(column.type, count, buffers, lacking)
    codes = pa.Array.from_buffers(pa.int32(), count, buffers, lacking)
    return pa.DictionaryArray.from_arrays(codes, column.dictionary, safe=False)


def _room_for(column: Any, count: int) -> int:
    """Return the bytes that `take_flat` needs for so many values of a column, whole words of eight bytes."""
    import pyarrow as pa

    if not _is_flat(column.type):
        return 0
    values = 4 * (count + count % 2) if pa.types.is_dictionary(column.type) else 8 * count
    return values + (_bits_for(count) if column.null_count else 0)


def _bits_for(count: int) -> int:
    return (count + 63) // 64 * 8


def _is_flat(kind: Any) -> bool:
    """Whether a column of this type is one buffer of numbers or codes."""
    import pyarrow as pa

    return (
        pa.types.is_int64(kind)
        or pa.types.is_timestamp(kind)
        or (pa.types.is_dictionary(kind) and pa.types.is_int32(kind.index_type))
    )


def empty_rows(table: Table) -> "pa.Table":
    """Return the table without rows, as readers see it."""
    return arrow_schema(table).empty_table()


def rejected_schema() -> "pa.Schema":
    """Return the schema of rows turned away: which file and row, by which rule, in which column, with which value."""
    import pyarrow as pa

    texts = ("file", "row", "rule", "column", "value")
    return pa.schema([pa.field(name, pa.int64() if name == "row" else pa.string()) for name in texts])


def plain_columns(rows: "pa.Table") -> "pa.Table":
    """Return the rows with every column in one chunk, codes of all chunks made one."""
    import pyarrow as pa

    return pa.table([_plain(column) for column in rows.columns], names=rows.column_names)


def _plain(column: Any) -> Any:
    import pyarrow as pa

    if column.num_chunks == 1:
        return column.chunk(0)
    if pa.types.is_dictionary(column.type) and column.num_chunks:
        texts = column.chunk(0).dictionary
        if all(is_same_memory(texts, chunk.dictionary) for chunk in column.chunks[1:]):
            codes = pa.concat_arrays([chunk.indices for chunk in column.chunks])
            return pa.DictionaryArray.from_arrays(codes, texts, safe=False)
        column = column.unify_dictionaries()
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], whole.type)
    return whole


def is_same_memory(left: Any, right: Any) -> bool:
    """Whether two arrays are one in memory, so that comparing their values would be a waste."""
    if len(left) != len(right) or left.offset != right.offset:
        return False
    places = ([None if buffer is None else buffer.address for buffer in array.buffers()] for array in (left, right))
    return next(places) == next(places)


def _arrow_type(kind: ColumnType) -> Any:
    import pyarrow as pa

    match kind:
        case "text":
            return pa.string()
        case "real":
            return pa.float64()
        case "bool":
            return pa.bool_()
        case "date":
            return pa.date32()
        case "time":
            return pa.timestamp("us", tz="UTC")
        case "int" | "hash" | "key":
            return pa.int64()


def join_texts(known: Any, more: Any) -> tuple[Any, Any]:
    """Return distinct values with the new ones of another array behind them, and the places of all of its values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    both = pa.concat_arrays([known, more.filter(pc.invert(pc.is_in(more, known)))])
    return both, pc.index_in(more, both)
