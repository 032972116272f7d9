"""Journeys counted by pattern in this process, as they come from their files: a fraction of what a query takes.

`check` has the same as expressions, which run on a cluster too and are the reference: the figures are the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from posthouse.measures.forms import DAY_S, end_second, start_second
from posthouse.records.fold import steps
from posthouse.supervision.conformance.pattern_kernel import (
    ALONE_BIT,
    BRAND_BIT,
    CELLS_BITS,
    COUNT,
    KEY,
    LEAST,
    LONG_AGO,
    NEVER,
    OUTLET_BIT,
    count_groups,
    count_signatures,
    mark_close,
    mark_swapped,
)
from posthouse.supervision.conformance.speeds import SpeedLimits
from posthouse.supervision.conformance.steps import LEAST_INTERVALS
from posthouse.supervision.conformance.tally import EXAMPLES, Group
from posthouse.vocabulary.periods import Period

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

COLUMNS = ("waybill", "brand", "outlet", "village", "seen", *(f"{step}_s" for step in steps()))
"""Of journeys, what is read."""

JourneyStream = Callable[[Sequence[str], date, date], "Iterator[pa.Table]"]
"""Hands out columns of the journeys that began from one day until before another, texts as dictionary codes."""

_BATCH_ROWS = 1 << 14  # what is marked in them stays in the processor's cache
_MOST_GROUPS = 1 << 15  # kept before they are put aside
_MOST_BATCH = 255  # that a cell of the sketch can count
_BETWEEN, _WHOLE = ("origin_departed", "destination_arrived"), ("accepted", "delivered")


@dataclass(frozen=True, slots=True)
class Streamed:
    """What came out of a stream of journeys.

    groups : the judged journeys that need nothing more, by brand, outlet and pattern.
    singles : those that one has to look at: waybill, brand, outlet, pattern, between_s, whole_s.
    crowded : the seconds in which some outlet may have signed a batch: crowded_s.
    """

    groups: tuple[Group, ...]
    singles: "pa.Table"
    crowded: "pa.Table"


def stream_patterns(
    journeys: "Iterable[pa.Table]", period: Period, limits: Mapping[str, float], speeds: SpeedLimits
) -> Streamed:
    """Return the journeys that the period judges, counted by pattern.

    Parameters
    ----------
    journeys : COLUMNS of those that began on `judged_days`, texts as dictionary codes.
    limits : parameters of the rules.
    """
    import pyarrow as pa

    counts = _Counts(period, limits, speeds)
    passed = [counts.add(batch) for rows in journeys for batch in rows.to_batches(_BATCH_ROWS)]
    crowded = np.unique(np.concatenate([np.empty(0, np.int64), *(seconds for _, seconds in passed)]))
    singles = pa.Table.from_batches([single for single, _ in passed], _singles_schema())
    return Streamed(tuple(counts.groups()), singles, pa.table([pa.array(crowded)], ["crowded_s"]))


class _Counts:
    """The groups so far, in arrays that the kernel fills; put aside and begun anew where these are full."""

    def __init__(self, period: Period, limits: Mapping[str, float], speeds: SpeedLimits) -> None:
        open_s = int(limits["open_days"]) * DAY_S
        self._limits = np.array([start_second(period), end_second(period), open_s], np.int64)
        self._batch = min(int(limits["least_batch"]), _MOST_BATCH)
        self._skew_s = int(limits["clock_skew_s"])
        self._close = [
            (before, step, int(limits[parameter]), 2 * len(steps()) + number)
            for number, (step, (before, parameter)) in enumerate(LEAST_INTERVALS.items())
        ]
        self._close += [
            (*_BETWEEN, max(speeds.other_city_s, speeds.abroad_s), ALONE_BIT),
            (*_WHOLE, speeds.crossing_s, ALONE_BIT),
        ]
        self._sketch = np.zeros(1 << CELLS_BITS, np.uint8)
        room = _MOST_GROUPS + _BATCH_ROWS
        self._slots = np.full(1 << (2 * room - 1).bit_length(), -1, np.int32)
        self._open = np.empty((room, LEAST + EXAMPLES), np.int64)
        self._known = 0
        self._aside: list[Ints] = []
        self._brands: dict[str, int] = {}
        self._outlets: dict[str, int] = {}

    def add(self, batch: "pa.RecordBatch") -> "tuple[pa.RecordBatch, Ints]":
        """Count a batch; return its rows that stand alone, and the seconds that it makes crowded."""
        rows = batch.num_rows
        if self._known > _MOST_GROUPS:
            self._put_aside()
        times = {step: _values(batch.column(f"{step}_s")) for step in steps()}
        patterns = _untimed_patterns(batch)
        latest = np.full(rows, LONG_AGO, np.int64)
        for place, step in enumerate(times):
            mark_swapped(times[step], place, self._skew_s, len(times) + place, latest, patterns)
        for start, end, least_s, bit in self._close:
            mark_close(times[start], times[end], _seen(start, end), least_s, bit, patterns)
        outlets = _number(batch.column("outlet"), self._outlets)
        crowded, alone = np.empty(rows, np.int64), np.empty(rows, np.int32)
        seconds = count_signatures(patterns, latest, outlets, self._batch, self._sketch, crowded)
        self._known, singles = count_groups(
            _values(batch.column("waybill")),
            patterns,
            latest,
            _number(batch.column("brand"), self._brands),
            outlets,
            self._limits,
            self._slots,
            self._open,
            self._known,
            alone,
        )
        return _singles(batch, patterns, times, alone[:singles]), crowded[:seconds]

    def groups(self) -> Iterator[Group]:
        """Yield the groups that were counted."""
        self._put_aside()
        brands, outlets = ["", *self._brands], [None, *self._outlets]
        parts = np.concatenate(self._aside)
        keys, places = np.unique(parts[:, KEY], return_inverse=True)
        whole = np.full((len(keys), parts.shape[1]), NEVER)
        whole[:, KEY], whole[:, COUNT] = keys, 0
        np.add.at(whole[:, COUNT], places, parts[:, COUNT])
        np.minimum.at(whole[:, LEAST:], places, parts[:, LEAST:])
        for row in whole.tolist():
            yield Group(
                brand=brands[row[KEY] >> BRAND_BIT],
                outlet=outlets[row[KEY] >> OUTLET_BIT & (1 << BRAND_BIT - OUTLET_BIT) - 1],
                pattern=row[KEY] & (1 << OUTLET_BIT) - 1,
                count=row[COUNT],
                examples=tuple(sorted(waybill for waybill in row[LEAST:] if waybill != NEVER)),
            )

    def _put_aside(self) -> None:
        self._aside.append(self._open[: self._known].copy())
        self._slots.fill(-1)
        self._known = 0


def _untimed_patterns(batch: "pa.RecordBatch") -> "Ints":
    """Return the bits that need no times: what was seen, and whether the parcel reached a village."""
    reached = batch.column("village").is_valid().to_numpy(zero_copy_only=False)
    return _values(batch.column("seen")) | reached.astype(np.int64) << len(steps())


def _values(column: Any) -> "Ints":
    """Return the numbers of an Arrow column as they lie there; where there is none, anything."""
    return np.frombuffer(column.buffers()[1], np.int64)[column.offset : column.offset + len(column)]


def _seen(*names: str) -> int:
    return sum(1 << steps().index(name) for name in names)


def _number(codes: Any, known: dict[str, int]) -> "npt.NDArray[np.int32]":
    """Return the number of each text, 0 for none, from 1 in the order in which they were met."""
    numbers = [known.setdefault(text, len(known) + 1) for text in codes.dictionary.to_pylist()]
    places: Ints = codes.indices.fill_null(len(numbers)).to_numpy()
    return np.array([*numbers, 0], np.int32)[places]


def _singles(batch: "pa.RecordBatch", patterns: "Ints", times: "Mapping[str, Ints]", rows: Any) -> "pa.RecordBatch":
    import pyarrow as pa

    def took(*ends: str) -> Any:
        start, end = (times[step][rows] for step in ends)
        return pa.array(end - start, mask=patterns[rows] & _seen(*ends) != _seen(*ends))

    kept: Any = batch.take(pa.array(rows))
    names = [kept.column("waybill"), *(kept.column(name).dictionary_decode() for name in ("brand", "outlet"))]
    columns = [*names, pa.array(patterns[rows] & (1 << ALONE_BIT) - 1), took(*_BETWEEN), took(*_WHOLE)]
    return pa.record_batch(columns, schema=_singles_schema())


def _singles_schema() -> "pa.Schema":
    import pyarrow as pa

    texts = ("brand", "outlet")
    names = ("waybill", *texts, "pattern", "between_s", "whole_s")
    return pa.schema([(name, pa.string() if name in texts else pa.int64()) for name in names])
