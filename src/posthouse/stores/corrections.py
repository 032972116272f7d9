"""Which scans are superseded: named in another scan's `corrects`, overtaken by a later correction, or retracted.

A retraction says that an event was an error without giving another in its place (the `errorDeclaration` of EPCIS).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records.schema import Table, get_table
from posthouse.stores.day_rows import Form
from posthouse.stores.parts import read_part
from posthouse.stores.staging import stored_part

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

RETRACTIONS = "retractions"
_COLUMNS = ["event_id", "corrects", "recorded_at"]


def replaced_events(
    folder: Path,
    table: Table,
    stored: Sequence[str],
    superseded: Sequence[str],
    staged: Form,
    *,
    retracted: Sequence[str] = (),
    is_retracting: bool = False,
) -> "tuple[Ints | None, Ints | None]":
    """Return the event_ids superseded by any row ever seen, and those of them that this load adds.

    Parameters
    ----------
    table : None is returned for tables without corrections.
    stored, superseded : files of scans, relative to the workspace. staged : the rows that come with this load.
    retracted : files of retractions, those of this load among them. is_retracting : whether this load has any.
    """
    import numpy as np
    import pyarrow as pa

    if not any(column.name == "corrects" for column in table.columns):
        return None, None
    before = [
        rows for file in (*stored, *superseded) if (rows := _stored_corrections(folder / file, table)) is not None
    ]
    now = staged.having("corrects").select(_COLUMNS)
    empty = stored_part(table, _COLUMNS)
    known = _superseded(pa.concat_tables([empty, *before]))
    every = _superseded(pa.concat_tables([empty, *before, now]))
    void = [read_part(folder / file, get_table(RETRACTIONS), ["event_id"]) for file in retracted]
    every = np.unique(np.concatenate([every, *(part.column("event_id").to_numpy() for part in void)]))
    if is_retracting:
        return every, every
    return every, np.setdiff1d(every, known, assume_unique=True)


def _stored_corrections(path: Path, table: Table) -> "pa.Table | None":
    """Return the corrections in a file; None, without reading rows, where its footer says there are none."""
    from pyarrow import parquet

    footer = parquet.read_metadata(path)
    at = footer.schema.names.index("corrects")
    for group in range(footer.num_row_groups):
        statistics: Any = footer.row_group(group).column(at).statistics
        if statistics is None or statistics.num_values:
            return _corrections(read_part(path, table, _COLUMNS))
    return None


def _corrections(rows: "pa.Table") -> "pa.Table":
    return (
        rows.filter(rows.column("corrects").is_valid())
        if rows.column("corrects").null_count < rows.num_rows
        else rows.slice(0, 0)
    )


def _superseded(corrections: "pa.Table") -> "Ints":
    import numpy as np
    import pyarrow as pa

    event, target = (corrections.column(name).to_numpy() for name in ("event_id", "corrects"))
    recorded = corrections.column("recorded_at").cast(pa.int64()).to_numpy()
    real = event != target  # a row that names itself corrects nothing
    event, target, recorded = event[real], target[real], recorded[real]
    order = np.lexsort((event, recorded, target))
    event, target = event[order], target[order]
    overtaken = event[:-1][(target[:-1] == target[1:]) & (event[:-1] != event[1:])]
    return np.unique(np.concatenate([target, overtaken]))
