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
NEIGHBOURS = 100  # nearest customers kept for each; a ruin that would reach further is no longer local


class Tables(NamedTuple):
    """What does not change while solving."""

    n: int
    cost: Floats  # [price profile, from, to], in the objective's unit
    cost_to: Floats  # the transpose, so that arcs into one customer lie together
    time: Floats  # [time profile, from, to]
    near: Ints  # [customer, k], nearest first, without itself
    slot_loc: Ints  # location of the slot's depot
    row_start: Ints  # rows of slot s are row_start[s] .. row_start[s + 1] - 1
    row_slot: Ints
    row_class: Ints
    row_cost: Ints  # price profile
    row_time: Ints  # time profile
    row_fixed: Floats
    row_cap: Floats  # [row, 2]
    row_limit: Floats  # longest duration
    row_per_time: Floats  # price of an hour of service; of driving it is in `cost`
    kind_start: Ints  # kinds of customer c
    kind_slot: Ints
    kind_demand: Floats  # [kind, 2]
    kind_service: Floats
    kind_outside: Floats
    option_start: Ints
    option_price: Floats
    entry_start: Ints  # entries of option o
    entry_kind: Ints  # kinds of an option
    allowed: np.ndarray  # [customer, class] uint8; empty where all are allowed
    flags: Ints  # durations limited, two load dimensions, outside service, restricted vehicles, time is cost


class State(NamedTuple):
    """A running solution, its penalties, and what is needed to take moves back."""

    nxt: Ints  # [slot, customer]
    prv: Ints
    row: Ints  # [slot, customer], ABSENT or OUTSIDE
    kind: Ints  # [slot, customer], ABSENT
    edge: Floats  # [slot, customer], cost from the customer to nxt
    first: Ints  # [row]
    last: Ints
    first_edge: Floats
    count: Ints
    load: Floats  # [row, 2]
    lasting: Floats  # [row], duration
    option: Ints  # [customer], ABSENT while removed
    total: Floats  # cost, excess load, excess duration, price per excess load, price per excess duration
    rng: np.ndarray  # uint64[1]
    log: Ints  # [step, 5]: +1 placed or -1 removed, customer, slot, kind, row
    log_prev: Ints
    log_num: Floats  # [step, 6]: load, load, duration and totals before the step
    best_nxt: Ints
    best_first: Ints
    best_outside: np.ndarray  # uint8[slot, customer]
    best_option: Ints
    dirty: np.ndarray  # uint8[row], changed since the best was kept
    stats: Floats


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
    demand = np.zeros((len(kinds), 2))
    demand[:, : problem.dimensions] = problem.visit_demand[kinds]
    allowed = np.zeros((0, 0), dtype=np.uint8) if problem.allowed is None else problem.allowed.astype(np.uint8)
    return Tables(
        n=n,
        cost=cost,
        cost_to=cost if symmetric else np.ascontiguousarray(cost.transpose(0, 2, 1)),
        time=cost if one_matrix else time,
        near=_nearest(cost[0], n),
        slot_loc=(n + problem.slot_depot).astype(np.int32),
        row_start=np.searchsorted(row_slot, np.arange(problem.slots + 1)).astype(np.int32),
        row_slot=row_slot,
        row_class=row_class,
        row_cost=class_cost[row_class],
        row_time=class_time[row_class],
        row_fixed=np.array([vehicle.fixed_cost for vehicle in classes])[row_class],
        row_cap=capacity[row_class],
        row_limit=np.array([vehicle.max_duration for vehicle in classes])[row_class],
        row_per_time=np.array([vehicle.cost_per_duration for vehicle in classes])[row_class],
        kind_start=kind_start,
        kind_slot=problem.visit_slot[kinds].astype(np.int32),
        kind_demand=demand,
        kind_service=problem.visit_service[kinds].astype(np.float64),
        kind_outside=problem.visit_outside_price[kinds].astype(np.float64),
        option_start=problem.option_start.astype(np.int32),
        option_price=problem.option_price.astype(np.float64),
        entry_start=problem.visit_start.astype(np.int32),
        entry_kind=entry_kind,
        allowed=allowed,
        flags=np.array(
            [
                limited,
                problem.dimensions == 2,
                bool(np.isfinite(problem.visit_outside_price).any()),
                problem.allowed is not None,
                one_matrix,
            ],
            dtype=np.int32,
        ),
    )


def make_state(tables: Tables, *, seed: int) -> State:
    """Return the empty solution: nobody is served yet."""
    slots, rows, n = len(tables.slot_loc), len(tables.row_slot), tables.n
    depots = tables.slot_loc[tables.row_slot]
    # Every visit may be removed and placed again within one iteration, each a step of the log.
    longest = int(np.diff(tables.entry_start).max(initial=0))
    steps = 2 * n * max(longest, 1) + 16
    return State(
        nxt=np.full((slots, n), -1, dtype=np.int32),
        prv=np.full((slots, n), -1, dtype=np.int32),
        row=np.full((slots, n), ABSENT, dtype=np.int32),
        kind=np.full((slots, n), ABSENT, dtype=np.int32),
        edge=np.zeros((slots, n)),
        first=depots.copy(),
        last=depots.copy(),
        first_edge=np.zeros(rows),
        count=np.zeros(rows, dtype=np.int32),
        load=np.zeros((rows, 2)),
        lasting=np.zeros(rows),
        option=np.full(n, ABSENT, dtype=np.int32),
        total=np.zeros(5),
        rng=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64], dtype=np.uint64),
        log=np.zeros((steps, 6), dtype=np.int32),
        log_num=np.zeros((steps, 6)),
        best_nxt=np.full((slots, n), -1, dtype=np.int32),
        best_first=depots.copy(),
        best_outside=np.zeros((slots, n), dtype=np.uint8),
        best_option=np.full(n, ABSENT, dtype=np.int32),
        dirty=np.ones(rows, dtype=np.uint8),
        stats=np.zeros(16),
        log_prev=np.zeros(1, dtype=np.int32),
    )
