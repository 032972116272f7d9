"""Keys that occur on more than one day: a repeated or changed event whose time moved to another day.

Numbers given in sequence, in however many of them, are checked with one bit each; of others, those that fall on one bit
of a smaller bitmap are compared. Days whose ranges of numbers do not touch are not read at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_DENSE = 64  # bits a row that the bitmap may take
_FEW_PAGES = 64  # that it may have however few the rows are
_SPARSE = 16  # bits a row of the bitmap on which several numbers may fall
_MOST_WORDS = 1 << 26  # of that bitmap, half a gigabyte


@dataclass(frozen=True, slots=True)
class Span:
    """The range of keys of a day's rows; is_new where some of them come with this load."""

    day: int
    low: int
    high: int
    rows: int
    is_new: bool


def find_shared_keys(spans: "Sequence[Span]", keys_of: "Callable[[int], Ints]") -> "tuple[Ints, dict[int, Ints]]":
    """Return the keys that occur on more than one day, sorted, and by day the others that occur on it more than once.

    Looked for where at least one day has new rows.

    Parameters
    ----------
    spans : of every day with rows. keys_of : the keys of a day, new and stored.
    """
    import numpy as np

    found: list[Ints] = [np.empty(0, np.int64)]
    repeated: dict[int, Ints] = {}
    for cluster in _clusters(spans):
        if any(span.is_new for span in cluster):
            shared, of_day = _shared(cluster, keys_of)
            found.append(shared)
            repeated |= of_day
    return np.unique(np.concatenate(found)), repeated


def _clusters(spans: "Sequence[Span]") -> "list[list[Span]]":
    """Return the days in groups whose ranges of keys overlap."""
    clusters: list[list[Span]] = []
    reach = 0
    for span in sorted(spans, key=lambda span: (span.low, span.high)):
        if clusters and span.low <= reach:
            clusters[-1].append(span)
            reach = max(reach, span.high)
        else:
            clusters.append([span])
            reach = span.high
    return clusters


def _shared(cluster: "list[Span]", keys_of: "Callable[[int], Ints]") -> "tuple[Ints, dict[int, Ints]]":
    import numpy as np

    from posthouse.records.order_kernel import PAGE_BITS, number_pages, set_bits, test_bits

    rows = sum(span.rows for span in cluster)
    most = (rows * _DENSE >> PAGE_BITS) + _FEW_PAGES
    table = np.zeros(4 << most.bit_length(), np.int64)
    bitmap = np.zeros(most << PAGE_BITS - 6, np.uint64)  # memory is taken for pages that are met
    pages = 0
    found, repeated = [], {}
    for at, span in enumerate(cluster):
        keys = keys_of(span.day)
        numbered, hits = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
        pages = number_pages(keys, table, pages, numbered)
        if not 0 <= pages <= most:
            return _shared_sparse(cluster, keys_of, rows)
        shared = hits[: test_bits(bitmap, 0, numbered, hits)].copy() if at else hits[:0]
        found.append(shared)
        again = hits[: set_bits(bitmap, 0, numbered, hits)]
        if len(again) > len(shared):
            repeated[span.day] = np.setdiff1d(again, shared)
    tops = np.zeros(pages, np.int64)
    tops[table[::2][table[::2] > 0] - 1] = table[1::2][table[::2] > 0]

    def keys_at(numbers: "Ints") -> "Ints":
        keys: Ints = (tops[numbers >> PAGE_BITS] << PAGE_BITS) | (numbers & ((1 << PAGE_BITS) - 1))
        return keys

    return keys_at(np.concatenate(found)), {day: keys_at(numbers) for day, numbers in repeated.items()}


def _shared_sparse(
    cluster: "list[Span]", keys_of: "Callable[[int], Ints]", rows: int
) -> "tuple[Ints, dict[int, Ints]]":
    """Return the same where a bit a number would be too many: numbers that may be repeated are found, then compared."""
    import numpy as np

    from posthouse.records.order_kernel import set_near
    from posthouse.records.take_kernel import find_wanted

    bitmap = np.zeros(min(1 << (rows * _SPARSE // 64).bit_length(), _MOST_WORDS), np.uint64)
    doubtful = []
    for span in cluster:
        keys = keys_of(span.day)
        hits = np.empty(len(keys), np.int64)
        doubtful.append(hits[: set_near(bitmap, keys, hits)].copy())
    wanted = _distinct(np.concatenate(doubtful))
    found, repeated = [], {}
    for span in cluster:
        keys = keys_of(span.day)
        hit = np.empty(len(keys), np.bool_)
        find_wanted(keys, wanted, hit)
        again = np.sort(keys[hit])
        found.append(_distinct(again))
        if len(found[-1]) < len(again):
            repeated[span.day] = _distinct(again[1:][again[1:] == again[:-1]])
    ordered = np.sort(np.concatenate(found))
    return ordered[1:][ordered[1:] == ordered[:-1]], repeated


def _distinct(numbers: "Ints") -> "Ints":
    """Return the numbers sorted, each once. Sorting is much faster than the table that numpy looks them up in."""
    import numpy as np

    ordered: Ints = np.sort(numbers)
    distinct: Ints = ordered[np.append(np.ones(min(len(ordered), 1), np.bool_), ordered[1:] != ordered[:-1])]
    return distinct
