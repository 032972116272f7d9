"""Whether the numbers that rows refer to exist: an outlet's operator, a check's outlet, a scan's village.

Told after the merge and never a reason to turn a row away, because a register may be loaded after the events that
refer to it, and loading must not depend on that order.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from posthouse.records.schema import Column, Table, all_tables, get_table
from posthouse.stores.manifest import Manifest
from posthouse.stores.parts import quote_files
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import duckdb

_EXAMPLES = 5


def check_references(
    connection: "duckdb.DuckDBPyConnection", folder: Path, before: Manifest, after: Manifest
) -> Iterator[Finding]:
    """Yield one Finding per column with values that the table it refers to does not have.

    Looked at are the files that changed from one state to the other, and all files where the table referred to changed.
    A table referred to that holds nothing yet is not held against anyone.
    """
    for table in all_tables().values():
        for column in table.columns:
            if not column.refers:
                continue
            target = column.refers.split(".")[0]
            known = after.records.get(target, {})
            files = dict(after.records.get(table.name, {}))
            if known == before.records.get(target, {}):
                old = before.records.get(table.name, {})
                files = {part: file for part, file in files.items() if old.get(part) != file}
            if files and known:
                yield from _unknown_values(connection, folder, table, column, files=files, known=known)


def _unknown_values(
    connection: "duckdb.DuckDBPyConnection",
    folder: Path,
    table: Table,
    column: Column,
    *,
    files: Mapping[str, str],
    known: Mapping[str, str],
) -> Iterator[Finding]:
    target_name, target_column = column.refers.split(".")
    unknown = connection.execute(
        f"""SELECT value, n FROM (
            SELECT "{column.name}" AS value, count(*) AS n FROM read_parquet({quote_files(folder, files)})
            WHERE "{column.name}" IS NOT NULL GROUP BY ALL)
        WHERE value NOT IN (SELECT "{target_column}" FROM read_parquet({quote_files(folder, known)})) ORDER BY value"""
    ).fetchall()
    if not unknown:
        return
    target = get_table(target_name)
    values = [value for value, _ in unknown[:_EXAMPLES]]
    count = sum(n for _, n in unknown)
    yield Finding(
        code="records.reference",
        severity=Severity.WARNING,
        message=(
            f"{table.zh}有 {count} 行的“{column.zh}”在{target.zh}里没有：{'、'.join(values)}"
            f"{' 等' if len(unknown) > len(values) else ''}。请补登{target.zh}，或改正编号。"
        ),
        place=table.name,
        fields={
            "table": table.name,
            "column": column.name,
            "refers": column.refers,
            "count": count,
            "values": values,
        },
    )
