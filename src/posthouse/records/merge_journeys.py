"""Journeys of the same parcels from several folds, merged: min, or, sum, max. Free of order, like the fold."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import stored_schema
from posthouse.records.schema import get_table

if TYPE_CHECKING:
    import pyarrow as pa

_SUMMED, _LEAST = ("scans",), ("brand",)


def merge_journeys(tables: "Sequence[pa.Table]") -> "pa.Table":
    """Return one row per waybill, sorted by waybill.

    Parameters
    ----------
    tables : journeys in `arrow.stored_schema`, folded from scans none of which is in two of them.
    """
    import numpy as np
    import pyarrow as pa

    table = get_table("journeys")
    schema = stored_schema(table)
    together = pa.concat_tables([schema.empty_table(), *tables]).unify_dictionaries()
    waybills = together.column("waybill").to_numpy()
    order = np.argsort(waybills, kind="stable")
    ordered = waybills[order]
    if not len(ordered):
        return together
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    columns = []
    for column in table.columns:
        values = together.column(column.name).combine_chunks()
        if column.name == "waybill":
            columns.append(pa.array(ordered[starts]))
        elif column.type == "text":
            columns.append(_merge_texts(values, order, starts, least=column.name in _LEAST))
        elif column.name == "seen":
            columns.append(pa.array(np.bitwise_or.reduceat(values.to_numpy()[order], starts)))
        elif column.name in _SUMMED:
            columns.append(pa.array(np.add.reduceat(values.to_numpy()[order], starts)))
        else:
            never = np.iinfo(np.int64).max
            first = np.minimum.reduceat(values.fill_null(never).to_numpy()[order], starts)
            columns.append(pa.array(first, mask=first == never))
    return pa.table(columns, schema=schema)


def _merge_texts(values: Any, order: Any, starts: Any, *, least: bool) -> Any:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    codes: Any = values.chunk(0) if isinstance(values, pa.ChunkedArray) else values
    dictionary = codes.dictionary.drop_null()
    texts = dictionary.take(pc.sort_indices(dictionary))
    ranks = pc.index_in(codes.dictionary, texts).fill_null(-1).to_numpy()
    ranked = np.append(ranks, np.int32(-1))[codes.indices.fill_null(len(ranks)).to_numpy()][order]
    merged: Any = (np.minimum if least else np.maximum).reduceat(ranked, starts)
    return pa.DictionaryArray.from_arrays(pa.array(merged, mask=merged < 0), texts)
