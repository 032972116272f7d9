"""The core of a cost game: who would leave under given shares, and the least excess that any shares can reach.

Least core: Maschler, Peleg and Shapley (1979). That its dual weights prove an empty core: Bondareva (1963), Shapley
(1967). With only some coalitions known, all statements are about those.
"""

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.sharing.linear import minimise
from posthouse.optimise.sharing.problem import Game
from posthouse.optimise.sharing.solution import Certificate

TOLERANCE = 1e-6  # share of the cost of all below which an excess is rounding


def certify_core(game: Game, shares_yuan: NDArray[np.float64]) -> Certificate:
    """Return whether the shares lie in the core, which coalitions object and by how much, and the least core.

    shares_yuan : shape (n_players,); they sum to the cost of all.
    """
    masks, members, costs = game.proper()
    excess = members @ shares_yuan - costs
    tolerance = TOLERANCE * max(game.total, 1e-9)
    objecting = [at for at in np.argsort(-excess, kind="stable") if excess[at] > tolerance]
    worst = int(excess.argmax())
    least, least_shares, weights = least_core(game)
    return Certificate(
        in_core=not objecting,
        objections={int(masks[at]): float(excess[at]) for at in objecting},
        largest_excess_yuan=float(excess[worst]),
        worst_coalition=int(masks[worst]),
        least_core_excess_yuan=least,
        least_core_shares=least_shares,
        weights=weights,
        tolerance_yuan=tolerance,
        coalitions=len(game.costs),
        complete=game.complete,
    )


def least_core(game: Game, *, lowest: float = -np.inf) -> tuple[float, NDArray[np.float64], dict[int, float]]:
    """Return the least excess, shares that reach it, and the weights of coalitions that prove it.

    lowest : least share allowed; the weights prove the excess only where there is none.
    """
    masks, members, costs = game.proper()
    n, scale = len(game.players), max(game.total, 1e-9)
    matrix = np.zeros((len(masks) + 1, n + 1))  # columns: shares, then the excess
    matrix[:-1, :n], matrix[:-1, n] = members, -1.0
    matrix[-1, :n] = 1.0
    upper = np.append(costs / scale, game.total / scale)
    lower = np.append(np.full(len(masks), -np.inf), game.total / scale)
    free = (np.append(np.full(n, lowest), -np.inf), np.full(n + 1, np.inf))
    optimum = minimise(np.append(np.zeros(n), 1.0), matrix, rows=(lower, upper), columns=free)
    weights = np.maximum(0.0, -optimum.duals[:-1])
    kept = weights > 1e-9
    proof = {int(mask): float(weight) for mask, weight in zip(masks[kept], weights[kept], strict=True)}
    return optimum.objective * scale, optimum.values[:n] * scale, proof
