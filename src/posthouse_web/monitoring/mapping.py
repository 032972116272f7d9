"""The one file that knows both sides: the values of the library and the rows of this app."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from posthouse.measures.catalogue import get_definition
from posthouse.measures.model import Measurement
from posthouse.vocabulary.divisions import Level, level_of, parent_of
from posthouse_web.accounts.scope import in_partners
from posthouse_web.monitoring.models import Assignment, Discrepancy, Figure, Goal, Month, Place, Status

_RANKS = {status.value: rank for rank, status in enumerate(Status)}
_LEVELS = {Level.VILLAGE: "village", Level.TOWN: "town", Level.COUNTY: "county"}


def series_key(measure: str, parameters: Mapping[str, object]) -> str:
    """Return the name under which the figures of a measure with these parameters are kept.

    >>> series_key("village_coverage", {"island": "主岛"})
    'village_coverage island=主岛'
    """
    return " ".join([measure, *(f"{name}={parameters[name]}" for name in sorted(parameters))])[:160]


def month_row(cycle: Mapping[str, Any]) -> Month:
    """Return the row of a closed month (cycle.json)."""
    plan = cycle["plan"]
    figures = ("weekly_cost_yuan", "weekly_distance_km", "weekly_cost_alone_yuan", "weekly_cost_today_yuan", "expected")
    return Month(
        period=cycle["month"],
        title=cycle["programme"]["document"]["title"] or "方案",
        run_id=cycle["run"]["id"],
        plan={
            **{name: plan[name] for name in figures},
            "stations": len(plan["stations"]),
            "routes": len(plan["routes"]),
            "actions": len(plan["actions"]),
        },
    )


def goal_rows(cycle: Mapping[str, Any]) -> list[Goal]:
    """Return the goals of a month in the order of the plan document."""
    read = {goal["id"]: goal for goal in cycle["programme"]["goals"]}
    return [
        _goal(cycle["month"], position, goal, read.get(goal["id"], {})) for position, goal in enumerate(cycle["goals"])
    ]


def _goal(period: str, position: int, goal: Mapping[str, Any], read: Mapping[str, Any]) -> Goal:
    parameters = read.get("binding", {}).get("parameters", {})
    return Goal(
        period=period,
        goal_id=goal["id"],
        position=position,
        name=goal["indicator"] or goal["text"][:200],
        text=goal["text"],
        clause=goal["clause"],
        kind=read.get("kind", ""),
        measure=goal["measure"] or "",
        series=series_key(goal["measure"], parameters) if goal["measure"] else "",
        status=goal["status"],
        rank=_RANKS[goal["status"]],
        deadline=date.fromisoformat(goal["deadline"]) if goal["deadline"] else None,
        parameters=parameters,
        **{name: goal[name] for name in ("value", "numerator", "denominator", "coverage", "version", "target")},
        **{name: goal[name] for name in ("comparator", "unit", "forecast", "why")},
    )


def assignment_rows(cycle: Mapping[str, Any]) -> list[Assignment]:
    """Return the assignments of a month with what its verdicts said."""
    verdicts = {verdict["assignment_id"]: verdict for verdict in cycle["verdicts"]}
    return [
        Assignment(
            period=cycle["month"],
            assignment_id=entry["id"],
            goal_id=entry["goal_id"],
            title=entry["title"],
            lead_units="、".join(entry["lead_units"]),
            place=entry["place"] or "",
            place_name=entry["place_name"],
            brand=entry["closes_when"]["brand"] or "",
            due_on=date.fromisoformat(entry["due_on"]),
            state=entry["state"],
            before=verdicts.get(entry["id"], {}).get("before", ""),
            why=verdicts.get(entry["id"], {}).get("why", ""),
        )
        for entry in cycle["assignments"]
    ]


def discrepancy_rows(cycle: Mapping[str, Any], names: Mapping[str, str]) -> list[Discrepancy]:
    """Return the denied declarations of a month. names : full name by place."""
    return [
        Discrepancy(
            period=cycle["month"],
            measure=entry["measure"],
            reported_by=entry["unit"],
            place=entry["place"],
            place_name=names.get(entry["place"], entry["place"]),
            brand=entry["brand"] or "",
            declared=entry["declared"],
            observed=entry["observed"],
            unit=get_definition(entry["measure"]).unit,
            explanation=entry["explanation"],
        )
        for entry in cycle["discrepancies"]
    ]


def place_rows(divisions: Sequence[Mapping[str, Any]]) -> list[Place]:
    """Return the divisions; a village's full name has its town's before it."""
    names = {row["code"]: row["name"] for row in divisions}
    return [
        Place(
            code=row["code"],
            name=row["name"],
            full_name=(names.get(parent_of(row["code"]) or "", "") if row["level"] == "village" else "") + row["name"],
            **{name: row[name] for name in ("level", "kind", "lon", "lat", "population")},
        )
        for row in divisions
    ]


def whole_figure(goal: Goal) -> Figure:
    """Return the figure of the whole area: what the month was closed with."""
    facts = {name: getattr(goal, name) for name in ("series", "period", "value", "numerator", "denominator", "unit")}
    return Figure(coverage=goal.coverage or 0.0, **facts)


def figure_rows(series: str, measurements: Iterable[Measurement], names: Mapping[str, str]) -> Iterator[Figure]:
    """Return the figures of a series; those of all brands say which brands are part of them.

    A brand is part of a place's figure when it counts something there. The figure of the whole area is everyone's, and
    so is one in which no brand counts anything: there is nothing of a rival in it.
    """
    found = {(m.place or "", m.brand or ""): m for m in measurements}
    partners: dict[str, set[str]] = {}
    for (place, brand), m in found.items():
        if brand and m.numerator:
            partners.setdefault(place, set()).add(brand)
    for (place, brand), m in found.items():
        yield Figure(
            series=series,
            period=str(m.period),
            level=_LEVELS.get(level_of(place), "") if place else "",
            place=place,
            place_name=names.get(place, place),
            brand=brand,
            partners="" if brand or not place else in_partners(partners.get(place, ())),
            value=m.value,
            numerator=m.numerator,
            denominator=m.denominator,
            coverage=m.coverage,
            unit=m.unit,
        )
