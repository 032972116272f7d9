"""Verify a routing solution from the problem alone, without any solver code: what it breaks and what it costs."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

from posthouse.optimise.routing.problem import RoutingProblem, VehicleClass
from posthouse.optimise.routing.schedule import schedule_route
from posthouse.optimise.routing.solution import Route, Solution

TOLERANCE = 1e-6  # relative; sums of doubles in another order may differ by this


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken limit.

    limit : `option`, `visit`, `capacity`, `duration`, `window`, `hours`, `fleet`, `vehicle`.
    message : what was expected, what was found, where.
    customers : whom it concerns. excess : by how much, in the limit's unit.
    """

    limit: str
    message: str
    customers: tuple[int, ...] = ()
    excess: float = 0.0


def check_solution(problem: RoutingProblem, solution: Solution) -> tuple[float, tuple[Violation, ...]]:
    """Return the cost of a solution in double precision and everything it violates.

    >>> import numpy as np
    >>> from posthouse.optimise.routing.problem import make_periodic_problem
    >>> line = np.abs(np.subtract.outer([1.0, 2.0, 0.0], [1.0, 2.0, 0.0]))
    >>> van = VehicleClass(capacity=(10.0,))
    >>> problem = make_periodic_problem(line, options=[[[0]], [[0]]], demand=[6, 6], service=[0, 0], slots=[(0, 0)],
    ...                                 fleet=[(van, 1)])
    >>> cost, violations = check_solution(
    ...     problem, Solution(routes=(Route(slot=0, vehicle_class=0, customers=(0, 1)),), options=(0, 1)))
    >>> cost, violations[0].message
    (4.0, 'Expected a load of at most 10 in dimension 0, got 12 (route 0, slot 0).')
    """
    violations: list[Violation] = []
    visits = _chosen_visits(problem, solution, violations)
    served: Counter[tuple[int, int]] = Counter()
    cost = sum(float(problem.option_price[option]) for option in solution.options if option >= 0)
    for number, route in enumerate(solution.routes):
        served.update((customer, route.slot) for customer in route.customers)
        cost += _check_route(problem, route, number, visits, violations)
    for customer, slot in solution.outside:
        served[customer, slot] += 1
        if (customer, slot) in visits:
            price = float(problem.visit_outside_price[visits[customer, slot]])
            cost += price
            if price == float("inf"):
                violations.append(_fault("visit", "nobody outside offers", customer, slot))
    for customer, slot in sorted(visits.keys() | served.keys()):
        times, wanted = served[customer, slot], int((customer, slot) in visits)
        if times != wanted:
            violations.append(
                Violation(
                    limit="visit",
                    message=f"Expected {wanted} visits, got {times} (customer {customer}, slot {slot}).",
                    customers=(customer,),
                    excess=abs(times - wanted),
                )
            )
    _check_fleet(problem, solution, violations)
    return cost, tuple(violations)


def _chosen_visits(
    problem: RoutingProblem, solution: Solution, violations: list[Violation]
) -> dict[tuple[int, int], int]:
    """Return the visit (its index) that each (customer, slot) should get under the chosen options."""
    visits: dict[tuple[int, int], int] = {}
    if len(solution.options) != problem.customers:
        violations.append(
            Violation(limit="option", message=f"Expected {problem.customers} options, got {len(solution.options)}.")
        )
    for customer, option in enumerate(solution.options[: problem.customers]):
        first, end = problem.option_start[customer], problem.option_start[customer + 1]
        if not first <= option < end:
            violations.append(
                Violation(
                    limit="option",
                    message=f"Expected an option in [{first}, {end}), got {option} (customer {customer}).",
                    customers=(customer,),
                )
            )
            continue
        if problem.option_price[option] == float("inf"):
            message = f"Expected an option that may be chosen, got {option} (customer {customer})."
            violations.append(Violation(limit="option", message=message, customers=(customer,)))
        for visit in range(problem.visit_start[option], problem.visit_start[option + 1]):
            visits[customer, int(problem.visit_slot[visit])] = visit
    return visits


def _check_route(
    problem: RoutingProblem, route: Route, number: int, visits: dict[tuple[int, int], int], violations: list[Violation]
) -> float:
    """Return the cost of one route, noting what it breaks."""
    vehicle: VehicleClass = problem.classes[route.vehicle_class]
    depot = problem.customers + int(problem.slot_depot[route.slot])
    distance = sum(
        float(problem.distance[vehicle.profile, start, end])
        for start, end in pairwise([depot, *route.customers, depot])
    )
    times = schedule_route(problem, route, tuple(visits.get((c, route.slot), -1) for c in route.customers))
    own = [visits[customer, route.slot] for customer in route.customers if (customer, route.slot) in visits]
    for dimension, capacity in enumerate(vehicle.capacity):
        load = sum(float(problem.visit_demand[visit, dimension]) for visit in own)
        _compare(
            "capacity",
            f"a load of at most {capacity:g} in dimension {dimension}",
            load,
            capacity,
            number,
            route,
            violations,
        )
    limit = vehicle.max_duration
    _compare("duration", f"a duration of at most {limit:g}", times.duration, limit, number, route, violations)
    closes = vehicle.hours[1]
    _compare("hours", f"a return at {closes:g} at the latest", times.returns, closes, number, route, violations)
    for customer, starts, late in zip(route.customers, times.starts, times.lateness, strict=False):
        if late > TOLERANCE * max(1.0, abs(starts)):
            message = f"Expected a start at {starts - late:g} at the latest, got {starts:g} (customer {customer}, "
            message += f"route {number}, slot {route.slot})."
            violations.append(Violation(limit="window", message=message, customers=(customer,), excess=late))
    if problem.allowed is not None:
        barred = tuple(c for c in route.customers if not problem.allowed[c, route.vehicle_class])
        if barred:
            message = f"Expected only allowed vehicles, got class {route.vehicle_class} for {barred} (route {number})."
            violations.append(Violation(limit="vehicle", message=message, customers=barred, excess=len(barred)))
    if not route.customers:
        return 0.0
    return vehicle.fixed_cost + vehicle.cost_per_distance * distance + vehicle.cost_per_duration * times.duration


def _compare(
    limit: str, expected: str, value: float, most: float, number: int, route: Route, violations: list[Violation]
) -> None:
    if value > most + TOLERANCE * max(1.0, abs(most)):
        message = f"Expected {expected}, got {value:g} (route {number}, slot {route.slot})."
        violations.append(Violation(limit=limit, message=message, customers=route.customers, excess=value - most))


def _check_fleet(problem: RoutingProblem, solution: Solution, violations: list[Violation]) -> None:
    have: dict[tuple[int, int], int] = defaultdict(int)
    for entry in problem.fleet:
        have[entry.slot, entry.vehicle_class] += entry.count
    used = Counter((route.slot, route.vehicle_class) for route in solution.routes if route.customers)
    for (slot, vehicle_class), count in sorted(used.items()):
        if count > have[slot, vehicle_class]:
            most = have[slot, vehicle_class]
            message = f"Expected at most {most} routes, got {count} (slot {slot}, class {vehicle_class})."
            violations.append(Violation(limit="fleet", message=message, excess=count - most))


def _fault(limit: str, what: str, customer: int, slot: int) -> Violation:
    message = f"Expected a visit that may be bought, got one {what} (customer {customer}, slot {slot})."
    return Violation(limit=limit, message=message, customers=(customer,))
