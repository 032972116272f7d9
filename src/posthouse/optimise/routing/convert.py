"""Turn a Solution into a running State and the State's routes into a Solution."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from posthouse.optimise.routing.crossover import Part
from posthouse.optimise.routing.solution import Route, Solution
from posthouse.optimise.routing.tables import (
    ABSENT,
    CAP,
    CAP_SECOND,
    CLASS,
    CLOCKED,
    COST,
    COUNT,
    DEMAND,
    DEMAND_SECOND,
    DEPOT,
    FIRST,
    FIRST_EDGE,
    FIXED,
    KIND,
    LAST,
    LASTING,
    LIMIT,
    LOAD,
    LOAD_OVER,
    LOAD_SECOND,
    NEXT,
    OUTSIDE,
    OUTSIDE_PRICE,
    PER_TIME,
    PREVIOUS,
    PRICES,
    ROW,
    SERVICE,
    SLOT,
    TIME_OVER,
    TIMES,
    USED,
    State,
    Tables,
)


def write_state(t: Tables, w: State, parts: list[Part], outside: Sequence[tuple[int, int]] = ()) -> None:
    """Put routes and (customer, kind) visits made outside into a fresh state.

    What finds no vehicle is left out. A customer whose visits make up no option stays removed, with the visits it has.
    """
    free = _free_rows(t)
    for slot, vehicle_class, visits in parts:
        rows = free[slot, vehicle_class]
        new = [visit for visit in dict(visits).items() if w.visit[slot, visit[0], ROW] == ABSENT]
        if rows and new:
            _write_route(t, w, rows.pop(0), new)
    for customer, kind in outside:
        slot = t.kind_slot[kind]
        if np.isfinite(t.kind_num[kind, OUTSIDE_PRICE]) and w.visit[slot, customer, ROW] == ABSENT:
            w.visit[slot, customer, ROW] = OUTSIDE
            w.visit[slot, customer, KIND] = kind
            w.total[COST] += t.kind_num[kind, OUTSIDE_PRICE]
    _settle_options(t, w)
    w.total[USED] = (w.route[:, COUNT] > 0).sum()
    w.total[LOAD_OVER] = np.maximum(w.sums[:, LOAD] - t.row_num[:, CAP], 0.0).sum()
    w.total[LOAD_OVER] += np.maximum(w.sums[:, LOAD_SECOND] - t.row_num[:, CAP_SECOND], 0.0).sum()
    if not t.flags[CLOCKED]:  # otherwise the first kernel call computes it
        w.total[TIME_OVER] = np.maximum(w.sums[:, LASTING] - t.row_num[:, LIMIT], 0.0).sum()


def read_best(t: Tables, w: State) -> Solution:
    """Return the best feasible solution kept in the state."""
    rows = [(row, _walk(t, w.best_first[row], w.best_next[t.row_int[row, SLOT]])) for row in range(len(t.row_int))]
    return _as_solution(t, rows, w.best_option)


def read_current(t: Tables, w: State) -> Solution:
    """Return the running solution, feasible or not."""
    return _as_solution(t, list(iterate_routes(t, w)), w.option[:, 0])


def iterate_routes(t: Tables, w: State) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield each row that serves anybody, with its customers."""
    for row in np.flatnonzero(w.route[:, COUNT]):
        yield int(row), _walk(t, w.route[row, FIRST], w.visit[t.row_int[row, SLOT], :, NEXT])


def _walk(t: Tables, first: int, following: np.ndarray) -> tuple[int, ...]:
    customers = []
    at = int(first)
    while at < t.n:
        customers.append(at)
        at = int(following[at])
    return tuple(customers)


def _as_solution(t: Tables, rows: list[tuple[int, tuple[int, ...]]], options: np.ndarray) -> Solution:
    routes = tuple(
        Route(slot=int(t.row_int[row, SLOT]), vehicle_class=int(t.row_int[row, CLASS]), customers=customers)
        for row, customers in rows
        if customers
    )
    served = {(customer, route.slot) for route in routes for customer in route.customers}
    chosen = tuple(int(option) for option in options)
    kinds = [
        (customer, int(t.kind_slot[kind]))
        for customer, option in enumerate(chosen)
        if option != ABSENT
        for kind in t.entry_kind[t.entry_start[option] : t.entry_start[option + 1]]
    ]
    return Solution(routes=routes, options=chosen, outside=tuple(visit for visit in kinds if visit not in served))


def _free_rows(t: Tables) -> dict[tuple[int, int], list[int]]:
    free: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row in range(len(t.row_int)):
        free[int(t.row_int[row, SLOT]), int(t.row_int[row, CLASS])].append(row)
    return free


def _write_route(t: Tables, w: State, row: int, visits: list[tuple[int, int]]) -> None:
    slot, prices, times, depot = (int(t.row_int[row, column]) for column in (SLOT, PRICES, TIMES, DEPOT))
    before = depot
    w.total[COST] += t.row_num[row, FIXED]
    for customer, kind in visits:
        _write_arc(t, w, row, before, customer)
        w.visit[slot, customer, ROW] = row
        w.visit[slot, customer, KIND] = kind
        w.sums[row, LOAD] += t.kind_num[kind, DEMAND]
        w.sums[row, LOAD_SECOND] += t.kind_num[kind, DEMAND_SECOND]
        w.sums[row, LASTING] += t.time[times, before, customer] + t.kind_num[kind, SERVICE]
        w.total[COST] += t.cost[prices, before, customer] + t.row_num[row, PER_TIME] * t.kind_num[kind, SERVICE]
        before = customer
    _write_arc(t, w, row, before, depot)
    w.sums[row, LASTING] += t.time[times, before, depot]
    w.total[COST] += t.cost[prices, before, depot]
    w.route[row, COUNT] = len(visits)


def _write_arc(t: Tables, w: State, row: int, start: int, end: int) -> None:
    slot, price = int(t.row_int[row, SLOT]), t.cost[t.row_int[row, PRICES], start, end]
    if start >= t.n:
        w.route[row, FIRST], w.sums[row, FIRST_EDGE] = end, price
    else:
        w.visit[slot, start, NEXT], w.edge[slot, start] = end, price
    if end >= t.n:
        w.route[row, LAST] = start
    else:
        w.visit[slot, end, PREVIOUS] = start


def _settle_options(t: Tables, w: State) -> None:
    """Set the option of each customer whose visits are exactly those of one; the first such where several are."""
    for customer in range(t.n):
        kinds = range(t.kind_start[customer], t.kind_start[customer + 1])
        present = {kind for kind in kinds if w.visit[t.kind_slot[kind], customer, KIND] == kind}
        for option in range(t.option_start[customer], t.option_start[customer + 1]):
            own = t.entry_kind[t.entry_start[option] : t.entry_start[option + 1]]
            if np.isfinite(t.option_price[option]) and len(own) == len(present) and present.issuperset(own.tolist()):
                w.option[customer, 0] = option
                w.total[COST] += t.option_price[option]
                break
