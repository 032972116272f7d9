"""A running plan of a whole problem, of which some routes are cut out as a problem of their own and put back solved.

For decomposition and repair. All outside the cut stays as it is: a customer all of whose visits lie on the cut routes
is free to choose again; any other one keeps its option, and only its visits on the cut routes are up for reordering.
Whatever is put back therefore fits the rest.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np

from posthouse.optimise.routing.problem import FleetEntry, Ints, RoutingProblem
from posthouse.optimise.routing.solution import Route, Solution

UNSERVED = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sector:
    """A part of a plan as a problem.

    routes : numbers of the routes that were cut out. customers : in the whole, by number in the part.
    options : in the whole, by number in the part. start : the part as the plan has it.
    """

    problem: RoutingProblem
    routes: tuple[int, ...]
    customers: Ints
    options: Ints
    start: Solution


class Plan:
    """Routes by number, chosen options, visits by others and unused vehicles of one problem."""

    def __init__(self, problem: RoutingProblem, solution: Solution | None = None) -> None:
        self.problem = problem
        self.routes: dict[int, Route] = {}
        self.options = np.full(problem.customers, UNSERVED, dtype=np.int32)
        self.outside: set[tuple[int, int]] = set()
        self.on: list[dict[int, int]] = [{} for _ in range(problem.customers)]  # slot -> route, by customer
        self.left: Counter[tuple[int, int]] = Counter()
        for entry in problem.fleet:
            self.left[entry.slot, entry.vehicle_class] += entry.count
        self._numbered = 0
        if solution is not None:
            self.options[:] = solution.options
            self.outside.update(solution.outside)
            for route in solution.routes:
                self.add(route)

    def add(self, route: Route) -> int:
        """Add a route and return its number."""
        number = self._numbered
        self._numbered += 1
        self.routes[number] = route
        self.left[route.slot, route.vehicle_class] -= 1
        for customer in route.customers:
            self.on[customer][route.slot] = number
        return number

    def drop(self, number: int) -> Route:
        """Take a route out; its vehicle is free again."""
        route = self.routes.pop(number)
        self.left[route.slot, route.vehicle_class] += 1
        for customer in route.customers:
            del self.on[customer][route.slot]
        return route

    def solution(self) -> Solution:
        """Return the plan."""
        routes = sorted(self.routes.values(), key=lambda route: (route.slot, route.vehicle_class))
        return Solution(routes=tuple(routes), options=tuple(self.options.tolist()), outside=tuple(sorted(self.outside)))

    def visits_of(self, option: int) -> range:
        """Return the visits of an option."""
        return range(self.problem.visit_start[option], self.problem.visit_start[option + 1])

    def unmade(self, customer: int) -> set[int]:
        """Return the slots in which a visit of the customer's option is made by nobody."""
        if self.options[customer] == UNSERVED:
            return set()
        wanted = {int(self.problem.visit_slot[visit]) for visit in self.visits_of(int(self.options[customer]))}
        return {slot for slot in wanted - self.on[customer].keys() if (customer, slot) not in self.outside}

    def cut(
        self,
        numbers: Iterable[int],
        *,
        also: Collection[int] = (),
        keep_days: bool = False,
        spare: Counter[tuple[int, int]] | None = None,
    ) -> Sector:
        """Return some routes as a problem.

        Parameters
        ----------
        also : customers that lack visits, which are to be made; without an option they are free to choose one.
        keep_days : whether customers keep their option even where all their visits are cut.
        spare : unused vehicles (slot, class) that the part may take; None: all that are left.
        """
        routes = tuple(sorted(numbers))
        cut_slots: dict[int, set[int]] = defaultdict(set)
        for number in routes:
            for customer in self.routes[number].customers:
                cut_slots[customer].add(self.routes[number].slot)
        for customer in also:
            cut_slots[customer] |= self.unmade(customer)
        customers = sorted(cut_slots)
        options: list[int] = []
        visits: list[list[int]] = []
        free: list[bool] = []
        counts: list[int] = []
        for customer in customers:
            chosen = int(self.options[customer])
            is_free = chosen == UNSERVED or (not keep_days and cut_slots[customer] >= self.on[customer].keys())
            own = (
                range(self.problem.option_start[customer], self.problem.option_start[customer + 1])
                if is_free
                else (chosen,)
            )
            options += own
            visits += [
                [
                    visit
                    for visit in self.visits_of(option)
                    if is_free or int(self.problem.visit_slot[visit]) in cut_slots[customer]
                ]
                for option in own
            ]
            free += [is_free] * len(own)
            counts.append(len(own))
        fleet = Counter(self.left if spare is None else spare)
        for number in routes:
            fleet[self.routes[number].slot, self.routes[number].vehicle_class] += 1
        part = self._part(customers, counts, options, visits, free, fleet)
        return Sector(
            problem=part,
            routes=routes,
            customers=np.array(customers, dtype=np.int32),
            options=np.array(options, dtype=np.int32),
            start=self._start(routes, customers, counts, options, free),
        )

    def put(self, sector: Sector, solution: Solution) -> tuple[int, ...]:
        """Replace the cut routes by a solution of the part; return the numbers of the routes that are new."""
        before = {self.routes[number]: number for number in sector.routes}
        known = sector.customers.tolist()
        after = [replace(route, customers=tuple(known[c] for c in route.customers)) for route in solution.routes]
        kept = {before[route] for route in after if route in before}
        for number in sector.routes:
            if number not in kept:
                self.drop(number)
        for at, option in enumerate(solution.options):
            self.options[known[at]] = sector.options[option] if option >= 0 else UNSERVED
        self.outside -= {(known[c], slot) for c, slot in sector.start.outside}
        self.outside |= {(known[c], slot) for c, slot in solution.outside}
        return tuple(self.add(route) for route in after if route not in before)

    def _part(
        self,
        customers: list[int],
        counts: list[int],
        options: list[int],
        visits: list[list[int]],
        free: list[bool],
        fleet: Counter[tuple[int, int]],
    ) -> RoutingProblem:
        whole = self.problem
        depots = range(whole.customers, whole.distance.shape[1])
        places = np.ix_(range(len(whole.distance)), [*customers, *depots], [*customers, *depots])
        flat = np.array([visit for own in visits for visit in own], dtype=np.int64)
        return RoutingProblem(
            distance=np.ascontiguousarray(whole.distance[places], dtype=np.float64),
            duration=None if whole.duration is None else np.ascontiguousarray(whole.duration[places], dtype=np.float64),
            slot_depot=whole.slot_depot,
            slot_day=whole.slot_day,
            classes=whole.classes,
            fleet=tuple(
                FleetEntry(slot=slot, vehicle_class=number, count=count)
                for (slot, number), count in sorted(fleet.items())
                if count > 0
            ),
            option_start=np.cumsum([0, *counts], dtype=np.int32),
            visit_start=np.cumsum([0, *(len(own) for own in visits)], dtype=np.int32),
            option_price=np.where(free, whole.option_price[options], 0.0),
            visit_slot=whole.visit_slot[flat],
            visit_demand=whole.visit_demand[flat],
            visit_service=whole.visit_service[flat],
            visit_outside_price=whole.visit_outside_price[flat],
            allowed=None if whole.allowed is None else whole.allowed[customers],
            visit_window=None if whole.visit_window is None else whole.visit_window[flat],
        )

    def _start(
        self, routes: tuple[int, ...], customers: list[int], counts: list[int], options: list[int], free: list[bool]
    ) -> Solution:
        number_of = {customer: at for at, customer in enumerate(customers)}
        chosen, at = [], 0
        for customer, count in zip(customers, counts, strict=True):
            here = options[at : at + count]
            option = int(self.options[customer])
            chosen.append(at + here.index(option) if option in here else UNSERVED)
            at += count
        is_free = {customers[at] for at in np.repeat(np.arange(len(customers)), counts)[free]}
        return Solution(
            routes=tuple(
                replace(self.routes[number], customers=tuple(number_of[c] for c in self.routes[number].customers))
                for number in routes
            ),
            options=tuple(chosen),
            outside=tuple(sorted((number_of[c], slot) for c, slot in self.outside if c in is_free)),
        )
