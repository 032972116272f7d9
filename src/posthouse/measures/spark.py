"""The same tables on Spark: one machine by default, a cluster where a master address is given.

Spark reads the workspace's own Parquet files; the expressions are those that DuckDB runs, and give the same bits.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from posthouse.measures.forms import Tables
from posthouse.records.schema import Table, all_tables
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"

_TYPES = {
    "text": "string",
    "int": "bigint",
    "real": "double",
    "bool": "boolean",
    "date": "date",
    "time": "timestamp",
    "hash": "bigint",
    "key": "bigint",
}


_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "8",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


def spark_tables(
    files: Mapping[str, Sequence[Path]], master: str = LOCAL, settings: Mapping[str, str] = MappingProxyType({})
) -> Tables:
    """Return every declared table as an Ibis table on Spark; empty where there are no files.

    Parameters
    ----------
    files : Parquet files by table name, `journeys` among them. master : address of the cluster.
    settings : of the Spark session, over ours.

    Raises
    ------
    UnusableInputError : pyspark or Java is not installed.
    """
    import ibis

    session = _open_session(master, {**_SETTINGS, **settings})
    backend = ibis.pyspark.connect(session)
    tables = {}
    for name, table in all_tables().items():
        paths = [str(path) for path in files.get(name, ())]
        schema = _schema(table)
        rows = session.read.schema(schema).parquet(*paths) if paths else session.createDataFrame([], schema)
        rows.createOrReplaceTempView(name)
        tables[name] = backend.table(name)
    return tables


def _open_session(master: str, settings: Mapping[str, str]) -> "SparkSession":
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise UnusableInputError(
            "--engine spark 需要 pyspark，本环境没有。请安装 posthouse[spark] 和 Java 17，或用缺省的 duckdb。"
        ) from None
    builder = SparkSession.builder.master(master).appName("posthouse")
    for key, value in settings.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as fault:
        raise UnusableInputError(f"Spark 没有启动（{fault}）。请检查 Java 17 和 --master 的地址。") from None
    session.sparkContext.setLogLevel("ERROR")
    return session


def _schema(table: Table) -> str:
    return ", ".join(f"`{column.name}` {_TYPES[column.type]}" for column in table.columns)
