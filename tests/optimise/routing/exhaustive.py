"""The cheapest solution of a tiny problem by trying everything; shares no code with the solver or the checker."""

from functools import cache
from itertools import combinations, pairwise, permutations, product

from posthouse.optimise.routing.problem import RoutingProblem


def cheapest_cost(problem: RoutingProblem) -> float:
    """Return the least cost over all options, outside visits, vehicles and orders; inf where nothing is feasible."""
    own = [range(problem.option_start[c], problem.option_start[c + 1]) for c in range(problem.customers)]
    best = float("inf")
    for options in product(*own):
        price = sum(float(problem.option_price[o]) for o in options)
        for slot in range(problem.slots):
            visits = tuple(
                (customer, visit)
                for customer, option in enumerate(options)
                for visit in range(problem.visit_start[option], problem.visit_start[option + 1])
                if problem.visit_slot[visit] == slot
            )
            price += _slot_cost(problem, slot, visits)
        best = min(best, price)
    return best


def _slot_cost(problem: RoutingProblem, slot: int, visits: tuple[tuple[int, int], ...]) -> float:
    vehicles = [entry.vehicle_class for entry in problem.fleet if entry.slot == slot for _ in range(entry.count)]

    @cache
    def serve(left: frozenset[tuple[int, int]], vehicle: int) -> float:
        outside = sum(float(problem.visit_outside_price[visit]) for _, visit in left)
        if vehicle == len(vehicles):
            return outside
        best = serve(left, vehicle + 1)
        for size in range(1, len(left) + 1):
            for some in combinations(sorted(left), size):
                best = min(
                    best, _route_cost(problem, slot, vehicles[vehicle], some) + serve(left - set(some), vehicle + 1)
                )
        return best

    return serve(frozenset(visits), 0)


def _route_cost(problem: RoutingProblem, slot: int, vehicle_class: int, visits: tuple[tuple[int, int], ...]) -> float:
    vehicle = problem.classes[vehicle_class]
    for dimension, capacity in enumerate(vehicle.capacity):
        if sum(problem.visit_demand[visit, dimension] for _, visit in visits) > capacity:
            return float("inf")
    if problem.allowed is not None and not all(problem.allowed[c, vehicle_class] for c, _ in visits):
        return float("inf")
    depot = problem.customers + problem.slot_depot[slot]
    times = problem.distance if problem.duration is None else problem.duration
    best = float("inf")
    for order in permutations(visits):
        legs = list(pairwise([depot, *(customer for customer, _ in order), depot]))
        ways = [times[vehicle.profile, a, b] * vehicle.duration_factor for a, b in legs]
        lasting = _least_duration(problem, vehicle.hours, ways, [visit for _, visit in order])
        if lasting <= vehicle.max_duration:
            length = sum(problem.distance[vehicle.profile, a, b] for a, b in legs)
            best = min(best, vehicle.cost_per_distance * length + vehicle.cost_per_duration * lasting)
    return vehicle.fixed_cost + best


def _least_duration(problem: RoutingProblem, hours: tuple[float, float], ways: list[float], visits: list[int]) -> float:
    """Return the least time from leaving to return over all departures worth a try; inf where each is late."""
    windows = [(0.0, float("inf"))] * len(visits)
    if problem.visit_window is not None:
        windows = [tuple(problem.visit_window[visit]) for visit in visits]
    # Leave at once, or so that one of the visits is reached exactly when its window opens.
    departures, spent = [hours[0]], 0.0
    for way, visit, (earliest, _) in zip(ways, visits, windows, strict=False):
        spent += way
        departures.append(max(hours[0], earliest - spent))
        spent += problem.visit_service[visit]
    best = float("inf")
    for departure in departures:
        at, late = departure, False
        for way, visit, (earliest, latest) in zip(ways, visits, windows, strict=False):
            at = max(at + way, earliest)
            late = late or at > latest + 1e-9
            at += problem.visit_service[visit]
        at += ways[-1]
        if not late and at <= hours[1] + 1e-9:
            best = min(best, at - departure)
    return best
