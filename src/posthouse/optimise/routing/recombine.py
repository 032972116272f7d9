"""Choose the best combination of routes seen so far, as a set covering problem solved by HiGHS.

Annealing runs end in different valleys, each with some routes the best solution has too. Routes are pooled without
their day: a route may serve any day of its depot on which all its customers may be visited. So one run's Monday can be
joined with another's Tuesday, which no local move finds (p23 is such a case).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posthouse.optimise.routing.problem import Ints, RoutingProblem
from posthouse.optimise.routing.solution import Route, Solution
from posthouse.optimise.routing.tables import (
    CAP,
    CAP_SECOND,
    CLASS,
    DEMAND,
    DEMAND_SECOND,
    DEPOT,
    FIXED,
    LIMIT,
    OUTSIDE_PRICE,
    PER_TIME,
    PRICES,
    SERVICE,
    TIMES,
    Tables,
)

SLACK = 1 + 1e-9


class RoutePool:
    """Feasible routes by (depot, class, customers), each in its cheapest order; the `most` latest seen."""

    def __init__(self, t: Tables, most: int) -> None:
        self.t, self.most = t, most
        self.routes: dict[tuple[int, int, frozenset[int]], tuple[float, tuple[int, ...], tuple[int, ...]]] = {}

    def add(self, row: int, customers: tuple[int, ...], kinds: Sequence[int]) -> None:
        """Note a route if it is feasible."""
        t = self.t
        key = (int(t.row_int[row, DEPOT]), int(t.row_int[row, CLASS]), frozenset(customers))
        known = self.routes.pop(key, None)
        if known is not None and known[1] == customers:
            self.routes[key] = known
            return
        load = t.kind_num[list(kinds)]
        stops = np.array([t.row_int[row, DEPOT], *customers, t.row_int[row, DEPOT]])
        service = load[:, SERVICE].sum()
        lasting = t.time[t.row_int[row, TIMES], stops[:-1], stops[1:]].sum() + service
        within = (
            load[:, DEMAND].sum() <= t.row_num[row, CAP] * SLACK
            and load[:, DEMAND_SECOND].sum() <= t.row_num[row, CAP_SECOND] * SLACK
            and lasting <= t.row_num[row, LIMIT] * SLACK
        )
        cost = float(t.cost[t.row_int[row, PRICES], stops[:-1], stops[1:]].sum())
        cost += float(t.row_num[row, FIXED] + t.row_num[row, PER_TIME] * service)
        if known is not None and (known[0] <= cost or not within):
            self.routes[key] = known
        elif within:
            self.routes[key] = (cost, customers, tuple(int(kind) for kind in kinds))
        if len(self.routes) > self.most:
            self.routes.pop(next(iter(self.routes)))


def recombine(
    problem: RoutingProblem, t: Tables, pool: RoutePool, incumbent: Solution, seconds: float
) -> Solution | None:
    """Return a solution made of pooled routes, or None where HiGHS finds none within the time.

    The caller compares costs. A visit that two chosen routes make is dropped from the second of them.
    """
    import highspy

    columns = _columns(problem, t, pool)
    outside = np.flatnonzero(np.isfinite(t.kind_num[:, OUTSIDE_PRICE])).astype(np.int32)
    model = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds), ("mip_rel_gap", 0.0)):
        model.setOptionValue(option, value)
    model.passModel(_model(problem, t, columns, outside))
    known = highspy.HighsSolution()
    known.col_value = _start(t, columns, outside, incumbent)
    model.setSolution(known)
    model.run()
    if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    chosen = np.array(model.getSolution().col_value) > 0.5
    return _read_solution(t, columns, outside, chosen)


@dataclass(frozen=True, slots=True)
class _Column:
    """A pooled route on one day."""

    slot: int
    vehicle_class: int
    cost: float
    customers: tuple[int, ...]
    kinds: tuple[int, ...]


def _columns(problem: RoutingProblem, t: Tables, pool: RoutePool) -> list[_Column]:
    """Return each pooled route on each slot it could serve."""
    slots = {
        (int(t.slot_depot[entry.slot]), entry.vehicle_class, entry.slot) for entry in problem.fleet if entry.count > 0
    }
    homes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for depot, vehicle_class, slot in sorted(slots):
        homes[depot, vehicle_class].append(slot)
    owner = np.repeat(np.arange(t.n), np.diff(t.kind_start))
    alike = {
        (int(c), int(slot), *numbers): kind
        for kind, (c, slot, numbers) in enumerate(zip(owner, t.kind_slot, t.kind_num[:, :3].tolist(), strict=True))
    }
    columns = []
    for (depot, vehicle_class, _), (cost, customers, kinds) in pool.routes.items():
        demands = t.kind_num[list(kinds), :3].tolist()
        for slot in homes[depot, vehicle_class]:
            own = [alike.get((c, slot, *demand), -1) for c, demand in zip(customers, demands, strict=True)]
            if -1 not in own:
                columns.append(_Column(slot, vehicle_class, cost, customers, tuple(own)))
    return columns


def _model(problem: RoutingProblem, t: Tables, columns: list[_Column], outside: Ints) -> object:
    """Return the covering model: columns, then options, then outside visits; kinds, then customers, then fleets."""
    import highspy

    kinds, options = len(t.kind_slot), len(t.option_price)
    count: dict[tuple[int, int], int] = defaultdict(int)
    for entry in problem.fleet:
        count[entry.slot, entry.vehicle_class] += entry.count
    fleet_row = {key: kinds + t.n + position for position, key in enumerate(sorted(count))}
    owner = np.repeat(np.arange(t.n), np.diff(t.option_start))
    rows, values, start = [], [], [0]
    for column in columns:
        rows += [*column.kinds, fleet_row[column.slot, column.vehicle_class]]
        values += [1.0] * (len(column.kinds) + 1)
        start.append(len(rows))
    for option in range(options):
        own = t.entry_kind[t.entry_start[option] : t.entry_start[option + 1]].tolist()
        rows += [*own, kinds + int(owner[option])]
        values += [-1.0] * len(own) + [1.0]
        start.append(len(rows))
    for kind in outside.tolist():
        rows.append(kind)
        values.append(1.0)
        start.append(len(rows))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(start) - 1, kinds + t.n + len(count)
    lp.col_cost_ = np.concatenate(
        [[column.cost for column in columns], t.option_price, t.kind_num[outside, OUTSIDE_PRICE]]
    )
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.row_lower_ = np.concatenate([np.zeros(kinds), np.ones(t.n), np.full(len(count), -np.inf)])
    lp.row_upper_ = np.concatenate([np.full(kinds, np.inf), np.ones(t.n), [count[key] for key in sorted(count)]])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = np.array(start), np.array(rows), np.array(values)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    return lp


def _start(t: Tables, columns: list[_Column], outside: Ints, incumbent: Solution) -> list[float]:
    """Return the incumbent as values of the model's variables."""
    routes = {(route.slot, route.vehicle_class, frozenset(route.customers)) for route in incumbent.routes}
    used = [(column.slot, column.vehicle_class, frozenset(column.customers)) in routes for column in columns]
    options = set(incumbent.options)
    bought = set(incumbent.outside)
    owner = np.repeat(np.arange(t.n), np.diff(t.kind_start))
    return (
        [float(flag) for flag in used]
        + [float(option in options) for option in range(len(t.option_price))]
        + [float((int(owner[kind]), int(t.kind_slot[kind])) in bought) for kind in outside]
    )


def _read_solution(t: Tables, columns: list[_Column], outside: Ints, chosen: np.ndarray) -> Solution:
    """Return the chosen routes without double or needless visits."""
    options = np.flatnonzero(chosen[len(columns) : len(columns) + len(t.option_price)])
    wanted = {
        int(kind) for option in options for kind in t.entry_kind[t.entry_start[option] : t.entry_start[option + 1]]
    }
    routes = []
    for column in (column for column, flag in zip(columns, chosen, strict=False) if flag):
        kept = tuple(c for c, kind in zip(column.customers, column.kinds, strict=True) if kind in wanted)
        wanted.difference_update(column.kinds)
        if kept:
            routes.append(Route(slot=column.slot, vehicle_class=column.vehicle_class, customers=kept))
    owner = np.repeat(np.arange(t.n), np.diff(t.kind_start))
    bought = tuple((int(owner[kind]), int(t.kind_slot[kind])) for kind in outside if int(kind) in wanted)
    return Solution(routes=tuple(routes), options=tuple(int(option) for option in options), outside=bought)
