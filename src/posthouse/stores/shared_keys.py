"""Keys that occur on more than one day: a repeated or changed event whose time moved to another day.

Numbers given in sequence are checked with one bit each; of others, those that fall on one bit of a smaller bitmap are
compared. Days whose ranges of numbers do not touch are not read at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_DENSE = 64  # bits a row that the bitmap may take
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


def find_shared_keys(spans: "Sequence[Span]", keys_of: "Callable[[int], Ints]") -> "Ints":
    """Return the keys that occur on more than one day, at least one of them with new rows; sorted.

    Parameters
    ----------
    spans : of every day with rows. keys_of : the keys of a day, new and stored.
    """
    import numpy as np

    found = [
        _shared(cluster, keys_of)
        for cluster in _clusters(spans)
        if len(cluster) > 1 and any(span.is_new for span in cluster)
    ]
    return np.unique(np.concatenate([np.empty(0, np.int64), *found]))


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


def _shared(cluster: "list[Span]", keys_of: "Callable[[int], Ints]") -> "Ints":
    import numpy as np

    from posthouse.records.order_kernel import set_bits, test_bits

    low, high = min(span.low for span in cluster), max(span.high for span in cluster)
    rows = sum(span.rows for span in cluster)
    found = []
    if high - low < _DENSE * rows:
        bitmap = np.zeros((high - low) // 64 + 1, np.uint64)
        for span in cluster:
            keys = keys_of(span.day)
            hits = np.empty(len(keys), np.int64)
            found.append(hits[: test_bits(bitmap, low, keys, hits)].copy())
            set_bits(bitmap, low, keys, hits)
        return np.concatenate(found)
    return _shared_sparse(cluster, keys_of, rows)


def _shared_sparse(cluster: "list[Span]", keys_of: "Callable[[int], Ints]", rows: int) -> "Ints":
    """Return the same where a bit a number would be too many: numbers that may be shared are found, then compared."""
    import numpy as np

    from posthouse.records.order_kernel import set_near, test_near
    from posthouse.records.take_kernel import find_wanted

    bitmap = np.zeros(min(1 << (rows * _SPARSE // 64).bit_length(), _MOST_WORDS), np.uint64)
    doubtful = []
    for span in cluster:
        keys = keys_of(span.day)
        hits = np.empty(len(keys), np.int64)
        doubtful.append(hits[: test_near(bitmap, keys, hits)].copy())
        set_near(bitmap, keys)
    wanted = np.unique(np.concatenate(doubtful))
    found = []
    for span in cluster:
        keys = keys_of(span.day)
        hit = np.empty(len(keys), np.bool_)
        find_wanted(keys, wanted, hit)
        found.append(np.unique(keys[hit]))
    ordered = np.sort(np.concatenate(found))
    shared: Ints = ordered[1:][ordered[1:] == ordered[:-1]]
    return shared
