"""Why a station problem has no answer: which villages, which limit, and what would help."""

from dataclasses import replace

import numpy as np

from posthouse.optimise.siting.mip import solve_model
from posthouse.optimise.siting.problem import StationProblem, listing, name
from posthouse.optimise.siting.station_model import Part, station_model
from posthouse.vocabulary.errors import UnusableInputError


def check_limits(problem: StationProblem) -> None:
    """Refuse villages that no site may or can serve, unless leaving a village out has a price."""
    if problem.unserved_cost_yuan is not None:
        return
    admissible = problem.admissible
    villages = np.arange(len(problem.demand))
    lost = np.setdiff1d(villages, problem.pair_village[admissible])
    if lost.size:
        raise UnusableInputError(
            f"每个村至少应有一个可用的候选点（本村的，或允许合设且步行不超过 {problem.walk_limit_km:g} 千米的），"
            f"实际有 {len(lost)} 个村没有：{listing(problem.villages, lost)}。{_nearest(problem, int(lost[0]))}"
            "请为这些村补充候选点、允许合设、放宽步行距离，或给出不设站代价。"
        )
    most = problem.site_capacity.copy()
    if problem.module_capacity is not None and problem.module_limit is not None:
        most = most + problem.module_capacity * problem.module_limit
    room = np.zeros(len(villages))
    np.maximum.at(room, problem.pair_village[admissible], most[problem.pair_site[admissible]])
    heavy = np.flatnonzero(problem.demand > room + 1e-9)
    if heavy.size:
        first = int(heavy[0])
        raise UnusableInputError(
            f"每个村的需求量不应超过可用候选点的最大容量，实际有 {len(heavy)} 个村超过："
            f"{listing(problem.villages, heavy)}"
            f"（{name(problem.villages, first)} 需 {problem.demand[first]:g}，最大容量 {room[first]:g}）。"
            "请补充容量更大的候选点、增加柜组，或给出不设站代价。"
        )


def explain_infeasible(
    problem: StationProblem, part: Part, *, proved: bool, seconds: float, seed: int
) -> UnusableInputError:
    """Return the error that says why the villages of a part cannot all be served.

    proved : whether HiGHS proved it; otherwise time ran out before any answer was found.
    """
    elastic = station_model(problem, part, objective="unserved")
    answer = solve_model(elastic.model, seconds=max(1.0, seconds), seed=seed)
    left = part.villages
    if answer.values is not None:
        left = part.villages[answer.values[-len(part.villages) :] > 0.5]
    if not proved and not left.size:
        return UnusableInputError(
            f"求解时限太短，没有得到可行的设站方案（{len(part.villages)} 个村）。请延长时限后重试。"
        )
    found = f"实际至少有 {len(left)} 个村无法设站，例如：{listing(problem.villages, left)}。"
    help_ = []
    if problem.new_limit is not None:
        needed = _least(replace(problem, new_limit=None), part, "new", seconds, seed)
        if needed is not None:
            help_.append(f"把新增站点上限由 {problem.new_limit} 提高到 {round(needed)}")
    if problem.budget_yuan is not None:
        needed = _least(replace(problem, budget_yuan=None), part, "spending", seconds, seed)
        if needed is not None:
            help_.append(f"把年预算由 {problem.budget_yuan:g} 元提高到 {needed:.0f} 元")
    if not help_:
        short = problem.demand[left].sum()
        help_.append(f"为这些村增加容量（共缺约 {short:g}）或补充候选点")
    return UnusableInputError(
        f"全部 {len(part.villages)} 个村应在限额内设站，{found}请{'，或'.join(help_)}，或给出不设站代价。"
    )


def _nearest(problem: StationProblem, village: int) -> str:
    mine = np.flatnonzero(problem.pair_village == village)
    if not mine.size:
        return ""
    km = float(problem.pair_km[mine].min())
    kind = "须本村设站，" if problem.own_station[village] else ""
    return f"（{name(problem.villages, village)} {kind}最近的候选点步行 {km:g} 千米。）"


def _least(problem: StationProblem, part: Part, objective: str, seconds: float, seed: int) -> float | None:
    """Return the least of what a limit counts, were there no such limit; None where even that does not help."""
    model = station_model(problem, part, objective=objective)
    answer = solve_model(model.model, seconds=max(1.0, seconds), seed=seed)
    return None if answer.values is None else answer.objective
