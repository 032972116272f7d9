"""Scans to journeys, the reference: one row per parcel by min, or and max, in SQL that reads like the definition.

The result does not depend on the order of the scans. `fold_kernel` gives the same rows faster; this is what it is
held against.
"""

from typing import TYPE_CHECKING

from posthouse.records.arrow import arrow_schema
from posthouse.records.schema import get_table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

EPOCH_S = 1_577_808_000  # 2020-01-01 00:00 Asia/Shanghai, in seconds since 1970 UTC


def steps() -> tuple[str, ...]:
    """Return the steps in the order of their bits in `journeys.seen`."""
    return get_table("scans").column("step").values


def fold_journeys(connection: "duckdb.DuckDBPyConnection", scans: str) -> "pa.Table":
    """Return the journeys of all scans, sorted by waybill.

    Parameters
    ----------
    connection : where `scans` can be seen.
    scans : name of a table or view, or a query in brackets, with the columns of `scans`; event_id without repeats.
    """
    schema = arrow_schema(get_table("journeys"))
    folded: pa.Table = connection.sql(fold_sql(scans)).to_arrow_table().cast(schema)
    return folded


def fold_sql(scans: str) -> str:
    """Return the query that folds; columns as declared for `journeys`."""
    second = f"epoch_us(event_at) // 1000000 - {EPOCH_S}"
    seen = " + ".join(f"max(CASE WHEN step = '{step}' THEN {1 << bit} ELSE 0 END)" for bit, step in enumerate(steps()))
    firsts = ",\n    ".join(f"min(s) FILTER (step = '{step}') AS {step}_s" for step in steps())
    return f"""
SELECT
    waybill,
    min(brand) AS brand,
    CAST({seen} AS BIGINT) AS seen,
    count(*) AS scans,
    min(s) AS first_s,
    {firsts},
    max(village) FILTER (step IN ('village_arrived', 'delivered')) AS village,
    max(site) FILTER (step = 'outlet_arrived') AS outlet,
    max(how) FILTER (step = 'delivered') AS how
FROM (SELECT waybill, brand, step, village, site, how, {second} AS s FROM {scans})
GROUP BY waybill
ORDER BY waybill"""
