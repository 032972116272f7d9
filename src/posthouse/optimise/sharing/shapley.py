"""The Shapley value: each player pays its mean marginal cost over all orders of joining (Shapley 1953).

Exact from all coalitions up to EXACT_PLAYERS; above that the mean over sampled orders (Castro, Gomez and Tejada 2009),
each drawn together with its reverse, with the half-width of its 95 % interval.
"""

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.sharing.core import certify_core
from posthouse.optimise.sharing.problem import Game, require_complete
from posthouse.optimise.sharing.solution import Sharing
from posthouse.vocabulary.errors import UnusableInputError

EXACT_PLAYERS = 10
LEAST_PAIRS = 2  # below two there is no error to state


def solve_shapley(game: Game, *, clock: Callable[[], float] = time.perf_counter) -> Sharing:
    """Return the exact Shapley value, for up to ten players with all coalitions known.

    Raises
    ------
    UnusableInputError : more players, or coalitions missing.
    """
    begun = clock()
    n = len(game.players)
    if n > EXACT_PLAYERS:
        raise UnusableInputError(
            f"精确 Shapley 值至多 {EXACT_PLAYERS} 个参与方，实际为 {n} 个。请改用抽样 Shapley 值。"
        )
    require_complete(game, "Shapley 值")
    cost = np.array([0.0, *(game.costs[mask] for mask in range(1, game.everyone + 1))])
    masks = np.arange(game.everyone + 1)
    size = np.array([mask.bit_count() for mask in range(game.everyone + 1)])
    weight = np.array([math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)])
    shares = np.zeros(n)
    for player in range(n):
        before = masks[masks >> player & 1 == 0]
        shares[player] = weight[size[before]] @ (cost[before | 1 << player] - cost[before])
    return _sharing(game, shares, "shapley", np.zeros(n), samples=0, seconds=clock() - begun, seed=0)


def solve_sampled_shapley(
    players: Sequence[str],
    cost_of: Callable[[int], float],
    *,
    pairs: int = 100,
    seconds: float = math.inf,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> Sharing:
    """Return the Shapley value estimated from random orders, with a stated error.

    The answer's `game` holds every coalition that was asked for, each once.

    Parameters
    ----------
    cost_of : cost in yuan of the coalition of a bitmask; called once per coalition.
    pairs : orders to draw, each with its reverse, >= 2. seconds : no new pair is begun later than this, but two are
        always drawn.
    """
    begun = clock()
    if pairs < LEAST_PAIRS:
        raise UnusableInputError(f"抽样对数应不小于 {LEAST_PAIRS}，实际为 {pairs}。请增加抽样。")
    n, rng = len(players), np.random.default_rng(seed)
    known: dict[int, float] = {0: 0.0}
    means: list[NDArray[np.float64]] = []
    while len(means) < pairs and (len(means) < LEAST_PAIRS or clock() - begun < seconds):
        order = rng.permutation(n)
        means.append((_marginal(order, known, cost_of) + _marginal(order[::-1], known, cost_of)) / 2)
    for player in range(n):
        _known_cost(1 << player, known, cost_of)
    drawn = np.array(means)
    error = _interval(len(drawn)) * drawn.std(axis=0, ddof=1) / math.sqrt(len(drawn))
    game = Game(players=tuple(players), costs={mask: cost for mask, cost in known.items() if mask})
    shares, samples = drawn.mean(axis=0), 2 * len(drawn)
    return _sharing(game, shares, "sampled_shapley", error, samples=samples, seconds=clock() - begun, seed=seed)


def _marginal(
    order: NDArray[np.int64], known: dict[int, float], cost_of: Callable[[int], float]
) -> NDArray[np.float64]:
    added, mask, before = np.zeros(len(order)), 0, 0.0
    for player in order.tolist():
        mask |= 1 << player
        cost = _known_cost(mask, known, cost_of)
        added[player], before = cost - before, cost
    return added


def _known_cost(mask: int, known: dict[int, float], cost_of: Callable[[int], float]) -> float:
    if mask not in known:
        known[mask] = float(cost_of(mask))
    return known[mask]


def _interval(pairs: int) -> float:
    """Return the 97.5 % quantile of Student's distribution with pairs - 1 degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(pairs - 1, 0.975))


def _sharing(
    game: Game,
    shares: NDArray[np.float64],
    method: str,
    error: NDArray[np.float64],
    *,
    samples: int,
    seconds: float,
    seed: int,
) -> Sharing:
    return Sharing(
        method=method,
        game=game,
        shares_yuan=shares,
        error_yuan=error,
        certificate=certify_core(game, shares),
        samples=samples,
        seconds=seconds,
        seed=seed,
    )
