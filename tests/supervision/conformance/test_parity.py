"""Conformance on DuckDB and Spark: the same rows, examples included."""

import pyarrow.parquet as pq
import pytest

from posthouse.measures.spark import spark_tables
from posthouse.records.schema import all_tables
from posthouse.supervision.conformance.check import check_conformance
from posthouse.vocabulary.periods import parse_period
from tests.measures.tables import arrow_rows, make_tables
from tests.parity.test_engines import TINY, skip_without_spark
from tests.supervision.conformance.builders import CITY_TABLES, NEAR, OTHER_CITY, journey, parcel


@pytest.mark.spark
def test_both_engines_give_the_same_rows(tmp_path):
    skip_without_spark()
    journeys = [
        *(journey(n - 20) for n in range(15)),
        *(journey(n, out_for_delivery=None, delivered=70 * 3600 + n) for n in range(1, 9)),
        journey(30, outlet_arrived=None, outlet=None, village_arrived=None, village=None),
        journey(31, outlet_arrived=1),
        journey(32, destination_arrived=10 * 3600 + 5),
        journey(33, delivered=None, how=None),
        journey(34, accepted=70 * 3600 - 60),
    ]
    origins = {32: OTHER_CITY}
    parcels = [parcel(row["waybill"], origin=origins.get(row["waybill"], NEAR)) for row in journeys]
    rows = {**CITY_TABLES, "journeys": journeys, "parcels": parcels}
    files = {}
    for name in all_tables():
        if name in rows:
            files[name] = [tmp_path / f"{name}.parquet"]
            pq.write_table(arrow_rows(name, rows[name]), files[name][0])
    june = parse_period("2021-06")
    on_duckdb = check_conformance(make_tables(**rows), june)
    assert len({row.kind for row in on_duckdb}) == 7
    assert check_conformance(spark_tables(files, "local[1]", TINY), june) == on_duckdb
