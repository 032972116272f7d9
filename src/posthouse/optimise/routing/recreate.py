"""Compiled: put removed customers back, each by its cheapest option: the sum of its visits' cheapest insertions."""

import numba
import numpy as np

from posthouse.optimise.routing.compiling import KERNEL, PART
from posthouse.optimise.routing.moves import draw, place, refresh_removed
from posthouse.optimise.routing.tables import (
    ABSENT,
    BLINK,
    BLINKS,
    CAP,
    CAP_SECOND,
    CLASS,
    CLOCKED,
    COST,
    COUNT,
    DEMAND,
    DEMAND_SECOND,
    FIRST,
    FIRST_EDGE,
    FIXED,
    KIND,
    LASTING,
    LIMIT,
    LOAD,
    LOAD_PRICE,
    LOAD_SECOND,
    NEXT,
    OUTSIDE,
    OUTSIDE_PRICE,
    OUTSOURCED,
    PER_TIME,
    PREVIOUS,
    PRICES,
    REMOVED,
    RESTRICTED,
    ROW,
    SERVICE,
    TIME_PRICE,
    TIMED,
    TIMES,
    TWO_LOADS,
    UNLIKE,
    USED_PRICE,
    WAITING,
)
from posthouse.optimise.routing.windows import price_of_clock

OWN_SHARE = 0.2  # share of iterations in which outside service is the last resort
NEAR_SEEN = 30  # visited neighbours looked at in a slot with many visits
BLINK_SHARE = 0.01  # share of positions overlooked (SISR, section 5.3)
# Where vehicles differ, many are overlooked in some iterations: a good use of two may need several poor insertions.
DROWSY, DROWSY_BLINKS = 0.05, 0.3


@numba.njit(**KERNEL)
def recreate(t, w):
    """Re-insert every removed customer, in one of SISR's random orders."""
    m = w.counts[REMOVED]
    order_removed(t, w, m)
    if t.flags[CLOCKED]:
        refresh_removed(t, w)
    # Now and then nothing may be left to others, or a vehicle that pays only for several would never set out.
    own = t.flags[OUTSOURCED] != 0 and draw(w.rng) < OWN_SHARE
    w.knobs[BLINKS] = BLINK_SHARE
    if t.flags[UNLIKE] and draw(w.rng) < DROWSY:
        w.knobs[BLINKS] = DROWSY_BLINKS
        w.counts[BLINK] = next_blink(w.rng, w.knobs[BLINKS])
    for i in range(m):
        insert_customer(t, w, np.int64(w.removed[i]), own)


@numba.njit(**PART)
def order_removed(t, w, m):
    """Sort the removed customers: at random, largest demand first, farthest first or nearest first (4:4:2:1)."""
    dice = draw(w.rng) * 11.0
    for i in range(m):
        c = w.removed[i]
        k = t.kind_start[c]
        if dice < 4.0:
            key = draw(w.rng)
        elif dice < 8.0:
            key = -t.kind_num[k, DEMAND]
        elif dice < 10.0:
            key = -t.cost[0, t.slot_depot[t.kind_slot[k]], c]
        else:
            key = t.cost[0, t.slot_depot[t.kind_slot[k]], c]
        j = i - 1
        while j >= 0 and w.key[j] > key:
            w.key[j + 1] = w.key[j]
            w.removed[j + 1] = w.removed[j]
            j -= 1
        w.key[j + 1] = key
        w.removed[j + 1] = c


@numba.njit(**PART)
def insert_customer(t, w, c, own):
    """Choose the cheapest option that agrees with the visits customer c still has, and place the missing ones."""
    k0, k1 = t.kind_start[c], t.kind_start[c + 1]
    present = 0
    for k in range(k0, k1):
        if w.visit[t.kind_slot[k], c, KIND] == k:
            present += 1
            w.found_at[k - k0, 0] = -3
            w.found[k - k0] = 0.0
        else:
            w.found_at[k - k0, 0] = -4
    best = np.inf
    choice = -1
    for o in range(t.option_start[c], t.option_start[c + 1]):
        kept = 0
        if present > 0:
            for e in range(t.entry_start[o], t.entry_start[o + 1]):
                if w.found_at[t.entry_kind[e] - k0, 0] == -3:
                    kept += 1
        if kept < present or (choice >= 0 and own and t.entry_start[o] == t.entry_start[o + 1]):
            continue
        price = t.option_price[o]
        for e in range(t.entry_start[o], t.entry_start[o + 1]):
            k = t.entry_kind[e]
            if w.found_at[k - k0, 0] == -4:
                find_place(t, w, c, k, k - k0, own)
            price += w.found[k - k0]
            if price >= best:
                break
        if price < best:
            best = price
            choice = o
    w.option[c, 0] = choice
    w.total[COST] += t.option_price[choice]
    for e in range(t.entry_start[choice], t.entry_start[choice + 1]):
        k = t.entry_kind[e]
        if w.found_at[k - k0, 0] != -3:
            place(t, w, c, t.kind_slot[k], k, w.found_at[k - k0, 0], w.found_at[k - k0, 1])


@numba.njit(**PART)
def find_place(t, w, c, k, at, own):
    """Find the cheapest position of kind k of customer c; leave cost, row and predecessor in `found_*[at]`."""
    s = t.kind_slot[k]
    best = np.inf
    best_row = ABSENT
    best_prev = -1
    blink = w.counts[BLINK]
    for attempt in range(2):
        if attempt == 1:
            if best_row != ABSENT:
                break
            blink = np.int64(1) << 40  # every position was overlooked; now look at all
        wide = t.slot_wide[s] != 0 and attempt == 0
        if wide:
            best, best_row, best_prev, blink = scan_near(t, w, c, k, s, blink)
        empty_class = -1
        for r in range(t.row_start[s], t.row_start[s + 1]):
            if w.route[r, COUNT] == 0:
                if t.row_int[r, CLASS] == empty_class:
                    continue
                empty_class = t.row_int[r, CLASS]
            elif wide:
                continue
            if t.flags[RESTRICTED] and t.allowed[c, t.row_int[r, CLASS]] == 0:
                continue
            base = price_of_row(t, w, r, k)
            if base < best:
                best, best_row, best_prev, blink = scan_row(t, w, c, k, s, r, base, best, best_row, best_prev, blink)
    w.counts[BLINK] = min(blink, 10000)
    if t.kind_num[k, OUTSIDE_PRICE] < best and not (own and best_row != ABSENT):
        best = t.kind_num[k, OUTSIDE_PRICE]
        best_row = OUTSIDE
    w.found[at] = best
    w.found_at[at, 0] = best_row
    w.found_at[at, 1] = best_prev


@numba.njit(**PART)
def scan_near(t, w, c, k, s, blink):
    """Look only before and after the nearest customers that slot s visits; return the best and the blink counter."""
    best = np.inf
    best_row = ABSENT
    best_prev = -1
    seen = 0
    for i in range(t.near.shape[1]):
        j = t.near[c, i]
        r = w.visit[s, j, ROW]
        if r < 0 or (t.flags[RESTRICTED] and t.allowed[c, t.row_int[r, CLASS]] == 0):
            continue
        seen += 1
        if seen > NEAR_SEEN:
            break
        base = price_of_row(t, w, r, k)
        if base >= best:
            continue
        p = t.row_int[r, PRICES]
        for side in range(2):
            a = j if side == 0 else w.visit[s, j, PREVIOUS]
            b = w.visit[s, j, NEXT] if side == 0 else j
            old = w.sums[r, FIRST_EDGE] if a >= t.n else w.edge[s, a]
            price = base + t.cost_to[p, c, a] + t.cost[p, c, b] - old
            if price < best and t.flags[TIMED]:
                price += price_of_time(t, w, c, k, r, np.uintp(a), np.uintp(b))
            if price < best:
                blink -= 1
                if blink <= 0:
                    blink = next_blink(w.rng, w.knobs[BLINKS])
                else:
                    best = price
                    best_row = r
                    best_prev = a
    return best, best_row, best_prev, blink


@numba.njit(**KERNEL)
def next_blink(rng, share):
    """Draw how many positions are looked at until the next one that is overlooked."""
    return 1 + np.int64(np.log(1.0 - draw(rng)) / np.log(1.0 - share))


@numba.njit(**PART)
def price_of_row(t, w, r, k):
    """Return what kind k costs in row r wherever it is put: excess load, service, and using the vehicle at all."""
    over = w.sums[r, LOAD] - t.row_num[r, CAP]
    price = w.total[LOAD_PRICE] * (max(0.0, over + t.kind_num[k, DEMAND]) - max(0.0, over))
    if t.flags[TWO_LOADS]:
        over = w.sums[r, LOAD_SECOND] - t.row_num[r, CAP_SECOND]
        price += w.total[LOAD_PRICE] * (max(0.0, over + t.kind_num[k, DEMAND_SECOND]) - max(0.0, over))
    if w.route[r, COUNT] == 0:
        price += t.row_num[r, FIXED] + w.total[USED_PRICE]
    if t.flags[CLOCKED]:
        # A visit may fill a wait: today's waiting is taken off here, and what then remains is added per position.
        price -= t.row_num[r, PER_TIME] * w.sums[r, WAITING]
    return price + t.row_num[r, PER_TIME] * t.kind_num[k, SERVICE]


@numba.njit(**PART)
def scan_row(t, w, c, k, s, r, base, best, best_row, best_prev, blink):
    """Look at every position of row r; return the best so far."""
    # Indices are unsigned here: numba tests a signed one for being negative, in the loop most time is spent in.
    n = np.uintp(t.n)
    p = t.row_int[r, PRICES]
    out = t.cost[p, c]
    into = t.cost_to[p, c]
    visit = w.visit[s]
    edge = w.edge[s]
    a = np.uintp(t.slot_depot[s])
    b = np.uintp(w.route[r, FIRST])
    old = w.sums[r, FIRST_EDGE]
    while True:
        price = base + into[a] + out[b] - old
        if price < best:
            if t.flags[TIMED]:
                price += price_of_time(t, w, c, k, r, a, b)
            blink -= 1
            if blink <= 0:
                blink = next_blink(w.rng, w.knobs[BLINKS])
            elif price < best:
                best = price
                best_row = r
                best_prev = np.int64(a)
        if b >= n:
            break
        a = b
        old = edge[a]
        b = np.uintp(visit[a, NEXT])
    return best, best_row, best_prev, blink


@numba.njit(**PART)
def price_of_time(t, w, c, k, r, a, b):
    """Return the price of excess duration when kind k of customer c comes between a and b in row r."""
    if t.flags[CLOCKED]:
        return price_of_clock(t, w, np.int64(c), np.int64(k), np.int64(r), np.int64(a), np.int64(b))
    q = t.row_int[r, TIMES]
    longer = t.time[q, a, c] + t.time[q, c, b] - t.time[q, a, b] + t.kind_num[k, SERVICE]
    over = w.sums[r, LASTING] - t.row_num[r, LIMIT]
    return w.total[TIME_PRICE] * (max(0.0, over + longer) - max(0.0, over))
