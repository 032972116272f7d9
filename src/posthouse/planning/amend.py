"""An earlier week of a depot with only what must change changed: a vehicle lost, a road closed, a bus without room.

Every round that still can be driven is. A round whose vehicle is gone goes to a free one of its kind. Visits that
nobody makes any longer, and rounds that break a limit, are mended by the engine around them, days kept wherever that is
possible. Rounds that were changed so, or whose way is another since a road was closed, are then searched among
themselves, days kept. All others stay as they are, with their vehicles.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.repair import repair_solution
from posthouse.optimise.routing.sector import UNSERVED
from posthouse.optimise.routing.sector import Plan as Running
from posthouse.optimise.routing.solution import Route, Solution
from posthouse.planning.effort import Effort
from posthouse.planning.previous import Previous, Round
from posthouse.planning.search import search_week
from posthouse.planning.solve_week import WeekAnswer, read_solution
from posthouse.planning.week import Week
from posthouse.vocabulary.errors import UnusableInputError

SAME_KM = 0.01
"""Kilometres by which a round's way may differ and still count as the same; plan.json says as much."""

MOST_MENDED = 0.5
"""Share of a depot's villages above which there is no plan left to mend, and the week is searched as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """What is left of an earlier week. rounds : those that can be driven. lost : those that cannot.

    lacking : customers of whom some visit is made by nobody, or who have no day set any longer.
    """

    solution: Solution
    rounds: Mapping[Route, Round]
    lost: tuple[Route, ...]
    lacking: tuple[int, ...]


def start_from(week: Week, previous: Previous) -> Solution | None:
    """Return what an earlier plan left of a depot's week, to begin a search with; None where that is too little."""
    solution = _left(week, previous).solution
    return None if solution.options.count(UNSERVED) > MOST_MENDED * week.problem.customers else solution


def amend_week(
    week: Week, previous: Previous, effort: Effort, *, seed: int, depart_min: int
) -> tuple[WeekAnswer | None, Solution]:
    """Return the week with the least change, None where too little is left of it, and what is left to begin with."""
    left = _left(week, previous)
    solution = left.solution
    reopened: set[Route] = set()
    if left.lacking or left.lost:
        stranded = {customer for route in left.lost for customer in route.customers}
        if len(stranded | set(left.lacking)) > MOST_MENDED * week.problem.customers:
            return None, solution
        before = replace(solution, routes=(*solution.routes, *left.lost))
        try:
            mended = repair_solution(week.problem, before, lost=left.lost, unmade=left.lacking, seed=seed)
        except UnusableInputError:  # somebody for whom no vehicle is left: the search says who and leaves them out
            return None, solution
        if not mended.feasible:
            return None, solution
        solution, reopened = mended.solution, set(mended.changed)
    reopened |= {r for r, was in left.rounds.items() if r in solution.routes and _has_another_way(week, r, was)}
    if reopened:
        solution = _search_among(week, solution, reopened, effort, seed=seed)
    names = _names(week, solution, left.rounds)
    return read_solution(week, solution, depart_min, names=names), solution


def _left(week: Week, previous: Previous) -> _Left:
    problem = week.problem
    options = [_option(week, customer, previous) for customer in range(problem.customers)]
    plan = Running(problem)
    plan.options[:] = options
    offered = {
        (customer, int(problem.visit_slot[visit]))
        for customer, option in enumerate(options)
        if option != UNSERVED
        for visit in plan.visits_of(option)
        if problem.visit_outside_price[visit] < float("inf")
    }
    plan.outside |= {
        (customer, day - 1)
        for customer, (village, _, _) in enumerate(week.customers)
        for day in previous.patterns.get(village, ())
        if (village, day) in previous.carried and (customer, day - 1) in offered
    }
    rounds, without = _rounds(week, previous, options)
    driven: dict[Route, Round] = {}
    lost = []
    for route, own in rounds.items():
        if _fits(week, route, options):
            driven[route] = own
            plan.add(route)
        else:
            lost.append(route)
    for route, own in without:
        numbers = [n for n, kind in enumerate(week.kinds, start=1) if kind.kind == own.kind and not kind.is_hired]
        free = (replace(route, vehicle_class=n) for n in numbers if plan.left[route.slot, n] > 0)
        taken = next((r for r in free if _fits(week, r, options)), None)
        if taken is not None:
            driven[taken] = own
            plan.add(taken)
    lacking = tuple(c for c, option in enumerate(options) if option == UNSERVED or plan.unmade(c))
    stranded = {customer for route in lost for customer in route.customers}
    return _Left(
        solution=plan.solution(),
        rounds=driven,
        lost=tuple(lost),
        lacking=tuple(customer for customer in lacking if customer not in stranded),
    )


def _option(week: Week, customer: int, previous: Previous) -> int:
    """The day set that the village had; none where it had none and nobody said that it would go without."""
    village, problem = week.customers[customer][0], week.problem
    wanted = previous.patterns.get(village, () if village in previous.missing else None)
    own = range(int(problem.option_start[customer]), int(problem.option_start[customer + 1]))
    return next((option for option in own if week.patterns[option] == wanted), UNSERVED)


def _rounds(
    week: Week, previous: Previous, options: Sequence[int]
) -> tuple[dict[Route, Round], list[tuple[Route, Round]]]:
    """The rounds of the depot as the engine's, and those whose vehicle is gone, without villages that have no days."""
    customers_of: dict[str, list[int]] = defaultdict(list)
    for customer, (village, _, _) in enumerate(week.customers):
        if options[customer] != UNSERVED:
            customers_of[village].append(customer)
    class_of = {vehicle: number for number, kind in enumerate(week.kinds, start=1) for vehicle in kind.ids}
    known, without = {}, []
    for day in range(1, 8):
        passed: Counter[str] = Counter()
        for own in previous.rounds.get((week.depot.code, day), ()):
            customers = []
            for village in own.villages:
                if passed[village] < len(customers_of[village]):
                    customers.append(customers_of[village][passed[village]])
                    passed[village] += 1
            if not customers:
                continue
            route = Route(slot=day - 1, vehicle_class=class_of.get(own.vehicle, 0), customers=tuple(customers))
            if own.vehicle in class_of:
                known[route] = own
            else:
                without.append((route, own))
    return known, without


def _fits(week: Week, route: Route, options: Sequence[int]) -> bool:
    """Whether a vehicle can drive the round, whatever the others do."""
    alone = Solution(routes=(route,), options=tuple(options))
    _, violations = check_solution(week.problem, alone)
    return not any(v.limit in {"capacity", "duration", "hours", "vehicle"} for v in violations)


def _has_another_way(week: Week, route: Route, was: Round) -> bool:
    problem = week.problem
    way = [problem.customers, *route.customers, problem.customers]
    km = sum(float(problem.distance[0, a, b]) for a, b in pairwise(way))
    return abs(km - was.distance_km) > SAME_KM


def _search_among(week: Week, solution: Solution, routes: Collection[Route], effort: Effort, *, seed: int) -> Solution:
    """Search these rounds among themselves, each village on its days; what is found counts where it costs less."""
    plan = Running(week.problem, solution)
    sector = plan.cut([number for number, route in plan.routes.items() if route in routes], keep_days=True)
    plan.put(sector, search_week(sector.problem, effort, seed=seed, start=sector.start).solution)
    after = plan.solution()
    (cost, _), (other, violations) = check_solution(week.problem, solution), check_solution(week.problem, after)
    return after if not violations and other < cost else solution


def _names(week: Week, solution: Solution, rounds: Mapping[Route, Round]) -> dict[Route, str]:
    """The vehicle of each round that was driven before; a changed one keeps that of the round most like it."""
    rounds = {r: own for r, own in rounds.items() if own.vehicle in week.kinds[r.vehicle_class - 1].ids}
    names = {route: rounds[route].vehicle for route in solution.routes if route in rounds}
    taken = {(route.slot, vehicle) for route, vehicle in names.items()}
    for route in solution.routes:
        if route in names:
            continue
        alike = [
            (-len(set(route.customers) & set(other.customers)), own.vehicle)
            for other, own in rounds.items()
            if (other.slot, other.vehicle_class) == (route.slot, route.vehicle_class)
            and (route.slot, own.vehicle) not in taken
        ]
        if alike:
            names[route] = min(alike)[1]
            taken.add((route.slot, names[route]))
    return names
