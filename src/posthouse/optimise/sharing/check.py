"""Verifies shares and their core certificate from the game alone, without any solver code.

Each function returns what is wrong, in sentences; an empty tuple means the answer holds.
"""

import math

import numpy as np

from posthouse.optimise.sharing.problem import Game
from posthouse.optimise.sharing.solution import Sharing

TOLERANCE = 1e-6  # share of the cost of all that rounding may cost


def check_sharing(game: Game, sharing: Sharing) -> tuple[str, ...]:
    """Return the faults of shares and certificate.

    The least excess is checked from both sides: its shares reach it, and its weights prove that none go below.
    """
    room = TOLERANCE * max(game.total, 1e-9)
    shares, certificate = sharing.shares_yuan, sharing.certificate
    faults = []
    if abs(float(shares.sum()) - game.total) > room:
        faults.append(f"The shares sum to {shares.sum():g}, the cost of all is {game.total:g}.")
    excess = {mask: _paid(mask, shares) - cost for mask, cost in game.costs.items() if mask != game.everyone}
    if abs(max(excess.values()) - certificate.largest_excess_yuan) > room:
        faults.append(f"The largest excess is {max(excess.values()):g}, not {certificate.largest_excess_yuan:g}.")
    if certificate.in_core != (max(excess.values()) <= certificate.tolerance_yuan):
        faults.append("The shares are said to be in the core, or out of it, wrongly.")
    objecting = {mask for mask, amount in excess.items() if amount > certificate.tolerance_yuan}
    if objecting != set(certificate.objections):
        faults.append("The objecting coalitions are not those listed.")
    if certificate.complete != (len(game.costs) == game.everyone):
        faults.append("The certificate is wrong about whether all coalitions are known.")
    least = certificate.least_core_excess_yuan
    reached = max(_paid(mask, certificate.least_core_shares) - game.costs[mask] for mask in excess)
    if abs(float(certificate.least_core_shares.sum()) - game.total) > room or reached > least + room:
        faults.append(f"The least-core shares reach an excess of {reached:g}, not {least:g}.")
    return (*faults, *_check_weights(game, sharing, room))


def _check_weights(game: Game, sharing: Sharing, room: float) -> tuple[str, ...]:
    weights, least = sharing.certificate.weights, sharing.certificate.least_core_excess_yuan
    if game.everyone in weights or any(weight < 0 for weight in weights.values()):
        return ("The weights must be positive, on coalitions that lack somebody.",)
    cover = np.zeros(len(game.players))
    for mask, weight in weights.items():
        cover += weight * np.array([mask >> at & 1 for at in range(len(cover))])
    if not math.isclose(sum(weights.values()), 1, abs_tol=TOLERANCE) or float(np.ptp(cover)) > TOLERANCE:
        return ("The weights do not sum to 1, or do not cover every player equally.",)
    proved = float(cover[0]) * game.total - sum(weight * game.costs[mask] for mask, weight in weights.items())
    if abs(proved - least) > room:
        return (f"The weights prove a least excess of {proved:g}, not {least:g}.",)
    return ()


def _paid(mask: int, shares: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(sum(share for at, share in enumerate(shares.tolist()) if mask >> at & 1))
