"""Say before solving whom no vehicle could serve and why, and what the whole problem lacks."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from posthouse.optimise.routing.problem import Floats, RoutingProblem
from posthouse.vocabulary.errors import UnusableInputError

NAMED = 5  # how many customers a message lists
SLACK = 1 + 1e-9


def drop_unservable(problem: RoutingProblem) -> RoutingProblem:
    """Return the problem without the options that vehicles could not serve even with nobody else.

    Raises
    ------
    UnusableInputError
        Where a customer is left without any option, saying whom, which limit, and what would help.
    """
    possible = np.isfinite(problem.visit_outside_price)
    for fits in _fitting(problem):
        possible |= fits
    option_of_visit = np.repeat(np.arange(len(problem.option_price)), np.diff(problem.visit_start))
    prices = problem.option_price.copy()
    prices[option_of_visit[~possible]] = np.inf
    owner = np.repeat(np.arange(problem.customers), np.diff(problem.option_start))
    stuck = np.setdiff1d(np.arange(problem.customers), owner[np.isfinite(prices)])
    if len(stuck):
        raise UnusableInputError(
            f"每个客户都应有车辆能完成的到访方案，有 {len(stuck)} 个没有（序号从 0 起：{name_customers(stuck)}）。"
            f"客户 {stuck[0]}：{_reason(problem, int(stuck[0]), possible)}"
        )
    return replace(problem, option_price=prices)


def describe_shortage(problem: RoutingProblem) -> tuple[str, ...]:
    """Return sentences on what is too little whatever the routes: load in all, load and hours of single slots."""
    own = np.isinf(problem.visit_outside_price)  # a visit that can be bought outside needs no vehicle
    capacity, hours = _supply(problem)
    sentences = []
    for dimension in range(problem.dimensions):
        least = _least_total(problem, np.where(own, problem.visit_demand[:, dimension], 0.0))
        have = float(capacity[:, dimension].sum())
        if least > have * SLACK:
            sentences.append(
                f"第 {dimension + 1} 种载量至少需要 {least:g}，全部车辆合计只有 {have:g}，少 {least - have:g}。"
                "请增加车辆、换大车或外包部分到访。"
            )
    forced = _forced_visits(problem) & own
    for slot in range(problem.slots):
        here = np.flatnonzero(forced & (problem.visit_slot == slot))
        alike = _distinct(problem, here)
        where = f"第 {problem.slot_day[slot] + 1} 天（车场 {problem.slot_depot[slot]}）"
        who = f"{len(alike)} 个客户只能在这时到访（{name_customers(problem.visit_customer[alike])}）"
        for dimension in range(problem.dimensions):
            need, have = float(problem.visit_demand[alike, dimension].sum()), float(capacity[slot, dimension])
            if need > have * SLACK:
                sentences.append(
                    f"{where}{who}，第 {dimension + 1} 种载量 {need:g}，当天车辆合计 {have:g}。"
                    "请给其中一些客户别的日子，或当天增加车辆。"
                )
        need = float(problem.visit_service[alike].sum())
        if need > hours[slot] * SLACK:
            sentences.append(
                f"{where}{who}，仅停留就要 {need:g}，当天车辆工时合计 {hours[slot]:g}。请给其中一些客户别的日子，"
                "或当天增加车辆、放宽工时。"
            )
    return tuple(sentences)


def name_customers(customers: np.ndarray) -> str:
    """Return the first few customers as text."""
    some = list(dict.fromkeys(int(customer) for customer in customers))
    return "、".join(str(customer) for customer in some[:NAMED]) + (" 等" if len(some) > NAMED else "")


def _fitting(problem: RoutingProblem) -> Iterator[np.ndarray]:
    """Yield for each vehicle of the fleet which visits it could make alone."""
    owner = problem.visit_customer
    for entry in problem.fleet:
        if entry.count < 1:
            continue
        vehicle = problem.classes[entry.vehicle_class]
        lasting, late = _alone(problem, entry.slot, entry.vehicle_class)
        fits = (problem.visit_slot == entry.slot) & (lasting <= vehicle.max_duration * SLACK) & (late <= 0)
        fits &= (problem.visit_demand <= np.array(vehicle.capacity) * SLACK).all(axis=1)
        if problem.allowed is not None:
            fits &= problem.allowed[owner, entry.vehicle_class]
        yield fits


def _alone(problem: RoutingProblem, slot: int, vehicle_class: int) -> tuple[Floats, Floats]:
    """Return how long a route to each visit alone lasts, and how late it is."""
    vehicle, owner = problem.classes[vehicle_class], problem.visit_customer
    times = problem.travel_times[vehicle.profile] * vehicle.duration_factor
    depot = problem.customers + int(problem.slot_depot[slot])
    there, back = times[depot, owner], times[owner, depot]
    lasting: Floats = there + problem.visit_service + back
    opens, closes = vehicle.hours
    arrives, latest = opens + there, np.full(len(owner), np.inf)
    if problem.visit_window is not None:
        arrives = np.maximum(arrives, problem.visit_window[:, 0])
        latest = problem.visit_window[:, 1]
    late = np.maximum(arrives - latest * SLACK, arrives + problem.visit_service + back - closes * SLACK)
    return lasting, late


def _reason(problem: RoutingProblem, customer: int, possible: np.ndarray) -> str:
    """Return which limit keeps a customer from being served, with the numbers, and what would help."""
    visits = np.flatnonzero((problem.visit_customer == customer) & ~possible)
    if not len(visits):
        if problem.option_start[customer] < problem.option_start[customer + 1]:
            return "它的方案都被锁定排除。请取消部分锁定。"
        return "没有任何到访方案。请给出方案；允许不服务时给一个空方案。"
    visit = int(visits[0])
    slot = int(problem.visit_slot[visit])
    where = f"第 {problem.slot_day[slot] + 1} 天（车场 {problem.slot_depot[slot]}）"
    return where + _lacking(problem, customer, visit, slot)


def _lacking(problem: RoutingProblem, customer: int, visit: int, slot: int) -> str:
    """Return the first limit that no vehicle of the slot keeps with this visit alone."""
    here = sorted({entry.vehicle_class for entry in problem.fleet if entry.slot == slot and entry.count > 0})
    if not here:
        return "没有车辆。请安排车辆，或给它别的日子。"
    if problem.allowed is not None:
        here = [k for k in here if problem.allowed[customer, k]]
        if not here:
            return "没有许可到访它的车辆。请放宽许可，或当天安排许可的车辆。"
    for dimension in range(problem.dimensions):
        load, most = problem.visit_demand[visit, dimension], max(problem.classes[k].capacity[dimension] for k in here)
        if load > most * SLACK:
            return f"货量 {load:g} 超过可用车辆的最大载量 {most:g}。请拆分货量、增加到访日或换大车。"
    return _lacking_time(problem, visit, slot, here)


def _lacking_time(problem: RoutingProblem, visit: int, slot: int, classes: list[int]) -> str:
    alone = [_alone(problem, slot, k) for k in classes]
    least = min(float(lasting[visit]) for lasting, _ in alone)
    most = max(problem.classes[k].max_duration for k in classes)
    if least > most * SLACK:
        return f"单独往返要 {least:g}，可用车辆最长 {most:g}。请放宽时长、就近设点或外包。"
    late = min(float(late[visit]) for _, late in alone)
    if late > 0:
        return f"最早也会晚 {late:g}，赶不上时间窗或收车时间。请放宽时间窗、提早发车或推迟收车。"
    return "没有一辆车同时满足载量、时长、时间窗和许可。请调整其中一项。"


def _supply(problem: RoutingProblem) -> tuple[Floats, Floats]:
    """Return the capacities and the hours of all vehicles of each slot."""
    capacity, hours = np.zeros((problem.slots, problem.dimensions)), np.zeros(problem.slots)
    for entry in problem.fleet:
        vehicle = problem.classes[entry.vehicle_class]
        if entry.count > 0:
            capacity[entry.slot] += np.array(vehicle.capacity) * entry.count
            hours[entry.slot] += min(vehicle.max_duration, vehicle.hours[1] - vehicle.hours[0]) * entry.count
    return capacity, hours


def _least_total(problem: RoutingProblem, amounts: np.ndarray) -> float:
    """Return the sum over customers of their option with the least amount."""
    options = np.repeat(np.arange(len(problem.option_price)), np.diff(problem.visit_start))
    per_option = np.bincount(options, amounts, minlength=len(problem.option_price))
    per_option = np.where(np.isfinite(problem.option_price), per_option, np.inf)
    return float(np.minimum.reduceat(per_option, problem.option_start[:-1]).sum()) if len(per_option) else 0.0


def _forced_visits(problem: RoutingProblem) -> np.ndarray:
    """Return which visits are in a slot that every option of their customer has."""
    possible = np.isfinite(problem.option_price)
    owner = np.repeat(np.arange(problem.customers), np.diff(problem.option_start))
    alternatives = np.bincount(owner, possible, minlength=problem.customers)
    options = np.repeat(np.arange(len(possible)), np.diff(problem.visit_start))
    place = problem.visit_customer.astype(np.int64) * problem.slots + problem.visit_slot
    having = np.bincount(place[possible[options]], minlength=problem.customers * problem.slots)
    forced: np.ndarray = possible[options] & (having[place] == alternatives[problem.visit_customer])
    return forced


def _distinct(problem: RoutingProblem, visits: np.ndarray) -> np.ndarray:
    """Return of each customer's visits the one with the least demand."""
    order = visits[np.lexsort((problem.visit_demand[visits].sum(axis=1), problem.visit_customer[visits]))]
    _, first = np.unique(problem.visit_customer[order], return_index=True)
    return order[first]
