"""Reading CSV as text, in blocks: encoding, separator and heading row are found out, nothing is interpreted."""

import codecs
import csv
import io
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from posthouse.records import plain_csv
from posthouse.records.headings import find_heading_row, fold_heading
from posthouse.records.plain_csv import Kind, Layout, NotPlainError, PlainBatch, read_plain
from posthouse.records.raw import RawBatch
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BLOCK_BYTES = 32 << 20
PLAIN_BYTES = 1 << 20  # below this size, loading the compiled kernels costs more than they save
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
    if lines := _find_lines(path, encoding, known, coded):
        with path.open("rb") as file:
            yield from lines.read(file, lines.before, 0)


def read_events(
    path: Path,
    encoding: str,
    known: frozenset[str],
    coded: frozenset[str],
    kinds: "Mapping[str, Kind]",
    *,
    packed: bool = False,
) -> Iterator[RawBatch | PlainBatch]:
    """Yield the rows of a CSV file of events: of a big one as `plain_csv` reads it, of others as `read_csv` does.

    Parameters
    ----------
    kinds : how `plain_csv` is to read the columns of these folded headings; empty where it is not to.
    packed : whether the rows will be read row by row, into packed ones.
    The others, and what is raised, are as for `read_csv`.
    """
    lines = _find_lines(path, encoding, known, coded)
    if not lines or not kinds or path.stat().st_size < PLAIN_BYTES:
        yield from read_csv(path, encoding, known, coded)
        return
    done = 0
    layout = Layout(
        separator=lines.separator,
        lines_before=lines.before,
        headings=lines.headings,
        kinds={at: kinds[name] for at, h in enumerate(lines.headings) if (name := fold_heading(h)) in kinds},
        block_bytes=plain_csv.BLOCK_BYTES * (plain_csv.PACKED_BLOCKS if packed else 1),
        exactly=lines.read_some,
    )
    try:
        for batch in read_plain(path, encoding, layout):
            done += len(batch)
            yield batch
    except NotPlainError:
        with path.open("rb") as file:
            yield from lines.read(file, lines.before, done)
    except UnicodeDecodeError:
        raise _bad_encoding(path) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """How the lines below the headings are cut into cells. before : lines up to and with the headings."""

    path: Path
    encoding: str
    separator: str
    before: int
    headings: tuple[str, ...]
    coded: frozenset[str]

    def read_some(self, lines: bytes, rows: "npt.NDArray[np.int64]") -> RawBatch:
        """Return some lines in UTF-8. rows : the number of each."""
        import numpy as np
        import pyarrow as pa

        if not lines:
            return RawBatch(
                headings=self.headings, columns=tuple(pa.nulls(0, pa.string()) for _ in self.headings), rows=rows
            )
        batches = list(replace(self, encoding="utf-8-sig", coded=frozenset()).read(io.BytesIO(lines), 0, 0))
        return RawBatch(
            headings=self.headings,
            columns=tuple(
                pa.concat_arrays([batch.columns[at] for batch in batches]) for at in range(len(self.headings))
            ),
            rows=rows[np.concatenate([batch.rows for batch in batches]) - 1],
            broken=tuple((int(rows[row - 1]), text) for batch in batches for row, text in batch.broken),
        )

    def read(self, file: BinaryIO, lines_before: int, done: int) -> Iterator[RawBatch]:
        """Yield the rows of a file below so many lines, without the first ones that are done."""
        import numpy as np
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        names = [str(position) for position in range(len(self.headings))]
        codes = pa.dictionary(pa.int32(), pa.string())
        types: dict[str, Any] = {
            name: codes if fold_heading(h) in self.coded else pa.string()
            for name, h in zip(names, self.headings, strict=True)
        }
        broken: list[tuple[int, str]] = []
        seen = lines_before

        def set_aside(row: Any) -> Literal["skip", "error"]:
            broken.append((row.number or 0, row.text))
            return "skip"

        try:
            reader = arrow_csv.open_csv(
                file,
                read_options=arrow_csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    skip_rows=lines_before,
                    column_names=names,
                    encoding="utf8" if self.encoding == "utf-8-sig" else self.encoding,
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.separator,
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
                yield self._from(lines_before + done, batch.columns, rows, behind, file.tell())
            if broken:
                none = tuple(pa.nulls(0, pa.string()) for _ in names)
                yield self._from(lines_before + done, none, np.empty(0, np.int64), tuple(broken), file.tell())
        except (pa.ArrowInvalid, UnicodeDecodeError) as fault:
            if isinstance(fault, pa.ArrowInvalid) and "UTF8" not in str(fault):
                if "Empty CSV" in str(fault):
                    none = tuple(pa.nulls(0, pa.string()) for _ in names)
                    yield self._from(0, none, np.empty(0, np.int64), (), 0)
                    return
                # Arrow's message quotes the line, and with it a waybill number: it is not passed on.
                raise UnusableInputError(
                    f"文件 {self.path.name} 不是能读的 CSV：引号不配对，或一行太长。"
                    "请在 Excel 里另存为“CSV UTF-8”后重试。"
                ) from None
            raise _bad_encoding(self.path) from None

    def _from(
        self, last: int, columns: Any, rows: Any, broken: tuple[tuple[int, str], ...], read_bytes: int
    ) -> RawBatch:
        """Return the rows behind row `last`."""
        first = int((rows <= last).sum())
        return RawBatch(
            headings=self.headings,
            columns=tuple(column[first:] for column in columns),
            rows=rows[first:],
            broken=tuple(line for line in broken if line[0] > last),
            read_bytes=read_bytes,
        )


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


def _find_lines(path: Path, encoding: str, known: frozenset[str], coded: frozenset[str]) -> _Lines | None:
    separator, skipped, headings = _find_headings(path, encoding, known)
    if not headings:
        return None
    return _Lines(path=path, encoding=encoding, separator=separator, before=skipped + 1, headings=headings, coded=coded)


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
