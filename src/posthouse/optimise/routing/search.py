"""Spend a budget on annealing runs: independent ones first, then children of two good solutions.

Every annealing run keeps its best feasible solution. A small population of unlike ones is crossed; each child is
annealed from a lower temperature, so that it keeps what its parents share. The first runs differ in what they charge
for a route at first: a search that begins with too many routes seldom gets rid of one, but one that begins with few
opens another easily.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from posthouse.optimise.routing.convert import read_best, read_current, write_state
from posthouse.optimise.routing.crossover import Crossing, arcs, whole
from posthouse.optimise.routing.problem import Floats, RoutingProblem
from posthouse.optimise.routing.solution import Progress, Solution
from posthouse.optimise.routing.tables import (
    COST,
    COUNT,
    DEMAND,
    LOAD_OVER,
    LOAD_PRICE,
    TIME_OVER,
    TIME_PRICE,
    USED_PRICE,
    State,
    make_state,
    make_tables,
)

HOT, COLD, CHILD_HOT = 3.0, 0.03, 0.3  # temperatures as shares of the mean arc of the first solution
ROUTE_CHARGE = 5.0  # mean arcs charged for a route at the start of a run, at most
RUN_LENGTH, CHILD_LENGTH = 800, 500  # iterations per visit
POPULATION = 16
ALIKE = 0.95  # two solutions that share more of their arcs do not both stay in the population
BY_REGION = 0.5  # share of children by region, the others by slot
FIRST_SHARE = 0.4  # of the budget for independent runs
LEAST_FEASIBLE, MOST_FEASIBLE = 0.05, 0.15  # share of iterations at a feasible solution that penalties aim at
REPAIRS, REPAIR_LENGTH = 40, 200  # rounds of dearer limits where nothing feasible was found, and their iterations
PRICED = [LOAD_PRICE, TIME_PRICE]
CHUNKS, LONGEST_CHUNK = 200, 1000  # looks at the clock and changes of penalties in a run; iterations between them


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """When to stop, by which clock."""

    clock: Callable[[], float]
    begun: float
    seconds: float | None
    iterations: int | None
    target: float

    def __post_init__(self) -> None:
        """Check that there is a limit."""
        if self.seconds is None and self.iterations is None:
            raise ValueError("Expected a limit of seconds or of iterations, got neither.")

    def share(self, done: int) -> float:
        """Return the share used up after so many iterations."""
        shares = [0.0]
        if self.seconds is not None:
            shares.append((self.clock() - self.begun) / self.seconds)
        if self.iterations is not None:
            shares.append(done / max(self.iterations, 1))
        return max(shares)


def search(
    problem: RoutingProblem,
    budget: Budget,
    *,
    seed: int,
    start: Solution | None,
    progress: Callable[[Progress], None] | None,
) -> tuple[Solution, int]:
    """Return the best solution found and the iterations it took."""
    run = _Search(problem, budget, seed, progress)
    run.first_runs(start)
    run.children()
    return run.best(), run.done


@dataclass(frozen=True, slots=True, eq=False)
class _Member:
    """One of the population."""

    cost: float
    solution: Solution
    arcs: frozenset[tuple[int, int]]


class _Search:
    """One search: its population and what it has spent."""

    def __init__(
        self, problem: RoutingProblem, budget: Budget, seed: int, progress: Callable[[Progress], None] | None
    ) -> None:
        self.budget, self.progress = budget, progress
        self.tables = make_tables(problem)
        self.rng = np.random.default_rng(seed)
        self.done = 0
        self.crossing = Crossing(self.tables)
        self.population: list[_Member] = []
        self.fallback: Solution | None = None
        self.arc = 0.0
        self.prices: Floats | None = None  # of excess load and time, as the first run left them

    def best(self) -> Solution:
        """Return the cheapest of the population."""
        if self.population:
            return self.population[0].solution
        assert self.fallback is not None  # the first run always leaves one
        return self.fallback

    def first_runs(self, start: Solution | None) -> None:
        """Anneal from the start, then from scratch until the first share of the budget is used; at least once."""
        length = int(RUN_LENGTH * self.tables.visits) + 1
        w = self._state()
        if start is None:
            self._anneal(w, length, HOT, 0.0)
        else:
            write_state(self.tables, w, *self.crossing.keep(start))
            self._anneal(w, length, CHILD_HOT, 0.0, keep_begin=True)
        while not self._over() and self.budget.share(self.done) < FIRST_SHARE and len(self.population) < POPULATION:
            self._anneal(self._state(), length, HOT, ROUTE_CHARGE * self.rng.random())

    def children(self) -> None:
        """Cross and anneal until the budget is used."""
        while not self._over():
            w = self._state()
            if len(self.population) >= 2:
                a, b = self._parents()
                cross = self.crossing.by_region if self.rng.random() < BY_REGION else self.crossing.by_slot
                write_state(self.tables, w, cross(a, b, self.rng))
            elif self.population:
                write_state(self.tables, w, whole(self.tables, self.population[0].solution))
            self._anneal(w, int(CHILD_LENGTH * self.tables.visits) + 1, CHILD_HOT, 0.0)

    def _over(self) -> bool:
        found = self.population[0].cost if self.population else np.inf
        return self.budget.share(self.done) >= 1.0 or found <= self.budget.target

    def _parents(self) -> tuple[Solution, Solution]:
        """Return two different members, each the better of two drawn."""
        size = len(self.population)
        first = int(min(self.rng.integers(size, size=2)))
        second = first
        while second == first:
            second = int(min(self.rng.integers(size, size=2)))
        return self.population[first].solution, self.population[second].solution

    def _state(self) -> State:
        return make_state(self.tables, seed=int(self.rng.integers(2**62)))

    def _anneal(self, w: State, length: int, hot: float, charge: float, *, keep_begin: bool = False) -> None:
        """Complete a state, cool it, and keep what it found."""
        from posthouse.optimise.routing import anneal

        t = self.tables
        first = [t.cost[0].mean() / max(t.kind_num[:, DEMAND].mean(), 1e-12), 1.0]
        w.total[PRICED] = first if self.prices is None else self.prices
        anneal.start(t, w)
        if keep_begin and w.total[LOAD_OVER] + w.total[TIME_OVER] < anneal.FEASIBLE:
            self._keep(float(w.total[COST]), read_current(t, w))
        if not self.arc:
            arcs_driven = w.route[:, COUNT].sum() + (w.route[:, COUNT] > 0).sum()
            self.arc = float(w.total[COST]) / max(1, arcs_driven) or 1.0  # where all is free any temperature will do
        best, did = np.inf, 0
        chunk = min(max(length // CHUNKS, 20), LONGEST_CHUNK)
        begun = self.budget.share(self.done)
        while not self._over():
            share = max(did / length, (self.budget.share(self.done) - begun) / (1.0 - begun))
            if share >= 1.0:
                break
            heat = hot * (COLD / hot) ** share
            w.total[USED_PRICE] = charge * self.arc * heat / hot
            best, feasible = anneal.anneal(t, w, chunk, heat * self.arc, heat * self.arc, best)
            did += chunk
            self.done += chunk
            if feasible > chunk * MOST_FEASIBLE:
                w.total[PRICED] *= 0.95
            elif feasible < chunk * LEAST_FEASIBLE:
                w.total[PRICED] *= 1.05
            if self.progress is not None:
                known = self.population[0].cost if self.population else np.inf
                used = min(1.0, self.budget.share(self.done))
                self.progress(Progress(share=used, objective=min(best, known), iterations=self.done))
        if self.prices is None:
            self.prices = w.total[PRICED].copy()
        if not (np.isfinite(best) or self.population):
            best = self._repair(w)
        if np.isfinite(best):
            self._keep(best, read_best(t, w))
        elif self.fallback is None:
            self.fallback = read_current(t, w)

    def _repair(self, w: State) -> float:
        """Raise the charges until limits are kept, even beyond the budget; return the cost then, inf where none was."""
        from posthouse.optimise.routing import anneal

        best, heat = np.inf, COLD * self.arc
        for _ in range(REPAIRS):
            w.total[PRICED] *= 1.5
            best, _ = anneal.anneal(self.tables, w, REPAIR_LENGTH, heat, heat, best)
            self.done += REPAIR_LENGTH
            if np.isfinite(best):
                break
        return float(best)

    def _keep(self, cost: float, solution: Solution) -> None:
        """Add a solution to the population; the worst leaves, or whoever is too much like it and costs more."""
        own = arcs(solution)
        alike = [m for m in self.population if len(own & m.arcs) > ALIKE * min(len(own), len(m.arcs))]
        if any(member.cost <= cost + 1e-9 for member in alike):
            return
        self.population = [member for member in self.population if member not in alike]
        self.population.append(_Member(cost, solution, own))
        self.population.sort(key=lambda member: member.cost)
        del self.population[POPULATION:]
