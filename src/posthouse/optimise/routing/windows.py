"""Compiled: the clock of a route: how long it waits, and how late it comes, with one visit more or less.

A stretch of a route is four numbers: its least duration, its lateness, and the earliest and latest start that reach
these. Two stretches join in constant time, so an insertion is priced from the stretch before it and the one after it.
After T. Vidal, T. G. Crainic, M. Gendreau, C. Prins (2013), Computers & Operations Research 40, 475-489. Lateness is
charged as if time could be turned back: a late visit does not make the next one late again.
"""

import numba
import numpy as np

from posthouse.optimise.routing.compiling import KERNEL, PART
from posthouse.optimise.routing.tables import (
    CLOSES,
    COST,
    COUNT,
    DEPOT,
    EARLIEST,
    FIRST,
    KIND,
    LAST,
    LASTING,
    LATEST,
    LIMIT,
    NEXT,
    OPENS,
    OVER,
    PER_TIME,
    PREVIOUS,
    SERVICE,
    SLOT,
    TIME_OVER,
    TIME_PRICE,
    TIMES,
    WAITING,
)

BEFORE, AFTER = np.int64(0), np.int64(1)  # sides of `stretch`; plain numbers would be types of their own


@numba.njit(**KERNEL)
def join(lasting, late, early, latest, way, lasting_next, late_next, early_next, latest_next):
    """Join two stretches with a way between them."""
    ahead = lasting - late + way
    wait = max(early_next - ahead - latest, 0.0)
    turned = max(early + ahead - latest_next, 0.0)
    return (
        lasting + lasting_next + way + wait,
        late + late_next + turned,
        max(early_next - ahead, early) - wait,
        min(latest_next - ahead, latest) + turned,
    )


@numba.njit(**PART)
def read_stretch(kept, row_num, a, side):
    """Return the stretch from the depot to visit a, or from it to the depot; at the depot the row's hours."""
    if a >= len(kept):
        return 0.0, 0.0, row_num[OPENS], row_num[CLOSES]
    return kept[a, side, 0], kept[a, side, 1], kept[a, side, 2], kept[a, side, 3]


@numba.njit(**PART)
def write_stretch(kept, a, side, stretch):
    """Keep a stretch."""
    for i in range(4):
        kept[a, side, i] = stretch[i]


@numba.njit(**KERNEL)
def price_of_clock(t, w, c, k, r, a, b):
    """Return what waiting and excess of row r cost with kind k of customer c between a and b, beyond today's excess."""
    s = t.row_int[r, SLOT]
    q = t.row_int[r, TIMES]
    d0, l0, e0, f0 = read_stretch(w.stretch[s], t.row_num[r], a, BEFORE)
    service = t.kind_num[k, SERVICE]
    d1, l1, e1, f1 = join(d0, l0, e0, f0, t.time[q, a, c], service, 0.0, t.kind_num[k, EARLIEST], t.kind_num[k, LATEST])
    d2, l2, e2, f2 = read_stretch(w.stretch[s], t.row_num[r], b, AFTER)
    lasting, late, _, _ = join(d1, l1, e1, f1, t.time[q, c, b], d2, l2, e2, f2)
    busy = w.sums[r, LASTING] + t.time[q, a, c] + t.time[q, c, b] - t.time[q, a, b] + service
    over = max(0.0, lasting - t.row_num[r, LIMIT]) + late
    return t.row_num[r, PER_TIME] * (lasting - busy) + w.total[TIME_PRICE] * (over - w.sums[r, OVER])


@numba.njit(**KERNEL)
def refresh_row(t, w, r):
    """Compute the stretches of row r, its waiting and its excess, and bring the totals up to date."""
    s = t.row_int[r, SLOT]
    q = t.row_int[r, TIMES]
    depot = np.int64(t.row_int[r, DEPOT])
    kept = w.stretch[s]
    waiting = 0.0
    over = 0.0
    if w.route[r, COUNT] > 0:
        stretch = read_stretch(kept, t.row_num[r], depot, BEFORE)
        before = depot
        a = w.route[r, FIRST]
        while a < t.n:
            stretch = join_visit(t, w, s, a, stretch, t.time[q, before, a])
            write_stretch(kept, a, BEFORE, stretch)
            before = a
            a = w.visit[s, a, NEXT]
        end = read_stretch(kept, t.row_num[r], depot, AFTER)
        whole = join(*stretch, t.time[q, before, depot], *end)
        waiting = max(0.0, whole[0] - w.sums[r, LASTING])
        over = max(0.0, whole[0] - t.row_num[r, LIMIT]) + whole[1]
        stretch = end
        after = depot
        a = w.route[r, LAST]
        while a < t.n:
            k = w.visit[s, a, KIND]
            stretch = join(
                t.kind_num[k, SERVICE],
                0.0,
                t.kind_num[k, EARLIEST],
                t.kind_num[k, LATEST],
                t.time[q, a, after],
                *stretch,
            )
            write_stretch(kept, a, AFTER, stretch)
            after = a
            a = w.visit[s, a, PREVIOUS]
    w.total[TIME_OVER] += over - w.sums[r, OVER]
    w.total[COST] += t.row_num[r, PER_TIME] * (waiting - w.sums[r, WAITING])
    w.sums[r, OVER] = over
    w.sums[r, WAITING] = waiting


@numba.njit(**PART)
def join_visit(t, w, s, a, stretch, way):
    """Join a stretch and the visit of customer a in slot s."""
    k = w.visit[s, a, KIND]
    return join(*stretch, way, t.kind_num[k, SERVICE], 0.0, t.kind_num[k, EARLIEST], t.kind_num[k, LATEST])
