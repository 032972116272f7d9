"""The periodic engine's search of one week, within an effort."""

from math import inf

from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.solution import RoutingResult, Solution
from posthouse.optimise.routing.solve import solve_routing
from posthouse.planning.effort import Effort

LONGEST_SEARCH_S = 3600.0
"""The engine wants a limit of time to look at the clock, through which a stop reaches it."""


def search_week(problem: RoutingProblem, effort: Effort, *, seed: int, start: Solution | None = None) -> RoutingResult:
    """Return the best week found; once the effort is over the start or the first one, without a search."""
    return solve_routing(
        problem,
        seed=seed,
        iterations=effort.iterations,
        seconds=LONGEST_SEARCH_S,
        start=start,
        clock=effort.clock if effort.is_over else effort.now,
        target=inf if effort.is_over else -inf,
    )
