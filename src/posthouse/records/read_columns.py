"""Reading files whose columns have names and types of their own: Parquet and JSON lines."""

from collections.abc import Iterator
from pathlib import Path

from posthouse.records.headings import fold_heading
from posthouse.records.raw import RawBatch
from posthouse.vocabulary.errors import UnusableInputError

BATCH_ROWS = 1 << 20


def read_parquet(path: Path, coded: frozenset[str]) -> Iterator[RawBatch]:
    """Yield the rows of a Parquet file with the types it has.

    Parameters
    ----------
    coded : folded headings whose texts repeat, read as codes.

    Raises
    ------
    UnusableInputError : not a Parquet file.
    """
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    try:
        names = parquet.read_schema(path).names
        codes = [name for name in names if fold_heading(name) in coded]
        file = parquet.ParquetFile(path, read_dictionary=codes, pre_buffer=False)
        size, total = path.stat().st_size, max(file.metadata.num_rows, 1)
        read = 0
        for batch in file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
            rows = np.arange(read + 1, read + batch.num_rows + 1, dtype=np.int64)
            read += batch.num_rows
            yield RawBatch(
                headings=tuple(names), columns=tuple(batch.columns), rows=rows, read_bytes=size * read // total
            )
        if not read:
            empty = file.schema_arrow.empty_table().combine_chunks()
            yield RawBatch(
                headings=tuple(names),
                columns=tuple(pa.array([], column.type) for column in empty.columns),
                rows=np.empty(0, np.int64),
            )
    except (pa.ArrowInvalid, OSError) as fault:
        raise UnusableInputError(f"文件 {path.name} 应是 Parquet 文件，读不出（{fault}）。请重新导出后重试。") from None


def read_json_lines(path: Path) -> Iterator[RawBatch]:
    """Yield the rows of a file with one JSON object a line, every value as text.

    Raises
    ------
    UnusableInputError : a line is not a JSON object.
    """
    import duckdb
    import numpy as np

    size = path.stat().st_size
    with duckdb.connect() as connection:
        try:
            # maximum_depth = 1 leaves every value as JSON, so that nothing is guessed from the first lines.
            rows = connection.sql(
                "SELECT columns(*)::JSON ->> '$' FROM read_json($path, format = 'newline_delimited', "
                "maximum_depth = 1, sample_size = -1, convert_strings_to_integers = false)",
                params={"path": str(path)},
            )
            headings = tuple(
                name
                for name, *_ in connection.execute(
                    "DESCRIBE SELECT * FROM read_json($path, format = 'newline_delimited', maximum_depth = 1, "
                    "sample_size = -1)",
                    {"path": str(path)},
                ).fetchall()
            )
            read = 0
            for batch in rows.to_arrow_reader(BATCH_ROWS):
                numbers = np.arange(read + 1, read + batch.num_rows + 1, dtype=np.int64)
                read += batch.num_rows
                yield RawBatch(headings=headings, columns=tuple(batch.columns), rows=numbers, read_bytes=size)
        except duckdb.Error as fault:
            reason = str(fault).splitlines()[0]
            raise UnusableInputError(
                f"文件 {path.name} 应是每行一个 JSON 对象，读不出（{reason}）。请改正后重试。"
            ) from None
