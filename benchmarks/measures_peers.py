"""What `measures.py` is held against: the four questions on the long table of events, in plain DuckDB and in Polars."""

from pathlib import Path

from measures_data import list_files

_TIMES = """SELECT waybill, min(brand) AS brand,
  min(event_at) FILTER (step = 'accepted') AS accepted, min(event_at) FILTER (step = 'delivered') AS delivered,
  max(how) FILTER (step = 'delivered') AS how FROM scans GROUP BY waybill"""
QUESTIONS = {
    "door to door": f"""SELECT origin, destination, count(*), avg(epoch(delivered - accepted))
        FROM ({_TIMES}) JOIN parcels USING (waybill) GROUP BY ALL""",
    "visits": """SELECT village, brand, event_at::DATE, count(*) FROM scans
        WHERE village IS NOT NULL AND step IN ('village_arrived', 'delivered') GROUP BY ALL""",
    "locker share": f"""SELECT destination, brand, count(*) FILTER (how = 'locker'), count(how)
        FROM ({_TIMES}) JOIN (SELECT waybill, destination FROM parcels) USING (waybill) GROUP BY ALL""",
    "conformance": """SELECT brand, outlet, count(*) FILTER (swapped), count(*) FROM (
        SELECT waybill, min(brand) AS brand, max(site) FILTER (step = 'outlet_arrived') AS outlet,
          min(event_at) FILTER (step = 'outlet_arrived') < min(event_at) FILTER (step = 'destination_departed')
          OR min(event_at) FILTER (step = 'delivered') < min(event_at) FILTER (step = 'out_for_delivery') AS swapped
        FROM scans GROUP BY waybill) GROUP BY ALL""",
}
"""The four questions on the long table of events, as one writes them in SQL without journeys."""


def duckdb_on_events(workspace: Path) -> int:
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        connection.execute("SET memory_limit = '8GB'")
        for name in ("scans", "parcels"):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({list_files(workspace, name)})")
        # Summed inside: neither side pays for handing out rows.
        return sum(connection.execute(f"SELECT count(*) FROM ({query})").fetchone()[0] for query in QUESTIONS.values())  # type: ignore[index]


def polars_on_events(workspace: Path) -> int:
    import polars as pl

    scans, parcels = (pl.scan_parquet(list_files(workspace, name)) for name in ("scans", "parcels"))

    def first(step: str) -> pl.Expr:
        return pl.col("event_at").filter(pl.col("step") == step).min()

    how = pl.col("how").filter(pl.col("step") == "delivered").max()
    ends = scans.group_by("waybill").agg(pl.col("brand").min(), a=first("accepted"), d=first("delivered"), how=how)
    joined = ends.join(parcels.select("waybill", "origin", "destination"), on="waybill")
    outlet = pl.col("site").filter(pl.col("step") == "outlet_arrived").max()
    early = first("outlet_arrived") < first("destination_departed")
    swapped = early | (first("delivered") < first("out_for_delivery"))
    checked = scans.group_by("waybill").agg(pl.col("brand").min(), outlet=outlet, swapped=swapped)
    visited = scans.filter(pl.col("village").is_not_null(), pl.col("step").is_in(["village_arrived", "delivered"]))
    day = pl.col("event_at").dt.convert_time_zone("Asia/Shanghai").dt.date()
    queries = [
        joined.group_by("origin", "destination").agg((pl.col("d") - pl.col("a")).mean(), n=pl.len()),
        visited.group_by("village", "brand", day).agg(n=pl.len()),
        joined.group_by("destination", "brand").agg((pl.col("how") == "locker").sum(), n=pl.col("how").count()),
        checked.group_by("brand", "outlet").agg(pl.col("swapped").sum(), n=pl.len()),
    ]
    return sum(query.collect(engine="streaming").height for query in queries)
