"""A proven lower bound of the p-median: the Lagrangian dual of "every customer is served", by subgradients.

With a multiplier u_i per customer the bound is sum(u) + the p smallest rho_j, rho_j = sum_i min(0, c_ij - u_i);
any u gives a valid bound, so a checker can recompute it. Sources: Cornuéjols, Fisher and Nemhauser (1977);
step rule of Held, Wolfe and Crowder (1974) with the deflected direction of Camerini, Fratta and Maffioli (1975).
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from posthouse.optimise.siting.neighbours import Neighbours

DEFLECTION = 0.8  # share of the previous direction kept
PATIENCE = 15  # rounds without progress before the step shrinks
SHRINK = 0.7
LEAST_STEP = 1e-4  # below this factor the ascent has converged


@dataclass(slots=True, kw_only=True, eq=False)
class Ascent:
    """State of the dual ascent; `bound`, `multipliers` and `reduced` belong together and are the best so far.

    current : multipliers being tried, shape (n_customers,). reduced : rho of every site, shape (n_sites,).
    chosen : the p sites of smallest rho in the last round, a good start for interchange; preferred : those of the best.
    """

    current: NDArray[np.float64]
    direction: NDArray[np.float64]
    multipliers: NDArray[np.float64]
    reduced: NDArray[np.float64]
    chosen: NDArray[np.int64]
    preferred: NDArray[np.int64]
    bound: float = -np.inf
    step: float = 1.0
    stalled: int = 0
    rounds: int = 0
    converged: bool = False


def start_ascent(lists: Neighbours, multipliers: NDArray[np.float64]) -> Ascent:
    """Return an ascent that begins at the given multipliers, shape (n_customers,)."""
    return Ascent(
        current=multipliers.copy(),
        direction=np.zeros(len(multipliers)),
        multipliers=multipliers.copy(),
        reduced=np.zeros(lists.cost.shape[1]),
        chosen=np.zeros(0, dtype=np.int64),
        preferred=np.zeros(0, dtype=np.int64),
    )


def ascend(
    ascent: Ascent, lists: Neighbours, p: int, *, upper: float, rounds: int, handicap: NDArray[np.float64] | None = None
) -> None:
    """Raise the bound by some rounds of subgradient steps, until it converges or reaches `upper`.

    upper : objective of the best known solution, towards which steps are scaled.
    handicap : -inf for sites that must be open, inf for closed ones, else 0; shape (n_sites,).
    """
    lowest = lists.near[:, 0]
    # Beyond the end of a short list the sum of min(0, c - u) would miss sites: keep u inside it.
    highest = np.full(len(lowest), np.inf) if lists.complete else lists.near[:, -1]
    rho = np.empty_like(ascent.reduced)
    slack = np.empty_like(ascent.current)
    for _ in range(rounds):
        if ascent.converged or ascent.bound >= upper:
            return
        ascent.rounds += 1
        _reduced_costs(ascent.current, lists.near, lists.order, rho)
        ascent.chosen = np.argpartition(rho if handicap is None else rho + handicap, p - 1)[:p]
        bound = float(ascent.current.sum() + rho[ascent.chosen].sum())
        if bound > ascent.bound:
            if bound > ascent.bound + 1e-6 * abs(bound):
                ascent.stalled = 0
            ascent.bound = bound
            ascent.multipliers = ascent.current.copy()
            ascent.reduced = rho.copy()
            ascent.preferred = ascent.chosen
        else:
            ascent.stalled += 1
            if ascent.stalled >= PATIENCE:
                ascent.step *= SHRINK
                ascent.stalled = 0
        is_chosen = np.zeros(len(rho), dtype=np.bool_)
        is_chosen[ascent.chosen] = True
        _unserved(ascent.current, lists.near, lists.order, is_chosen, slack)
        ascent.direction = slack + DEFLECTION * ascent.direction
        length = float(ascent.direction @ ascent.direction)
        if length == 0.0 or ascent.step < LEAST_STEP:
            ascent.converged = True
            return
        move = ascent.step * max(upper - bound, 1e-9 * abs(upper)) / length
        ascent.current = np.clip(ascent.current + move * ascent.direction, lowest, highest)


@njit(cache=True)
def _reduced_costs(
    u: NDArray[np.float64], near: NDArray[np.float64], order: NDArray[np.int32], rho: NDArray[np.float64]
) -> None:
    rho[:] = 0.0
    for i in range(near.shape[0]):
        ui = u[i]
        for t in range(near.shape[1]):
            d = near[i, t]
            if d >= ui:
                break
            rho[order[i, t]] += d - ui


@njit(cache=True)
def _unserved(
    u: NDArray[np.float64],
    near: NDArray[np.float64],
    order: NDArray[np.int32],
    chosen: NDArray[np.bool_],
    slack: NDArray[np.float64],
) -> None:
    for i in range(near.shape[0]):
        left = 1.0
        for t in range(near.shape[1]):
            if near[i, t] >= u[i]:
                break
            if chosen[order[i, t]]:
                left -= 1.0
        slack[i] = left
