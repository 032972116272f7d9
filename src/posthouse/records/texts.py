"""Texts of a column to values of its type.

Many times, numbers or waybills go through the kernels; what these leave, and all shorter columns, is read one distinct
text after the other, or cast by Arrow as a whole where it reads every text as we do.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import KERNEL_ROWS
from posthouse.records.keys import hash_texts
from posthouse.records.schema import Column
from posthouse.records.text_values import (
    EMPTY_TEXTS,
    clean_text,
    read_bool,
    read_date,
    read_int,
    read_month,
    read_period,
    read_plain_integer,
    read_real,
    read_time,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_SHANGHAI_US = 8 * 3600 * 1_000_000


def goes_through_kernel(texts: Any, column: Column, words: Mapping[str, str]) -> bool:
    """Whether the kernels read most of these texts, so that looking for the distinct ones first would be a detour."""
    return column.type in ("time", "int", "key", "hash") and len(texts) >= KERNEL_ROWS and not words


def read_texts(
    texts: Any, column: Column, *, key: bytes, words: Mapping[str, str]
) -> "tuple[Any, npt.NDArray[np.bool_] | None]":
    """Return the values of texts, null where there is none, and which texts are not of the column's type.

    Parameters
    ----------
    texts : Arrow string array, shape (n,). key : the secret for `hash` and `key` columns.
    words : translation of words of the file into ours.
    """
    import numpy as np
    import pyarrow as pa

    if not goes_through_kernel(texts, column, words):
        return _read_distinct(_clean(texts, words), column, key)
    values, left = _read_by_kernel(texts, column, key)
    empty = _numpy(texts.is_null())
    at = np.flatnonzero(left & ~empty)
    wrong = None
    if len(at):
        codes = texts.take(pa.array(at)).dictionary_encode()
        rest, strange = _read_distinct(_clean(codes.dictionary, words), column, key)
        rows = codes.indices.to_numpy()
        values[at] = rest.cast(pa.int64()).fill_null(0).to_numpy()[rows]
        empty[at] = _numpy(rest.is_null())[rows]
        if strange is not None:
            wrong = np.zeros(len(texts), np.bool_)
            wrong[at] = strange[rows]
    kind = pa.timestamp("us", tz="UTC") if column.type == "time" else pa.int64()
    return pa.array(values, mask=empty if empty.any() else None).cast(kind), wrong


def _read_by_kernel(texts: Any, column: Column, key: bytes) -> "tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]":
    import numpy as np

    from posthouse.records import hash_kernel, text_kernel

    _, offset_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    begins, ends = offsets[:-1], offsets[1:]
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer else np.empty(0, np.uint8)
    if column.type == "hash":
        return hash_kernel.hash_column(begins, ends, data, key)
    values, left = np.empty(len(texts), np.int64), np.empty(len(texts), np.bool_)
    (text_kernel.read_times if column.type == "time" else text_kernel.read_ints)(begins, ends, data, values, left)
    return values, left


def _clean(texts: Any, words: Mapping[str, str]) -> Any:
    """Return distinct texts cleaned and translated; where nothing needs it the array is handed on as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not words:
        plain = pc.all(pc.match_substring_regex(texts, r"^[0-9A-Za-z]([ -~]*[!-~])?$"), min_count=0).as_py()
        if plain and not pc.any(pc.is_in(texts, pa.array(sorted(EMPTY_TEXTS)))).as_py():
            return texts
    cleaned = (None if text is None else clean_text(text) for text in texts.to_pylist())
    return pa.array([None if text is None else words.get(text, text) or None for text in cleaned], pa.string())


def _read_distinct(texts: Any, column: Column, key: bytes) -> "tuple[Any, npt.NDArray[np.bool_] | None]":
    """Return the values of clean texts, and which of them are not of the column's type (None where all are).

    Parameters
    ----------
    texts : Arrow string array. key : the secret for `hash` and `key` columns.
    """
    import pyarrow as pa

    match column.type:
        case "text" if not column.form:
            return texts, None
        case "hash":
            return pa.array(hash_texts(texts.to_pylist(), key), mask=_numpy(texts.is_null())), None
        case "key":
            return _read_keys(texts, key), None
    whole = _cast_whole(texts, column)
    if whole is not None:
        return whole, None
    read, kind = _readers()[column.form or column.type]
    values = pa.array([None if text is None else read(text) for text in texts.to_pylist()], kind)
    return values, _numpy(values.is_null()) & ~_numpy(texts.is_null())


def _cast_whole(texts: Any, column: Column) -> Any:
    """Return what Arrow makes of all texts together, where it reads every one and reads it as we do; None otherwise."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        match column.type:
            case "int":
                return texts.cast(pa.int64())
            case "real":
                values = texts.cast(pa.float64())
                return values if pc.all(pc.is_finite(values), min_count=0).as_py() else None
            case "time":
                try:
                    return texts.cast(pa.timestamp("us", tz="UTC"))
                except pa.ArrowInvalid:
                    local = texts.cast(pa.timestamp("us")).cast(pa.int64())
                    return pc.subtract(local, _SHANGHAI_US).cast(pa.timestamp("us", tz="UTC"))
            case _:
                return None
    except pa.ArrowInvalid:
        return None


def _read_keys(texts: Any, key: bytes) -> Any:
    """Return integers as they are and other texts as keyed hashes."""
    import pyarrow as pa

    all_texts = texts.to_pylist()
    numbers = [None if text is None else read_plain_integer(text) for text in all_texts]
    named = [text for text, number in zip(all_texts, numbers, strict=True) if number is None and text is not None]
    hashes = iter(hash_texts(named, key).tolist())
    values = [
        number if number is not None or text is None else next(hashes)
        for text, number in zip(all_texts, numbers, strict=True)
    ]
    return pa.array(values, pa.int64())


def _readers() -> Mapping[str, tuple[Callable[[str], object], Any]]:
    import pyarrow as pa

    return {
        "int": (read_int, pa.int64()),
        "real": (read_real, pa.float64()),
        "bool": (read_bool, pa.bool_()),
        "date": (read_date, pa.date32()),
        "month": (read_month, pa.string()),
        "period": (read_period, pa.string()),
        "time": (read_time, pa.timestamp("us", tz="UTC")),
    }


def _numpy(mask: Any) -> Any:
    return mask.to_numpy(zero_copy_only=False)
