"""Spend a budget on annealing runs: independent ones first, then children of two good solutions; routes are pooled.

Every annealing run keeps its best feasible solution. A small population of these is crossed; each child is annealed
from a lower temperature, so that it keeps what its parents share. Runs differ in what they charge for a route at first:
a search that begins with too many routes seldom gets rid of one, but one that begins with few opens another easily.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from posthouse.optimise.routing.convert import iterate_routes, read_best, read_current, write_state
from posthouse.optimise.routing.crossover import cross, kinds_by_slot, whole
from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.recombine import RoutePool
from posthouse.optimise.routing.solution import Progress, Solution
from posthouse.optimise.routing.tables import (
    COST,
    COUNT,
    DEMAND,
    KIND,
    LOAD_PRICE,
    SLOT,
    TIME_PRICE,
    USED_PRICE,
    State,
    make_state,
    make_tables,
)

HOT, COLD, CHILD_HOT = 1.0, 0.01, 0.2  # temperatures as shares of the mean arc of the first solution
ROUTE_CHARGE = 10.0  # mean arcs charged for a route at the start of a run, at most
RUN_LENGTH, CHILD_LENGTH = 1000, 500  # iterations per visit
POPULATION = 8
POOLED, POOL_FROM = 5000, 0.5  # routes kept, and from which share of a run on they are noted
FIRST_SHARE = 0.4  # of the budget for independent runs
LEAST_FEASIBLE, MOST_FEASIBLE = 0.1, 0.2  # share of iterations at a feasible solution that penalties aim at
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


class _Search:
    """One search: its population and what it has spent."""

    def __init__(
        self, problem: RoutingProblem, budget: Budget, seed: int, progress: Callable[[Progress], None] | None
    ) -> None:
        self.problem, self.budget, self.progress = problem, budget, progress
        self.tables = make_tables(problem)
        self.rng = np.random.default_rng(seed)
        self.done = 0
        self.pool = RoutePool(self.tables, POOLED)
        self.population: list[tuple[float, Solution]] = []
        self.fallback: Solution | None = None
        self.arc = 0.0
        self.load_price = 0.0
        self.log: list[tuple[str, float]] = []

    def best(self) -> Solution:
        """Return the cheapest of the population."""
        if self.population:
            return self.population[0][1]
        assert self.fallback is not None  # the first run always leaves one
        return self.fallback

    def first_runs(self, start: Solution | None) -> None:
        """Anneal from scratch until the first share of the budget is used, at least once."""
        t = self.tables
        number = 0
        while number == 0 or (self.budget.share(self.done) < FIRST_SHARE and len(self.population) < POPULATION):
            w = self._state()
            charge = ROUTE_CHARGE * self.rng.random() if number else 0.0
            if start is not None and number == 0:
                write_state(t, w, whole(t, start), [(c, kinds_by_slot(t, start)[c, s]) for c, s in start.outside])
            self._anneal(w, int(RUN_LENGTH * self.tables.visits), HOT, charge, "run")
            number += 1
            if self._over():
                return

    def children(self) -> None:
        """Cross and anneal until the budget is used."""
        while not self._over():
            w = self._state()
            if len(self.population) >= 2:
                a, b = self._parents()
                write_state(self.tables, w, cross(self.tables, a, b, self.rng))
            elif self.population:
                write_state(self.tables, w, whole(self.tables, self.population[0][1]))
            self._anneal(w, int(CHILD_LENGTH * self.tables.visits), CHILD_HOT, 0.0, "child")

    def _over(self) -> bool:
        found = self.population[0][0] if self.population else np.inf
        return self.budget.share(self.done) >= 1.0 or found <= self.budget.target

    def _parents(self) -> tuple[Solution, Solution]:
        """Return two different members, each the better of two drawn."""
        size = len(self.population)
        first = int(min(self.rng.integers(size, size=2)))
        second = first
        while second == first:
            second = int(min(self.rng.integers(size, size=2)))
        return self.population[first][1], self.population[second][1]

    def _state(self) -> State:
        return make_state(self.tables, seed=int(self.rng.integers(2**62)))

    def _anneal(self, w: State, length: int, hot: float, charge: float, name: str) -> None:
        """Complete a state, cool it, and keep what it found."""
        from posthouse.optimise.routing import anneal

        t = self.tables
        w.total[LOAD_PRICE] = self.load_price or t.cost[0].mean() / max(t.kind_num[:, DEMAND].mean(), 1e-12)
        w.total[TIME_PRICE] = 1.0
        anneal.start(t, w)
        if not self.arc:
            self.arc = w.total[COST] / max(1, w.route[:, COUNT].sum() + (w.route[:, COUNT] > 0).sum())
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
                w.total[[LOAD_PRICE, TIME_PRICE]] *= 0.95
            elif feasible < chunk * LEAST_FEASIBLE:
                w.total[[LOAD_PRICE, TIME_PRICE]] *= 1.05
            if share > POOL_FROM:
                self._pool(w)
            if self.progress is not None:
                known = self.population[0][0] if self.population else np.inf
                self.progress(Progress(share=min(1.0, share), objective=min(best, known), iterations=self.done))
        self.load_price = self.load_price or w.total[LOAD_PRICE]
        self.log.append((name, float(best)))
        if np.isfinite(best):
            self._keep(best, read_best(t, w))
        elif self.fallback is None:
            self.fallback = read_current(t, w)

    def _pool(self, w: State) -> None:
        """Add the routes of the running solution to the pool."""
        for row, customers in iterate_routes(self.tables, w):
            self.pool.add(row, customers, w.visit[self.tables.row_int[row, SLOT], list(customers), KIND].tolist())

    def _keep(self, cost: float, solution: Solution) -> None:
        """Add a solution to the population unless it is there already; the worst leaves."""
        if any(abs(cost - other) < 1e-6 * max(1.0, abs(cost)) for other, _ in self.population):
            return
        self.population.append((cost, solution))
        self.population.sort(key=lambda member: member[0])
        del self.population[POPULATION:]
