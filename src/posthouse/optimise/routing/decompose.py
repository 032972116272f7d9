"""Solve a problem of a thousand villages or more in sectors of a few hundred, around one place after another.

The first plan comes from a partition: customers are halved where two far-apart ones divide them, until a part is
small, and each part is solved with its share of the vehicles; the last gets all that the others left. From then on a
sector is the routes around a customer whose turn it is, annealed for a moment with everything outside fixed
(`sector.py`), colder as the budget is used up; the next one begins from whatever this one left. So no array grows with
the square of the customers but the given distances, and all of a sector stays in the processor's cache. With several
processes, sectors that share no route are solved at the same time.

After E. Taillard, S. Voss (2002), POPMUSIC, in Essays and Surveys in Metaheuristics, 613-629, with whole routes as
parts, which keeps every vehicle's limits inside one sector.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.convert import read_best, write_state
from posthouse.optimise.routing.crossover import Crossing
from posthouse.optimise.routing.problem import Ints, RoutingProblem
from posthouse.optimise.routing.search import LEAST_FEASIBLE, MOST_FEASIBLE, PRICED, Budget, search
from posthouse.optimise.routing.sector import UNSERVED, Plan, Sector
from posthouse.optimise.routing.solution import Progress, Solution
from posthouse.optimise.routing.tables import COST, make_state, make_tables

LARGE = 600  # customers; a problem with more is decomposed
PART_VISITS, SECTOR_VISITS = 600.0, 800.0  # in a part of the first plan, in a sector
FIRST_LENGTH = 4  # iterations per visit of the first plan
LENGTH = 12  # iterations per visit of a sector
CHUNK = 200  # iterations between changes of prices
HOT, COLD = 0.6, 0.04  # temperatures at the beginning and the end of the budget, in mean arcs


def search_decomposed(
    problem: RoutingProblem,
    budget: Budget,
    *,
    seed: int,
    start: Solution | None,
    progress: Callable[[Progress], None] | None,
    processes: int = 1,
) -> tuple[Solution, int]:
    """Return the best solution found sector by sector, and the iterations it took.

    The first plan is finished even beyond the budget. processes : how many sectors are solved at the same time.
    """
    run = _Rotation(problem, budget, seed, progress)
    run.begin(start)
    if processes > 1:
        with ProcessPoolExecutor(processes) as pool:
            run.rotate(processes, pool.map)
    else:
        run.rotate(1, map)
    return run.best, run.done


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    """A sector, the temperature to anneal it at, what excess of load and time costs, and how long."""

    sector: Sector
    heat: float
    prices: tuple[float, float]
    iterations: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Answer:
    """A sector's new plan, what it saves, and the prices that kept some iterations feasible."""

    solution: Solution
    saved: float
    prices: tuple[float, float]


def _solve(task: _Task) -> _Answer:
    """Anneal a sector; return its cheapest feasible plan of the second half, which may cost more than the start."""
    from posthouse.optimise.routing import anneal

    problem = task.sector.problem
    t = make_tables(problem)
    w = make_state(t, seed=task.seed)
    write_state(t, w, *Crossing(t).keep(task.sector.start))
    w.total[PRICED] = task.prices
    anneal.start(t, w)
    before, best = float(w.total[COST]), -math.inf
    chunks = max(task.iterations // CHUNK, 2)
    for chunk in range(chunks):
        if chunk == chunks // 2:
            best = math.inf
        best, feasible = anneal.anneal(t, w, CHUNK, task.heat, task.heat, best)
        if feasible > CHUNK * MOST_FEASIBLE:
            w.total[PRICED] *= 0.98
        elif feasible < CHUNK * LEAST_FEASIBLE:
            w.total[PRICED] *= 1.04
    load, time = (float(price) for price in w.total[PRICED])
    if math.isinf(best):
        return _Answer(solution=task.sector.start, saved=0.0, prices=(load, time))
    return _Answer(solution=read_best(t, w), saved=before - best, prices=(load, time))


class _Rotation:
    """A plan, whose turn it is, and what has been spent."""

    def __init__(
        self, problem: RoutingProblem, budget: Budget, seed: int, progress: Callable[[Progress], None] | None
    ) -> None:
        self.budget, self.progress = budget, progress
        self.plan = Plan(problem)
        self.rng = np.random.default_rng(seed)
        self.done = 0
        self.cost = self.best_cost = math.inf
        self.best = self.plan.solution()
        self.arc, self.prices = 1.0, (1.0, 1.0)
        self.broken: list[int] = []  # customers of routes that break a limit
        self.turns = np.zeros(problem.customers)  # how often each customer was in a sector

    def begin(self, start: Solution | None) -> None:
        """Take the given plan, and serve by parts whoever it does not serve."""
        problem = self.plan.problem
        if start is not None:
            self.plan = Plan(problem, start)
        missing = np.flatnonzero(self.plan.options == UNSERVED).astype(np.int32)
        visits = mean_visits(problem)
        todo = visits[missing].sum(axis=0)
        for part in halve(problem, missing, visits.sum(axis=1), PART_VISITS):
            own = visits[part].sum(axis=0)
            wanted = float(own.sum())
            share = np.minimum(own / np.maximum(todo, 1e-9), 1.0)
            # At least one, or a part at the edge of a depot's villages would have nobody to turn to.
            spare = Counter(
                {key: min(max(round(count * share[key[0]]), 1), count) for key, count in self.plan.left.items()}
            )
            todo = todo - own
            also = servable(problem, part, spare)
            if not also:
                continue
            sector = self.plan.cut((), also=also, spare=spare)
            solution, done = search(
                sector.problem,
                replace(self.budget, seconds=None, iterations=int(FIRST_LENGTH * wanted) + 1, target=-math.inf),
                seed=int(self.rng.integers(2**62)),
                start=sector.start,
                progress=None,
            )
            self.plan.put(sector, solution)
            self.done += done
        self._recount()
        arcs = sum(1 + len(route.customers) for route in self.plan.routes.values())
        self.arc = self.cost / max(arcs, 1) or 1.0  # where all is free any temperature will do
        loads = problem.visit_demand[:, 0]
        self.prices = (self.arc / max(float(loads.mean()), 1e-12) if len(loads) else 1.0, self.arc)
        self.best = self.plan.solution()
        self._keep()

    def rotate(self, at_once: int, run: Callable[..., Iterable[_Answer]]) -> None:
        """Anneal sectors, colder all the time, until the budget is used; then keep the best plan."""
        while self.plan.routes and not (self.budget.share(self.done) >= 1.0 or self.best_cost <= self.budget.target):
            tasks = self._tasks(at_once)
            for task, answer in zip(tasks, run(_solve, tasks), strict=True):
                self.plan.put(task.sector, answer.solution)
                self.cost -= answer.saved
                self.done += task.iterations
                self.prices = answer.prices
                if self.broken:
                    self._look_again(task.sector, answer.solution)
            self._keep()

    def _tasks(self, at_once: int) -> list[_Task]:
        """Return sectors without a common route, each with its share of the unused vehicles."""
        heat = self.arc * HOT * (COLD / HOT) ** min(self.budget.share(self.done), 1.0)
        busy: set[int] = set()
        tasks: list[_Task] = []
        for turn in range(at_once):
            centre = int(np.argmin(self.turns + self.rng.random(len(self.turns)) / 2))
            if self.broken and turn == 0:
                centre = int(self.rng.choice(self.broken))
            numbers = self._around(centre, busy)
            if not numbers:
                break
            busy |= numbers
            spare = Counter({key: (count + turn) // at_once for key, count in self.plan.left.items()})
            also = []
            if self.plan.options[centre] == UNSERVED:
                own = Counter((self.plan.routes[n].slot, self.plan.routes[n].vehicle_class) for n in numbers)
                also = servable(self.plan.problem, np.array([centre], dtype=np.int32), spare + own)
            sector = self.plan.cut(numbers, also=also, spare=spare)
            self.turns[sector.customers] += 1
            iterations = LENGTH * sum(len(self.plan.routes[number].customers) for number in numbers)
            if self.budget.iterations is not None:
                iterations = min(iterations, max(self.budget.iterations - self.done, 1))
            seed = int(self.rng.integers(2**62))
            tasks.append(_Task(sector=sector, heat=heat, prices=self.prices, iterations=iterations, seed=seed))
        return tasks

    def _around(self, centre: int, busy: set[int]) -> set[int]:
        """Return the routes of the customers nearest the centre, until they make enough visits."""
        plan, matrix = self.plan, self.plan.problem.distance[0]
        n = plan.problem.customers
        numbers: set[int] = set()
        visits = 0
        for customer in np.argsort(matrix[centre, :n] + matrix[:n, centre], kind="stable").tolist():
            for number in plan.on[customer].values():
                if number not in busy and number not in numbers:
                    numbers.add(number)
                    visits += len(plan.routes[number].customers)
            if visits >= SECTOR_VISITS:
                break
        return numbers

    def _look_again(self, sector: Sector, solution: Solution) -> None:
        """Bring up to date who is on a route that breaks a limit, after a sector was solved."""
        _, violations = check_solution(sector.problem, solution)
        still = {int(sector.customers[c]) for violation in violations for c in violation.customers}
        self.broken = sorted((set(self.broken) - set(sector.customers.tolist())) | still)
        if not self.broken:
            self._recount()

    def _recount(self) -> None:
        self.cost, violations = check_solution(self.plan.problem, self.plan.solution())
        self.broken = sorted({customer for violation in violations for customer in violation.customers})

    def _keep(self) -> None:
        """Keep the plan if it is the best that breaks nothing, and tell."""
        if not self.broken and self.cost < self.best_cost - 1e-9:
            self.best_cost, self.best = self.cost, self.plan.solution()
        if self.progress is not None:
            share = min(1.0, self.budget.share(self.done))
            self.progress(Progress(share=share, objective=self.best_cost, iterations=self.done))


def mean_visits(problem: RoutingProblem) -> np.ndarray:
    """Return the visits of each customer in each slot, the mean of its options; shape (n, slots)."""
    place = problem.visit_customer.astype(np.int64) * problem.slots + problem.visit_slot
    visits = np.bincount(place, minlength=problem.customers * problem.slots).reshape(-1, problem.slots)
    return visits / np.diff(problem.option_start)[:, None]


def servable(problem: RoutingProblem, customers: Ints, spare: Counter[tuple[int, int]]) -> list[int]:
    """Return the customers with an option for all of whose visits there are vehicles, or others who make them."""
    have = np.zeros(problem.slots, dtype=bool)
    have[[slot for (slot, _), count in spare.items() if count > 0]] = True
    lacking = ~have[problem.visit_slot] & np.isinf(problem.visit_outside_price)
    before = np.concatenate([[0], np.cumsum(lacking)])[problem.visit_start]
    possible = (np.diff(before) == 0) & np.isfinite(problem.option_price)
    some = np.logical_or.reduceat(possible, problem.option_start[:-1])
    return [customer for customer in customers.tolist() if some[customer]]


def halve(problem: RoutingProblem, customers: Ints, visits: np.ndarray, most: float) -> list[Ints]:
    """Return the customers in parts of at most so many visits, each halved by which of two far-apart ones is nearer."""
    if visits[customers].sum() <= most or len(customers) < 2:
        return [customers] if len(customers) else []
    matrix = problem.distance[0]
    one = customers[matrix[customers[0], customers].argmax()]
    other = customers[matrix[one, customers].argmax()]
    order = customers[np.argsort(matrix[one, customers] - matrix[other, customers], kind="stable")]
    middle = min(max(int(np.searchsorted(np.cumsum(visits[order]), visits[order].sum() / 2)), 1), len(order) - 1)
    return [
        *halve(problem, np.sort(order[:middle]), visits, most),
        *halve(problem, np.sort(order[middle:]), visits, most),
    ]
