"""The nucleolus: the shares whose largest excess is least, then the second largest, and so on (Schmeidler 1969).

A sequence of linear programmes (Kopelowitz 1967; Maschler, Peleg and Shapley 1979): after each, the coalitions with a
dual value are tight in every optimum and are fixed, with all coalitions that they determine. At most n_players steps.
"""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.sharing.core import certify_core
from posthouse.optimise.sharing.linear import minimise
from posthouse.optimise.sharing.problem import Game, require_complete
from posthouse.optimise.sharing.solution import Sharing

TIGHT = 1e-7  # a dual value above this fixes its coalition
DEPENDENT = 1e-7  # a coalition is determined where less than this sticks out of the span of the fixed ones


def solve_nucleolus(game: Game, *, clock: Callable[[], float] = time.perf_counter) -> Sharing:
    """Return the nucleolus of a game with all coalitions known.

    Nobody pays more than alone, unless all together cost more than each alone; then there are no such shares and the
    prenucleolus is returned, whose certificate shows the objections.
    """
    begun = clock()
    require_complete(game, "核仁")
    _, members, costs = game.proper()
    n, scale = len(game.players), max(game.total, 1e-9)
    costs = costs / scale
    alone = game.alone / scale
    most = alone if alone.sum() >= game.total / scale else np.full(n, np.inf)
    fixed = np.ones((1, n))  # independent coalitions with known payment: at first, all together
    paid = np.array([game.total / scale])
    active = np.arange(len(costs))
    shares = np.zeros(n)
    while len(fixed) < n:
        shares, excess, duals = _least_excess(members[active], costs[active], fixed, paid, most)
        for at in active[duals > TIGHT]:
            if _sticks_out(members[[at]].astype(np.float64), fixed)[0]:
                fixed = np.vstack([fixed, members[at]])
                paid = np.append(paid, costs[at] + excess)
        active = active[_sticks_out(members[active].astype(np.float64), fixed)]
    shares = np.linalg.solve(fixed, paid) * scale
    return Sharing(
        method="nucleolus",
        game=game,
        shares_yuan=shares,
        error_yuan=np.zeros(n),
        certificate=certify_core(game, shares),
        samples=0,
        seconds=clock() - begun,
        seed=0,
    )


def _least_excess(
    members: NDArray[np.bool_],
    costs: NDArray[np.float64],
    fixed: NDArray[np.float64],
    paid: NDArray[np.float64],
    most: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
    """Return shares, the least largest excess of the active coalitions, and their dual values."""
    n = members.shape[1]
    matrix = np.zeros((len(costs) + len(paid), n + 1))
    matrix[: len(costs), :n], matrix[: len(costs), n] = members, -1.0
    matrix[len(costs) :, :n] = fixed
    lower = np.concatenate([np.full(len(costs), -np.inf), paid])
    columns = (np.full(n + 1, -np.inf), np.append(most, np.inf))
    cost = np.append(np.zeros(n), 1.0)
    optimum = minimise(cost, matrix, rows=(lower, np.concatenate([costs, paid])), columns=columns)
    return optimum.values[:n], float(optimum.values[n]), -optimum.duals[: len(costs)]


def _sticks_out(members: NDArray[np.float64], fixed: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which coalitions are not determined by the fixed ones."""
    basis, _ = np.linalg.qr(fixed.T)
    rest = members - members @ basis @ basis.T
    return np.asarray(np.abs(rest).max(axis=1) > DEPENDENT, dtype=np.bool_)
