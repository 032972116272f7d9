"""Every measure on every engine: DuckDB and Spark give the same bits, whole and broken down."""

import json
import os
import subprocess
import sys
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
from posthouse.stores.workspace import create_workspace
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


def test_every_measure_has_a_value_in_the_city_that_the_engines_are_compared_on(on_duckdb: Tables) -> None:
    assert [figure.measure for figure in measure(None, on_duckdb, JUNE) if figure.value is None] == []


def test_every_measure_gives_the_same_bits_on_duckdb_and_spark(on_duckdb: Tables, on_spark: Tables) -> None:
    assert measure(None, on_spark, JUNE) == measure(None, on_duckdb, JUNE)


def test_every_breakdown_gives_the_same_bits_on_duckdb_and_spark(on_duckdb: Tables, on_spark: Tables) -> None:
    for definition in all_definitions():
        if definition.groups:
            on_both = [measure([definition.id], on, JUNE, by=definition.groups) for on in (on_spark, on_duckdb)]
            assert on_both[0] == on_both[1], definition.id


@pytest.mark.parametrize("group", ["place", "brand"])
def test_every_figure_by_one_group_of_several_is_the_same(group: str, on_duckdb: Tables, on_spark: Tables) -> None:
    ids = [d.id for d in all_definitions() if group in d.groups and len(d.groups) > 1]
    assert measure(ids, on_spark, JUNE, by=(group,)) == measure(ids, on_duckdb, JUNE, by=(group,))


def test_the_command_prints_the_same_figures_on_spark(rows: Mapping[str, pa.Table], tmp_path: Path) -> None:
    """As a user runs it: a process of its own, which reads the workspace's own files."""
    skip_without_spark()
    workspace = create_workspace(tmp_path / "workspace")
    for name in ("divisions", "service_points", "checks"):
        workspace.write_table(name, rows[name])
    asked = ("village_station_coverage", "real_name_rate", "secondary_charge_share")
    command = [sys.executable, "-m", "posthouse.cli.main", "measure", str(workspace.path), "--month", "2021-06"]
    command += [word for name in asked for word in ("--measure", name)]
    printed = [
        subprocess.run([*command, "--json", *engine], check=True, capture_output=True, text=True).stdout
        for engine in (["--engine", "spark", "--master", "local[1]"], [])
    ]
    assert [figure["measure"] for figure in json.loads(printed[0])["measurements"]] == list(asked)
    assert printed[0] == printed[1]
