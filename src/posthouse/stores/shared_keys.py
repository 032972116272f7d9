"""Keys that occur on more than one day: a repeated or changed event whose time moved to another day.

Numbers given in sequence are checked with one bit each, others by sorting; days whose ranges of numbers do not touch
are not read at all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]

_DENSE = 64  # bits a row that the bitmap may take
_SORTED_AT_ONCE = 1 << 26  # rows, half a gigabyte


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
    passes = -(-rows // _SORTED_AT_ONCE)
    for turn in range(passes):
        of_days = (keys_of(span.day) for span in cluster)
        parts = [np.unique(keys[keys % passes == turn] if passes > 1 else keys) for keys in of_days]
        ordered = np.sort(np.concatenate(parts))
        found.append(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.concatenate(found)
