"""Join two solutions into one child; what is missing in it is inserted afterwards.

`by_slot`: some slots from one parent, some from the other, some from both, as in the periodic crossover with insertions
of T. Vidal, T. G. Crainic, M. Gendreau, N. Lahrichi, W. Rei (2012), Operations Research 60, 611-624, but on routes
instead of giant tours, so that whole routes survive. `by_region`: the routes of one parent around a random customer,
and of the other what agrees with them, each on the day where most of it does: two good weeks often differ by the names
of their days only.
"""

from collections import defaultdict
from itertools import pairwise

import numpy as np

from posthouse.optimise.routing.solution import Route, Solution
from posthouse.optimise.routing.tables import CLASS, DEPOT, LATEST, SLOT, Tables

ALIKE = LATEST + 1  # columns of kinds that are the same for the same visit on another day

Part = tuple[int, int, list[tuple[int, int]]]  # slot, vehicle class, (customer, kind) in order


class Crossing:
    """The crossovers of one problem."""

    def __init__(self, t: Tables) -> None:
        self.t = t
        self.rows: dict[tuple[int, int], int] = defaultdict(int)
        self.homes: dict[tuple[int, int], list[int]] = defaultdict(list)
        for row in t.row_int.tolist():
            if not self.rows[row[SLOT], row[CLASS]]:
                self.homes[row[DEPOT], row[CLASS]].append(row[SLOT])
            self.rows[row[SLOT], row[CLASS]] += 1
        self._options: dict[int, list[frozenset[int]]] = {}

    def keep(self, solution: Solution) -> tuple[list[Part], list[tuple[int, int]]]:
        """Return of a solution what agrees with the problem: its routes, and its (customer, kind) visits outside."""
        child = _Child(self)
        for part in whole(self.t, solution):
            child.add(*part)
        kinds = kinds_by_slot(self.t, solution)
        outside = [
            (customer, kinds[customer, slot]) for customer, slot in solution.outside if (customer, slot) in kinds
        ]
        return child.parts, child.agreeing(outside)

    def by_slot(self, first: Solution, second: Solution, rng: np.random.Generator) -> list[Part]:
        """Return routes from both parents such that every customer's visits agree with one of its options."""
        child = _Child(self)
        source = rng.integers(3, size=len(self.t.slot_depot))  # 0: first, 1: second, 2: some routes of each
        for parent, other in ((first, 1), (second, 0)):
            kinds = kinds_by_slot(self.t, parent)
            for route in parent.routes:
                own = source[route.slot]
                if own != other and not (own == 2 and parent is first and rng.random() < 0.5):
                    child.add(route.slot, route.vehicle_class, [(c, kinds[c, route.slot]) for c in route.customers])
        return child.parts

    def by_region(self, first: Solution, second: Solution, rng: np.random.Generator) -> list[Part]:
        """Return the first parent's routes nearest a random customer, filled up with the second's on agreeing days."""
        t = self.t
        child = _Child(self)
        centre = int(rng.integers(t.n))
        away = t.cost[0, centre]
        kinds = kinds_by_slot(t, first)
        nearest = sorted(first.routes, key=lambda route: float(away[list(route.customers)].mean()))
        share = rng.uniform(0.3, 0.7)
        for route in nearest[: max(1, round(share * len(nearest)))]:
            child.add(route.slot, route.vehicle_class, [(c, kinds[c, route.slot]) for c in route.customers])
        kinds = kinds_by_slot(t, second)
        for route in sorted(second.routes, key=lambda route: -float(away[list(route.customers)].mean())):
            visits = [(c, kinds[c, route.slot]) for c in route.customers]
            slots = self.homes[int(t.slot_depot[route.slot]), route.vehicle_class]
            # Its own day is tried first and kept where no other day takes more of the route.
            tries = [route.slot, *(slot for slot in slots if slot != route.slot)]
            moved = [self.move(visits, slot) for slot in tries if child.left[slot, route.vehicle_class]]
            best = max(moved, key=lambda some: len(child.agreeing(some)), default=[])
            if best:
                child.add(int(t.kind_slot[best[0][1]]), route.vehicle_class, best)
        return child.parts

    def move(self, visits: list[tuple[int, int]], slot: int) -> list[tuple[int, int]]:
        """Return those of the visits that the slot knows with the same demand, service and window."""
        t = self.t
        moved = []
        for customer, kind in visits:
            if t.kind_slot[kind] == slot:
                moved.append((customer, kind))
                continue
            for other in range(t.kind_start[customer], t.kind_start[customer + 1]):
                if t.kind_slot[other] == slot and (t.kind_num[other, :ALIKE] == t.kind_num[kind, :ALIKE]).all():
                    moved.append((customer, other))
                    break
        return moved

    def options(self, customer: int) -> list[frozenset[int]]:
        """Return the kinds of each option of a customer."""
        known = self._options.get(customer)
        if known is None:
            t = self.t
            options = range(t.option_start[customer], t.option_start[customer + 1])
            known = [
                frozenset(t.entry_kind[t.entry_start[o] : t.entry_start[o + 1]].tolist())
                for o in options
                if np.isfinite(t.option_price[o])
            ]
            self._options[customer] = known
        return known


class _Child:
    """Routes so far, the visits each customer has, and the vehicles left."""

    def __init__(self, crossing: Crossing) -> None:
        self.crossing = crossing
        self.present: dict[int, set[int]] = defaultdict(set)
        self.left = dict(crossing.rows)
        self.parts: list[Part] = []

    def agreeing(self, visits: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return those visits that make up an option of their customer together with the ones it has."""
        return [
            (customer, kind)
            for customer, kind in visits
            if kind not in self.present[customer]
            and any(kind in option and self.present[customer] <= option for option in self.crossing.options(customer))
        ]

    def add(self, slot: int, vehicle_class: int, visits: list[tuple[int, int]]) -> None:
        """Add what agrees of a route, if a vehicle is left."""
        kept = self.agreeing(visits)
        if kept and self.left.get((slot, vehicle_class), 0):
            self.left[slot, vehicle_class] -= 1
            self.parts.append((slot, vehicle_class, kept))
            for customer, kind in kept:
                self.present[customer].add(kind)


def kinds_by_slot(t: Tables, solution: Solution) -> dict[tuple[int, int], int]:
    """Return the kind each (customer, slot) gets under the solution's options; odd options are passed over."""
    return {
        (customer, int(t.kind_slot[kind])): int(kind)
        for customer, option in enumerate(solution.options[: t.n])
        if t.option_start[customer] <= option < t.option_start[customer + 1]
        for kind in t.entry_kind[t.entry_start[option] : t.entry_start[option + 1]]
    }


def whole(t: Tables, solution: Solution) -> list[Part]:
    """Return the parts of one solution."""
    kinds = kinds_by_slot(t, solution)

    def known(route: Route) -> list[tuple[int, int]]:
        return [(c, kinds[c, route.slot]) for c in route.customers if (c, route.slot) in kinds]

    return [(route.slot, route.vehicle_class, known(route)) for route in solution.routes]


def arcs(solution: Solution) -> frozenset[tuple[int, int]]:
    """Return which customers follow each other, on whatever day and in either direction; -1 is a depot."""
    pairs: set[tuple[int, int]] = set()
    for route in solution.routes:
        stops = (-1, *route.customers, -1)
        pairs.update((min(a, b), max(a, b)) for a, b in pairwise(stops))
    return frozenset(pairs)
