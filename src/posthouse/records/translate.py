"""What a mapping does to rows beyond naming their columns: skip, same, made_from, and words that depend on the site.

`translate_batch` works before the data rules, `number_rows` after them, because a number is made of typed values: then
two files that write one instant differently give one event the same number.
"""

from collections import Counter
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from posthouse.records.headings import match_headings
from posthouse.records.keys import hash_texts
from posthouse.records.mapping import TableMapping
from posthouse.records.raw import RawBatch
from posthouse.records.schema import Table
from posthouse.records.text_values import clean_text
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Mask = npt.NDArray[np.bool_]

_SHOWN = 10


def translate_batch(table: Table, mapping: TableMapping, batch: RawBatch, skipped: Counter[str]) -> RawBatch:
    """Return the batch without skipped rows and with the columns that the mapping adds.

    Parameters
    ----------
    skipped : counted up by word.
    """
    if not translates(mapping):
        return batch
    positions = match_headings(table, mapping, batch.headings).positions
    headings, columns, rows = list(batch.headings), list(batch.columns), batch.rows
    if {"step", "site"} <= positions.keys() and (by_site := _site_words(mapping)):
        at = positions["step"]
        columns[at] = _by_site(columns[at], columns[positions["site"]], by_site)
    for name, words in mapping.skip.items():
        if name in positions and len(rows):
            out = _among(columns[positions[name]], words, skipped)
            if out.any():
                columns, rows = [_filter(column, ~out) for column in columns], rows[~out]
    for name, other in mapping.same.items():
        if name not in positions and other in positions:
            headings.append(name)
            columns.append(columns[positions[other]])
    for name in mapping.made_from:
        if name not in positions:
            headings.append(name)
            columns.append(_unnumbered(columns))
    return RawBatch(
        headings=tuple(headings),
        columns=tuple(columns),
        rows=rows,
        broken=batch.broken,
        filled=batch.filled,
        read_bytes=batch.read_bytes,
    )


def translates(mapping: TableMapping) -> bool:
    """Whether the mapping does more to rows than name their columns and words."""
    return bool(mapping.skip or mapping.same or mapping.made_from or _site_words(mapping))


def number_rows(table: Table, mapping: TableMapping, headings: tuple[str, ...], rows: "pa.Table") -> "pa.Table":
    """Return checked rows with the numbers that the mapping makes of other columns.

    A number that the file gives stands, unless it is itself one of the parts.

    Parameters
    ----------
    headings : of the file. rows : in `arrow.stored_schema`.
    """
    import pyarrow as pa

    given = match_headings(table, mapping, headings).positions
    for name, parts in mapping.made_from.items():
        if name not in given or name in parts:
            numbers = pa.array(_mix(rows, parts))
            rows = rows.set_column(rows.column_names.index(name), rows.schema.field(name), numbers)
    return rows


def skipped_finding(table: Table, name: str, skipped: Counter[str]) -> Finding:
    """Return the Finding that says how many rows were left out, by word."""
    shown = "、".join(f"“{word}” {count} 行" for word, count in skipped.most_common(_SHOWN))
    return Finding(
        code="records.skipped",
        severity=Severity.INFO,
        message=f"文件 {name}（{table.zh}）有 {skipped.total()} 行按映射文件的 skip 没有读入：{shown}。",
        place=name,
        fields={"table": table.name, "count": skipped.total(), "words": dict(skipped.most_common())},
    )


def _site_words(mapping: TableMapping) -> list[tuple[str, str, str]]:
    """Return (word, pattern of sites, our word), as the mapping lists them."""
    words = mapping.values.get("step", {}).items()
    return [(*word.split("@", 1), ours) for word, ours in words if "@" in word]  # type: ignore[misc]


def _by_site(steps: Any, sites: Any, words: list[tuple[str, str, str]]) -> Any:
    """Return the steps with those words replaced that mean something else at their site."""
    import numpy as np
    import pyarrow as pa

    steps, sites = _codes(steps), _codes(sites)
    pairs = steps.indices.fill_null(0).to_numpy().astype(np.int64) * (len(sites.dictionary) + 1)
    pairs += sites.indices.fill_null(len(sites.dictionary)).to_numpy()
    distinct, back = np.unique(pairs, return_inverse=True)
    step_texts, site_texts = steps.dictionary.to_pylist(), [*sites.dictionary.to_pylist(), ""]
    meant = []
    for pair in distinct.tolist():
        step, site = divmod(pair, len(site_texts))
        text = step_texts[step] if step_texts else None
        fits = (ours for word, pattern, ours in words if word == text and fnmatchcase(site_texts[site], pattern))
        meant.append(next(fits, text))
    translated = pa.array(meant, pa.string()).dictionary_encode()
    order: Any = pa.array(back)
    codes: Any = translated.indices.take(order)
    empty = steps.indices.is_null().to_numpy(zero_copy_only=False)
    return pa.DictionaryArray.from_arrays(pa.array(codes.to_numpy(), mask=empty), translated.dictionary)


def _among(column: Any, words: tuple[str, ...], counts: Counter[str]) -> "Mask":
    """Return which rows hold one of the words, counted by word."""
    import numpy as np

    codes = _codes(column)
    texts = [None if text is None else clean_text(text) for text in codes.dictionary.to_pylist()]
    wanted = set(words)
    hit = np.array([*(text in wanted for text in texts), False], np.bool_)
    at = codes.indices.fill_null(len(texts)).to_numpy()
    numbers = np.bincount(at, minlength=len(hit))
    for code in np.flatnonzero(hit & (numbers > 0)).tolist():
        counts[str(texts[code])] += int(numbers[code])
    found: Mask = hit[at]
    return found


def _codes(column: Any) -> Any:
    """Return a column as dictionary codes of texts."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return column
    return column.cast(pa.string()).dictionary_encode()


def _filter(column: Any, keep: "Mask") -> Any:
    import pyarrow as pa

    return column.filter(pa.array(keep))


def _unnumbered(columns: list[Any]) -> Any:
    """Return zeros to be filled in later; null where the whole row is blank, so that it stays so."""
    import numpy as np
    import pyarrow as pa

    blank = np.ones(len(columns[0]), np.bool_)
    for column in columns:
        if not column.null_count:
            blank[:] = False
            break
        blank &= column.is_null().to_numpy(zero_copy_only=False)
    return pa.array(np.zeros(len(blank), np.int64), mask=blank)


def _mix(rows: "pa.Table", parts: tuple[str, ...]) -> "npt.NDArray[np.int64]":
    """Return one number a row of some of its columns, spread over 64 bits."""
    import numpy as np
    import pyarrow as pa

    mixed = np.zeros(rows.num_rows, np.uint64)
    for name in parts:
        column = rows.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0) if column.num_chunks else pa.array([], column.type)
        if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type):
            codes = _codes(column)
            # No secret is needed: what must not be guessed, the waybill, is a keyed hash already.
            of_text = np.append(hash_texts(codes.dictionary.to_pylist(), b"posthouse.number"), 0)
            numbers = of_text[codes.indices.fill_null(len(codes.dictionary)).to_numpy()]
        else:
            numbers = column.cast(pa.int64()).fill_null(0).to_numpy()
        mixed = _stir(mixed ^ numbers.astype(np.int64).view(np.uint64))
    return mixed.view(np.int64)


def _stir(numbers: "npt.NDArray[np.uint64]") -> "npt.NDArray[np.uint64]":
    """Return the numbers after the SplitMix64 step (Steele, Lea, Flood 2014), one to one."""
    import numpy as np

    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
