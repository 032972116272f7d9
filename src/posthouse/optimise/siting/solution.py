"""What a siting engine answers: the choice, its objective, a proven bound and how it was reached."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What every siting answer states.

    status : `optimal` where the bound proves it, otherwise `feasible`.
    objective : value of the choice. bound : proven; no choice is better than it.
    seconds : wall time. seed : the seed it was made with.
    """

    status: str
    objective: float
    bound: float
    seconds: float
    seed: int

    @property
    def gap(self) -> float:
        """Distance from objective to bound as a share of the objective; 0 where both are 0."""
        difference = abs(self.objective - self.bound)
        return 0.0 if difference == 0 else difference / max(abs(self.objective), 1e-12)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedianSolution(Outcome):
    """Answer to a MedianProblem.

    open_sites : indices of the open sites, ascending. serves : open site of each customer, shape (n_customers,).
    multipliers : Lagrangian multipliers from which anybody can compute `lagrangian_bound`, shape (n_customers,).
    lagrangian_bound : what they prove; `bound` is higher where branch and bound proved more.
    """

    open_sites: NDArray[np.int64]
    serves: NDArray[np.int64]
    multipliers: NDArray[np.float64]
    lagrangian_bound: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CoverSolution(Outcome):
    """Answer to a CoverProblem: open sites, ascending, and which customers they cover, shape (n_customers,)."""

    open_sites: NDArray[np.int64]
    covered: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StationSolution(Outcome):
    """Answer to a StationProblem.

    open_sites, new_sites : indices, ascending; new ones are those not kept.
    serves : site of each village, shape (n_villages,); -1 where it is left without one.
    modules : pieces of further capacity per site, shape (n_sites,).
    """

    open_sites: NDArray[np.int64]
    new_sites: NDArray[np.int64]
    serves: NDArray[np.int64]
    modules: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HubSolution(Outcome):
    """Answer to a HubProblem.

    centres, hubs : open ones, ascending. hub_of : hub of each village, shape (n_villages,).
    centre_of : centre of each hub, shape (n_hubs,); -1 where the hub is closed.
    """

    centres: NDArray[np.int64]
    hubs: NDArray[np.int64]
    hub_of: NDArray[np.int64]
    centre_of: NDArray[np.int64]
