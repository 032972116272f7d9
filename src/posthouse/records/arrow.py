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
    import pyarrow as pa

    if len(positions) < KERNEL_ROWS:
        return rows.take(pa.array(positions))
    columns = [
        _take(c.chunk(0), positions) if c.num_chunks == 1 and _is_flat(c.type) else c.take(pa.array(positions))
        for c in rows.columns
    ]
    return pa.table(columns, schema=rows.schema)


def _is_flat(kind: Any) -> bool:
    """Whether a column of this type is one buffer of numbers or codes."""
    import pyarrow as pa

    return (
        pa.types.is_int64(kind)
        or pa.types.is_timestamp(kind)
        or (pa.types.is_dictionary(kind) and pa.types.is_int32(kind.index_type))
    )


def _take(column: Any, positions: Any) -> Any:
    import numpy as np
    import pyarrow as pa

    from posthouse.records import take_kernel

    is_codes = pa.types.is_dictionary(column.type)
    array = column.indices if is_codes else column
    bits, data = array.buffers()
    kind = np.int32 if is_codes else np.int64
    out: Any = np.empty(len(positions), kind)
    take_kernel.take_values(np.frombuffer(data, kind)[array.offset : array.offset + len(array)], positions, out)
    valid: Any = None
    lacking = 0
    if bits is not None and array.null_count:
        valid = np.empty((len(positions) + 7) // 8, np.uint8)
        lacking = take_kernel.take_bits(np.frombuffer(bits, np.uint8), array.offset, positions, valid)
    buffers = [None if valid is None else pa.py_buffer(valid), pa.py_buffer(out)]
    if not is_codes:
        return pa.Array.from_buffers(column.type, len(positions), buffers, lacking)
    codes = pa.Array.from_buffers(pa.int32(), len(positions), buffers, lacking)
    return pa.DictionaryArray.from_arrays(codes, column.dictionary, safe=False)


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

    columns = []
    for column in rows.unify_dictionaries().columns:
        whole = column.combine_chunks()
        if isinstance(whole, pa.ChunkedArray):
            whole = whole.chunk(0) if whole.num_chunks else pa.array([], whole.type)
        columns.append(whole)
    return pa.table(columns, names=rows.column_names)


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
