"""How the declared tables look as Arrow: the one place where a column type of the schema becomes an Arrow type.

Text of events and journeys is kept as dictionary codes while it is loaded and stored, because a month of scans names a
few thousand places in eighty million rows; readers outside see plain strings.
"""

from typing import TYPE_CHECKING, Any

from posthouse.records.schema import ColumnType, Table

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_schema(table: Table) -> "pa.Schema":
    """Return the Arrow schema that readers see: columns as declared, text as strings, times in UTC microseconds."""
    import pyarrow as pa

    return pa.schema([pa.field(column.name, _arrow_type(column.type)) for column in table.columns])


def stored_schema(table: Table) -> "pa.Schema":
    """Return the schema of rows on their way to the workspace: as `arrow_schema`, text as codes except in registers."""
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string()) if table.kind != "register" else pa.string()
    return pa.schema([pa.field(c.name, text if c.type == "text" else _arrow_type(c.type)) for c in table.columns])


def take_rows(rows: "pa.Table", positions: Any) -> "pa.Table":
    """Return the rows at these positions, an integer array of shape (n,)."""
    import pyarrow as pa

    return rows.take(pa.array(positions))


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
