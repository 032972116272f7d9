"""Say before solving whom no vehicle could serve, and after it what an infeasible answer lacks."""

import numpy as np

from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.vocabulary.errors import UnusableInputError

NAMED = 5  # how many customers a message lists


def require_servable(problem: RoutingProblem) -> None:
    """Raise UnusableInputError if some customer has no option that vehicles could serve even with nobody else."""
    possible = _possible_visits(problem)
    whole = np.ones(len(problem.option_price), dtype=bool)
    option_of_visit = np.repeat(np.arange(len(whole)), np.diff(problem.visit_start))
    whole[option_of_visit[~possible]] = False
    owner = np.repeat(np.arange(problem.customers), np.diff(problem.option_start))
    stuck = np.setdiff1d(np.arange(problem.customers), owner[whole])
    if not len(stuck):
        return
    lacking = _reasons(problem, int(stuck[0]))
    names = ", ".join(str(customer) for customer in stuck[:NAMED]) + (" ..." if len(stuck) > NAMED else "")
    raise UnusableInputError(
        f"每个客户都应有车辆能完成的到访方案，有 {len(stuck)} 个没有（序号从 0 起：{names}）。"
        f"客户 {stuck[0]}：{lacking}"
    )


def describe_shortage(problem: RoutingProblem) -> tuple[str, ...]:
    """Return sentences on what the whole problem lacks: days or weeks whose load exceeds all vehicles together."""
    demand = problem.visit_demand
    options = np.repeat(np.arange(len(problem.option_price)), np.diff(problem.visit_start))
    have = np.zeros(problem.dimensions)
    for entry in problem.fleet:
        have += np.array(problem.classes[entry.vehicle_class].capacity) * entry.count
    sentences = []
    for dimension in range(problem.dimensions):
        # A visit that can be bought outside needs no room.
        own = np.where(np.isfinite(problem.visit_outside_price), 0.0, demand[:, dimension])
        per_option = np.bincount(options, own, minlength=len(problem.option_price))
        least = float(np.minimum.reduceat(per_option, problem.option_start[:-1]).sum()) if len(per_option) else 0.0
        if least > have[dimension]:
            sentences.append(
                f"第 {dimension + 1} 种载量至少需要 {least:g}，全部车辆合计只有 {have[dimension]:g}。"
                "请增加车辆、换大车或外包部分到访。"
            )
    return tuple(sentences)


def _possible_visits(problem: RoutingProblem) -> np.ndarray:
    """Return for each visit whether some vehicle of its slot could make it alone, or somebody outside does."""
    owner = _owners(problem)
    possible = np.isfinite(problem.visit_outside_price)
    for entry in problem.fleet:
        if entry.count < 1:
            continue
        vehicle = problem.classes[entry.vehicle_class]
        times = problem.travel_times[vehicle.profile] * vehicle.duration_factor
        depot = problem.customers + int(problem.slot_depot[entry.slot])
        lasting = times[depot, owner] + times[owner, depot] + problem.visit_service
        fits = (problem.visit_slot == entry.slot) & (lasting <= vehicle.max_duration * (1 + 1e-9))
        fits &= (problem.visit_demand <= np.array(vehicle.capacity) * (1 + 1e-9)).all(axis=1)
        if problem.allowed is not None:
            fits &= problem.allowed[owner, entry.vehicle_class]
        possible |= fits
    return possible


def _reasons(problem: RoutingProblem, customer: int) -> str:
    own = np.flatnonzero(_owners(problem) == customer)
    if not len(own):
        return "没有任何到访方案。请给出方案；允许不服务时给一个空方案。"
    demand = problem.visit_demand[own].max(axis=0)
    largest = np.max([k.capacity for k in problem.classes], axis=0)
    if (demand > largest).any():
        return f"每次货量 {demand.max():g} 超过所有车辆的载量。请拆分货量或增加大车。"
    return "可用的日子里没有许可的车辆装得下并能按时往返。请增加车辆、放宽时长或许可。"


def _owners(problem: RoutingProblem) -> np.ndarray:
    options = np.repeat(np.arange(problem.customers), np.diff(problem.option_start))
    return np.repeat(options, np.diff(problem.visit_start))
