"""Mend a plan after a small change, leaving all else as it is: somebody new to serve, or a vehicle that is missing.

First the visits without a vehicle are inserted where that costs least, days of everybody else kept. If that breaks a
limit, routes around them are searched for a moment, more of them each time, and at last their customers may change
days too. Only routes that had to change are replaced.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.convert import read_best, read_current, write_state
from posthouse.optimise.routing.crossover import Crossing
from posthouse.optimise.routing.feasibility import drop_unservable
from posthouse.optimise.routing.keep import price_changes
from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.sector import UNSERVED, Plan, Sector
from posthouse.optimise.routing.solution import Route, Solution
from posthouse.optimise.routing.tables import LOAD_PRICE, TIME_PRICE, make_state, make_tables
from posthouse.vocabulary.errors import UnusableInputError

TRIES = (
    (12, False, True, 0),
    (12, True, True, 0),
    (60, True, True, 0),
    (6, True, True, 500),
    (12, True, False, 1000),
    (60, True, False, 5000),
)
"""Nearest customers whose routes are opened, whether those without a vehicle may change days, whether all others keep
theirs, and iterations; one try after the other."""

CHANGE_PRICE = 3.0  # mean arcs charged where another customer changes days
DEAR = 1e3  # mean arcs charged for a unit of excess
HEAT = 0.03  # temperature of the search, in mean arcs
CHUNK = 50  # iterations between looks whether limits are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A mended plan.

       changed : its routes that the plan before did not have. dropped : routes of the plan before that are gone.
    days_changed : customers with another option than before, without those that had none.
    feasible : whether all limits are kept where it changed.
    """

    solution: Solution
    changed: tuple[Route, ...]
    dropped: tuple[Route, ...]
    days_changed: tuple[int, ...]
    feasible: bool


def repair_solution(
    problem: RoutingProblem,
    before: Solution,
    *,
    lost: Sequence[Route] = (),
    unmade: Sequence[int] = (),
    seed: int = 1,
) -> Repair:
    """Return the plan with the least change that serves everybody again.

        Parameters
        ----------
        problem : as it is now: with the new customers, without the lost vehicles.
        before : the plan so far; -1 is the option of customers it does not serve, and customers appended since are new.
        lost : routes of `before` whose vehicles are missing; their visits go to other vehicles.
        unmade : further customers of whom `before` leaves visits unmade, such as those that somebody outside made.

    Raises
    ------
    UnusableInputError
        Where somebody cannot be served by any vehicle that is left.

        >>> import numpy as np
        >>> from posthouse.optimise.routing.keep import price_changes
    from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
        >>> line = np.abs(np.subtract.outer([1.0, 2.0, 0.0], [1.0, 2.0, 0.0]))
        >>> problem = make_periodic_problem(line, options=[[[0], [1]], [[0, 1]]], demand=[4, 4], service=[0, 0],
        ...                                 slots=[(0, 0), (0, 1)], fleet=[(VehicleClass(capacity=(10.0,)), 1)] * 2)
        >>> before = Solution(routes=tuple(Route(slot=day, vehicle_class=0, customers=(1,)) for day in (0, 1)),
        ...                   options=(-1, 2))
        >>> [route.customers for route in repair_solution(problem, before).changed]
        [(0, 1)]
    """
    was = before.options
    stranded = sorted({*unmade, *(customer for route in lost for customer in route.customers)})
    lacking = [*range(len(was), problem.customers), *(c for c, option in enumerate(was) if option == UNSERVED)]
    driven = list((Counter(before.routes) - Counter(lost)).elements())
    known = Solution(
        routes=tuple(driven),
        options=(*was, *[UNSERVED] * (problem.customers - len(was))),
        outside=before.outside,
    )
    for reach, free, keep_days, iterations in TRIES:
        plan = Plan(problem, _without(known, stranded) if free else known)
        around = _routes_around(plan, [*lacking, *stranded], reach, keep_days)
        sector = plan.cut(around, also=[*lacking, *stranded], keep_days=keep_days)
        try:
            solution = _insert(sector, iterations, seed)
        except UnusableInputError:  # on these days no vehicle is left at all
            if (reach, free, keep_days, iterations) == TRIES[-1]:
                raise
            continue
        _, violations = check_solution(sector.problem, solution)
        plan.put(sector, solution)
        if not violations:
            break
    routes = tuple(plan.routes.values())
    return Repair(
        solution=plan.solution(),
        changed=tuple((Counter(routes) - Counter(before.routes)).elements()),
        dropped=tuple((Counter(before.routes) - Counter(routes)).elements()),
        days_changed=tuple(c for c, option in enumerate(was) if UNSERVED != option != plan.options[c]),
        feasible=not violations,
    )


def _without(solution: Solution, customers: Sequence[int]) -> Solution:
    """Return a solution that serves some customers no longer."""
    gone = set(customers)
    routes = (replace(r, customers=tuple(c for c in r.customers if c not in gone)) for r in solution.routes)
    return Solution(
        routes=tuple(route for route in routes if route.customers),
        options=tuple(UNSERVED if c in gone else option for c, option in enumerate(solution.options)),
        outside=tuple(visit for visit in solution.outside if visit[0] not in gone),
    )


def _routes_around(plan: Plan, lacking: Sequence[int], reach: int, keep_days: bool) -> set[int]:
    """Return the routes of the customers nearest to those that lack visits; where days are kept, of their days only."""
    problem = plan.problem
    matrix, n = problem.distance[0], problem.customers
    numbers: set[int] = set()
    for customer in lacking:
        slots = set(range(problem.slots))
        if keep_days and plan.options[customer] != UNSERVED:
            slots = plan.unmade(customer)
        away = matrix[customer, :n] + matrix[:n, customer]
        for near in np.argsort(away, kind="stable")[: reach + 1].tolist():
            numbers |= {number for slot, number in plan.on[near].items() if slot in slots}
    return numbers


def _insert(sector: Sector, iterations: int, seed: int) -> Solution:
    """Serve in a part whoever lacks visits; where that breaks a limit, search for so many iterations at most."""
    from posthouse.optimise.routing import anneal

    arc = float(sector.problem.distance[0].mean())
    problem = price_changes(drop_unservable(sector.problem), sector.start, CHANGE_PRICE * arc)
    t = make_tables(problem)
    w = make_state(t, seed=seed)
    write_state(t, w, *Crossing(t).keep(sector.start))
    w.total[LOAD_PRICE] = w.total[TIME_PRICE] = DEAR * arc
    anneal.start(t, w)
    for _ in range(0, iterations, CHUNK):
        best, _ = anneal.anneal(t, w, CHUNK, HEAT * arc, HEAT * arc, np.inf)
        if np.isfinite(best):
            return read_best(t, w)
    return read_current(t, w)
