"""What the solver returns: routes, who is served outside, and how good it is known to be."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a solution stands."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"  # the best found breaks a limit; the result says which and what would help


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One vehicle's round from its depot and back: the customers in order."""

    slot: int
    vehicle_class: int
    customers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A complete answer.

    routes : only those that serve anybody, by slot.
    options : the chosen option of each customer, as an index into the problem's options; -1 where none could be.
    outside : (customer, slot) visits that somebody else makes for the outside price.
    """

    routes: tuple[Route, ...]
    options: tuple[int, ...]
    outside: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingResult:
    """A solution with its proof and its making.

    objective : cost, recomputed from the routes. bound : no solution costs less. gap : (objective - bound) / objective.
    iterations : ruin-and-recreate iterations done. seconds : wall time, with compilation if it was needed.
    explanation : where infeasible, sentences on which customers and limits, and what would help.
    """

    solution: Solution
    status: Status
    objective: float
    bound: float
    gap: float
    seconds: float
    seed: int
    iterations: int
    explanation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the search is: share of its time used, best cost so far (inf before the first feasible solution)."""

    share: float
    objective: float
    iterations: int
