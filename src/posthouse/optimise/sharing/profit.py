"""The Equal Profit Method: relative savings as equal as stability allows.

The largest difference of relative savings is least among the shares in the core, or, where that is empty, among those
of the least core. Of equally good shares those nearest to the common rate are taken. Source: Frisk, Göthe-Lundgren,
Jörnsten and Rönnqvist (2010).
"""

import time
from collections.abc import Callable

import numpy as np

from posthouse.optimise.sharing.core import certify_core, least_core
from posthouse.optimise.sharing.linear import minimise
from posthouse.optimise.sharing.problem import Game
from posthouse.optimise.sharing.solution import Sharing
from posthouse.vocabulary.errors import UnusableInputError

SLACK = 1e-9  # of the scaled cost: keeps the second step feasible after rounding in the first


def solve_equal_profit(game: Game, *, clock: Callable[[], float] = time.perf_counter) -> Sharing:
    """Return shares in the core (or least core) of the known coalitions with the most equal relative savings.

    Raises
    ------
    UnusableInputError : a player that costs nothing alone has no relative saving.
    """
    begun = clock()
    idle = [player for player, cost in zip(game.players, game.alone, strict=True) if cost <= 0]
    if idle:
        raise UnusableInputError(
            f"等利润法要求每个参与方单独成本大于 0，实际为 0 的有：{'、'.join(idle)}。请先把这些参与方移出分摊。"
        )
    _, members, costs = game.proper()
    n, scale = len(game.players), game.total if game.total > 0 else 1.0
    alone, total = game.alone / scale, game.total / scale
    excess, _, _ = least_core(game, lowest=0.0)
    room = costs / scale + max(0.0, excess / scale) + SLACK
    first, second = (index.ravel() for index in np.nonzero(~np.eye(n, dtype=np.bool_)))
    # Columns: shares, largest difference, distance of each rate from the common one.
    stable = np.hstack([members.astype(np.float64), np.zeros((len(costs), 1 + n))])
    together = np.hstack([np.ones(n), np.zeros(1 + n)])[None]
    apart = np.zeros((len(first), 2 * n + 1))
    apart[np.arange(len(first)), first] = 1 / alone[first]
    apart[np.arange(len(first)), second] = -1 / alone[second]
    apart[:, n] = -1.0
    rate = np.hstack([np.diag(1 / alone), np.zeros((n, 1)), -np.eye(n)])
    far = np.hstack([-np.diag(1 / alone), np.zeros((n, 1)), -np.eye(n)])
    common = total / alone.sum()
    matrix = np.vstack([stable, together, apart, rate, far])
    upper = np.concatenate([room, [total], np.zeros(len(first)), np.full(n, common), np.full(n, -common)])
    lower = np.full(len(upper), -np.inf)
    lower[len(costs)] = total
    least, most = np.zeros(2 * n + 1), np.full(2 * n + 1, np.inf)
    step = minimise(np.eye(2 * n + 1)[n], matrix, rows=(lower, upper), columns=(least, most))
    most[n] = step.values[n] + SLACK
    nearest = np.concatenate([np.zeros(n + 1), np.ones(n)])
    shares = minimise(nearest, matrix, rows=(lower, upper), columns=(least, most)).values[:n] * scale
    return Sharing(
        method="equal_profit",
        game=game,
        shares_yuan=shares,
        error_yuan=np.zeros(n),
        certificate=certify_core(game, shares),
        samples=0,
        seconds=clock() - begun,
        seed=0,
    )
