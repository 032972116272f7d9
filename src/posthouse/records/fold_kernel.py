"""Scans to journeys, compiled: the same rows as `fold.fold_journeys`, bit for bit, in one pass over sorted scans.

Scans come as tables sorted by waybill (stored days are), with texts as dictionary codes. The kernel walks all of them
together, block by block of waybills, so that the journeys it is at stay in the processor's cache. Waybills are keyed
hashes, spread evenly: a journey's place in its block follows from its waybill, and the blocks come out almost sorted.
Texts are compared by their rank among all texts of the column, which is the order of their bytes, as in SQL.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.arrow import stored_schema
from posthouse.records.fold import EPOCH_S, steps
from posthouse.records.schema import get_table

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]

COLUMNS = ("waybill", "brand", "step", "event_at", "site", "village", "how")
NEVER = np.iinfo(np.int64).max
_NONE = np.iinfo(np.int32).max
_CODED = ("step", "brand", "site", "village", "how")
_STEP, _BRAND, _SITE, _VILLAGE, _HOW = range(len(_CODED))
_STEPS = len(steps())
_OUTLET_ARRIVED, _VILLAGE_ARRIVED, _DELIVERED = (
    steps().index(step) for step in ("outlet_arrived", "village_arrived", "delivered")
)
_SEEN, _SCANS, _FIRST = _STEPS, _STEPS + 1, _STEPS + 2
_NUMBERS = _STEPS + 3  # of a journey: its times, then these three
_BLOCK_ROWS = 8192  # scans walked at once: their journeys take some hundred kilobytes
_SIGN = np.uint64(1 << 63)


def fold_sorted(tables: "Sequence[pa.Table]") -> "pa.Table":
    """Return the journeys of all scans, sorted by waybill, in `arrow.stored_schema` of journeys.

    Parameters
    ----------
    tables : scans with at least COLUMNS, texts as dictionary codes, each table sorted by waybill; event_id
        without repeats over all of them.
    """
    import pyarrow as pa

    runs = [run for table in tables for run in table.select(COLUMNS).to_batches() if run.num_rows]
    if not runs:
        return stored_schema(get_table("journeys")).empty_table()
    rows = sum(run.num_rows for run in runs)
    starts = np.cumsum([0, *(run.num_rows for run in runs)])
    waybills = np.concatenate([run.column("waybill").to_numpy() for run in runs])
    micros = np.concatenate([run.column("event_at").view(pa.int64()).to_numpy() for run in runs])
    codes = np.empty((len(_CODED), rows), np.int32)
    for at, name in enumerate(_CODED):
        columns = (_codes(run, name).indices for run in runs)
        np.concatenate([(c.fill_null(-1) if c.null_count else c).to_numpy() for c in columns], out=codes[at])
    dictionaries: dict[str, list[Any]] = {name: [_codes(run, name).dictionary for run in runs] for name in _CODED}
    ranked = {name: rank_texts(dictionaries[name]) for name in _CODED[1:]}
    ranks = [_bits(dictionaries["step"]), *(ranks for _, ranks in ranked.values())]
    offsets = np.cumsum([0, *(len(part) for column in ranks for part in column)])[:-1].reshape(len(_CODED), len(runs))
    numbers = np.empty((_NUMBERS, rows), np.int64)
    texts = np.empty((4, rows), np.int32)
    journeys = np.empty(rows, np.int64)
    flat = np.concatenate([part for column in ranks for part in column])
    count = _fold(waybills, micros, codes, starts, flat, offsets, journeys, numbers, texts)
    return _table(journeys[:count], numbers[:, :count], texts[:, :count], {name: ranked[name][0] for name in ranked})


def _codes(run: "pa.RecordBatch", name: str) -> Any:
    return run.column(name)


def rank_texts(dictionaries: Sequence[Any]) -> "tuple[Any, list[Codes]]":
    """Return all texts of several dictionaries in the order of their bytes, and each dictionary's ranks among them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    together = pa.chunked_array(dictionaries, pa.string()).unique()
    texts = together.take(pc.sort_indices(together)).drop_null()
    ranks = pc.index_in(pa.chunked_array(dictionaries, pa.string()).combine_chunks(), texts).fill_null(-1)
    ends = np.cumsum([len(dictionary) for dictionary in dictionaries])
    return texts, np.split(ranks.to_numpy().astype(np.int32), ends[:-1])


def _bits(dictionaries: Sequence[Any]) -> "list[Codes]":
    bits = {step: bit for bit, step in enumerate(steps())}
    return [np.array([bits[step] for step in dictionary.to_pylist()], np.int32) for dictionary in dictionaries]


@njit(cache=True, nogil=True)
def _fold(  # noqa: PLR0915 one loop: calls with views of rows cost it twice the time
    waybills: "Ints",
    micros: "Ints",
    codes: "Codes",
    starts: "Ints",
    ranks: "Codes",
    offsets: "Ints",
    journeys: "Ints",
    numbers: "Ints",
    texts: "Codes",
) -> int:
    """Fill journeys, their numbers and texts, sorted by waybill; return how many there are.

    Parameters
    ----------
    starts : where each run of rows that are sorted by waybill begins, and where the last one ends, shape (r + 1,).
    ranks, offsets : rank of code c of column k in run i is ranks[offsets[k, i] + c].
    """
    runs = len(starts) - 1
    at, ends = starts[:-1].copy(), starts[:-1].copy()
    low = np.uint64(waybills[at[0]]) ^ _SIGN
    high = low
    for run in range(runs):
        low = min(low, np.uint64(waybills[at[run]]) ^ _SIGN)
        high = max(high, np.uint64(waybills[starts[run + 1] - 1]) ^ _SIGN)
    width = (high - low) // np.uint64(len(waybills) // _BLOCK_ROWS + 1)
    held, keys = np.empty((0, _NUMBERS + 4), np.int64), np.empty(0, np.int64)
    index, order = np.empty(0, np.int64), np.empty(0, np.int64)
    done = 0
    while True:
        size = 0
        last = low + width if high - low > width else high
        for run in range(runs):
            end = at[run]
            while end < starts[run + 1] and (np.uint64(waybills[end]) ^ _SIGN) <= last:
                end += 1
            ends[run] = end
            size += end - at[run]
        if size > len(keys):
            held, keys = np.empty((size, _NUMBERS + 4), np.int64), np.empty(size, np.int64)
            index, order = np.full(3 * size + 1, -1, np.int64), np.empty(size, np.int64)
        # Twice as many places as scans, at most: what is pushed aside goes a little to the right.
        place = (last - low) // np.uint64(2 * size + 1) + np.uint64(1)
        count = 0
        for run in range(runs):
            of_step, of_brand, of_site = offsets[_STEP, run], offsets[_BRAND, run], offsets[_SITE, run]
            of_village, of_how = offsets[_VILLAGE, run], offsets[_HOW, run]
            for row in range(at[run], ends[run]):
                waybill = waybills[row]
                slot = np.int64(((np.uint64(waybill) ^ _SIGN) - low) // place)
                while index[slot] >= 0 and keys[index[slot]] != waybill:
                    slot += 1
                journey = index[slot]
                if journey < 0:
                    journey = count
                    count += 1
                    index[slot] = journey
                    keys[journey] = waybill
                    held[journey, :_STEPS] = NEVER
                    held[journey, _SEEN:_FIRST] = 0
                    held[journey, _FIRST] = NEVER
                    held[journey, _NUMBERS] = _NONE
                    held[journey, _NUMBERS + 1 :] = -1
                kind = ranks[of_step + codes[_STEP, row]]
                second = micros[row] // 1_000_000 - EPOCH_S
                held[journey, kind] = min(held[journey, kind], second)
                held[journey, _FIRST] = min(held[journey, _FIRST], second)
                held[journey, _SEEN] |= 1 << kind
                held[journey, _SCANS] += 1
                held[journey, _NUMBERS] = min(held[journey, _NUMBERS], ranks[of_brand + codes[_BRAND, row]])
                if kind == _OUTLET_ARRIVED:
                    code = codes[_SITE, row]
                    if code >= 0:
                        held[journey, _NUMBERS + 2] = max(held[journey, _NUMBERS + 2], ranks[of_site + code])
                elif kind == _DELIVERED or kind == _VILLAGE_ARRIVED:  # noqa: PLR1714, SIM109 a set is slow once compiled
                    code = codes[_VILLAGE, row]
                    if code >= 0:
                        held[journey, _NUMBERS + 1] = max(held[journey, _NUMBERS + 1], ranks[of_village + code])
                    code = codes[_HOW, row]
                    if kind == _DELIVERED and code >= 0:
                        held[journey, _NUMBERS + 3] = max(held[journey, _NUMBERS + 3], ranks[of_how + code])
            at[run] = ends[run]
        _sort_block(index, keys, order, count)
        for number in range(count):
            journey = order[number]
            journeys[done] = keys[journey]
            for column in range(_NUMBERS):
                numbers[column, done] = held[journey, column]
            for column in range(4):
                texts[column, done] = held[journey, _NUMBERS + column]
            done += 1
        if last == high:
            return done
        low = last + np.uint64(1)


@njit(cache=True, nogil=True)
def _sort_block(index: "Ints", keys: "Ints", order: "Ints", count: int) -> None:
    """Fill `order` with the journeys of a block by waybill, and empty the index; neighbours alone change places."""
    found = slot = 0
    while found < count:
        journey = index[slot]
        if journey >= 0:
            index[slot] = -1
            place = found
            while place > 0 and keys[order[place - 1]] > keys[journey]:
                order[place] = order[place - 1]
                place -= 1
            order[place] = journey
            found += 1
        slot += 1


def _table(waybills: "Ints", numbers: "Ints", texts: "Codes", spoken: "dict[str, Any]") -> "pa.Table":
    import pyarrow as pa

    def text(row: int, name: str) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array(texts[row], mask=texts[row] < 0), spoken[name])

    columns = [
        pa.array(waybills),
        text(0, "brand"),
        *(pa.array(numbers[row]) for row in (_SEEN, _SCANS, _FIRST)),
        *(pa.array(times, mask=times == NEVER) for times in numbers[:_STEPS]),
        text(1, "village"),
        text(2, "site"),
        text(3, "how"),
    ]
    return pa.table(columns, schema=stored_schema(get_table("journeys")))
