"""Reading CSV as text, in blocks: encoding, separator and heading row are found out, nothing is interpreted."""

import codecs
import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from posthouse.records.headings import find_heading_row, fold_heading
from posthouse.records.raw import RawBatch
from posthouse.vocabulary.errors import UnusableInputError

BLOCK_BYTES = 32 << 20
_HEAD_BYTES = 1 << 16
_ENCODING_BYTES = 1 << 18
_HEAD_ROWS = 20
_SEPARATORS = ",\t;|"


def read_csv(path: Path, encoding: str, known: frozenset[str], coded: frozenset[str]) -> Iterator[RawBatch]:
    """Yield the rows of a CSV file as text.

    Parameters
    ----------
    encoding : one of `find_encodings`.
    known : folded headings that name a column. coded : those of them whose texts repeat, read as codes.

    Raises
    ------
    UnusableInputError : some bytes, perhaps after many good rows, are not of this encoding; or it is not CSV.
    """
    import numpy as np
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    separator, skipped, headings = _find_headings(path, encoding, known)
    if not headings:
        return
    names = [str(position) for position in range(len(headings))]
    codes = pa.dictionary(pa.int32(), pa.string())
    types: dict[str, Any] = {
        name: codes if fold_heading(h) in coded else pa.string() for name, h in zip(names, headings, strict=True)
    }
    broken: list[tuple[int, str]] = []
    seen = skipped + 1

    def set_aside(row: Any) -> Literal["skip", "error"]:
        broken.append((skipped + (row.number or 0), row.text))
        return "skip"

    try:
        with path.open("rb") as file:
            reader = arrow_csv.open_csv(
                file,
                read_options=arrow_csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    skip_rows=skipped + 1,
                    column_names=names,
                    encoding="utf8" if encoding == "utf-8-sig" else encoding,
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=separator,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=set_aside,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=types, strings_can_be_null=True, null_values=[""]
                ),
            )
            for batch in reader:
                rows = _row_numbers(seen + 1, batch.num_rows, [row for row, _ in broken])
                seen = int(rows[-1]) if len(rows) else seen
                # The reader is a block ahead: broken lines beyond these rows belong to a later batch.
                behind = tuple(line for line in broken if line[0] <= seen)
                del broken[: len(behind)]
                yield RawBatch(
                    headings=headings, columns=tuple(batch.columns), rows=rows, broken=behind, read_bytes=file.tell()
                )
            if broken:
                none = tuple(pa.nulls(0, pa.string()) for _ in names)
                yield RawBatch(headings=headings, columns=none, rows=np.empty(0, np.int64), broken=tuple(broken))
    except (pa.ArrowInvalid, UnicodeDecodeError) as fault:
        if isinstance(fault, pa.ArrowInvalid) and "UTF8" not in str(fault):
            if "Empty CSV" in str(fault):
                yield RawBatch(
                    headings=headings,
                    columns=tuple(pa.nulls(0, pa.string()) for _ in names),
                    rows=np.empty(0, np.int64),
                )
                return
            # Arrow's message quotes the line, and with it a waybill number: it is not passed on.
            raise UnusableInputError(
                f"文件 {path.name} 不是能读的 CSV：引号不配对，或一行太长。请在 Excel 里另存为“CSV UTF-8”后重试。"
            ) from None
        raise _bad_encoding(path) from None


def find_encodings(path: Path) -> tuple[str, ...]:
    """Return the encodings that a file may have by its beginning, the likelier first.

    A file that begins in plain ASCII may still turn out to be GB 18030.

    Raises
    ------
    UnusableInputError : the beginning is neither UTF-8 (with or without BOM), UTF-16 nor GB 18030.
    """
    with path.open("rb") as file:
        head = file.read(_ENCODING_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    fitting = tuple(encoding for encoding in ("utf-8-sig", "gb18030") if _fits(head, encoding))
    if not fitting or b"\0" in head:
        raise _bad_encoding(path)
    return fitting


def _fits(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _row_numbers(first: int, count: int, broken: list[int]) -> Any:
    """Return the next row numbers from `first` on, leaving out those of broken lines."""
    import numpy as np

    rows = np.arange(first, first + count + len(broken), dtype=np.int64)
    return rows[~np.isin(rows, broken)][:count]


def _bad_encoding(path: Path) -> UnusableInputError:
    return UnusableInputError(
        f"文件 {path.name} 应是 UTF-8、GBK（GB 18030）或 UTF-16 编码的文本，读到了不属于它们的字节。"
        "请在 Excel 里另存为“CSV UTF-8”后重试。"
    )


def _find_headings(path: Path, encoding: str, known: frozenset[str]) -> tuple[str, int, tuple[str, ...]]:
    """Return the separator, how many lines stand before the headings, and the headings."""
    with path.open("rb") as file:
        head = codecs.getincrementaldecoder(encoding)("replace").decode(file.read(_HEAD_BYTES))
    best: tuple[int, str, int, tuple[str, ...]] = (-1, ",", 0, ())
    for separator in _SEPARATORS:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
        rows, starts = [], [0]
        for row in itertools.islice(reader, _HEAD_ROWS):
            rows.append(row)
            starts.append(reader.line_num)
        if not rows:
            continue
        index = find_heading_row(rows, known)
        count = len({fold_heading(cell) for cell in rows[index]} & known)
        if count > best[0]:
            best = (count, separator, starts[index + 1] - 1, tuple(rows[index]))
    return best[1], best[2], best[3]
