"""Tell a planner what an infeasible answer lacks: which customers, which limit, by how much, and what would help."""

from collections import defaultdict

import numpy as np

from posthouse.optimise.routing.check import Violation
from posthouse.optimise.routing.feasibility import describe_shortage, name_customers
from posthouse.optimise.routing.problem import RoutingProblem

WORDS = {
    "capacity": ("超载", "请增加车辆、换大车、给这些客户别的日子，或外包部分到访"),
    "duration": ("超过最长时长", "请放宽时长、增加车辆，或给这些客户别的日子"),
    "window": ("晚于时间窗", "请放宽时间窗、增加车辆，或提早发车"),
    "hours": ("晚于收车时间", "请推迟收车、增加车辆，或给这些客户别的日子"),
    "fleet": ("路线多于车辆", "请增加车辆"),
    "vehicle": ("由未许可的车辆到访", "请放宽许可或安排许可的车辆"),
    "visit": ("到访次数不符", "请增加车辆或允许外包"),
    "option": ("没有可选的到访方案", "请增加到访方案"),
}


def explain(problem: RoutingProblem, violations: tuple[Violation, ...]) -> tuple[str, ...]:
    """Return sentences: first what is too little whatever the routes, then what this answer breaks, by limit."""
    by_limit: dict[str, list[Violation]] = defaultdict(list)
    for violation in violations:
        by_limit[violation.limit].append(violation)
    sentences = list(describe_shortage(problem)) if violations else []
    for limit, own in by_limit.items():
        what, remedy = WORDS[limit]
        customers = np.array([customer for violation in own for customer in violation.customers], dtype=np.int64)
        whom = f"，涉及客户（序号从 0 起）{name_customers(customers)}" if len(customers) else ""
        excess = max(violation.excess for violation in own)
        sentences.append(f"所得方案有 {len(own)} 处{what}，最多超 {excess:g}{whom}。{remedy}。")
    return tuple(sentences)
