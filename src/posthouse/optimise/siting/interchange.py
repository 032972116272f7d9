"""Interchange for the p-median: the best swap of an open site for a closed one, repeated; and a neighbourhood search.

Gains are kept as in Resende and Werneck (2007): profit(r, f) = gain(r) - loss(f) + extra(r, f), updated only for
customers whose two cheapest open sites change. Shakes are local, after the variable neighbourhood search of Hansen and
Mladenovic (1997): they swap sites within one customer's surroundings, which on plane and road costs finds far more.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from posthouse.optimise.siting.neighbours import Neighbours

SHAKES = 6  # most swaps of one shake
NOT_WORTH = 1e-9  # a profit below this share of the objective is rounding


class Choice(NamedTuple):
    """At least two open sites, fewer than all, with the tables that price every swap; the arrays change in place.

    cost, near, order : of the Neighbours.
    open_sites : site of each slot, shape (p,). slot : slot of each site or -1, shape (n_sites,).
    first, second : slots of the two cheapest open sites per customer; d1, d2 their costs.
    gain, loss, extra : Resende-Werneck tables, shapes (n_sites,), (p,), (n_sites, p).
    """

    cost: NDArray[np.float64]
    near: NDArray[np.float64]
    order: NDArray[np.int32]
    open_sites: NDArray[np.int64]
    slot: NDArray[np.int64]
    first: NDArray[np.int64]
    d1: NDArray[np.float64]
    second: NDArray[np.int64]
    d2: NDArray[np.float64]
    gain: NDArray[np.float64]
    loss: NDArray[np.float64]
    extra: NDArray[np.float64]


def open_choice(lists: Neighbours, open_sites: NDArray[np.int64]) -> Choice:
    """Return the choice of these sites with its tables computed from nothing."""
    n, m = lists.cost.shape
    p = len(open_sites)
    choice = Choice(
        cost=lists.cost,
        near=lists.near,
        order=lists.order,
        open_sites=np.array(open_sites, dtype=np.int64),
        slot=np.full(m, -1, dtype=np.int64),
        first=np.zeros(n, dtype=np.int64),
        d1=np.zeros(n),
        second=np.zeros(n, dtype=np.int64),
        d2=np.zeros(n),
        gain=np.zeros(m),
        loss=np.zeros(p),
        extra=np.zeros((m, p)),
    )
    choice.slot[choice.open_sites] = np.arange(p)
    _fill(choice)
    return choice


def improve(choice: Choice, stop: Callable[[], bool]) -> float:
    """Apply best swaps until none pays or it is time to stop, and return the objective reached."""
    objective = float(choice.d1.sum())
    while not stop():
        profit, site, slot = _best_swap(choice)
        if site < 0 or profit <= NOT_WORTH * max(objective, 1.0):
            return objective
        _swap(choice, site, slot)
        objective = float(choice.d1.sum())
    return objective


def shake(choice: Choice, swaps: int, rng: np.random.Generator) -> None:
    """Swap some sites at random around one customer drawn at random."""
    n, m = choice.cost.shape
    customer = int(rng.integers(n))
    around = min(choice.near.shape[1], max(8, 2 * m // len(choice.open_sites)))
    closed = choice.order[customer, :around]
    for _ in range(swaps):
        closed = closed[choice.slot[closed] < 0]
        if not closed.size:
            return
        site = int(closed[rng.integers(len(closed))])
        leaves = choice.first if rng.random() < 0.5 else choice.second
        # Where customers are the sites, what leaves is near what comes; otherwise near the customer drawn.
        _swap(choice, site, int(leaves[site if n == m else customer]))


def return_to(choice: Choice, open_sites: NDArray[np.int64]) -> None:
    """Swap to the given open sites."""
    wanted = np.zeros(len(choice.slot), dtype=np.bool_)
    wanted[open_sites] = True
    leaving = np.flatnonzero(~wanted[choice.open_sites])
    coming = open_sites[choice.slot[open_sites] < 0]
    for site, slot in zip(coming.tolist(), leaving.tolist(), strict=True):
        _swap(choice, site, slot)


@njit(cache=True)
def _fill(t: Choice) -> None:
    for i in range(t.cost.shape[0]):
        _find_two(t, i)
        _count(t, i, 1.0)


@njit(cache=True)
def _swap(t: Choice, site: int, f: int) -> None:
    """Open the site in place of the one that holds slot f."""
    t.slot[t.open_sites[f]] = -1
    t.open_sites[f] = site
    t.slot[site] = f
    for i in range(t.cost.shape[0]):
        d = t.cost[i, site]
        lost = t.first[i] == f or t.second[i] == f
        if not lost and d >= t.d2[i]:
            continue
        _count(t, i, -1.0)
        if lost:
            _find_two(t, i)
        elif d < t.d1[i]:
            t.second[i], t.d2[i] = t.first[i], t.d1[i]
            t.first[i], t.d1[i] = f, d
        else:
            t.second[i], t.d2[i] = f, d
        _count(t, i, 1.0)


@njit(cache=True)
def _find_two(t: Choice, i: int) -> None:
    """Set the two cheapest open sites of customer i, from its list or else from all open sites."""
    found = 0
    for at in range(t.near.shape[1]):
        f = t.slot[t.order[i, at]]
        if f >= 0:
            if found == 1:
                t.second[i], t.d2[i] = f, t.near[i, at]
                return
            t.first[i], t.d1[i] = f, t.near[i, at]
            found = 1
    t.first[i], t.d1[i], t.second[i], t.d2[i] = -1, np.inf, -1, np.inf
    for f in range(t.open_sites.size):
        d = t.cost[i, t.open_sites[f]]
        if d < t.d1[i]:
            t.second[i], t.d2[i] = t.first[i], t.d1[i]
            t.first[i], t.d1[i] = f, d
        elif d < t.d2[i]:
            t.second[i], t.d2[i] = f, d


@njit(cache=True)
def _count(t: Choice, i: int, sign: float) -> None:
    """Add (sign 1) or take away (-1) what customer i contributes to gain, loss and extra."""
    a, b, f = t.d1[i], t.d2[i], t.first[i]
    length = t.near.shape[1]
    listed = length == t.cost.shape[1] or b <= t.near[i, length - 1]
    t.loss[f] += sign * (b - a)
    for at in range(length if listed else t.cost.shape[1]):
        j = t.order[i, at] if listed else at
        d = t.cost[i, j]
        if d >= b:
            if listed:
                break
            continue
        if d < a:
            t.gain[j] += sign * (a - d)
            t.extra[j, f] += sign * (b - a)
        else:
            t.extra[j, f] += sign * (b - d)


@njit(cache=True)
def _best_swap(t: Choice) -> tuple[float, int, int]:
    """Return profit, site and slot of the best swap; site is -1 where there is none."""
    best, site, out = -np.inf, -1, -1
    for j in range(t.gain.size):
        if t.slot[j] >= 0:
            continue
        for f in range(t.loss.size):
            profit = t.gain[j] - t.loss[f] + t.extra[j, f]
            if profit > best:
                best, site, out = profit, j, f
    return best, site, out
