"""Compiled: take out strings of neighbouring visits, from one slot or from several with all days of each customer."""

import numba
import numpy as np

from posthouse.optimise.routing.compiling import KERNEL, PART
from posthouse.optimise.routing.moves import draw, remove
from posthouse.optimise.routing.tables import (
    ABSENT,
    COST,
    COUNT,
    ITERATION,
    KIND,
    LONGEST,
    MARK,
    MEAN,
    MIXED,
    NEXT,
    PREVIOUS,
    RADIAL,
    REMOVED,
    ROW,
    USED,
    WHOLE,
)

SPLIT_SHARE = 0.5
SPLIT_STAY = 0.01
RADIAL_TAKEN = 0.7
ANY_SLOT = np.int64(-1)  # a plain number would be a type of its own, compiled besides


@numba.njit(**KERNEL)
def ruin(t, w):
    """Remove visits near a random customer; afterwards `removed` lists the customers to re-insert."""
    w.counts[REMOVED] = 0
    w.counts[ITERATION] += 1
    seed = int(draw(w.rng) * t.n)
    k0, k1 = t.kind_start[seed], t.kind_start[seed + 1]
    if k1 == k0:
        return
    dice = draw(w.rng)
    if dice < w.knobs[RADIAL]:
        ruin_around(t, w, seed)
        return
    whole = True
    rounds = 1
    anywhere = dice < w.knobs[RADIAL] + w.knobs[MIXED]
    if not anywhere:
        whole = dice < w.knobs[RADIAL] + w.knobs[MIXED] + w.knobs[WHOLE]
        if whole:
            rounds = 1 + int(draw(w.rng) * min(3, k1 - k0))
    for turn in range(rounds):
        slot = ANY_SLOT
        if not anywhere:
            slot = t.kind_slot[k0 + int(draw(w.rng) * (k1 - k0))]
            if turn == 0:
                # Begin where the seed is served, or its own visits would hardly ever be the ones removed.
                slot = some_slot(t, w, seed)
        ruin_strings(t, w, seed, slot, whole, w.knobs[MEAN] / rounds)


@numba.njit(**PART)
def ruin_around(t, w, seed):
    """Remove the seed and customers near it from all their slots."""
    wanted = 1 + int(draw(w.rng) * 2.0 * w.knobs[MEAN])
    for i in range(-1, t.near.shape[1]):
        if w.counts[REMOVED] >= wanted:
            break
        if i < 0 or draw(w.rng) < RADIAL_TAKEN:
            take_out(t, w, seed if i < 0 else t.near[seed, i], ANY_SLOT)


@numba.njit(**PART)
def ruin_strings(t, w, seed, slot, whole, mean):
    """Remove strings of one slot, or of any, from the routes nearest the seed."""
    visits, rows = 0.0, 0.0
    if slot == ANY_SLOT:
        visits, rows = t.visits, w.total[USED]
    else:
        for r in range(t.row_start[slot], t.row_start[slot + 1]):
            if w.route[r, COUNT] > 0:
                visits += w.route[r, COUNT]
                rows += 1.0
    longest = min(w.knobs[LONGEST], visits / max(1.0, rows))
    strings = int(draw(w.rng) * max(1.0, 4.0 * mean / (1.0 + longest) - 1.0)) + 1
    taken = 0
    mark = w.counts[ITERATION]
    for i in range(-1, t.near.shape[1]):
        if taken >= strings:
            break
        c = seed if i < 0 else t.near[seed, i]
        s = some_slot(t, w, c) if slot == ANY_SLOT else slot
        r = w.visit[s, c, ROW]
        if r == ABSENT or (r >= 0 and w.route[r, MARK] == mark):
            continue
        length = 1
        if r >= 0:
            w.route[r, MARK] = mark
            length = min(1 + int(draw(w.rng) * min(longest, w.route[r, COUNT])), w.route[r, COUNT])
            taken += 1
        take_string(t, w, c, s, r, length, whole)


@numba.njit(**PART)
def some_slot(t, w, c):
    """Return a random slot in which the customer is served; any of its slots if it is served in none."""
    k0, k1 = t.kind_start[c], t.kind_start[c + 1]
    k = k0 + int(draw(w.rng) * (k1 - k0))
    for _ in range(k1 - k0):
        if w.visit[t.kind_slot[k], c, ROW] != ABSENT:
            break
        k += 1
        if k == k1:
            k = k0
    return t.kind_slot[k]


@numba.njit(**PART)
def take_string(t, w, c, s, r, length, whole):
    """Remove `length` consecutive visits around c, sometimes leaving a stretch in the middle (split string)."""
    a = c
    stay = 0
    if r >= 0:
        count = w.route[r, COUNT]
        if 1 < length < count and draw(w.rng) < SPLIT_SHARE:
            stay = 1
            while length + stay < count and draw(w.rng) > SPLIT_STAY:
                stay += 1
        a = first_of_string(t, w, c, s, length + stay)
    skip_from = 1 + int(draw(w.rng) * (length - 1)) if stay > 0 else length
    for i in range(length + stay):
        following = w.visit[s, a, NEXT]
        if i < skip_from or i >= skip_from + stay:
            take_out(t, w, a, ANY_SLOT if whole else s)
        a = following


@numba.njit(**PART)
def first_of_string(t, w, c, s, span):
    """Return where a random string of `span` visits around c begins; its route has at least that many."""
    back = int(draw(w.rng) * span)
    a = c
    before = 0
    while before < back and w.visit[s, a, PREVIOUS] < t.n:
        a = w.visit[s, a, PREVIOUS]
        before += 1
    ahead = 0
    b = c
    while ahead < span - 1 - before and w.visit[s, b, NEXT] < t.n:
        b = w.visit[s, b, NEXT]
        ahead += 1
    # Near the end of the route the string is moved back so that it has its full length.
    while before + ahead + 1 < span and w.visit[s, a, PREVIOUS] < t.n:
        a = w.visit[s, a, PREVIOUS]
        before += 1
    return a


@numba.njit(**PART)
def take_out(t, w, c, s):
    """Remove a customer's visit in slot s, or all visits where s is any slot, and list the customer once."""
    if w.option[c, 0] != ABSENT:
        m = w.counts[REMOVED]
        w.removed[m] = c
        w.counts[REMOVED] = m + 1
        w.option[c, 1] = w.option[c, 0]
        w.total[COST] -= t.option_price[w.option[c, 0]]
        w.option[c, 0] = ABSENT
    everywhere = s == ANY_SLOT
    for k in range(t.kind_start[c], t.kind_start[c + 1]):
        slot = t.kind_slot[k]
        if w.visit[slot, c, KIND] == k and (everywhere or slot == s):
            remove(t, w, c, slot)
