"""What a planner could install instead: PyVRP day by day with pattern repair, and OR-Tools with copies of nodes.

Neither knows periods. Both begin from a regret insertion over patterns whose days PyVRP has solved once; both stop by
the clock the benchmark uses. They take what `read_cordeau` gives with one depot: slots are days, demands do not depend
on the option. Distances are given to them in thousandths, rounded.
"""

import random
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.solution import Route, Solution

SCALE = 1000
DAY_SECONDS = 0.5  # of PyVRP for each day that changed
IMPROVE_SHARE = 0.1  # of the time, for a better start
WALL_FACTOR = 20  # OR-Tools itself only knows wall time; this keeps it from running on where its last step is long
MOVED_SHARE = 0.03  # customers that change their pattern in a kick

Days = list[list[list[int]]]  # day, route, customers


def solve_by_day(problem: RoutingProblem, *, seconds: float, seed: int, clock: Callable[[], float]) -> Solution:
    """Assign patterns by regret, solve each day with PyVRP, then move customers between patterns and solve again."""
    begun, rng = clock(), random.Random(seed)
    solve = partial(_solve_day, problem, rng=rng, clock=clock)
    week = _begin(problem, rng, solve, lambda: clock() - begun < IMPROVE_SHARE * seconds)
    best, best_cost = week.copy(), week.cost()
    while clock() - begun < seconds:
        before = week.copy()
        changed = week.improve_patterns(rng)
        if not changed:
            changed = week.kick(rng, max(1, round(MOVED_SHARE * problem.customers)))
        for day in sorted(changed):
            if clock() - begun < seconds:
                week.set_day(day, solve(day, week.days[day]))
        if week.cost() < best_cost - 1e-9:
            best, best_cost = week.copy(), week.cost()
        elif week.cost() > best_cost * 1.01:
            week = before if before.cost() <= best_cost * 1.01 else best.copy()
    return best.solution()


def solve_with_copies(problem: RoutingProblem, *, seconds: float, seed: int, clock: Callable[[], float]) -> Solution:
    """Give OR-Tools a node for each customer and day, of which some are visited, in a set that is a pattern."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    begun, n = clock(), problem.customers
    rng = random.Random(seed)
    solve = partial(_solve_day, problem, rng=rng, clock=clock)
    week = _begin(problem, rng, solve, lambda: clock() - begun < IMPROVE_SHARE * seconds)
    fleet = [(entry.slot, entry.vehicle_class) for entry in problem.fleet for _ in range(entry.count)]
    copies = [(c, day) for c in range(n) for day in sorted({day for pattern in week.patterns[c] for day in pattern})]
    node = {copy: number for number, copy in enumerate(copies, start=1)}
    place = np.array([n, *(c for c, _ in copies)])
    arcs = np.rint(problem.distance[0][np.ix_(place, place)] * SCALE).astype(int)
    load, service = (
        np.rint(np.append(0, numbers[place[1:]]) * SCALE).astype(int) for numbers in (week.demand, week.service)
    )
    manager = pywrapcp.RoutingIndexManager(len(place), len(fleet), 0)
    routing = pywrapcp.RoutingModel(manager)
    transit = routing.RegisterTransitMatrix(arcs.tolist())
    lasting = routing.RegisterTransitMatrix((arcs + service[:, None]).tolist())
    loads = routing.RegisterUnaryTransitVector(load.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    most = 2**40
    room = [int(min(problem.classes[k].capacity[0] * SCALE, most)) for _, k in fleet]
    hours = [int(min(problem.classes[k].max_duration * SCALE, most)) for _, k in fleet]
    routing.AddDimensionWithVehicleCapacity(loads, 0, room, True, "load")
    routing.AddDimensionWithVehicleCapacity(lasting, 0, hours, True, "duration")
    solver = routing.solver()
    for c in range(n):
        own = [(c, day) for day in range(problem.slots) if (c, day) in node]
        indices = [manager.NodeToIndex(node[copy]) for copy in own]
        for (_, day), index in zip(own, indices, strict=True):
            vehicles = [v for v, (slot, _) in enumerate(fleet) if slot == day]
            routing.VehicleVar(index).SetValues([-1, *vehicles])
        visits = len(week.patterns[c][0])
        routing.AddDisjunction(indices, most, visits)
        if visits > 1:
            active = [routing.ActiveVar(index) for index in indices]
            sets = [[int(day in pattern) for _, day in own] for pattern in week.patterns[c]]
            solver.Add(solver.AllowedAssignments(active, sets))
    waiting = [[[node[c, day] for c in route] for route in routes] for day, routes in enumerate(week.days)]
    routes = [waiting[day].pop() if waiting[day] else [] for day, _ in fleet]
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromSeconds(int(WALL_FACTOR * seconds) + 1)
    routing.AddSearchMonitor(solver.CustomLimit(lambda: clock() - begun >= seconds))
    routing.CloseModelWithParameters(parameters)
    first = routing.ReadAssignmentFromRoutes(routes, True)
    found = routing.SolveFromAssignmentWithParameters(first, parameters) if first else None
    if found is not None:
        week.days = [[] for _ in range(problem.slots)]
        for vehicle, (day, _) in enumerate(fleet):
            index, route = routing.Start(vehicle), []
            while not routing.IsEnd(index := found.Value(routing.NextVar(index))):
                route.append(copies[manager.IndexToNode(index) - 1][0])
            if route:
                week.days[day].append(route)
    return week.solution()


def _begin(problem: RoutingProblem, rng: random.Random, solve_day: Callable, goes_on: Callable[[], bool]) -> "_Week":
    """Return the start of both: regret insertion, each customer moved to where it costs least, each day by PyVRP."""
    week = _Week(problem)
    week.insert_by_regret(rng)
    while week.improve_patterns(rng) and goes_on():
        pass
    for day, routes in enumerate(week.days):
        week.set_day(day, solve_day(day, routes))
    return week


class _Places(NamedTuple):
    """All positions between two stops of a day's routes, one more route if there is a vehicle for it."""

    after: np.ndarray
    before: np.ndarray
    arc: np.ndarray
    room: np.ndarray
    time_left: np.ndarray
    route: np.ndarray
    position: np.ndarray


class _Week:
    """Routes of every day, with the insertion costs that move customers between patterns."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.ways = problem.distance[0]
        first = problem.visit_start[problem.option_start[:-1]]
        self.demand, self.service = problem.visit_demand[first, 0], problem.visit_service[first]
        self.patterns = [
            [
                tuple(problem.visit_slot[problem.visit_start[o] : problem.visit_start[o + 1]].tolist())
                for o in range(problem.option_start[c], problem.option_start[c + 1])
            ]
            for c in range(problem.customers)
        ]
        self.vehicle = {entry.slot: (problem.classes[entry.vehicle_class], entry.count) for entry in problem.fleet}
        self.days: Days = [[] for _ in range(problem.slots)]
        self.places: dict[int, _Places] = {}

    def set_day(self, day: int, routes: list[list[int]]) -> None:
        self.days[day] = routes
        self.places.pop(day, None)

    def copy(self) -> "_Week":
        other = object.__new__(_Week)
        other.__dict__.update(self.__dict__)
        other.days = [[route.copy() for route in routes] for routes in self.days]
        other.places = {}
        return other

    def length(self, route: list[int]) -> float:
        stops = [self.problem.customers, *route, self.problem.customers]
        return float(self.ways[stops[:-1], stops[1:]].sum())

    def cost(self) -> float:
        """Return the length of all routes, and a thousandfold of what exceeds a limit."""
        total = 0.0
        for day, routes in enumerate(self.days):
            total += 1e6 * max(0, len(routes) - self.vehicle[day][1])
            total += sum(self.route_cost(day, route) for route in routes)
        return total

    def route_cost(self, day: int, route: list[int]) -> float:
        vehicle, length = self.vehicle[day][0], self.length(route)
        over = max(0.0, self.demand[route].sum() - vehicle.capacity[0] - 1e-6)
        over += max(0.0, length + self.service[route].sum() - vehicle.max_duration - 1e-6)
        return length + 1e3 * over

    def cheapest(self, c: int, day: int) -> tuple[float, int, int]:
        """Return price, route and position of the cheapest insertion; overload costs much, so that it always exists."""
        if day not in self.places:
            self.places[day] = self.list_places(day)
        p = self.places[day]
        longer = self.ways[p.after, c] + self.ways[c, p.before] - p.arc
        over = np.maximum(0.0, self.demand[c] - p.room) - np.maximum(0.0, -p.room)
        over += np.maximum(0.0, longer + self.service[c] - p.time_left) - np.maximum(0.0, -p.time_left)
        prices = longer + 1e3 * over
        best = int(prices.argmin())
        return float(prices[best]), int(p.route[best]), int(p.position[best])

    def list_places(self, day: int) -> "_Places":
        vehicle, count = self.vehicle[day]
        depot = self.problem.customers
        rows = []
        for number, route in enumerate([*self.days[day], []] if len(self.days[day]) < count else self.days[day]):
            room = vehicle.capacity[0] - self.demand[route].sum()
            time_left = vehicle.max_duration - self.length(route) - self.service[route].sum()
            for position, (after, before) in enumerate(pairwise([depot, *route, depot])):
                rows.append((after, before, self.ways[after, before], room, time_left, number, position))
        after, before, arc, room, time_left, number, position = (np.array(column) for column in zip(*rows, strict=True))
        return _Places(after, before, arc, room, time_left, number, position)

    def insert(self, c: int, pattern: tuple[int, ...]) -> None:
        for day in pattern:
            _, number, position = self.cheapest(c, day)
            routes = [route.copy() for route in self.days[day]]
            if number == len(routes):
                routes.append([])
            routes[number].insert(position, c)
            self.set_day(day, routes)

    def remove(self, c: int) -> tuple[int, ...]:
        """Take a customer out; return its pattern."""
        pattern = tuple(day for day, routes in enumerate(self.days) if any(c in route for route in routes))
        for day in pattern:
            self.set_day(day, [kept for route in self.days[day] if (kept := [x for x in route if x != c])])
        return pattern

    def price(self, c: int, pattern: tuple[int, ...]) -> float:
        return sum(self.cheapest(c, day)[0] for day in pattern)

    def insert_by_regret(self, rng: random.Random) -> None:
        """Insert everybody, those first who lose most by their second best pattern; large ones break ties."""
        left = list(range(self.problem.customers))
        rng.shuffle(left)
        prices = {c: [self.price(c, pattern) for pattern in self.patterns[c]] for c in left}
        while left:

            def regret(c: int) -> tuple[float, float]:
                two = sorted(prices[c])[:2]
                return (two[1] - two[0] if len(two) > 1 else 1e9, self.demand[c] * len(self.patterns[c][0]))

            chosen = max(left, key=regret)
            left.remove(chosen)
            pattern = self.patterns[chosen][int(np.argmin(prices[chosen]))]
            self.insert(chosen, pattern)
            # Prices of patterns that share a day have changed; near ones matter, so a sample is recomputed.
            near = sorted(left, key=lambda c: self.ways[chosen, c])[:25]
            for c in near:
                prices[c] = [self.price(c, other) for other in self.patterns[c]]

    def improve_patterns(self, rng: random.Random) -> set[int]:
        """Move each customer to the pattern where its insertions cost least; return the days that changed."""
        changed: set[int] = set()
        movable = [c for c in range(self.problem.customers) if len(self.patterns[c]) > 1]
        rng.shuffle(movable)
        for c in movable:
            before, days, places = self.cost_of(c), list(self.days), dict(self.places)
            pattern = self.remove(c)
            least, other = min((self.price(c, other), other) for other in self.patterns[c])
            if least < before - 1e-6:
                self.insert(c, other)
                changed.update(pattern, other)
            else:
                self.days, self.places = days, places
        return changed

    def cost_of(self, c: int) -> float:
        """Return what the customer's visits add to the routes they are on."""
        return sum(
            self.route_cost(day, route) - self.route_cost(day, [x for x in route if x != c])
            for day, routes in enumerate(self.days)
            for route in routes
            if c in route
        )

    def kick(self, rng: random.Random, count: int) -> set[int]:
        """Move a few neighbouring customers to a random pattern; return the days that changed."""
        movable = [c for c in range(self.problem.customers) if len(self.patterns[c]) > 1]
        if not movable:
            return set(range(len(self.days)))
        centre = rng.choice(movable)
        changed: set[int] = set()
        for c in sorted(movable, key=lambda other: self.ways[centre, other])[:count]:
            pattern = self.remove(c)
            other = rng.choice(self.patterns[c])
            self.insert(c, other)
            changed.update(pattern, other)
        return changed

    def solution(self) -> Solution:
        problem = self.problem
        options = []
        for c in range(problem.customers):
            days = {day for day, routes in enumerate(self.days) if any(c in route for route in routes)}
            chosen = [k for k, pattern in enumerate(self.patterns[c]) if set(pattern) == days]
            options.append(int(problem.option_start[c]) + chosen[0] if chosen else -1)
        kinds = {entry.slot: entry.vehicle_class for entry in problem.fleet}
        return Solution(
            routes=tuple(
                Route(slot=day, vehicle_class=kinds[day], customers=tuple(route))
                for day, routes in enumerate(self.days)
                for route in routes
            ),
            options=tuple(options),
        )


def _solve_day(
    problem: RoutingProblem, day: int, routes: list[list[int]], *, rng: random.Random, clock: Callable[[], float]
) -> list[list[int]]:
    """Return PyVRP's best routes of a day, from those it has."""
    import pyvrp

    customers = sorted(c for route in routes for c in route)
    if not customers:
        return []
    entry = next(entry for entry in problem.fleet if entry.slot == day)
    vehicle = problem.classes[entry.vehicle_class]
    place = np.array([problem.customers, *customers])
    ways = np.rint(problem.distance[0][np.ix_(place, place)] * SCALE).astype(np.int64)
    first = problem.visit_start[problem.option_start[:-1]]
    limits = {}
    if np.isfinite(vehicle.max_duration):
        limits["shift_duration"] = int(vehicle.max_duration * SCALE)
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in place],
        clients=[
            pyvrp.Client(
                number,
                delivery=[round(problem.visit_demand[first[c], 0] * SCALE)],
                service_duration=round(problem.visit_service[first[c]] * SCALE),
            )
            for number, c in enumerate(customers, start=1)
        ],
        depots=[pyvrp.Depot(0)],
        vehicle_types=[
            pyvrp.VehicleType(entry.count, capacity=[int(min(vehicle.capacity[0] * SCALE, 2**40))], **limits)
        ],
        distance_matrices=[ways],
        duration_matrices=[ways],
    )
    number = {c: position for position, c in enumerate(customers)}
    start = pyvrp.Solution(data, [[number[c] for c in route] for route in routes])
    end = clock() + DAY_SECONDS
    result = pyvrp.solve(
        data, lambda _: clock() >= end, seed=rng.randrange(2**31), collect_stats=False, initial_solution=start
    )
    if not result.is_feasible():
        return routes
    return [[customers[visit] for visit in _visits(route)] for route in result.best.routes()]


def _visits(route) -> list[int]:
    """Return the positions of a PyVRP route's clients among its data's clients."""
    return [activity.idx for activity in route if activity.is_client()]
