"""From gaps to one Plan: each gap goes to the planner of its measure; what none can plan becomes work for a unit.

Every gap leads to at least one action, so that no unmet goal is left without somebody who answers for it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from posthouse.diagnosis.model import Gap
from posthouse.measures.catalogue import get_definition
from posthouse.planning.actions import make_action
from posthouse.planning.candidates import read_rules
from posthouse.planning.effort import Effort
from posthouse.planning.factory import plan_factory
from posthouse.planning.ground import Ground, ground_from
from posthouse.planning.infrastructure import plan_infrastructure
from posthouse.planning.model import Action, Plan
from posthouse.planning.overseas import plan_overseas
from posthouse.planning.scenario import read_scenario
from posthouse.planning.village import MEASURES as VILLAGE_MEASURES
from posthouse.planning.village import plan_villages
from posthouse.programme.model import Programme
from posthouse.vocabulary.units import in_words

if TYPE_CHECKING:
    import pyarrow

BY_RULE: Mapping[str, Callable[[Gap, Ground], Plan]] = {
    "factory": plan_factory,
    "overseas": plan_overseas,
    "infrastructure": plan_infrastructure,
}
"""Planners of the subjects whose rules are data (`SUBJECT.toml`)."""


def propose_plan(
    gaps: Sequence[Gap],
    registers: "Mapping[str, pyarrow.Table]",
    programme: Programme,
    *,
    seed: int,
    seconds: float,
    on: date | None = None,
) -> Plan:
    """Return the proposals for all gaps; the same inputs and seed give the same plan.

    Parameters
    ----------
    registers : tables by name (see `ground.ground_from`); a missing one means fewer candidates, not an error.
    programme : goals the gaps belong to; their words go into the titles of what cannot be planned.
    seconds : about how long the rounds are searched; turned into a number of iterations.
    on : day on which the registers' rows must be valid, usually the last day of the period.
    """
    ground = ground_from(registers, read_scenario(), on)
    texts = {goal.id: goal.text for goal in programme.goals}
    village = [gap for gap in gaps if gap.measure in VILLAGE_MEASURES]
    plans = [plan_villages(village, ground, Effort(seconds=seconds), seed=seed)] if village else []
    for gap in gaps:
        if gap.measure not in VILLAGE_MEASURES:
            subject = next((s for s in BY_RULE if gap.measure in read_rules(s)), None)
            plans.append(
                BY_RULE[subject](gap, ground) if subject else _follow_up(gap, texts.get(gap.goal_id, ""), ground)
            )
    faults = Plan(findings=(*ground.divisions.findings, *ground.graph.findings))
    return join_plans([*plans, faults] if village else plans)


def join_plans(plans: Sequence[Plan]) -> Plan:
    """Return one plan with everything in them, in their order; costs and kilometres add up."""
    return Plan(
        stations=tuple(station for plan in plans for station in plan.stations),
        routes=tuple(route for plan in plans for route in plan.routes),
        actions=tuple(action for plan in plans for action in plan.actions),
        weekly_cost_yuan=sum(plan.weekly_cost_yuan for plan in plans),
        weekly_distance_km=sum(plan.weekly_distance_km for plan in plans),
        weekly_cost_alone_yuan=sum(plan.weekly_cost_alone_yuan for plan in plans),
        weekly_cost_today_yuan=sum(plan.weekly_cost_today_yuan for plan in plans),
        expected={measure: value for plan in plans for measure, value in plan.expected.items()},
        assumptions=tuple(dict.fromkeys(said for plan in plans for said in plan.assumptions)),
        unserved=tuple(dict.fromkeys(said for plan in plans for said in plan.unserved)),
        findings=tuple(finding for plan in plans for finding in plan.findings),
        week=next((plan.week for plan in plans if plan.week is not None), None),
    )


def _follow_up(gap: Gap, text: str, ground: Ground) -> Plan:
    """Work without a proposal: the unit that answers for the goal says how; it closes on the same measurement."""
    definition = get_definition(gap.measure)
    wanted = in_words(gap.target, definition.unit)
    places = [item for item in gap.items if item.place is not None and item.brand is None]
    brands = [item for item in gap.items if item.brand is not None and item.place is None]
    actions: list[Action] = []
    for item in brands or places:
        name = item.brand or ground.divisions.name_with_town(item.place or "")
        title = f"{name}：{definition.name_zh}从{in_words(item.value, definition.unit)}改进到{wanted}"
        actions.append(
            make_action(
                gap, "follow_up", title, place=item.place, place_name="" if item.brand else name, brand=item.brand
            )
        )
    if not actions:
        actions.append(make_action(gap, "follow_up", f"{definition.name_zh}达到{wanted}：提出并落实措施"))
    why = f"{definition.name_zh}（{text or gap.goal_id}）：没有可以由登记数据推算的措施，请责任单位提出。"
    return Plan(actions=tuple(actions), unserved=(why,))
