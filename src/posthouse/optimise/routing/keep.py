"""Hold on to parts of a plan while the rest is solved: a day, a whole route, or last month's days at a price.

Each function returns another problem with the same customers, options and slots, so that answers need no translation.
What may no longer be chosen has an infinite price.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from posthouse.optimise.routing.problem import FleetEntry, RoutingProblem
from posthouse.optimise.routing.solution import Route, Solution
from posthouse.vocabulary.errors import UnusableInputError


def keep_days(problem: RoutingProblem, kept: Iterable[tuple[int, int]]) -> RoutingProblem:
    """Return the problem in which each named customer is visited in the named slot; the rest of its option is free.

    Raises
    ------
    UnusableInputError
        Where a customer has no option with that slot.
    """
    prices = problem.option_price.copy()
    option_of_visit = np.repeat(np.arange(len(prices)), np.diff(problem.visit_start))
    for customer, slot in kept:
        own = np.arange(problem.option_start[customer], problem.option_start[customer + 1])
        with_slot = np.unique(option_of_visit[problem.visit_slot == slot])
        prices[np.setdiff1d(own, with_slot)] = np.inf
        if not np.isfinite(prices[own]).any():
            raise UnusableInputError(
                f"应能保持客户 {customer}（序号从 0 起）在时段 {slot} 的到访，它没有这样的方案。请改方案或取消锁定。"
            )
    return replace(problem, option_price=prices)


def price_changes(problem: RoutingProblem, before: Solution, price: float) -> RoutingProblem:
    """Return the problem in which every option but the one chosen before costs `price` more."""
    prices = problem.option_price + price
    prices[[option for option in before.options if option >= 0]] -= price
    return replace(problem, option_price=prices)


def keep_routes(problem: RoutingProblem, routes: Sequence[Route]) -> RoutingProblem:
    """Return what is left to solve when these routes are driven as they are: fewer vehicles, fewer visits.

    A customer keeps only options whose load and service let the kept route stay within its vehicle's limits whatever
    the other customers on it choose; visits of another window than its lightest are not mixed.

    Raises
    ------
    UnusableInputError
        Where a vehicle is missing or a customer has no such option.
    """
    left = keep_days(problem, [(customer, route.slot) for route in routes for customer in route.customers])
    dropped = np.zeros(len(problem.visit_slot), dtype=bool)
    prices = left.option_price.copy()
    option_of_visit = np.repeat(np.arange(len(prices)), np.diff(problem.visit_start))
    for route in routes:
        barred = _heavy_visits(left, route)
        prices[option_of_visit[barred]] = np.inf
        dropped |= np.isin(problem.visit_customer, route.customers) & (problem.visit_slot == route.slot)
    kept = ~dropped
    start = np.concatenate([[0], np.cumsum(kept)])[problem.visit_start]
    return replace(
        left,
        fleet=_less_fleet(problem, routes),
        option_price=prices,
        visit_start=start.astype(np.int32),
        visit_slot=problem.visit_slot[kept],
        visit_demand=problem.visit_demand[kept],
        visit_service=problem.visit_service[kept],
        visit_outside_price=problem.visit_outside_price[kept],
        visit_window=None if problem.visit_window is None else problem.visit_window[kept],
    )


def _heavy_visits(problem: RoutingProblem, route: Route) -> list[int]:
    """Return the visits in the route's slot that would overload it, were its customers free to choose them."""
    vehicle = problem.classes[route.vehicle_class]
    depot = problem.customers + int(problem.slot_depot[route.slot])
    stops = np.array([depot, *route.customers, depot])
    driving = problem.travel_times[vehicle.profile, stops[:-1], stops[1:]].sum() * vehicle.duration_factor
    room = np.array([*vehicle.capacity, vehicle.max_duration - driving]) * (1 + 1e-9)
    needs = np.column_stack([problem.visit_demand, problem.visit_service])
    option_of_visit = np.repeat(np.arange(len(problem.option_price)), np.diff(problem.visit_start))
    possible = np.isfinite(problem.option_price)[option_of_visit] & (problem.visit_slot == route.slot)
    choices = [np.flatnonzero(possible & (problem.visit_customer == customer)) for customer in route.customers]
    lightest = [int(own[np.lexsort(needs[own].T[::-1])[0]]) for own in choices]
    total = needs[lightest].sum(axis=0)
    barred = []
    for own, light in zip(choices, lightest, strict=True):
        worst = needs[light]
        for visit in own:
            heavier = np.maximum(worst, needs[visit])
            same = problem.visit_window is None or (problem.visit_window[visit] == problem.visit_window[light]).all()
            if same and ((total - worst + heavier <= room).all() or (heavier == worst).all()):
                total, worst = total - worst + heavier, heavier
            else:
                barred.append(int(visit))
    return barred


def _less_fleet(problem: RoutingProblem, routes: Sequence[Route]) -> tuple[FleetEntry, ...]:
    fleet = list(problem.fleet)
    for route in routes:
        for position, entry in enumerate(fleet):
            if (entry.slot, entry.vehicle_class) == (route.slot, route.vehicle_class) and entry.count > 0:
                fleet[position] = replace(entry, count=entry.count - 1)
                break
        else:
            raise UnusableInputError(
                f"保留的路线应各有一辆车，时段 {route.slot} 的第 {route.vehicle_class} 类车不够。"
                "请增加车辆或少保留路线。"
            )
    return tuple(fleet)
