"""Compiled: place or remove one visit, and take such steps back. All change of a running solution goes through here."""

import numba
import numpy as np

from posthouse.optimise.routing.compiling import KERNEL, PART
from posthouse.optimise.routing.tables import (
    ABSENT,
    CAP,
    CAP_SECOND,
    CHANGED,
    CLOCKED,
    COST,
    COUNT,
    DEMAND,
    DEMAND_SECOND,
    FIRST,
    FIRST_EDGE,
    FIXED,
    KIND,
    LAST,
    LASTING,
    LIMIT,
    LOAD,
    LOAD_OVER,
    LOAD_SECOND,
    NEXT,
    OUTSIDE,
    OUTSIDE_PRICE,
    PER_TIME,
    PREVIOUS,
    PRICES,
    ROW,
    SERVICE,
    STALE,
    STEPS,
    TIME_OVER,
    TIMED,
    TIMES,
    TWO_LOADS,
    USED,
)
from posthouse.optimise.routing.windows import refresh_row


@numba.njit(**KERNEL)
def draw(rng):
    """Return a random number in [0, 1): splitmix64, small, fast, and the same everywhere."""
    rng[0] += np.uint64(0x9E3779B97F4A7C15)
    z = rng[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return float((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@numba.njit(**PART)
def place(t, w, c, s, kind, r, a):
    """Put customer c into slot s after location a of row r (the depot: at the start), or OUTSIDE."""
    step = w.counts[STEPS]
    w.counts[STEPS] = step + 1
    w.log[step, 0] = 1
    w.log[step, 1] = c
    w.log[step, 2] = s
    w.log[step, 3] = kind
    w.log[step, 4] = r
    w.visit[s, c, KIND] = kind
    w.visit[s, c, ROW] = r
    if r == OUTSIDE:
        w.total[COST] += t.kind_num[kind, OUTSIDE_PRICE]
        return
    w.log_sums[step, 0] = w.sums[r, LOAD]
    w.log_sums[step, 1] = w.sums[r, LOAD_SECOND]
    w.log_sums[step, 2] = w.sums[r, LASTING]
    p = t.row_int[r, PRICES]
    b = w.route[r, FIRST] if a >= t.n else w.visit[s, a, NEXT]
    if w.route[r, COUNT] == 0:
        w.total[COST] += t.row_num[r, FIXED]
        w.total[USED] += 1.0
    change = link(t, w, c, s, r, a, b, p)
    w.total[COST] += change + t.row_num[r, PER_TIME] * t.kind_num[kind, SERVICE]
    w.route[r, COUNT] += 1
    w.route[r, CHANGED] = 1
    add_load(t, w, r, kind, 1.0)
    if t.flags[TIMED]:
        q = t.row_int[r, TIMES]
        add_time(t, w, r, t.time[q, a, c] + t.time[q, c, b] - t.time[q, a, b] + t.kind_num[kind, SERVICE])
        if t.flags[CLOCKED]:
            refresh_row(t, w, np.int64(r))


@numba.njit(**PART)
def remove(t, w, c, s):
    """Take customer c out of slot s."""
    step = w.counts[STEPS]
    w.counts[STEPS] = step + 1
    r = w.visit[s, c, ROW]
    kind = w.visit[s, c, KIND]
    w.log[step, 0] = 0
    w.log[step, 1] = c
    w.log[step, 2] = s
    w.log[step, 3] = kind
    w.log[step, 4] = r
    w.visit[s, c, KIND] = ABSENT
    w.visit[s, c, ROW] = ABSENT
    if r == OUTSIDE:
        w.total[COST] -= t.kind_num[kind, OUTSIDE_PRICE]
        return
    w.log_sums[step, 0] = w.sums[r, LOAD]
    w.log_sums[step, 1] = w.sums[r, LOAD_SECOND]
    w.log_sums[step, 2] = w.sums[r, LASTING]
    p = t.row_int[r, PRICES]
    a = w.visit[s, c, PREVIOUS]
    b = w.visit[s, c, NEXT]
    w.log[step, 5] = a
    change = unlink(t, w, c, s, r, a, b, p)
    w.total[COST] += change - t.row_num[r, PER_TIME] * t.kind_num[kind, SERVICE]
    w.route[r, COUNT] -= 1
    w.route[r, CHANGED] = 1
    add_load(t, w, r, kind, -1.0)
    if t.flags[TIMED]:
        q = t.row_int[r, TIMES]
        add_time(t, w, r, t.time[q, a, b] - t.time[q, a, c] - t.time[q, c, b] - t.kind_num[kind, SERVICE])
        w.route[r, STALE] = 1
    if w.route[r, COUNT] == 0:
        w.total[COST] -= t.row_num[r, FIXED]
        w.total[USED] -= 1.0
        w.sums[r, LOAD] = 0.0  # exactly, so that rounding does not pile up
        w.sums[r, LOAD_SECOND] = 0.0
        w.sums[r, LASTING] = 0.0


@numba.njit(**PART)
def link(t, w, c, s, r, a, b, p):
    """Join a, c, b in this order; return the change of arc costs."""
    before = 0.0
    into = t.cost[p, a, c]
    if a >= t.n:
        before = w.sums[r, FIRST_EDGE]
        w.route[r, FIRST] = c
        w.sums[r, FIRST_EDGE] = into
    else:
        before = w.edge[s, a]
        w.visit[s, a, NEXT] = c
        w.edge[s, a] = into
    out = t.cost[p, c, b]
    w.visit[s, c, PREVIOUS] = a
    w.visit[s, c, NEXT] = b
    w.edge[s, c] = out
    if b >= t.n:
        w.route[r, LAST] = c
    else:
        w.visit[s, b, PREVIOUS] = c
    return into + out - before


@numba.njit(**PART)
def unlink(t, w, c, s, r, a, b, p):
    """Join a and b, leaving c out; return the change of arc costs."""
    arc = t.cost[p, a, b]
    before = w.edge[s, c]
    if a >= t.n:
        before += w.sums[r, FIRST_EDGE]
        w.route[r, FIRST] = b
        w.sums[r, FIRST_EDGE] = arc
    else:
        before += w.edge[s, a]
        w.visit[s, a, NEXT] = b
        w.edge[s, a] = arc
    if b >= t.n:
        w.route[r, LAST] = a
    else:
        w.visit[s, b, PREVIOUS] = a
    return arc - before


@numba.njit(**PART)
def add_load(t, w, r, kind, sign):
    """Add or take away a visit's demand and keep the total excess."""
    load, cap = w.sums[r, LOAD], t.row_num[r, CAP]
    after = load + sign * t.kind_num[kind, DEMAND]
    w.total[LOAD_OVER] += max(0.0, after - cap) - max(0.0, load - cap)
    w.sums[r, LOAD] = after
    if t.flags[TWO_LOADS]:
        load, cap = w.sums[r, LOAD_SECOND], t.row_num[r, CAP_SECOND]
        after = load + sign * t.kind_num[kind, DEMAND_SECOND]
        w.total[LOAD_OVER] += max(0.0, after - cap) - max(0.0, load - cap)
        w.sums[r, LOAD_SECOND] = after


@numba.njit(**PART)
def add_time(t, w, r, change):
    """Add to a row's duration and keep the total excess; where there is a clock, `refresh_row` does the latter."""
    lasting, limit = w.sums[r, LASTING], t.row_num[r, LIMIT]
    after = lasting + change
    if not t.flags[CLOCKED]:
        w.total[TIME_OVER] += max(0.0, after - limit) - max(0.0, lasting - limit)
    w.sums[r, LASTING] = after


@numba.njit(**KERNEL)
def refresh_removed(t, w):
    """Bring the clocks of all rows in the log up to date, each once."""
    for step in range(w.counts[STEPS]):
        r = np.int64(w.log[step, 4])  # one type of row everywhere, or `refresh_row` would be compiled for each
        if r != OUTSIDE and w.route[r, STALE]:
            w.route[r, STALE] = 0
            refresh_row(t, w, r)


@numba.njit(**KERNEL)
def take_back(t, w):
    """Undo every step of the log, last first; the totals are the caller's to restore."""
    for step in range(w.counts[STEPS] - 1, -1, -1):
        c, s, r = np.int64(w.log[step, 1]), w.log[step, 2], w.log[step, 4]
        if w.log[step, 0] == 1:
            w.visit[s, c, KIND] = ABSENT
            w.visit[s, c, ROW] = ABSENT
            if r != OUTSIDE:
                unlink(t, w, c, s, r, w.visit[s, c, PREVIOUS], w.visit[s, c, NEXT], t.row_int[r, PRICES])
                w.route[r, COUNT] -= 1
        else:
            w.visit[s, c, KIND] = w.log[step, 3]
            w.visit[s, c, ROW] = r
            if r != OUTSIDE:
                a = w.log[step, 5]
                b = w.route[r, FIRST] if a >= t.n else w.visit[s, a, NEXT]
                link(t, w, c, s, r, a, b, t.row_int[r, PRICES])
                w.route[r, COUNT] += 1
        if r != OUTSIDE:
            w.sums[r, LOAD] = w.log_sums[step, 0]
            w.sums[r, LOAD_SECOND] = w.log_sums[step, 1]
            w.sums[r, LASTING] = w.log_sums[step, 2]
            w.route[r, STALE] = 1
    if t.flags[CLOCKED]:
        refresh_removed(t, w)
    w.counts[STEPS] = 0
