"""An earlier plan as the start of a new one: its days, rounds, and who carried what; kept wherever it still fits."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.solution import Route as EngineRoute
from posthouse.optimise.routing.solution import Solution
from posthouse.planning.depots import Layout
from posthouse.planning.ground import Ground
from posthouse.planning.model import Plan
from posthouse.planning.offers import Wish
from posthouse.planning.patterns import Pattern
from posthouse.planning.solve_week import WeekAnswer, read_solution
from posthouse.planning.week import Week

SAME_COST = 1e-3
"""Relative difference of a depot's cost up to which its week counts as unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What an earlier plan did.

    rounds : (depot's code, weekday) -> (kind of vehicle, vehicle, villages in order). carried : (village, weekday) ->
    mode, line. cost_yuan : by depot's code.
    """

    patterns: Mapping[str, Pattern]
    rounds: Mapping[tuple[str, int], tuple[tuple[str, str, tuple[str, ...]], ...]]
    carried: Mapping[tuple[str, int], tuple[str, str]]
    cost_yuan: Mapping[str, float] = field(default_factory=dict)

    def mode_of(self, village: str, weekday: int) -> str:
        """Return who carried the visit; empty where a round did."""
        return self.carried.get((village, weekday), ("", ""))[0]


def previous_from(plan: Plan) -> Previous:
    """Return what a plan did, for changing it."""
    days: dict[str, set[int]] = defaultdict(set)
    rounds: dict[tuple[str, int], list[tuple[str, str, tuple[str, ...]]]] = defaultdict(list)
    carried = {}
    cost: dict[str, float] = defaultdict(float)
    for route in plan.routes:
        stops = tuple(visit.village for visit in route.visits)
        rounds[route.depot_code, route.weekday].append((route.kind, route.vehicle, stops))
        cost[route.depot_code] += route.cost_yuan
    for call in plan.week.timetable if plan.week else ():
        days[call.village].add(call.weekday)
        if call.mode != "pooled_van":
            carried[call.village, call.weekday] = (call.mode, call.line)
            cost[call.depot_code] += call.cost_yuan
    return Previous(
        patterns={village: tuple(sorted(own)) for village, own in days.items()},
        rounds={key: tuple(own) for key, own in rounds.items()},
        carried=carried,
        cost_yuan=cost,
    )


def kept_wishes(previous: Previous, layout: Layout, ground: Ground) -> tuple[Wish, ...]:
    """Return a wish for each visit that others made: they keep it while they have room."""
    needs = {need.village: need for depot in layout.depots for need in depot.needs}
    wishes = []
    for village, weekday in sorted(previous.carried):
        need = needs.get(village)
        if need is None:
            continue
        per_week = ground.demand.per_week(village) + sum(ground.demand.sent.get(village, {}).values())
        wishes.append(
            Wish(
                village=village,
                weekday=weekday,
                parcels=per_week / 7 * ceil(7 / max(need.visits, 1)),
                worth_yuan=ground.scenario.promise.shortfall_yuan,
            )
        )
    return tuple(wish for wish in wishes if wish.parcels > 0)


def kept_week(week: Week, previous: Previous, depart_min: int) -> tuple[WeekAnswer | None, Solution]:
    """Return the depot's earlier week where it still fits at the same cost, and its solution to begin a search with."""
    solution = _solution(week, previous)
    if all(option >= 0 for option in solution.options):
        _, violations = check_solution(week.problem, solution)
        was = previous.cost_yuan.get(week.depot.code, 0.0)
        if not violations:
            kept = read_solution(week, solution, depart_min)
            if abs(kept.cost_yuan - was) <= SAME_COST * max(was, 1.0):
                return kept, solution
    return None, solution


def _solution(week: Week, previous: Previous) -> Solution:
    problem = week.problem
    options, outside = [], []
    first_of: dict[str, list[int]] = defaultdict(list)
    for customer, (village, _, _) in enumerate(week.customers):
        first_of[village].append(customer)
        start, end = int(problem.option_start[customer]), int(problem.option_start[customer + 1])
        wanted = previous.patterns.get(village, ())
        options.append(next((o for o in range(start, end) if week.patterns[o] == wanted), -1))
        outside += [(customer, day - 1) for day in wanted if (village, day) in previous.carried]
    routes = []
    number_of = {kind.ids: number for number, kind in enumerate(week.kinds, start=1)}
    class_of = {vehicle: number for ids, number in number_of.items() for vehicle in ids}
    for (depot, weekday), rounds in sorted(previous.rounds.items()):
        if depot != week.depot.code:
            continue
        passed: Counter[str] = Counter()
        for _, vehicle, villages in rounds:
            customers = []
            for village in villages:
                own = first_of.get(village, [])
                if passed[village] < len(own):
                    customers.append(own[passed[village]])
                    passed[village] += 1
            if customers and vehicle in class_of:
                routes.append(
                    EngineRoute(slot=weekday - 1, vehicle_class=class_of[vehicle], customers=tuple(customers))
                )
    return Solution(routes=tuple(routes), options=tuple(options), outside=tuple(outside))
