"""Solve a depot's week and read the answer: rounds with their times, visits by others, what is left out."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from posthouse.optimise.routing.check import check_solution
from posthouse.optimise.routing.solution import Route as EngineRoute
from posthouse.optimise.routing.solution import RoutingResult, Solution
from posthouse.planning.bounds import bound_week
from posthouse.planning.effort import Effort
from posthouse.planning.fleet import FleetKind
from posthouse.planning.offers import Offer
from posthouse.planning.patterns import Pattern
from posthouse.planning.search import search_week
from posthouse.planning.week import PER_MIN, Week


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A village on a round; arrive_min after midnight."""

    village: str
    parcels: float
    arrive_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """One vehicle's round on one weekday."""

    weekday: int
    vehicle: str
    kind: FleetKind
    stops: tuple[Stop, ...]
    distance_km: float
    duration_min: float
    cost_yuan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """A visit that somebody else makes for a price."""

    village: str
    weekday: int
    parcels: float
    offer: Offer
    cost_yuan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekAnswer:
    """A depot's week.

    missing : promised visits that are not made, by village. cost_yuan : of rounds and others' visits.
    solution : the engine's, from which a later search may begin. bound_yuan : no week of this depot with
    as many visits in each village costs less.
    """

    week: Week
    solution: Solution
    patterns: Mapping[str, Pattern]
    drives: tuple[Drive, ...]
    carries: tuple[Carry, ...]
    missing: Mapping[str, int]
    cost_yuan: float
    bound_yuan: float


def solve_week(week: Week, effort: Effort, *, seed: int, depart_min: int, start: Solution | None = None) -> WeekAnswer:
    """Return the best week found, the first one once the effort is over; each has passed the engine's checker.

    Rounds that break a limit when the search ends are taken out, and their villages count as left out.
    """
    result = search_week(week.problem, effort, seed=seed, start=start)
    return read_solution(week, _feasible(week, result), depart_min)


def worth_of_visits(answer: WeekAnswer) -> dict[str, float]:
    """Return by village what one visit by our vans costs at the margin: the detour, a share of the vehicle's day."""
    found: dict[str, list[float]] = defaultdict(list)
    travel = answer.week.depot.travel
    at = {code: number for number, code in enumerate(travel.origins)}
    for drive in answer.drives:
        way = [0, *(at[stop.village] for stop in drive.stops), 0]
        for before, here, after in zip(way, way[1:], way[2:], strict=False):
            km = travel.distance_km[before, here] + travel.distance_km[here, after] - travel.distance_km[before, after]
            found[travel.origins[here]].append(
                float(km) * drive.kind.yuan_per_km + drive.kind.yuan_per_day / len(drive.stops)
            )
    return {village: sum(costs) / len(costs) for village, costs in found.items()}


def read_solution(
    week: Week, solution: Solution, depart_min: int, *, names: Mapping[EngineRoute, str] = MappingProxyType({})
) -> WeekAnswer:
    """Return a solution of the engine as rounds, visits by others, and what is left out.

    names : vehicles of rounds that keep theirs; the others take what is free.
    """
    problem, travel = week.problem, week.depot.travel
    row = {village: 1 + number for number, village in enumerate(week.depot.villages)}
    visit_at = {
        (customer, int(problem.visit_slot[visit])): visit
        for customer, option in enumerate(solution.options)
        for visit in range(problem.visit_start[option], problem.visit_start[option + 1])
    }
    drafts = []
    for route in solution.routes:
        kind = week.kinds[route.vehicle_class - 1]
        clock, at, km = float(depart_min), 0, 0.0
        stops: list[Stop] = []
        for customer in route.customers:
            village = week.customers[customer][0]
            visit = visit_at[customer, route.slot]
            clock += float(travel.minutes[at, row[village]]) / kind.levers.speed_factor
            parcels = float(problem.visit_demand[visit, 1])
            stops.append(Stop(village=village, parcels=parcels, arrive_min=clock))
            clock += float(problem.visit_service[visit]) / PER_MIN
            at = row[village]
        way = [0, *(row[stop.village] for stop in stops), 0]
        km = sum(float(travel.distance_km[a, b]) for a, b in pairwise(way))
        lasting = clock + float(travel.minutes[at, 0]) / kind.levers.speed_factor - depart_min
        drafts.append((route, stops, km, lasting))
    # Vehicles are named in the order of their first village, so that a driver sees the same side of the town all week.
    drafts.sort(key=lambda d: (d[0].slot, d[0].vehicle_class, d[1][0].village))
    taken = {(route.slot, names[route]) for route in solution.routes if route in names}
    free = {
        (slot, number): iter([vehicle for vehicle in kind.ids if (slot, vehicle) not in taken])
        for slot in range(problem.slots)
        for number, kind in enumerate(week.kinds, start=1)
    }
    drives = []
    for route, stops, km, lasting in drafts:
        kind = week.kinds[route.vehicle_class - 1]
        drives.append(
            Drive(
                weekday=route.slot + 1,
                vehicle=names[route] if route in names else next(free[route.slot, route.vehicle_class]),
                kind=kind,
                stops=tuple(stops),
                distance_km=km,
                duration_min=lasting,
                cost_yuan=kind.yuan_per_day + kind.yuan_per_km * km + kind.levers.yuan_per_hour * lasting / 60,
            )
        )
    carries = _carries(week, solution, visit_at)
    return WeekAnswer(
        week=week,
        solution=solution,
        patterns=_patterns(week, solution),
        drives=tuple(drives),
        carries=carries,
        missing=_missing(week, solution),
        cost_yuan=sum(drive.cost_yuan for drive in drives) + sum(carry.cost_yuan for carry in carries),
        bound_yuan=bound_week(problem, solution.options),
    )


def _feasible(week: Week, result: RoutingResult) -> Solution:
    """The solution without what its checker objects to."""
    solution = result.solution
    _, violations = check_solution(week.problem, solution)
    if not violations:
        return solution
    problem = week.problem
    bad = {customer for violation in violations for customer in violation.customers}
    bad |= {c for c, option in enumerate(solution.options) if option < 0}
    over = {v.message for v in violations if v.limit == "fleet"}
    routes = [] if over else list(solution.routes)
    if over:
        bad = set(range(problem.customers))
    kept = [
        EngineRoute(slot=r.slot, vehicle_class=r.vehicle_class, customers=tuple(c for c in r.customers if c not in bad))
        for r in routes
    ]
    return Solution(
        routes=tuple(route for route in kept if route.customers),
        options=tuple(
            int(problem.option_start[c + 1]) - 1 if c in bad else option for c, option in enumerate(solution.options)
        ),
        outside=tuple(visit for visit in solution.outside if visit[0] not in bad),
    )


def _carries(week: Week, solution: Solution, visit_at: Mapping[tuple[int, int], int]) -> tuple[Carry, ...]:
    carries = []
    for customer, slot in sorted(solution.outside):
        visit = visit_at[customer, slot]
        offer = week.visit_offers[visit]
        assert offer is not None  # a finite outside price has an offer behind it
        carries.append(
            Carry(
                village=week.customers[customer][0],
                weekday=slot + 1,
                parcels=float(week.problem.visit_demand[visit, 1]),
                offer=offer,
                cost_yuan=float(week.problem.visit_outside_price[visit]),
            )
        )
    return tuple(carries)


def _patterns(week: Week, solution: Solution) -> dict[str, Pattern]:
    found: dict[str, set[int]] = defaultdict(set)
    for (village, _, _), option in zip(week.customers, solution.options, strict=True):
        found[village] |= set(week.patterns[option])
    return {village: tuple(sorted(days)) for village, days in found.items() if days}


def _missing(week: Week, solution: Solution) -> dict[str, int]:
    promised = {need.village: need.visits for need in week.depot.needs}
    found: dict[str, int] = {}
    for (village, _, _), option in zip(week.customers, solution.options, strict=True):
        fewer = promised[village] - len(week.patterns[option])
        if fewer > 0:
            found[village] = max(fewer, found.get(village, 0))
    return found
