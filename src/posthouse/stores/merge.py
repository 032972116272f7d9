"""How rows of registers and of the smaller event tables join the stored ones.

A row of this load replaces a row of the same key from earlier loads; within one load, of several different rows with
one key, the least by its columns stays, whatever the order of files and rows. Rows that a load does not mention stay:
what has ended gets a `valid_to`. A register row is known by its key and valid_from, so that its history stays.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from posthouse.records.schema import Table
from posthouse.stores.counts import MergeCounts
from posthouse.stores.manifest import Manifest
from posthouse.stores.parts import part_of_day, read_part, write_part
from posthouse.stores.staging import Staging, split_days, stored_part

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def merge_small(
    connection: "duckdb.DuckDBPyConnection", folder: Path, manifest: Manifest, table: Table, staging: Staging
) -> tuple[Manifest, MergeCounts]:
    """Return the manifest with the staged rows merged in, and what happened; nothing is published yet.

    Parameters
    ----------
    connection : to compute with; nothing of it is kept.
    """
    import pyarrow as pa

    stored = manifest.records.get(table.name, {})
    before = pa.concat_tables(
        [stored_part(table, None), *(read_part(folder / file, table) for file in stored.values())]
    )
    staged = pa.concat_tables(
        [stored_part(table, None), *(staging.read(table.name, day) for day in staging.days(table.name))]
    )
    rows, counts = merge_rows(connection, table, before, staged)
    parts = {
        part: write_part(folder, f"records/{table.name}", part, of_day)
        for day, of_day in split_days(table, rows)
        if (part := part_of_day(table, day))
    }
    return manifest.with_parts("records", table.name, parts), counts


def merge_rows(
    connection: "duckdb.DuckDBPyConnection", table: Table, stored: "pa.Table", staged: "pa.Table"
) -> "tuple[pa.Table, MergeCounts]":
    """Return the rows that stay, sorted by key, and what happened to the others.

    Parameters
    ----------
    stored, staged : rows in `stored_schema`.
    """
    from posthouse.records.arrow import stored_schema

    names = ", ".join(f'"{column.name}"' for column in table.columns)
    key_names = (*table.key, "valid_from") if table.kind == "register" else table.key
    keys = ", ".join(f'"{name}"' for name in key_names)
    others = "".join(f', "{c.name}" NULLS FIRST' for c in table.columns if c.name not in key_names)
    connection.register("stored_rows", stored)
    connection.register("staged_rows", staged)
    # present : the row is stored already, and came again. A load never holds a stored row twice.
    ranked = f"""
        SELECT *, row_number() OVER (PARTITION BY {keys} ORDER BY _age DESC{others}) AS _rank,
            max(_age) OVER (PARTITION BY {keys}) AS _newest
        FROM (
            SELECT {names}, max(_age) AS _age, sum(_age) AS _came, sum(1 - _age) AS _stood
            FROM (SELECT {names}, 0 AS _age FROM stored_rows UNION ALL SELECT {names}, 1 AS _age FROM staged_rows)
            GROUP BY {names})"""
    order = ", ".join(f'"{name}" NULLS FIRST' for name in key_names)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ranked AS {ranked}")
    repeated, present, updated, conflicting = connection.execute(
        """SELECT coalesce(sum(_came - 1) FILTER (_came > 0), 0), count(*) FILTER (_came > 0 AND _stood > 0),
            count(*) FILTER (_rank > 1 AND _age < _newest), count(*) FILTER (_rank > 1 AND _age = _newest)
        FROM ranked"""
    ).fetchall()[0]
    rows = connection.sql(f"SELECT {names} FROM ranked WHERE _rank = 1 ORDER BY {order}").to_arrow_table()
    connection.unregister("stored_rows")
    connection.unregister("staged_rows")
    counts = MergeCounts(
        repeated=int(repeated), present=int(present), updated=int(updated), conflicting=int(conflicting)
    )
    return rows.cast(stored_schema(table)), counts
