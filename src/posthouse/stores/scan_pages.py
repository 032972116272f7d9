"""A day's scans read page by page from their file, unpacked straight into the arrays that the fold walks.

Stored parts are written in few ways (`packed_file`, `parts.write_part`), so of all the forms that Parquet has a few are
enough here. A row group in any other form is read by the library, which knows them all; the scans are the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from posthouse.records.fold import EPOCH_S
from posthouse.records.fold_scans import COLUMNS, LAST_S, MOST_TEXTS, Scans, scans_of
from posthouse.records.fold_texts import CODED, Texts
from posthouse.records.page_kernel import (
    WORD,
    find_pages,
    unpack_codes,
    unpack_entries,
    unpack_numbers,
    unpack_seconds,
)

PAGE_ROWS = 20_480  # pages are written with 20,000 rows
_MOST_PAGES = 64  # of a column in a row group; there are seven
_DATA, _DICTIONARY = 0, 2  # kinds of page
_PLAIN, _DIFFERENCES, _CODES = 0, 5, 8  # encodings


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPage:
    """Some scans of a day, in order.

    rows : how many, at most PAGE_ROWS. dictionaries : numbers of those of CODED, in the texts given to `read_scans`.
    fill : fills arrays as those of `Scans`, shape (rows,), (rows,) and (columns, rows).
    is_wide : seconds and codes need eight and four bytes, not four and two.
    """

    rows: int
    dictionaries: tuple[int, ...]
    fill: Callable[[Any, Any, Any], None]
    is_wide: bool = False


def read_scans(path: Path, texts: Texts, known: "dict[tuple[int, bytes], int]") -> Iterator[ScanPage]:
    """Yield the scans of a file.

    Parameters
    ----------
    texts : takes the dictionaries.
    known : their numbers by their bytes; filled, so that a dictionary of several row groups and files is taken once.
    """
    import pyarrow as pa
    from pyarrow import parquet

    with pa.OSFile(str(path), "rb") as file, parquet.ParquetFile(file, read_dictionary=list(CODED)) as reader:
        for group in range(reader.num_row_groups):
            columns = _read_columns(file, reader.metadata, group)
            if columns:
                yield from _packed_pages(columns, texts, known)
            else:
                yield from _plain_pages(reader.read_row_group(group, list(COLUMNS), use_threads=False), texts)


class _Header(NamedTuple):
    """Of a page: its kind, its bytes unpacked and as stored, its values, their encoding, and where its bytes begin."""

    kind: int
    size: int
    stored: int
    values: int
    encoding: int
    start: int


@dataclass(frozen=True, slots=True)
class _Column:
    """The pages of a column in a row group. headers : of all its pages. content : the bytes they are in.

    is_packed : whether they are compressed.
    """

    content: Any
    is_packed: bool
    headers: list[_Header]

    @property
    def has_dictionary(self) -> bool:
        """Whether its first page is a dictionary."""
        return bool(self.headers) and self.headers[0].kind == _DICTIONARY and self.headers[0].encoding == _PLAIN

    @property
    def data(self) -> list[_Header]:
        """The headers of the other pages."""
        return self.headers[1:] if self.has_dictionary else self.headers

    def unpack(self, page: int) -> Any:
        """Return the bytes of a page, at least a word."""
        import pyarrow as pa

        header = self.headers[page]
        stored = self.content.slice(header.start, header.stored)
        unpacked: Any = pa.decompress(stored, header.size, "lz4_raw") if self.is_packed else stored
        content = np.frombuffer(unpacked, np.uint8)
        return content if len(content) >= WORD else np.append(content, np.zeros(WORD, np.uint8))


def _read_columns(file: Any, footer: Any, group: int) -> dict[str, _Column]:
    """Return the columns of a row group; nothing where it is not in the form that pages are unpacked from."""
    found = {}
    chunks = footer.row_group(group)
    for at, name in enumerate(footer.schema.names):
        if name in COLUMNS:
            chunk = chunks.column(at)
            if chunk.compression not in ("LZ4", "UNCOMPRESSED") or footer.schema.column(at).max_definition_level != 1:
                return {}
            if name not in CODED and not _has_all(chunk.statistics, is_time=name == "event_at"):
                return {}
            start = chunk.dictionary_page_offset if chunk.has_dictionary_page else chunk.data_page_offset
            content = file.read_at(chunk.total_compressed_size, start)
            found[name] = _find_pages(content, is_packed=chunk.compression == "LZ4")
    return found if _are_alike(found) else {}


def _has_all(known: Any, *, is_time: bool) -> bool:
    """Whether a column of numbers has no nulls and its times fit in four bytes, by its statistics."""
    if known is None or not known.has_null_count or known.null_count or not known.has_min_max:
        return False
    return not is_time or EPOCH_S * 1_000_000 <= known.min_raw <= known.max_raw <= (EPOCH_S + LAST_S) * 1_000_000


def _find_pages(content: bytes, *, is_packed: bool) -> _Column:
    import pyarrow as pa

    headers = np.empty((_MOST_PAGES, len(_Header._fields)), np.int64)
    pages = find_pages(np.frombuffer(content, np.uint8), headers)
    return _Column(pa.py_buffer(content), is_packed, [_Header(*header) for header in headers[:pages].tolist()])


def _are_alike(columns: dict[str, _Column]) -> bool:
    """Whether all columns are cut into pages after the same rows, in the encodings that are unpacked here."""
    rows = [header.values for header in columns["waybill"].data]
    for name, column in columns.items():
        if name in CODED and (not column.has_dictionary or column.headers[0].values > MOST_TEXTS):
            return False
        if name == "event_at" and column.has_dictionary:
            return False
        encoding = _CODES if column.has_dictionary else _DIFFERENCES
        if [(page.kind, page.encoding, page.values) for page in column.data] != [(_DATA, encoding, n) for n in rows]:
            return False
    return bool(rows) and max(rows) <= PAGE_ROWS


def _packed_pages(columns: dict[str, _Column], texts: Texts, known: dict[tuple[int, bytes], int]) -> Iterator[ScanPage]:
    dictionaries = []
    for number, name in enumerate(CODED):
        column = columns[name]
        header = column.headers[0]
        key = number, column.content.slice(header.start, header.stored).to_pybytes()
        if key not in known:
            known[key] = texts.add(number, _split_texts(column.unpack(0).tobytes(), header.values))
        dictionaries.append(known[key])
    waybills = columns["waybill"]
    entries = np.frombuffer(waybills.unpack(0).tobytes(), np.int64) if waybills.has_dictionary else None
    for page, header in enumerate(waybills.data):
        fill = partial(_unpack, columns, entries, page)
        yield ScanPage(rows=header.values, dictionaries=tuple(dictionaries), fill=fill)


def _split_texts(content: bytes, count: int) -> list[str]:
    """Return texts that each follow their size in four bytes."""
    texts, end = [], 0
    for _ in range(count):
        start = end + 4
        end = start + int.from_bytes(content[end:start], "little")
        texts.append(content[start:end].decode())
    return texts


def _unpack(  # noqa: PLR0917 - the last three are the arrays of `Scans`
    columns: dict[str, _Column], entries: Any, page: int, waybills: Any, seconds: Any, codes: Any
) -> None:
    if entries is None:
        unpack_numbers(columns["waybill"].unpack(page), waybills)
    else:
        unpack_entries(columns["waybill"].unpack(page + 1), entries, waybills)
    unpack_seconds(columns["event_at"].unpack(page), EPOCH_S, seconds)
    for number, name in enumerate(CODED):
        unpack_codes(columns[name].unpack(page + 1), codes[number])


def _plain_pages(rows: Any, texts: Texts) -> Iterator[ScanPage]:
    scans = scans_of([rows], texts)
    is_wide = scans.seconds.itemsize > 4 or scans.codes.itemsize > 2
    for run, (begin, end) in enumerate(zip(scans.begins.tolist(), scans.ends.tolist(), strict=True)):
        dictionaries = tuple(scans.dictionaries[:, run].tolist())
        for start in range(begin, end, PAGE_ROWS):
            size = min(PAGE_ROWS, end - start)
            fill = partial(_copy, scans, start)
            yield ScanPage(rows=size, dictionaries=dictionaries, fill=fill, is_wide=is_wide)


def _copy(scans: Scans, start: int, waybills: Any, seconds: Any, codes: Any) -> None:
    place = slice(start, start + len(waybills))
    waybills[:], seconds[:], codes[:] = scans.waybills[place], scans.seconds[place], scans.codes[:, place]
