"""Scans to journeys, compiled: the same rows as `fold.fold_journeys`, bit for bit, in one pass over sorted scans.

The kernel walks all runs of scans together, block by block of waybills, so that the journeys it is at stay in the
processor's cache. Waybills are keyed hashes, spread evenly: a journey's place in its block follows from its waybill,
and the blocks come out almost sorted. Neighbouring scans of one parcel look that place up once.
Texts are compared by their rank among all texts of the column, which is the order of their bytes, as in SQL.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.arrow import stored_schema
from posthouse.records.byte_words import bit_length
from posthouse.records.fold import steps
from posthouse.records.fold_scans import Scans
from posthouse.records.fold_texts import BRAND, HOW, SITE, STEP, VILLAGE, Texts
from posthouse.records.schema import get_table

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]
    Codes = npt.NDArray[np.int32]
    Int = Any  # what the compiler makes of it: mostly a 64-bit integer
    Signed = npt.NDArray[np.signedinteger]

_STEPS = len(steps())
_OUTLET_ARRIVED, _VILLAGE_ARRIVED, _DELIVERED = (
    steps().index(step) for step in ("outlet_arrived", "village_arrived", "delivered")
)
# A journey that is held: its first times, then these numbers, in one line of the processor's cache.
_COUNT, _BRAND, _VILLAGE, _OUTLET, _HOW = (np.uint64(_STEPS + place) for place in range(5))
_HELD = np.uint64(16)
# Numbers of a journey that is done: its first times, then these.
_SEEN, _SCANS, _FIRST = range(_STEPS, _STEPS + 3)
_NO_BRAND = np.iinfo(np.int32).max
_BLOCK_ROWS = 16384  # scans walked at once: they and their journeys take some hundred kilobytes
_SIGN = np.uint64(1 << 63)
_ONE = np.uint64(1)


def fold_sorted(scans: Scans) -> "pa.Table":
    """Return the journeys of all scans, sorted by waybill, in `arrow.stored_schema` of journeys.

    Parameters
    ----------
    scans : event_id without repeats over all runs.
    """
    if not len(scans.begins):
        return stored_schema(get_table("journeys")).empty_table()
    most = _count_groups(scans.waybills, scans.begins, scans.ends)
    waybills, numbers = np.empty(most, np.int64), np.empty((_STEPS + 3, most), np.int64)
    texts = np.empty((4, most), np.int32)
    never = scans.seconds.dtype.type(np.iinfo(scans.seconds.dtype).max)
    count = _fold(
        scans.waybills,
        scans.seconds,
        scans.codes,
        scans.begins,
        scans.ends,
        *scans.texts.rank(scans.dictionaries),
        never,
        waybills,
        numbers,
        texts,
    )
    return _table(waybills[:count], numbers[:, :count], texts[:, :count], np.int64(never), scans.texts)


@njit(cache=True, nogil=True)
def _count_groups(waybills: "Ints", begins: "Ints", ends: "Ints") -> "Int":
    """Return how many journeys there are at most: as if no waybill were in two runs."""
    groups: Int = len(begins)
    for run in range(len(begins)):
        for row in range(begins[run] + 1, ends[run]):
            groups += waybills[np.uint64(row)] != waybills[np.uint64(row - 1)]
    return groups


@njit(cache=True, nogil=True)
def _fold(  # noqa: PLR0915 one loop: calls with views of rows cost it twice the time
    waybills: "Ints",
    seconds: "Signed",
    codes: "Signed",
    begins: "Ints",
    ends: "Ints",
    ranks: "Codes",
    offsets: "Ints",
    never: Any,
    journeys: "Ints",
    numbers: "Ints",
    texts: "Codes",
) -> "Int":
    """Fill journeys, their numbers and texts, sorted by waybill; return how many there are.

    Parameters
    ----------
    ranks, offsets : rank of code c of column k in run i is ranks[offsets[k, i] + c]; of code -1, for no text, it is -1.
    never : greatest number of the type of `seconds`.
    """
    runs = len(begins)
    steps, brands, sites, villages, hows = codes[STEP], codes[BRAND], codes[SITE], codes[VILLAGE], codes[HOW]
    at, upto = begins.copy(), begins.copy()
    low, high, rows = np.uint64(waybills[at[0]]) ^ _SIGN, np.uint64(0), 0
    for run in range(runs):
        low = min(low, np.uint64(waybills[begins[run]]) ^ _SIGN)
        high = max(high, np.uint64(waybills[ends[run] - 1]) ^ _SIGN)
        rows += ends[run] - begins[run]
    width = (high - low) // np.uint64(rows // _BLOCK_ROWS + 1)
    held, keys, order = np.empty(0, seconds.dtype), np.empty(0, np.int64), np.empty(0, np.int32)
    index = np.empty(0, np.int32)
    fresh = np.full(_HELD, -1, seconds.dtype)
    fresh[:_STEPS] = never
    fresh[_COUNT] = 0
    fresh[_BRAND] = _NO_BRAND
    done = np.uint64(0)
    while True:
        last = low + width if high - low > width else high
        # How far each run is in the block, and how many journeys there are at most.
        bound = np.int64(last ^ _SIGN)
        groups: Int = 0
        for run in range(runs):
            row, end = np.uint64(at[run]), np.uint64(ends[run])
            before = waybills[row - _ONE] if row else np.int64(0)
            while row < end and waybills[row] <= bound:
                groups += waybills[row] != before
                before = waybills[row]
                row += _ONE
            groups += 1
            upto[run] = row
        # Twice as many places as journeys, at least: what is pushed aside goes a little to the right.
        bits, span = bit_length(np.uint64(groups)) + _ONE, bit_length(last - low)
        shift = span - bits if span > bits else np.uint64(0)
        if (1 << bits) + groups > len(index):
            held, keys = np.empty(groups * _HELD, seconds.dtype), np.empty(groups, np.int64)
            order, index = np.empty(groups, np.int32), np.full((1 << bits) + groups, -1, np.int32)
        # Run by run, the journeys of the block are held in the order in which they are met.
        count = np.uint64(0)
        for run in range(runs):
            of_step, of_brand, of_site = offsets[STEP, run], offsets[BRAND, run], offsets[SITE, run]
            of_village, of_how = offsets[VILLAGE, run], offsets[HOW, run]
            row, end = np.uint64(at[run]), np.uint64(upto[run])
            at[run] = upto[run]
            while row < end:
                waybill = waybills[row]
                slot = ((np.uint64(waybill) ^ _SIGN) - low) >> shift
                while index[slot] >= 0 and keys[np.uint64(index[slot])] != waybill:
                    slot += _ONE
                mine = np.uint64(index[slot]) * _HELD
                if index[slot] < 0:
                    mine = count * _HELD
                    index[slot] = count
                    keys[count] = waybill
                    count += _ONE
                    for number in range(_HELD):
                        held[mine + number] = fresh[number]
                first = row
                brand, village = held[mine + _BRAND], held[mine + _VILLAGE]
                outlet, how = held[mine + _OUTLET], held[mine + _HOW]
                while True:
                    kind = ranks[np.uint64(of_step + steps[row])]
                    held[mine + np.uint64(kind)] = min(held[mine + np.uint64(kind)], seconds[row])
                    brand = min(brand, ranks[np.uint64(of_brand + brands[row])])
                    # Chosen, not branched: which step comes next cannot be guessed.
                    code = np.int64(sites[row]) if kind == _OUTLET_ARRIVED else -1
                    outlet = max(outlet, ranks[np.uint64(of_site + code)])
                    code = np.int64(villages[row]) if (kind == _DELIVERED) | (kind == _VILLAGE_ARRIVED) else -1
                    village = max(village, ranks[np.uint64(of_village + code)])
                    code = np.int64(hows[row]) if kind == _DELIVERED else -1
                    how = max(how, ranks[np.uint64(of_how + code)])
                    row += _ONE
                    if row == end or waybills[row] != waybill:
                        break
                held[mine + _BRAND], held[mine + _VILLAGE] = brand, village
                held[mine + _OUTLET], held[mine + _HOW] = outlet, how
                held[mine + _COUNT] += row - first
        # They are done: written out by waybill.
        _sort_block(index, keys, order[:count])
        for journey in order[:count]:
            mine = np.uint64(journey) * _HELD
            journeys[done] = keys[np.uint64(journey)]
            seen: Int = 0
            earliest = never
            for step in range(np.uint64(_STEPS)):
                second = held[mine + step]
                numbers[step, done] = second
                seen |= np.int64(second != never) << step
                earliest = min(earliest, second)
            numbers[_SEEN, done], numbers[_SCANS, done], numbers[_FIRST, done] = seen, held[mine + _COUNT], earliest
            for text in range(np.uint64(4)):
                texts[text, done] = held[mine + _BRAND + text]
            done += _ONE
        if last == high:
            return done
        low = last + _ONE


@njit(cache=True, nogil=True)
def _sort_block(index: "Codes", keys: "Ints", order: "Codes") -> None:
    """Fill all journeys of a block by waybill, and empty their index; neighbours alone change places."""
    found, slot = np.uint64(0), np.uint64(0)
    while found < len(order):
        order[found] = index[slot]
        found += np.uint64(index[slot] >= 0)
        index[slot] = -1
        slot += _ONE
    for late in range(1, len(order)):
        journey, place = order[late], late
        key = keys[journey]
        while place > 0 and keys[order[place - 1]] > key:
            order[place] = order[place - 1]
            place -= 1
        order[place] = journey


def _table(waybills: "Ints", numbers: "Ints", coded: "Codes", never: np.int64, texts: Texts) -> "pa.Table":
    import pyarrow as pa

    def text(row: int, column: int) -> Any:
        return pa.DictionaryArray.from_arrays(_nullable(coded[row], np.int32(-1)), texts.ordered(column), safe=False)

    columns = [
        pa.array(waybills),
        text(0, BRAND),
        *(pa.array(numbers[row]) for row in (_SEEN, _SCANS, _FIRST)),
        *(_nullable(times, never) for times in numbers[:_STEPS]),
        text(1, VILLAGE),
        text(2, SITE),
        text(3, HOW),
    ]
    return pa.table(columns, schema=stored_schema(get_table("journeys")))


def _nullable(values: Any, missing: Any) -> Any:
    """Return an array of the values, null where they are `missing`."""
    import pyarrow as pa

    valid: Any = np.empty((len(values) + 7) // 8, np.uint8)
    lacking = _mark_valid(values, missing, valid)
    kind = pa.int64() if values.itemsize == np.dtype(np.int64).itemsize else pa.int32()
    return pa.Array.from_buffers(kind, len(values), [pa.py_buffer(valid), pa.py_buffer(values)], lacking)


@njit(cache=True, nogil=True)
def _mark_valid(values: "Signed", missing: Any, valid: "npt.NDArray[np.uint8]") -> "Int":
    """Fill the bits of the values that are not `missing`; return how many are."""
    lacking: Int = 0
    for byte in range(len(valid)):
        bits: Int = 0
        for bit in range(min(8, len(values) - 8 * byte)):
            has = values[np.uint64(8 * byte + bit)] != missing
            bits |= np.int64(has) << bit
            lacking += not has
        valid[byte] = bits
    return lacking
