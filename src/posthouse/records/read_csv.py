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


def read_csv(path: Path, known: frozenset[str], coded: frozenset[str]) -> Iterator[RawBatch]:
    """Yield the rows of a CSV file as text.

    Parameters
    ----------
    known : folded headings that name a column. coded : those of them whose texts repeat, read as codes.

    Raises
    ------
    UnusableInputError : the bytes are neither UTF-8 (with or without BOM), UTF-16 nor GB 18030.
    """
    encoding = _find_encoding(path)
    try:
        yield from _read(path, encoding, known, coded)
    except _NotUtf8Error:
        # The first part was plain ASCII or happened to be valid UTF-8: the rest decides.
        yield from _read(path, "gb18030", known, coded)


class _NotUtf8Error(Exception):
    """A byte beyond the part looked at first is not UTF-8; nothing has been handed on yet."""


def _read(path: Path, encoding: str, known: frozenset[str], coded: frozenset[str]) -> Iterator[RawBatch]:
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
                rows = _row_numbers(seen + 1, batch.num_rows, broken)
                seen += batch.num_rows + len(broken)
                yield RawBatch(
                    headings=headings,
                    columns=tuple(batch.columns),
                    rows=rows,
                    broken=tuple(broken),
                    read_bytes=file.tell(),
                )
                broken.clear()
    except (pa.ArrowInvalid, UnicodeDecodeError) as fault:
        if isinstance(fault, pa.ArrowInvalid) and "UTF8" not in str(fault):
            if "Empty CSV" in str(fault):
                yield RawBatch(
                    headings=headings,
                    columns=tuple(pa.nulls(0, pa.string()) for _ in names),
                    rows=np.empty(0, np.int64),
                )
                return
            raise UnusableInputError(f"文件 {path.name} 不是能读的 CSV：{fault}。请另存为“CSV UTF-8”后重试。") from None
        if encoding == "utf-8-sig" and seen == skipped + 1:
            raise _NotUtf8Error from None
        raise _bad_encoding(path) from None


def _row_numbers(first: int, count: int, broken: list[tuple[int, str]]) -> Any:
    import numpy as np

    rows = np.arange(first, first + count + len(broken), dtype=np.int64)
    return (
        np.setdiff1d(rows, np.array([row for row, _ in broken], dtype=np.int64), assume_unique=True) if broken else rows
    )


def _find_encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_ENCODING_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        if b"\0" in head:
            break
        return encoding
    raise _bad_encoding(path)


def _bad_encoding(path: Path) -> UnusableInputError:
    return UnusableInputError(
        f"文件 {path.name} 应是 UTF-8、GBK（GB 18030）或 UTF-16 编码的文本，读到了不属于它们的字节。"
        "请在 Excel 里另存为“CSV UTF-8”后重试。"
    )


def _find_headings(path: Path, encoding: str, known: frozenset[str]) -> tuple[str, int, tuple[str, ...]]:
    """Return the separator, how many lines stand before the headings, and the headings."""
    with path.open("rb") as file:
        head = codecs.getincrementaldecoder(encoding)().decode(file.read(_HEAD_BYTES))
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
