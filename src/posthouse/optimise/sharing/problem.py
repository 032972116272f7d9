"""A cost game: what every group of players would pay on its own. The caller computes these costs, by routing.

A coalition is a bitmask: bit i stands for players[i].
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posthouse.vocabulary.errors import UnusableInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """Players and the cost of coalitions.

    players : ids, at least two, all different.
    costs : cost in yuan by bitmask, finite, >= 0. Every single player and the coalition of all must be there; where
        others are missing, nothing is claimed about them.

    >>> Game(players=("YTO", "ZTO"), costs={1: 60.0, 2: 50.0, 3: 80.0}).everyone
    3
    """

    players: tuple[str, ...]
    costs: Mapping[int, float]

    def __post_init__(self) -> None:
        if len(self.players) < 2 or len(set(self.players)) != len(self.players):
            raise UnusableInputError(
                f"分摊应有至少两个互不相同的参与方，实际为：{'、'.join(self.players) or '无'}。请核对品牌名单。"
            )
        missing = [mask for mask in (*self.singles, self.everyone) if mask not in self.costs]
        if missing:
            raise UnusableInputError(
                f"分摊需要每个参与方单独承担的成本和全体合作的成本，实际缺 {len(missing)} 项，"
                f"例如：{self.label(missing[0])}。请补算这些成本。"
            )
        for mask, cost in self.costs.items():
            if not 0 < mask <= self.everyone:
                raise ValueError(f"Expected coalitions in [1, {self.everyone}], got {mask}.")
            if not (math.isfinite(cost) and cost >= 0):
                raise UnusableInputError(
                    f"合作成本应为不小于 0 的数，实际为 {cost}（{self.label(mask)}）。请核对该组合的测算。"
                )

    @property
    def everyone(self) -> int:
        """Bitmask of all players."""
        return (1 << len(self.players)) - 1

    @property
    def singles(self) -> tuple[int, ...]:
        """Bitmask of each player alone."""
        return tuple(1 << player for player in range(len(self.players)))

    @property
    def complete(self) -> bool:
        """Whether the cost of every coalition is known."""
        return len(self.costs) == self.everyone

    @property
    def alone(self) -> NDArray[np.float64]:
        """Cost of each player on its own in yuan, shape (n_players,)."""
        return np.array([self.costs[mask] for mask in self.singles])

    @property
    def total(self) -> float:
        """Cost of all together in yuan: what is to be shared."""
        return float(self.costs[self.everyone])

    def proper(self) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.float64]]:
        """Return masks, members (n_coalitions, n_players) and costs of the known coalitions that lack somebody."""
        masks = np.array(sorted(mask for mask in self.costs if mask != self.everyone), dtype=np.int64)
        members = (masks[:, None] >> np.arange(len(self.players)) & 1).astype(np.bool_)
        return masks, members, np.array([self.costs[mask] for mask in masks.tolist()])

    def label(self, mask: int) -> str:
        """Return the names of a coalition's players."""
        return "、".join(player for at, player in enumerate(self.players) if mask >> at & 1)


def require_complete(game: Game, method: str) -> None:
    """Refuse a game with unknown coalitions, for methods that need them all."""
    if game.complete:
        return
    missing = [mask for mask in range(1, game.everyone) if mask not in game.costs]
    raise UnusableInputError(
        f"{method}需要全部 {game.everyone} 种组合的成本，实际缺 {len(missing)} 种，例如：{game.label(missing[0])}。"
        "请补算，或改用抽样 Shapley 值和等利润法。"
    )


def close_game(game: Game) -> tuple[Game, tuple[int, ...]]:
    """Return the game in which no coalition costs more than its parts apart, and the coalitions that were lowered.

    Costs from heuristic routing may break this although a coalition could always drive apart, which would hand its
    members an objection that no real route supports. The cost of all is treated in the same way.
    """
    require_complete(game, "成本校正")
    closed = dict(game.costs)
    for mask in range(1, game.everyone + 1):
        part = (mask - 1) & mask
        while part > mask ^ part:  # each split once; parts are smaller numbers, hence already closed
            closed[mask] = min(closed[mask], closed[part] + closed[mask ^ part])
            part = (part - 1) & mask
    lowered = tuple(mask for mask in sorted(closed) if closed[mask] < game.costs[mask])
    return Game(players=game.players, costs=closed), lowered
