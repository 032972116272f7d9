"""Compiled: simulated annealing over ruin and recreate, the loop that all time is spent in."""

import numba
import numpy as np

from posthouse.optimise.routing.compiling import ENTRY, KERNEL, PART
from posthouse.optimise.routing.moves import draw, take_back
from posthouse.optimise.routing.recreate import recreate
from posthouse.optimise.routing.ruin import ruin
from posthouse.optimise.routing.tables import (
    ABSENT,
    BLINK,
    CHANGED,
    CLOCKED,
    COST,
    FIRST,
    LOAD_OVER,
    LOAD_PRICE,
    NEXT,
    REMOVED,
    SLOT,
    STEPS,
    TIME_OVER,
    TIME_PRICE,
    USED,
    USED_PRICE,
    State,
    Tables,
)
from posthouse.optimise.routing.windows import refresh_row

FEASIBLE = 1e-7


def start(t: Tables, w: State) -> None:
    """Serve everybody greedily, from an empty or partial solution."""
    anneal(t, w, 0, 1.0, 1.0, np.inf)  # one kernel for both: each that Python calls costs a second to compile


@numba.njit(**ENTRY)
def anneal(t, w, iterations, hot, cold, best):
    """Cool from `hot` to `cold`; return the best feasible cost and how many iterations were feasible.

    Without iterations it serves whoever is not served.
    """
    if iterations == 0:
        w.counts[REMOVED] = 0
        for c in range(t.n):
            if w.option[c, 0] == ABSENT:
                w.removed[w.counts[REMOVED]] = c
                w.counts[REMOVED] += 1
        w.counts[BLINK] = 100
        if t.flags[CLOCKED]:
            for r in range(len(w.route)):
                refresh_row(t, w, r)
        recreate(t, w)
        w.counts[STEPS] = 0
        return best, 0
    heat = hot
    cooling = (cold / hot) ** (1.0 / iterations)
    feasible = 0
    for _ in range(iterations):
        cost, load_over, time_over, used = w.total[COST], w.total[LOAD_OVER], w.total[TIME_OVER], w.total[USED]
        now = charge(w.total)
        w.counts[STEPS] = 0
        ruin(t, w)
        recreate(t, w)
        if charge(w.total) < now - heat * np.log(1.0 - draw(w.rng)):
            if w.total[LOAD_OVER] < FEASIBLE and w.total[TIME_OVER] < FEASIBLE and w.total[COST] < best - 1e-9:
                best = w.total[COST]
                keep_best(t, w)
        else:
            take_back(t, w)
            for i in range(w.counts[REMOVED]):
                w.option[w.removed[i], 0] = w.option[w.removed[i], 1]
            w.total[COST], w.total[LOAD_OVER], w.total[TIME_OVER], w.total[USED] = cost, load_over, time_over, used
        if w.total[LOAD_OVER] < FEASIBLE and w.total[TIME_OVER] < FEASIBLE:
            feasible += 1
        heat *= cooling
    return best, feasible


@numba.njit(**PART)
def charge(total):
    """Return what annealing compares: cost and what is charged for excess and for routes."""
    return (
        total[COST]
        + total[LOAD_PRICE] * total[LOAD_OVER]
        + total[TIME_PRICE] * total[TIME_OVER]
        + total[USED_PRICE] * total[USED]
    )


@numba.njit(**KERNEL)
def keep_best(t, w):
    """Copy the rows that changed since the last best."""
    for c in range(t.n):
        w.best_option[c] = w.option[c, 0]
    for r in range(len(w.route)):
        if w.route[r, CHANGED]:
            w.route[r, CHANGED] = 0
            s = t.row_int[r, SLOT]
            a = w.route[r, FIRST]
            w.best_first[r] = a
            while a < t.n:
                following = w.visit[s, a, NEXT]
                w.best_next[s, a] = following
                a = following
