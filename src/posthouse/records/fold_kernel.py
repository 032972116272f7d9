"""Scans to journeys, compiled: the same rows as `fold.fold_journeys`, bit for bit, in one pass over sorted scans.

Scans come as tables sorted by waybill (stored days are), with texts as dictionary codes. The waybills of all tables
make one sorted list of journeys; each table then walks along it, so memory is touched in order. Texts are compared by
their rank among all texts of the column, which is the order of their bytes, as in SQL.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from posthouse.records.arrow import plain_columns, stored_schema
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
_OUTLET_ARRIVED, _VILLAGE_ARRIVED, _DELIVERED = (
    steps().index(step) for step in ("outlet_arrived", "village_arrived", "delivered")
)


def fold_sorted(tables: "Sequence[pa.Table]") -> "pa.Table":
    """Return the journeys of all scans, sorted by waybill, in `arrow.stored_schema` of journeys.

    Parameters
    ----------
    tables : scans with at least COLUMNS, texts as dictionary codes, each table sorted by waybill; event_id
        without repeats over all of them.
    """
    import pyarrow as pa

    tables = [plain_columns(table) for table in tables if table.num_rows]
    waybills = [table.column("waybill").to_numpy() for table in tables]
    journeys = _distinct(waybills)
    ranked = {name: rank_texts([_codes(table, name).dictionary for table in tables]) for name in _TEXTS}
    state = _State(len(journeys))
    bits = {step: bit for bit, step in enumerate(steps())}
    for at, table in enumerate(tables):
        step = _codes(table, "step")
        of_step = np.array([bits[text] for text in step.dictionary.to_pylist()], np.int32)
        texts = [_coded(_codes(table, name), ranked[name][1][at]) for name in _TEXTS]
        _walk(
            journeys,
            waybills[at],
            of_step[step.indices.to_numpy()],
            table.column("event_at").cast(pa.int64()).to_numpy(),
            *texts,
            state.seen,
            state.scans,
            state.times,
            state.brand,
            state.outlet,
            state.village,
            state.how,
        )
    return _table(journeys, state, {name: ranked[name][0] for name in _TEXTS})


_TEXTS = ("brand", "site", "village", "how")


class _State:
    """What is known of each journey so far; times are (9, n) seconds, NEVER where not seen; texts are ranks."""

    def __init__(self, count: int) -> None:
        self.seen = np.zeros(count, np.int64)
        self.scans = np.zeros(count, np.int64)
        self.times = np.full((len(steps()), count), NEVER, np.int64)
        self.brand = np.full(count, _NONE, np.int32)
        self.outlet = np.full(count, -1, np.int32)
        self.village = np.full(count, -1, np.int32)
        self.how = np.full(count, -1, np.int32)


def rank_texts(dictionaries: Sequence[Any]) -> "tuple[Any, list[Codes]]":
    """Return all texts of several dictionaries in the order of their bytes, and each dictionary's ranks among them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    together = pa.chunked_array(dictionaries, pa.string()).unique()
    texts = together.take(pc.sort_indices(together)).drop_null()
    return texts, [
        pc.index_in(dictionary, texts).fill_null(-1).to_numpy().astype(np.int32) for dictionary in dictionaries
    ]


def _codes(table: "pa.Table", name: str) -> Any:
    return table.column(name).chunk(0)


def _coded(codes: Any, ranks: "Codes") -> "Codes":
    """Return the rank of each row's text, -1 where it has none."""
    indices = codes.indices
    coded: Codes
    if not indices.null_count:
        coded = ranks[indices.to_numpy()]
    else:
        coded = np.append(ranks, np.int32(-1))[indices.fill_null(len(ranks)).to_numpy()]
    return coded


def _distinct(waybills: "Sequence[Ints]") -> "Ints":
    """Return the waybills of several sorted lists, each once, sorted."""
    firsts = [part[np.concatenate([[True], part[1:] != part[:-1]])] for part in waybills]
    together = np.sort(np.concatenate([np.empty(0, np.int64), *firsts]))
    return together[np.concatenate([[True], together[1:] != together[:-1]])] if len(together) else together


@njit(cache=True, nogil=True)
def _walk(  # noqa: PLR0917 compiled code takes arrays one by one
    journeys: "Ints",
    waybills: "Ints",
    step: "Codes",
    micros: "Ints",
    brand: "Codes",
    site: "Codes",
    village: "Codes",
    how: "Codes",
    seen: "Ints",
    scans: "Ints",
    times: "npt.NDArray[np.int64]",
    brands: "Codes",
    outlets: "Codes",
    villages: "Codes",
    hows: "Codes",
) -> None:
    """Add scans, sorted by waybill, to the journeys, sorted by waybill, among which each of them is."""
    at = 0
    for row in range(len(waybills)):
        while journeys[at] < waybills[row]:
            at += 1
        kind = step[row]
        second = micros[row] // 1_000_000 - EPOCH_S
        seen[at] |= 1 << kind
        scans[at] += 1
        times[kind, at] = min(times[kind, at], second)
        brands[at] = min(brands[at], brand[row])
        if kind == _DELIVERED or kind == _VILLAGE_ARRIVED:  # noqa: PLR1714, SIM109 a set is slow once compiled
            villages[at] = max(villages[at], village[row])
            if kind == _DELIVERED:
                hows[at] = max(hows[at], how[row])
        elif kind == _OUTLET_ARRIVED:
            outlets[at] = max(outlets[at], site[row])


def _table(journeys: "Ints", state: _State, texts: "dict[str, Any]") -> "pa.Table":
    import pyarrow as pa

    def spoken(ranks: Any, name: str) -> Any:
        return pa.DictionaryArray.from_arrays(pa.array(ranks, mask=ranks < 0), texts[name])

    columns = [
        pa.array(journeys),
        spoken(state.brand, "brand"),
        pa.array(state.seen),
        pa.array(state.scans),
        pa.array(state.times.min(axis=0) if len(journeys) else journeys),
        *(pa.array(times, mask=times == NEVER) for times in state.times),
        spoken(state.village, "village"),
        spoken(state.outlet, "site"),
        spoken(state.how, "how"),
    ]
    return pa.table(columns, schema=stored_schema(get_table("journeys")))
