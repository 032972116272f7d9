"""Join two solutions into one: some slots from one parent, some from the other, what is missing is inserted later.

After the periodic crossover with insertions of T. Vidal, T. G. Crainic, M. Gendreau, N. Lahrichi, W. Rei (2012),
Operations Research 60, 611-624, but on routes instead of giant tours, so that whole routes survive.
"""

from collections import defaultdict

import numpy as np

from posthouse.optimise.routing.solution import Solution
from posthouse.optimise.routing.tables import Tables

Part = tuple[int, int, list[tuple[int, int]]]  # slot, vehicle class, (customer, kind) in order


def cross(t: Tables, first: Solution, second: Solution, rng: np.random.Generator) -> list[Part]:
    """Return routes from both parents such that every customer's visits agree with one of its options."""
    slots = np.unique(t.row_int[:, 0])
    source = {int(slot): int(rng.integers(3)) for slot in slots}  # 0: first, 1: second, 2: some routes of each
    present: dict[int, set[int]] = defaultdict(set)
    count: dict[tuple[int, int], int] = defaultdict(int)
    for slot, vehicle_class in t.row_int[:, :2].tolist():
        count[slot, vehicle_class] += 1
    parts: list[Part] = []
    for parent, skipped in ((first, 1), (second, 0)):
        kinds = kinds_by_slot(t, parent)
        for route in parent.routes:
            own = source[route.slot]
            if own == skipped or (own == 2 and skipped == 1 and rng.random() < 0.5):
                continue
            if count[route.slot, route.vehicle_class] == 0:
                continue
            kept = []
            for customer in route.customers:
                kind = kinds[customer, route.slot]
                if _agrees(t, customer, present[customer], kind):
                    present[customer].add(kind)
                    kept.append((customer, kind))
            if kept:
                count[route.slot, route.vehicle_class] -= 1
                parts.append((route.slot, route.vehicle_class, kept))
    return parts


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
    return [
        (
            route.slot,
            route.vehicle_class,
            [(c, kinds[c, route.slot]) for c in route.customers if (c, route.slot) in kinds],
        )
        for route in solution.routes
    ]


def _agrees(t: Tables, customer: int, present: set[int], kind: int) -> bool:
    """Whether some option of the customer has this kind and those already there."""
    if kind in present:
        return False
    for option in range(t.option_start[customer], t.option_start[customer + 1]):
        own = t.entry_kind[t.entry_start[option] : t.entry_start[option + 1]]
        if kind in own and all(other in own for other in present):
            return True
    return False
