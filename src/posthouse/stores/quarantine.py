"""The rows turned away and kept: added by loads, taken out when a person has mended them.

A row is known by a number made of its file, its place and its cells. What has been mended is remembered, so that
loading the faulty file once more does not bring its mended rows back.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posthouse.records.schema import get_table
from posthouse.records.turned_away import quarantine_schema
from posthouse.stores.manifest import Manifest
from posthouse.stores.parts import WHOLE, write_part

if TYPE_CHECKING:
    import pyarrow as pa


def add_rejected(
    folder: Path, manifest: Manifest, rejected: "Mapping[tuple[str, str], Sequence[pa.Table]]"
) -> Manifest:
    """Return the manifest with the rejected rows of every file; the same file loaded again leaves them once.

    Parameters
    ----------
    rejected : by table and source, in `quarantine_schema`.
    """
    import pyarrow as pa

    for (table, source), blocks in rejected.items():
        rows = _without(pa.concat_tables(blocks), mended_ids(folder, manifest, table))
        if rows.num_rows:
            parts = dict(manifest.quarantine.get(table, {}))
            file = write_part(folder, f"quarantine/{table}", Path(source).stem, rows)
            manifest = manifest.with_parts("quarantine", table, parts | {Path(file).name: file})
    return manifest


def take_out(folder: Path, manifest: Manifest, table: str, ids: Iterable[int]) -> Manifest:
    """Return the manifest without these rows of a table in quarantine; they are remembered as mended."""
    import pyarrow as pa

    out = set(ids)
    if not out:
        return manifest
    parts = {}
    for name, file in manifest.quarantine.get(table, {}).items():
        rows = _read(folder / file, table)
        left = _without(rows, out)
        if left.num_rows == rows.num_rows:
            parts[name] = file
        elif left.num_rows:
            written = write_part(folder, f"quarantine/{table}", name.rsplit(".", 2)[0], left)
            parts[Path(written).name] = written
    known = pa.table({"id": pa.array(sorted(out | mended_ids(folder, manifest, table)), pa.int64())})
    manifest = manifest.with_parts("quarantine", table, parts)
    return manifest.with_parts("mended", table, {WHOLE: write_part(folder, f"mended/{table}", WHOLE, known)})


def read_rejected(folder: Path, manifest: Manifest, table: str) -> "pa.Table":
    """Return the rows of a table in quarantine, in `quarantine_schema`, once for each of their faults."""
    import pyarrow as pa

    files = manifest.quarantine.get(table, {}).values()
    return pa.concat_tables(
        [quarantine_schema(get_table(table)).empty_table(), *(_read(folder / file, table) for file in files)]
    )


def mended_ids(folder: Path, manifest: Manifest, table: str) -> frozenset[int]:
    """Return the numbers of the rows of a table that have left quarantine mended."""
    from pyarrow import parquet

    files = manifest.mended.get(table, {}).values()
    columns = [parquet.read_table(folder / file).column("id").to_numpy() for file in files]
    return frozenset(number for column in columns for number in column.tolist())


def _read(path: Path, table: str) -> "pa.Table":
    """Return the rows of a file; columns that it was written without are null."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = parquet.read_table(path, partitioning=None)
    schema = quarantine_schema(get_table(table))
    columns = [
        rows.column(field.name).cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _without(rows: "pa.Table", ids: Iterable[int]) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    out = pa.array(sorted(ids), pa.int64())
    return rows.filter(pc.invert(pc.is_in(rows.column("id"), out))) if len(out) else rows
