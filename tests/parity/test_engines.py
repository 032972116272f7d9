"""Every measure on every engine: DuckDB and Spark give the same bits, whole and broken down."""

import os
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from posthouse.measures.catalogue import all_definitions
from posthouse.measures.forms import Tables
from posthouse.measures.measure import measure
from posthouse.measures.spark import spark_tables
from posthouse.records.schema import all_tables
from posthouse.vocabulary.periods import parse_period
from tests.measures.city import draw_city
from tests.measures.tables import arrow_rows, make_tables

pytestmark = pytest.mark.spark

JUNE = parse_period("2021-06")
TINY = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
"""Compiling a plan costs more than running it on a few hundred rows; none of these changes a result."""


def skip_without_spark() -> None:
    """Skip where pyspark or Java is missing; where all must run, a pyspark without Java is a failure."""
    pytest.importorskip("pyspark", reason="the spark extra is not installed")
    from shutil import which

    if which("java") or os.environ.get("JAVA_HOME"):
        return
    if os.environ.get("POSTHOUSE_REQUIRE_ALL") == "1":
        pytest.fail("pyspark is installed but there is no Java; install Java 17")
    pytest.skip("there is no Java; install Java 17")


@pytest.fixture(scope="module")
def rows() -> Mapping[str, pa.Table]:
    city = draw_city(7, parcels=150)
    return {name: arrow_rows(name, city.get(name, ())) for name in all_tables()}


@pytest.fixture(scope="module")
def on_spark(rows: Mapping[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Tables:
    skip_without_spark()
    folder: Path = tmp_path_factory.mktemp("parquet")
    files = {}
    for name, table in rows.items():
        if table.num_rows:
            files[name] = [folder / f"{name}.parquet"]
            pq.write_table(table, files[name][0])
    return spark_tables(files, "local[1]", TINY)


@pytest.fixture(scope="module")
def on_duckdb() -> Tables:
    return make_tables(**draw_city(7, parcels=150))


def test_every_measure_gives_the_same_bits_on_duckdb_and_spark(on_duckdb: Tables, on_spark: Tables) -> None:
    assert measure(None, on_spark, JUNE) == measure(None, on_duckdb, JUNE)


def test_every_breakdown_gives_the_same_bits_on_duckdb_and_spark(on_duckdb: Tables, on_spark: Tables) -> None:
    for definition in all_definitions():
        if definition.groups:
            on_both = [measure([definition.id], on, JUNE, by=definition.groups) for on in (on_spark, on_duckdb)]
            assert on_both[0] == on_both[1], definition.id
