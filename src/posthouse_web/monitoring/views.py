"""The pages of 总览 and 目标; they only translate between requests, queries and the rows behind a figure."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from posthouse.measures.catalogue import get_definition
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import parse_period
from posthouse.vocabulary.units import in_words
from posthouse_web.accounts.actions import log_access
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.maps.drawing import draw_villages
from posthouse_web.monitoring import queries, rows_behind
from posthouse_web.monitoring.models import Goal
from posthouse_web.tables import Column, Listing

LEVELS = {"town": _l("镇街"), "brand": _l("品牌"), "village": _l("村")}


@require_safe
def overview(request: HttpRequest, period: str | None = None) -> HttpResponse:
    """Show every goal of the month with its light, the map, what has changed and what is overdue."""
    scope, months, period = _enter(request, period)
    if not months:
        return render(
            request, "monitoring/empty.html", {"active": "overview", "may_run": scope.may(Permission.CLOSE_MONTH)}
        )
    lines = queries.list_goals(scope, period)
    return render(
        request,
        "monitoring/overview.html",
        {
            "active": "overview",
            "month": queries.find_month(scope, period),
            "months": months,
            "period": period,
            "lines": lines,
            "lights": queries.count_lights(lines),
            "turned": [line for line in lines if line.has_turned],
            "counts": queries.count_assignments(scope, period),
            "late": queries.list_late(scope, period)[: queries.SHOWN],
            "next_due": queries.list_next_due(scope, period)[: queries.SHOWN],
            "drawing": draw_villages(scope, period),
        },
    )


GOALS = Listing(
    columns=(
        Column(field="rank", title=_l("状态"), words=lambda goal: goal.get_status_display()),
        Column(
            field="name",
            title=_l("目标"),
            link=lambda goal: f"{reverse('monitoring:goal', args=[goal.goal_id])}?month={goal.period}",
        ),
        Column(field="value", title=_l("测量值"), is_number=True, words=lambda goal: in_words(goal.value, goal.unit)),
        Column(field="target", title=_l("要求"), is_number=True, words=queries.target_in_words),
        Column(field="deadline", title=_l("期限")),
        Column(
            field="forecast",
            title=_l("预计到期"),
            is_number=True,
            words=lambda goal: "—" if goal.forecast is None else in_words(goal.forecast, goal.unit),
        ),
        Column(field="clause", title=_l("出处")),
    ),
    search=("name", "text"),
    filters=(("status", _l("状态")),),
    order="position",
    rows=100,
)


@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """List the goals of a month."""
    scope, months, period = _enter(request, request.GET.get("month"))
    page = GOALS.page(queries.goals_of(scope, period), request.GET)
    context = {"active": "goals", "page": page, "months": months, "period": period, "keep": {"month": period}}
    return render(request, "monitoring/goals.html", context)


@require_safe
def goal(request: HttpRequest, goal_id: str) -> HttpResponse:
    """Show one goal: source, series, forecast, breakdown, reported against observed."""
    scope, months, period = _enter(request, request.GET.get("month"))
    line = queries.find_goal(scope, period, goal_id)
    if line is None:
        raise Http404
    kinds = queries.list_breakdowns(scope, line.goal)
    by = request.GET.get("by", "")
    by = by if by in kinds else (kinds[0] if kinds else "")
    return render(
        request,
        "monitoring/goal.html",
        {
            "active": "goals",
            "line": line,
            "goal": line.goal,
            "definition": get_definition(line.goal.measure) if line.goal.measure else None,
            "months": months,
            "period": period,
            "series": queries.list_own(scope, line.goal),
            "chart": _chart(line.trend),
            "has_parts": queries.has_parts(scope, period),
            "kinds": [(kind, LEVELS[kind]) for kind in kinds],
            "by": by,
            "page": _parts(line.goal, by).page(queries.breakdown(scope, line.goal, by), request.GET) if by else None,
            "keep": {"month": period, "by": by},
            "discrepancies": queries.list_discrepancies(scope, line.goal)[:50],
        },
    )


def _parts(goal: Goal, by: str) -> Listing:
    def address(row: Any) -> str:
        place = reverse("monitoring:place", args=[goal.goal_id, row.place or "all"])
        return f"{place}?month={goal.period}" + (f"&brand={row.brand}" if by == "brand" else "")

    of = {"brand": "brand"}.get(by, "place_name")
    down = get_definition(goal.measure).direction == "down"
    return Listing(
        columns=(
            Column(field=of, title=LEVELS[by], link=address),
            Column(field="value", title=_l("测量值"), is_number=True, words=lambda row: in_words(row.value, row.unit)),
            Column(field="numerator", title=_l("分子"), is_number=True),
            Column(field="denominator", title=_l("分母"), is_number=True),
        ),
        search=(of,),
        order="-value" if down else "value",
        rows=30,
    )


@require_safe
def place(request: HttpRequest, goal_id: str, code: str) -> HttpResponse:
    """Show one place (or the whole area, `all`) of a goal: its months, its brands, and the rows behind its figure."""
    scope, months, period = _enter(request, request.GET.get("month"))
    line = queries.find_goal(scope, period, goal_id)
    found = queries.find_place(scope, code) if code != "all" else None
    if line is None or not line.goal.measure or (code != "all" and found is None):
        raise Http404
    where, brand = ("" if found is None else found.code), request.GET.get("brand", "")
    if brand and not scope.may_see_brand(brand):
        raise Http404
    sources = rows_behind.list_sources(get_definition(line.goal.measure).tables, scope)
    context = {
        "active": "goals",
        "goal": line.goal,
        "line": line,
        "place": found,
        "brand": brand,
        "period": period,
        "months": months,
        "has_parts": queries.has_parts(scope, period),
        "series": queries.place_figures(scope, line.goal, where, brand),
        "brands": [] if brand else queries.brand_figures(scope, line.goal, where),
        "sources": sources,
    }
    if sources and scope.may(Permission.READ_ROWS):
        context.update(_rows(request, scope, sources, period=period, place=where, brand=brand))
    return render(request, "monitoring/place.html", context)


def _rows(
    request: HttpRequest, scope: Scope, sources: list[tuple[str, str]], *, period: str, place: str, brand: str
) -> dict[str, Any]:
    asked, number = request.GET.get("rows", ""), request.GET.get("page", "1")
    # Events first: they say what happened; registers only say what there is.
    names = sorted((name for name, _ in sources), key=lambda name: not rows_behind.SOURCES[name].day)
    name = asked if asked in names else names[0]
    try:
        rows = rows_behind.read_rows(
            Path(settings.POSTHOUSE_OUT),
            scope,
            name,
            parse_period(period),
            place=place,
            brand=brand,
            number=int(number) if number.isdigit() else 1,
        )
    except UnusableInputError as fault:
        return {"fault": str(fault)}
    subject = f"{name} {period} {place or '全市'} {brand or '全部品牌'} 第{rows.number}页"
    log_access(request, "逐行依据", subject, len(rows.cells))
    return {"rows": rows, "table": name, "cells": rows.named(queries.place_names(rows.codes))}


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """List what is overdue in a month."""
    scope, months, period = _enter(request, request.GET.get("month"))
    page = LATE.page(queries.list_late(scope, period), request.GET)
    return render(
        request, "monitoring/late.html", {"page": page, "months": months, "period": period, "keep": {"month": period}}
    )


LATE = Listing(
    columns=(
        Column(field="due_on", title=_l("期限")),
        Column(field="title", title=_l("交办")),
        Column(field="lead_units", title=_l("牵头单位")),
        Column(field="place_name", title=_l("地方")),
    ),
    search=("title", "lead_units", "place_name"),
    order="due_on",
)


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send the latest bulletin or task list; they are of the whole city, so only to those who see all of it."""
    scope = scope_of(request.user)
    scope.require(Permission.EXPORT)
    path = Path(settings.POSTHOUSE_OUT) / name
    if scope.area or scope.brands is not None or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True)


def _enter(request: HttpRequest, period: str | None) -> tuple[Scope, list[str], str]:
    """Return the scope, the months and the month asked for, the newest where none is."""
    scope = scope_of(request.user)
    scope.require(Permission.READ_FIGURES)
    months = queries.list_months(scope)
    if period and period not in months:
        raise Http404
    return scope, months, period or (months[0] if months else "")


def _chart(trend: queries.Trend) -> dict[str, Any]:
    """Return what the chart draws, as data for the script."""
    share = trend.unit == "share"
    deadline = f"{trend.deadline:%Y-%m}" if trend.deadline else None

    def shown(value: float | None) -> float | None:
        return None if value is None else round(value * 100, 2) if share else value

    return {
        "months": trend.months,
        "values": [shown(value) for value in trend.values],
        "target": shown(trend.target),
        "forecast": shown(trend.forecast),
        "deadline": deadline,
        "unit": "%" if share else trend.unit,
        "words": {"values": _("测量值"), "forecast": _("预计"), "target": _("要求")},
    }
