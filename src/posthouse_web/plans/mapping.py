"""Between the library's plans and what this room keeps and shows of them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from posthouse.planning.changes import compare_plans
from posthouse.planning.exchange import plan_from_json, plan_to_json
from posthouse.planning.model import Plan
from posthouse_web.accounts.scope import in_partners

OTHERS = "其他企业"
"""What people of an operator read in place of a rival's name."""


def figures_of(plan: Plan) -> dict[str, Any]:
    """Return the fields of a scenario that its plan fills."""
    week = plan.week
    return {
        "cost_yuan": week.cost_yuan if week else 0.0,
        "yuan_per_parcel": week.cost_yuan / week.parcels_per_week if week and week.parcels_per_week else None,
        "visits": len({(call.village, call.weekday) for call in week.timetable}) if week else 0,
        "missing": sum(week.missing.values()) if week else 0,
        "partners": in_partners(brand.brand for brand in week.brands) if week else "",
    }


def is_better(plan: Plan, than: Plan | None) -> bool:
    """Whether a plan makes more of the promised visits, or as many at less cost."""
    return than is None or _rank(plan) < _rank(than)


def _rank(plan: Plan) -> tuple[int, float]:
    facts = figures_of(plan)
    return facts["missing"], facts["cost_yuan"]


def foreign_brands(plan: Plan, brands: frozenset[str] | None) -> list[str]:
    """Return the brands of the plan that are not theirs, longest name first; none for people of no operator."""
    if brands is None or plan.week is None:
        return []
    return sorted({b.brand for b in plan.week.brands} - brands, key=lambda name: (-len(name), name))


def only_own(plan: Plan, brands: frozenset[str] | None) -> Plan:
    """Return the plan as people of these brands may see it: pooled figures, their own shares, no rival's name.

    A rival's vehicle is a vehicle of the pooled rounds; whose it is and what its owner pays is left out.
    """
    foreign = foreign_brands(plan, brands)
    if not foreign or plan.week is None:
        return plan
    week = plan.week
    shares = replace(week.shares, objections=()) if week.shares else None
    own = tuple(brand for brand in week.brands if brand.brand not in foreign)
    actions = tuple(action for action in plan.actions if action.brand not in foreign)
    kept = replace(
        plan,
        actions=actions,
        week=replace(week, brands=own, shares=shares),
        weekly_cost_alone_yuan=sum(brand.alone_yuan for brand in own),
        weekly_cost_today_yuan=sum(brand.today_yuan for brand in own),
    )
    return plan_from_json(json.loads(without_names(json.dumps(plan_to_json(kept), ensure_ascii=False), foreign)))


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text with these names replaced."""
    for name in names:
        text = text.replace(name, OTHERS)
    return text


def side_by_side(plans: Sequence[Plan]) -> list[tuple[str, str, list[float]]]:
    """Return every figure of several plans: name, unit, one value a plan."""
    columns = [{(s.name, s.unit): s.second for s in compare_plans(plans[0], plan)} for plan in plans]
    rows = dict.fromkeys(key for column in columns for key in column)
    return [(name, unit, [column.get((name, unit), 0.0) for column in columns]) for name, unit in rows]


def frontier_of(plan: Plan) -> dict[str, list[Any]]:
    """Return the two lines of the frontier, each in its order: by visits a week, and by share of villages."""
    points = plan.week.frontier if plan.week else ()
    return {
        "visits": sorted((p for p in points if p.village_share == 1.0), key=lambda p: p.visits_per_week),
        "shares": sorted(
            (p for p in points if points and p.visits_per_week == points[0].visits_per_week),
            key=lambda p: p.village_share,
        ),
    }
