"""What the sharing engine answers: each player's share, and a certificate of how the coalitions take it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.sharing.problem import Game


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Certificate:
    """Whether any coalition would be better off alone under given shares, and whether that can be avoided at all.

    The excess of a coalition is what it pays above its own cost. All amounts in yuan.

    in_core : no known coalition has an excess above `tolerance_yuan`.
    objections : excess by bitmask of every coalition above the tolerance, largest first.
    largest_excess_yuan, worst_coalition : over all known coalitions that lack somebody.
    least_core_excess_yuan : smallest largest excess that any shares reach; above zero the core is empty.
    least_core_shares : shares that reach it, shape (n_players,).
    weights : coalitions that prove it: with weights that sum to 1 and cover every player equally often, their mean
        excess is the same under all shares, and equals least_core_excess_yuan.
    coalitions, complete : how many coalitions were known, and whether that is all of them.
    """

    in_core: bool
    objections: Mapping[int, float]
    largest_excess_yuan: float
    worst_coalition: int
    least_core_excess_yuan: float
    least_core_shares: NDArray[np.float64]
    weights: Mapping[int, float]
    tolerance_yuan: float
    coalitions: int
    complete: bool

    @property
    def core_empty(self) -> bool:
        """Whether some known coalition objects whatever the shares."""
        return self.least_core_excess_yuan > self.tolerance_yuan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sharing:
    """Shares of the cost of all, which they sum to.

    method : `shapley`, `sampled_shapley`, `nucleolus` or `equal_profit`.
    shares_yuan, saved_yuan : share, and cost alone less share, by player, shape (n_players,).
    error_yuan : half-width of the 95 % interval of each share where it was sampled, shape (n_players,); else zeros.
    samples : permutations drawn, 0 where exact. game : the coalitions known when the certificate was made.
    seconds : wall time. seed : of the sampling.
    """

    method: str
    game: Game
    shares_yuan: NDArray[np.float64]
    error_yuan: NDArray[np.float64]
    certificate: Certificate
    samples: int
    seconds: float
    seed: int

    @property
    def saved_yuan(self) -> NDArray[np.float64]:
        """Cost alone less share."""
        return self.game.alone - self.shares_yuan
