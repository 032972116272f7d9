"""From a column as it stands in a file to typed values, and which rows break which rule of the column.

Works on whole columns. Texts that repeat are reduced to the distinct ones, and the answer is spread over the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import join_texts
from posthouse.records.schema import Column
from posthouse.records.texts import goes_through_kernel, read_texts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Faults = tuple[tuple[str, Mask], ...]

_SHANGHAI_US = 8 * 3600 * 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedColumn:
    """Typed values, and per broken rule (`required`, `type`, `words`, `range`) the rows that break it."""

    values: Any
    faults: "Faults" = ()


def parse_column(raw: Any, column: Column, *, key: bytes, words: Mapping[str, str], coded: bool) -> ParsedColumn:
    """Return the typed values of a raw column and its faulty rows.

    Parameters
    ----------
    raw : Arrow array of any type, shape (n,).
    key : the secret for `hash` and `key` columns.
    words : translation of words of the file into ours, before any other rule.
    coded : whether text stays as dictionary codes.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    words = dict(zip(column.values_zh, column.values, strict=True)) | dict(words) if column.values_zh else words
    if not (pa.types.is_dictionary(raw.type) or pa.types.is_string(raw.type)):
        values = _cast(raw, column)
        if values is not None:
            return ParsedColumn(values=values, faults=check_values(values, column))
        raw = pc.cast(raw, pa.string())
    if pa.types.is_string(raw.type) and goes_through_kernel(raw, column, words):
        values, wrong = read_texts(raw, column, key=key, words=words)
        return ParsedColumn(values=values, faults=check_values(values, column, wrong))
    codes = raw if pa.types.is_dictionary(raw.type) else raw.dictionary_encode()
    distinct = _parse_distinct(codes.dictionary.cast(pa.string()), column, key, words)
    return ParsedColumn(
        values=_take(distinct.values, codes.indices, coded and column.type == "text"),
        faults=_spread(distinct.faults, codes.indices, column),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinctTexts:
    """What the texts of a repeating column mean: values of its type, and per code, the last one for no text, its place.

    places : into `values`, shape (texts + 1,); -1 where there is no value. faulty : whether it breaks a rule.
    """

    values: Any
    places: "npt.NDArray[np.int32]"
    faulty: "Mask"

    def join(self, more: "DistinctTexts") -> "DistinctTexts":
        """Return what these texts and more behind them mean."""
        import numpy as np

        if not len(self.values):
            both, moved = more.values, more.places
        else:
            both, at = join_texts(self.values, more.values)
            moved = np.append(at.to_numpy(), np.int32(-1))[more.places]
        return DistinctTexts(
            values=both,
            places=np.concatenate([self.places[:-1], moved]),
            faulty=np.concatenate([self.faulty[:-1], more.faulty]),
        )


def parse_distinct(texts: Any, column: Column, *, key: bytes, words: Mapping[str, str]) -> DistinctTexts:
    """Return what distinct texts mean, once for all rows that name them by a code.

    Parameters
    ----------
    texts : Arrow string array. key, words : as for `parse_column`.
    """
    import numpy as np

    words = dict(zip(column.values_zh, column.values, strict=True)) | dict(words) if column.values_zh else words
    parsed = _parse_distinct(texts, column, key, words)
    codes = parsed.values.dictionary_encode()
    places = np.append(codes.indices.fill_null(-1).to_numpy(), -1).astype(np.int32)
    faulty = np.zeros(len(places), np.bool_)
    for _, mask in parsed.faults:
        faulty[:-1] |= mask
    faulty[-1] = column.required
    return DistinctTexts(values=codes.dictionary, places=places, faulty=faulty)


def _parse_distinct(texts: Any, column: Column, key: bytes, words: Mapping[str, str]) -> ParsedColumn:
    values, wrong = read_texts(texts, column, key=key, words=words)
    return ParsedColumn(values=values, faults=check_values(values, column, wrong))


def _take(values: Any, indices: Any, coded: bool) -> Any:
    import pyarrow as pa

    if not coded:
        return values.take(indices)
    distinct = values.dictionary_encode()
    codes = distinct.indices.take(indices).cast(pa.int32())
    return pa.DictionaryArray.from_arrays(codes, distinct.dictionary)


def _spread(faults: "Faults", indices: Any, column: Column) -> "Faults":
    """Carry masks of distinct values over to the rows; rows without a value lack it where it is required."""
    import numpy as np

    empty = _numpy(indices.is_null()) if indices.null_count else None
    rows = _numpy(indices.fill_null(0)) if faults else None
    spread = {rule: mask[rows] if empty is None else mask[rows] & ~empty for rule, mask in faults}
    if empty is not None and column.required:
        spread["required"] = empty | spread.get("required", np.False_)
    return tuple(spread.items())


def check_values(values: Any, column: Column, wrong: "Mask | None" = None) -> "Faults":
    """Return the rules about single values that some break, with the positions. wrong : values that were not read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    broken = []
    if wrong is not None:
        broken.append(("type", wrong))
    if column.required and values.null_count:
        # A text that cannot be read is wrong, not missing.
        missing = _numpy(values.is_null())
        broken.append(("required", missing if wrong is None else missing & ~wrong))
    if column.values:
        strange = pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, pa.array(column.values))))
        broken.append(("words", _numpy(strange)))
    outside: list[Any] = [
        pc.fill_null(compare(values, pa.scalar(limit)), False)
        for compare, limit in ((pc.less, column.minimum), (pc.greater, column.maximum))
        if limit is not None
    ]
    if outside:
        broken.append(("range", _numpy(outside[0] if len(outside) == 1 else pc.or_(*outside))))
    return tuple((rule, mask) for rule, mask in broken if mask.any())


def _cast(raw: Any, column: Column) -> Any:  # noqa: PLR0911 one return per pair of types
    """Return a typed column in the column's type; None where that would lose something, or it is to be read as text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = raw.type
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    try:
        match column.type:
            case "time" if pa.types.is_timestamp(kind):
                micros = pc.cast(raw, pa.timestamp("us", tz=kind.tz), safe=False)
                if kind.tz:
                    return micros.cast(pa.timestamp("us", tz="UTC"))
                return pc.subtract(micros.cast(pa.int64()), _SHANGHAI_US).cast(pa.timestamp("us", tz="UTC"))
            case "date" if pa.types.is_timestamp(kind):
                local = pc.local_timestamp(raw.cast(pa.timestamp("us", tz="Asia/Shanghai"))) if kind.tz else raw
                return local.cast(pa.date32(), safe=False)
            case "date" if pa.types.is_date(kind):
                return raw.cast(pa.date32())
            case "int" | "key" if number:
                return raw.cast(pa.int64())
            case "real" if number:
                values = raw.cast(pa.float64(), safe=False)
                return values if pc.all(pc.is_finite(values), min_count=0).as_py() else None
            case "bool" if pa.types.is_boolean(kind):
                return raw
            case _:
                return None
    except pa.ArrowInvalid:
        return None


def _numpy(mask: Any) -> Any:
    return mask.to_numpy(zero_copy_only=False)
