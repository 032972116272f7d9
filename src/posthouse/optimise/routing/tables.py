"""The problem and the running solution as flat arrays, the only thing the compiled kernels see.

A *kind* is a distinct visit a customer may get: its slot, demand, service and outside price. Rows are vehicles, one
possible route each; the rows of a slot lie together. A route is a linked list in its slot: `nxt[slot, customer]` is a
customer, or at the end the depot's location. Linked lists make a removal or an insertion, and taking it back, cost the
same however long the routes are.
"""

from typing import NamedTuple

import numpy as np

from posthouse.optimise.routing.problem import Floats, Ints, RoutingProblem

ABSENT, OUTSIDE = -1, -2
WIDE = 150  # visits of a slot
NEIGHBOURS = 100  # nearest customers kept for each; a ruin that would reach further is no longer local


# Columns of the packed arrays. Few arrays, because each costs seven machine words in every call of a kernel.
SLOT, CLASS, PRICES, TIMES, DEPOT = range(5)  # row_int
FIXED, CAP, CAP_SECOND, LIMIT, PER_TIME, OPENS, CLOSES = range(7)  # row_num
DEMAND, DEMAND_SECOND, SERVICE, EARLIEST, LATEST, OUTSIDE_PRICE = range(6)  # kind_num
NEXT, PREVIOUS, ROW, KIND = range(4)  # visit
FIRST, LAST, COUNT, MARK, CHANGED, STALE = range(6)  # route
LOAD, LOAD_SECOND, LASTING, FIRST_EDGE, WAITING, OVER = range(6)  # sums
COST, LOAD_OVER, TIME_OVER, USED, LOAD_PRICE, TIME_PRICE, USED_PRICE = range(7)  # total
STEPS, REMOVED, BLINK, ITERATION = range(4)  # counts
WHOLE, RADIAL, MEAN, LONGEST, MIXED, BLINKS = range(6)  # knobs
TIMED, TWO_LOADS, OUTSOURCED, RESTRICTED, CLOCKED, UNLIKE = range(6)  # flags


class Tables(NamedTuple):
    """What does not change while solving."""

    n: int
    visits: float  # in all slots, if every customer drew its option by lot
    cost: Floats  # [price profile, from, to], in the objective's unit
    cost_to: Floats  # the transpose, so that arcs into one customer lie together
    time: Floats  # [time profile, from, to]
    near: Ints  # [customer, k], nearest first, without itself
    slot_depot: Ints  # location of the slot's depot
    slot_wide: np.ndarray  # uint8; whether insertions look near the customer only, for the slot has many visits
    row_start: Ints  # rows of slot s are row_start[s] .. row_start[s + 1] - 1
    row_int: Ints  # [row, SLOT CLASS PRICES TIMES DEPOT]
    row_num: Floats  # [row, FIXED CAP CAP_SECOND LIMIT PER_TIME OPENS CLOSES]; driving is priced in `cost`
    kind_start: Ints  # kinds of customer c
    kind_slot: Ints
    kind_num: Floats  # [kind, DEMAND DEMAND_SECOND SERVICE EARLIEST LATEST OUTSIDE_PRICE]
    option_start: Ints
    option_price: Floats
    entry_start: Ints  # entries of option o
    entry_kind: Ints  # kinds of an option
    allowed: np.ndarray  # [customer, class] uint8; empty where all are allowed
    flags: Ints  # TIMED TWO_LOADS OUTSOURCED RESTRICTED CLOCKED UNLIKE: what this instance needs


class State(NamedTuple):
    """A running solution, its penalties, and what is needed to take moves back."""

    visit: Ints  # [slot, customer, NEXT PREVIOUS ROW KIND]; ROW may be ABSENT or OUTSIDE
    edge: Floats  # [slot, customer], cost from the customer to the next
    route: Ints  # [row, FIRST LAST COUNT MARK CHANGED STALE]; MARK: iteration of the last string taken from it
    sums: Floats  # [row, LOAD LOAD_SECOND LASTING FIRST_EDGE WAITING OVER]; LASTING: driving and service only
    stretch: Floats  # [slot, customer, from the depot | to it, 4], see windows.py; empty where there is no clock
    option: Ints  # [customer, now | before this iteration]; ABSENT while removed
    total: Floats  # COST, excesses LOAD_OVER TIME_OVER, routes USED, and what the search charges for each: *_PRICE
    knobs: Floats  # WHOLE RADIAL MIXED: shares of kinds of ruin; MEAN LONGEST: customers to take out, longest string;
    # BLINKS: share of positions overlooked in this iteration
    rng: np.ndarray  # uint64[1]
    log: Ints  # [step, 6]: 1 placed or 0 removed, customer, slot, kind, row, predecessor
    log_sums: Floats  # [step, 3]: the row's loads and duration before the step
    best_next: Ints  # [slot, customer]; valid along the routes from best_first
    best_first: Ints  # [row]
    best_option: Ints
    removed: Ints  # customers taken out in this iteration
    key: Floats  # [place in `removed`], what they are sorted by
    found: Floats  # [kind of the customer at hand], price of its best insertion
    found_at: Ints  # [kind of the customer at hand, row | predecessor]
    counts: np.ndarray  # int64, STEPS REMOVED BLINK ITERATION: log steps, customers out, positions to the next blink


def make_tables(problem: RoutingProblem) -> Tables:
    """Return the flat arrays of a problem."""
    n = problem.customers
    rows = [
        (entry.slot, entry.vehicle_class)
        for entry in sorted(problem.fleet, key=lambda entry: (entry.slot, entry.vehicle_class))
        for _ in range(entry.count)
    ]
    classes = problem.classes
    row_slot = np.array([slot for slot, _ in rows], dtype=np.int32)
    row_class = np.array([k for _, k in rows], dtype=np.int32)
    cost, class_cost = _price_profiles(problem)
    time, class_time = _time_profiles(problem)
    symmetric = all(np.array_equal(matrix, matrix.T) for matrix in cost)
    kinds, entry_kind, kind_start = _kinds(problem)
    capacity = np.full((len(classes), 2), np.inf)
    for k, vehicle in enumerate(classes):
        capacity[k, : problem.dimensions] = vehicle.capacity
    limited = any(np.isfinite(vehicle.max_duration) or vehicle.cost_per_duration for vehicle in classes)
    one_matrix = len(cost) == len(time) == 1 and np.array_equal(cost[0], time[0])
    kind_num = np.zeros((len(kinds) + 1, 6))  # one more, read as the first kind of customers without any
    kind_num[:-1, : problem.dimensions] = problem.visit_demand[kinds]
    kind_num[:-1, SERVICE] = problem.visit_service[kinds]
    kind_num[:-1, EARLIEST : LATEST + 1] = _windows(problem)[kinds]
    kind_num[:-1, OUTSIDE_PRICE] = problem.visit_outside_price[kinds]
    class_num = np.array(
        [
            [k.fixed_cost, *two, k.max_duration, k.cost_per_duration, *k.hours]
            for k, two in zip(classes, capacity, strict=True)
        ]
    )
    depot = n + problem.slot_depot
    row_int = [row_slot, row_class, class_cost[row_class], class_time[row_class], depot[row_slot]]
    allowed = np.zeros((0, 0), dtype=np.uint8) if problem.allowed is None else problem.allowed.astype(np.uint8)
    return Tables(
        n=n,
        visits=float(_mean_visits(problem).sum()),
        cost=cost,
        cost_to=cost if symmetric else np.ascontiguousarray(cost.transpose(0, 2, 1)),
        time=cost if one_matrix else time,
        near=_nearest(cost[0], n),
        slot_depot=depot.astype(np.int32),
        slot_wide=(_mean_visits(problem) > WIDE).astype(np.uint8),
        row_start=np.searchsorted(row_slot, np.arange(problem.slots + 1)).astype(np.int32),
        row_int=np.ascontiguousarray(np.column_stack(row_int), dtype=np.int32),
        row_num=np.ascontiguousarray(class_num[row_class]),
        kind_start=kind_start,
        kind_slot=np.append(problem.visit_slot[kinds], 0).astype(np.int32),
        kind_num=kind_num,
        option_start=problem.option_start.astype(np.int32),
        option_price=problem.option_price.astype(np.float64),
        entry_start=problem.visit_start.astype(np.int32),
        entry_kind=entry_kind,
        allowed=allowed,
        flags=np.array(
            [
                limited or problem.keeps_time,
                problem.dimensions == 2,
                bool(np.isfinite(problem.visit_outside_price).any() or (np.diff(problem.visit_start) == 0).any()),
                problem.allowed is not None,
                problem.keeps_time,
                len(set(rows)) > len({slot for slot, _ in rows}),  # unlike vehicles in a slot
            ],
            dtype=np.int32,
        ),
    )


def make_state(tables: Tables, *, seed: int) -> State:
    """Return the empty solution: nobody is served yet."""
    slots, rows, n = len(tables.slot_depot), len(tables.row_int), tables.n
    kinds = int(np.diff(tables.kind_start).max(initial=1))
    # Every visit may be removed and placed again within one iteration, each a step of the log.
    steps = 2 * n * max(int(np.diff(tables.entry_start).max(initial=0)), 1) + 16
    route = np.zeros((rows, 6), dtype=np.int32)
    route[:, FIRST] = route[:, LAST] = tables.row_int[:, DEPOT]
    route[:, CHANGED] = 1
    return State(
        visit=np.full((slots, n, 4), ABSENT, dtype=np.int32),
        edge=np.zeros((slots, n)),
        route=route,
        sums=np.zeros((rows, 6)),
        stretch=np.zeros((slots, n, 2, 4) if tables.flags[CLOCKED] else (0, 0, 2, 4)),
        option=np.full((n, 2), ABSENT, dtype=np.int32),
        total=np.zeros(7),
        knobs=np.array([0.3, 0.6, 8.0, 10.0, 0.1, 0.01]),
        rng=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64], dtype=np.uint64),
        log=np.zeros((steps, 6), dtype=np.int32),
        log_sums=np.zeros((steps, 3)),
        best_next=np.full((slots, n), ABSENT, dtype=np.int32),
        best_first=route[:, FIRST].copy(),
        best_option=np.full(n, ABSENT, dtype=np.int32),
        removed=np.zeros(n, dtype=np.int32),
        key=np.zeros(n),
        found=np.zeros(kinds),
        found_at=np.zeros((kinds, 2), dtype=np.int32),
        counts=np.zeros(4, dtype=np.int64),
    )


def _price_profiles(problem: RoutingProblem) -> tuple[Floats, Ints]:
    """Return one matrix of arc prices for each distinct (profile, prices, speed), and which one a class uses."""
    keys = [(k.profile, k.cost_per_distance, k.cost_per_duration, k.duration_factor) for k in problem.classes]
    distinct = list(dict.fromkeys(keys))
    if distinct == [(0, 1.0, 0.0, 1.0)] and len(problem.distance) == 1:
        return problem.distance.astype(np.float64, copy=False), np.zeros(len(keys), dtype=np.int32)
    matrices = [
        problem.distance[profile] * per_distance + problem.travel_times[profile] * (per_duration * factor)
        for profile, per_distance, per_duration, factor in distinct
    ]
    return np.ascontiguousarray(matrices, dtype=np.float64), np.array(
        [distinct.index(key) for key in keys], dtype=np.int32
    )


def _time_profiles(problem: RoutingProblem) -> tuple[Floats, Ints]:
    keys = [(k.profile, k.duration_factor) for k in problem.classes]
    distinct = list(dict.fromkeys(keys))
    times = problem.travel_times
    if distinct == [(0, 1.0)] and len(times) == 1:
        return times.astype(np.float64, copy=False), np.zeros(len(keys), dtype=np.int32)
    return (
        np.ascontiguousarray([times[profile] * factor for profile, factor in distinct], dtype=np.float64),
        np.array([distinct.index(key) for key in keys], dtype=np.int32),
    )


def _kinds(problem: RoutingProblem) -> tuple[Ints, Ints, Ints]:
    """Return a visit that stands for each kind, the kind of each visit, and where each customer's kinds start."""
    n, owner = problem.customers, problem.visit_customer
    numbers = (problem.visit_demand, problem.visit_service, _windows(problem), problem.visit_outside_price)
    table: Floats = np.column_stack((owner, problem.visit_slot, *numbers))
    order = np.lexsort(table.T[::-1])
    new = np.ones(len(table), dtype=bool)
    new[1:] = (table[order[1:]] != table[order[:-1]]).any(axis=1)
    kind = np.empty(len(table), dtype=np.int32)
    kind[order] = np.cumsum(new) - 1
    example = order[new]
    start = np.searchsorted(owner[example], np.arange(n + 1))
    return example.astype(np.int32), kind, start.astype(np.int32)


def _windows(problem: RoutingProblem) -> Floats:
    if problem.visit_window is not None:
        return problem.visit_window
    return np.tile([0.0, np.inf], (len(problem.visit_slot), 1))


def _mean_visits(problem: RoutingProblem) -> Floats:
    """Return how many visits a slot would have if every customer drew its option by lot."""
    possible = np.isfinite(problem.option_price)
    owner = np.repeat(np.arange(problem.customers), np.diff(problem.option_start))
    alternatives = np.bincount(owner, possible, minlength=problem.customers)[owner]
    weight = np.repeat(possible / np.maximum(alternatives, 1), np.diff(problem.visit_start))
    return np.bincount(problem.visit_slot, weight, minlength=problem.slots).astype(np.float64)


def _nearest(cost: Floats, n: int) -> Ints:
    keep = max(min(n - 1, NEIGHBOURS), 0)
    near = np.zeros((n, keep), dtype=np.int32)
    for customer in range(n):
        there_and_back = cost[customer, :n] + cost[:n, customer]
        there_and_back[customer] = np.inf
        if keep < n - 1:
            some = np.argpartition(there_and_back, keep - 1)[:keep]
            some.sort()
        else:
            some = np.flatnonzero(np.arange(n) != customer)
        near[customer] = some[np.argsort(there_and_back[some], kind="stable")]
    return near
