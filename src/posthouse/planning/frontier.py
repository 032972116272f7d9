"""What another promise would cost: visits a week, and share of the villages that get it."""

from collections.abc import Sequence
from dataclasses import replace

from posthouse.planning.depots import Need
from posthouse.planning.effort import Effort
from posthouse.planning.ground import Ground
from posthouse.planning.model import FrontierPoint
from posthouse.planning.weekly import WeeklyAnswer, plan_week


def trace_frontier(
    needs: Sequence[Need], answer: WeeklyAnswer, ground: Ground, effort: Effort, *, seed: int
) -> tuple[FrontierPoint, ...]:
    """Return the cost by visits a week for all villages, then by share of villages at the usual promise.

    The shares leave out first the villages that cost most for what they get. Points for which no time is left are left
    out: by how much another one was late is known.
    No point costs more than one with more visits or more villages, whose plan would do.
    """
    levers = ground.scenario.frontier
    usual = max((need.visits for need in needs), default=0)
    whole = FrontierPoint(
        visits_per_week=usual,
        village_share=1.0,
        villages=len(answer.patterns),
        cost_yuan=answer.cost_yuan,
        bound_yuan=answer.bound_yuan,
        missing_visits=sum(answer.missing.values()),
    )
    asked = [(visits, 1.0) for visits in levers.visits_per_week if visits != usual]
    asked += [(usual, part) for part in levers.village_shares if part < 1.0]
    order = _dearest_last(needs, answer)
    points, late_s = [whole], 0.0
    budgets = effort.parts([visits * part for visits, part in asked])
    for number, ((visits, part), budget) in enumerate(zip(asked, budgets, strict=True)):
        if effort.is_over or effort.clock() + late_s > effort.until:
            break
        effort.progress("频次与费用", number / len(asked))
        kept = order[: round(part * len(order))] if part < 1.0 else list(needs)
        if part == 1.0:
            kept = [replace(need, visits=visits) for need in kept]
        found = plan_week(kept, ground, budget, seed=seed, known=answer)
        late_s = max(late_s, effort.clock() - budget.until)
        points.append(
            FrontierPoint(
                visits_per_week=visits,
                village_share=part,
                villages=len(found.patterns),
                cost_yuan=found.cost_yuan,
                bound_yuan=found.bound_yuan,
                missing_visits=sum(found.missing.values()),
            )
        )
    return _monotone(points)


def _dearest_last(needs: Sequence[Need], answer: WeeklyAnswer) -> list[Need]:
    """The villages by what a parcel costs there: their share of the rounds, and what others are paid."""
    cost: dict[str, float] = dict.fromkeys((need.village for need in needs), 0.0)
    parcels: dict[str, float] = dict.fromkeys(cost, 0.0)
    for _, drive in answer.drives:
        for stop in drive.stops:
            cost[stop.village] = cost.get(stop.village, 0.0) + drive.cost_yuan / len(drive.stops)
            parcels[stop.village] = parcels.get(stop.village, 0.0) + stop.parcels
    for carry in answer.carries:
        cost[carry.village] = cost.get(carry.village, 0.0) + carry.cost_yuan
        parcels[carry.village] = parcels.get(carry.village, 0.0) + carry.parcels
    served = answer.patterns
    return sorted(
        needs,
        key=lambda n: (n.village not in served, cost[n.village] / max(parcels[n.village], 1e-9), n.village),
    )


def _monotone(points: Sequence[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    """Lower a point to what more visits or villages were found to cost, where that is less and leaves no more out."""
    made = []
    for point in points:
        harder = [
            other.cost_yuan
            for other in points
            if other.visits_per_week >= point.visits_per_week
            and other.village_share >= point.village_share
            and other.missing_visits <= point.missing_visits
        ]
        made.append(replace(point, cost_yuan=min([point.cost_yuan, *harder])))
    return tuple(sorted(made, key=lambda p: (p.village_share < 1.0, p.visits_per_week, p.village_share)))
