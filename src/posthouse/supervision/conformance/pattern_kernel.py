"""Patterns of journeys, marked column by column and counted row by row: what `steps.step_pattern` is in SQL, compiled.

A time counts where the bit of its step stands in `seen`; elsewhere it may be anything.
"""

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from posthouse.records.fold import steps
from posthouse.supervision.conformance.steps import pattern_bits
from posthouse.supervision.conformance.tally import EXAMPLES

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Bytes = npt.NDArray[np.uint8]

NEVER = np.iinfo(np.int64).max
"""The example that there is not."""

LONG_AGO = -(1 << 62)
"""Time of the latest step before any was seen."""

KEY, COUNT, LEAST = 0, 1, 2
"""Columns of a group: brand, outlet and pattern in one number, journeys, then the least waybill of each remainder."""

ALONE_BIT = OUTLET_BIT = pattern_bits()
BRAND_BIT = OUTLET_BIT + 24
"""In a pattern, the bit of journeys to be looked at singly; in a key, where the numbers of outlet and brand stand."""

CELLS_BITS, _CELLS_A_SECOND = 26, 4
"""Size of the sketch, and how many bits of it tell outlets of a second apart."""

_AT_OUTLET = 1 << steps().index("outlet_arrived")
_AFTER_OUTLET = sum(1 << steps().index(step) for step in ("out_for_delivery", "village_arrived", "delivered"))
_DELIVERED = 1 << steps().index("delivered")
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True)
def mark_swapped(times: "Ints", step: int, skew_s: int, bit: int, latest: "Ints", patterns: "Ints") -> None:
    """Mark rows in which this step was seen earlier than the latest before it, by more than the skew of two clocks.

    latest : of the steps so far, LONG_AGO at first; this step is added.
    """
    for row in range(len(times)):
        is_seen = (patterns[row] >> step) & 1 == 1
        is_swapped = is_seen & (times[row] + skew_s < latest[row])
        patterns[row] |= np.int64(is_swapped) << bit
        latest[row] = times[row] if is_seen else latest[row]


@njit(cache=True, nogil=True)
def mark_close(starts: "Ints", ends: "Ints", seen: int, least_s: int, bit: int, patterns: "Ints") -> None:
    """Mark rows in which two steps, those of the bits `seen`, follow one another in less than so many seconds."""
    for row in range(len(starts)):
        took_s = ends[row] - starts[row]
        is_close = ((patterns[row] & seen) == seen) & (took_s >= 0) & (took_s < least_s)
        patterns[row] |= np.int64(is_close) << bit


@njit(cache=True, nogil=True)
def count_groups(
    waybills: "Ints",
    patterns: "Ints",
    latest: "Ints",
    brands: "Codes",
    outlets: "Codes",
    limits: "Ints",
    slots: "Codes",
    groups: "Ints",
    known: int,
    alone: "Codes",
) -> "tuple[int, int]":
    """Count the rows that are judged; return how many groups there are now, and rows alone.

    Parameters
    ----------
    latest : time of the latest step seen. brands, outlets : their numbers, outlet 0 for none.
    limits : first second judged, first one after, seconds that a parcel may stay unsigned.
    slots : where the groups are found; a power of two, at least twice as many as groups and rows; -1 for empty.
    groups : shape (groups and rows at least, LEAST + EXAMPLES), of which `known` are in use.
    alone : filled with rows that are not counted, because they have to be looked at: no scan at the outlet, or marked
        with ALONE_BIT.
    """
    start_s, end_s, open_s = limits[0], limits[1], limits[2]
    spread, places = _SPREAD, len(slots) - 1
    singles = 0
    for row in range(len(waybills)):
        pattern, outlet = patterns[row], np.int64(outlets[row])
        moment = latest[row] if pattern & _DELIVERED else latest[row] + open_s
        if not start_s <= moment < end_s:
            continue
        if pattern >> ALONE_BIT or (pattern & _AFTER_OUTLET and not pattern & _AT_OUTLET):
            alone[singles] = row
            singles += 1
            continue
        key = (np.int64(brands[row]) << BRAND_BIT) | (outlet << OUTLET_BIT) | pattern
        slot = np.int64((np.uint64(key) * spread) >> np.uint64(32)) & places
        while slots[slot] >= 0 and groups[slots[slot], KEY] != key:
            slot = (slot + 1) & places
        group = int(slots[slot])
        if group < 0:
            group = known
            known += 1
            slots[slot] = group
            groups[group, KEY], groups[group, COUNT] = key, 0
            groups[group, LEAST:] = NEVER
        groups[group, COUNT] += 1
        waybill = waybills[row]
        remainder = waybill % EXAMPLES
        if waybill < 0 and remainder:
            # As engines have it: the remainder of the number without its sign.
            remainder = EXAMPLES - remainder
        groups[group, LEAST + remainder] = min(groups[group, LEAST + remainder], waybill)
    return known, singles


@njit(cache=True, nogil=True)
def count_signatures(
    patterns: "Ints", latest: "Ints", outlets: "Codes", batch: int, sketch: "Bytes", crowded: "Ints"
) -> int:
    """Count the signatures of outlets in the sketch; return how many seconds of `crowded` were filled.

    Parameters
    ----------
    batch : signatures of a batch, at most 255.
    sketch : signatures by outlet and second, 1 << CELLS_BITS; seldom, two outlets or seconds share a cell.
    crowded : filled with the seconds whose cell has reached a batch.
    """
    spread, cells, seconds = _SPREAD, (1 << CELLS_BITS) - 1, 0
    for row in range(len(patterns)):
        if patterns[row] & _DELIVERED and outlets[row]:
            apart = np.int64((np.uint64(outlets[row]) * spread) >> np.uint64(64 - _CELLS_A_SECOND))
            cell = ((latest[row] << _CELLS_A_SECOND) | apart) & cells
            if sketch[cell] < batch:
                sketch[cell] += 1
                if sketch[cell] == batch:
                    crowded[seconds] = latest[row]
                    seconds += 1
    return seconds
