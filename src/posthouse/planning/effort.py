"""How much work may go into a plan: seconds turned into iterations, so that the same inputs give the same plan."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf

ITERATIONS_PER_SECOND = 15_000
"""Of the periodic engine on one slow core, with its setting up for a depot of twenty villages."""

LEAST_ITERATIONS = 300
"""Below this a search has hardly begun."""


def _never() -> bool:
    return False


def _nothing(stage: str, share: float) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """The budget of one plan.

    seconds : about how long; it sets the iterations. until : moment of `clock` at which searches end whatever is left
    to do; inf: never, and the plan is repeatable. stop : asked now and then; searches end as soon as it says so.
    processes : how many work at the same time, each for as many seconds.
    """

    seconds: float
    until: float = inf
    stop: Callable[[], bool] = _never
    progress: Callable[[str, float], None] = _nothing
    processes: int = 1
    clock: Callable[[], float] = field(default=time.perf_counter)

    @property
    def iterations(self) -> int:
        """The iterations of a search with this budget; the least once it is over."""
        return LEAST_ITERATIONS if self.is_over else max(LEAST_ITERATIONS, int(self.seconds * ITERATIONS_PER_SECOND))

    def part(self, share: float, left: float = 1.0) -> "Effort":
        """Return the budget of a part of the work, so that the parts after it get their turn on a busy machine too.

        Parameters
        ----------
        share : of the whole that this part is. left : of the whole that is still to be done, with this part; the time
            that is left until the end is shared out in proportion.
        """
        until = inf if self.until == inf else self.clock() + max(0.0, self.until - self.clock()) * share / left
        return replace(self, seconds=self.seconds * share, until=until)

    def parts(self, weights: Sequence[float]) -> "Iterator[Effort]":
        """Yield a budget for each part by weight; each is made when it is its turn."""
        whole = sum(weights) or 1.0
        done = 0.0
        for weight in weights:
            yield self.part(weight / whole, (whole - done) / whole or 1.0)
            done += weight

    def now(self) -> float:
        """Return what the engine takes for the time: past every limit once somebody asked to stop."""
        return inf if self.stop() or self.clock() > self.until else self.clock()

    @property
    def is_over(self) -> bool:
        """Whether searches should end now."""
        return self.now() == inf
