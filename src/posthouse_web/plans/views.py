"""The pages of 规划; they only translate between requests, actions and queries."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from posthouse.planning.changes import MODE_VISITS, list_changes
from posthouse_web.accounts.models import User
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.plans import actions, files, levers, mapping, queries
from posthouse_web.plans.forms import ScenarioForm
from posthouse_web.plans.models import Scenario, State
from posthouse_web.runs.actions import NotPossibleError
from posthouse_web.runs.queries import has_worker
from posthouse_web.tables import Column, Listing

MOST_COMPARED = 4
MOST_CHOICES = 100
MOST_LINES = 100


def _money(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


SCENARIOS = Listing(
    columns=(
        Column(field="name", title=_l("情景"), link=lambda row: reverse("plans:show", args=[row.pk])),
        Column(field="state", title=_l("状态")),
        Column(field="month", title=_l("月份")),
        Column(field="cost_yuan", title=_l("每周费用（元）"), is_number=True, words=lambda row: _money(row.cost_yuan)),
        Column(
            field="yuan_per_parcel",
            title=_l("每件（元）"),
            is_number=True,
            words=lambda row: "" if row.yuan_per_parcel is None else f"{row.yuan_per_parcel:.2f}",
        ),
        Column(field="visits", title=_l("每周到村次数"), is_number=True),
        Column(field="missing", title=_l("没有做到"), is_number=True),
        Column(field="made_by__username", title=_l("谁"), words=lambda row: row.made_by or _("示例")),
        Column(field="made_at", title=_l("建立时间")),
    ),
    search=("name",),
    filters=(("state", _l("状态")), ("month", _l("月份"))),
    order="-made_at",
    rows=30,
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the scenarios, with a form to compare some."""
    scope = _enter(request)
    rows = queries.list_scenarios(scope)
    context = {
        "active": "plans",
        "page": SCENARIOS.page(rows, request.GET),
        "planned": rows.exclude(state=State.DRAFT)[:MOST_CHOICES],
        "may_plan": scope.may(Permission.PLAN),
        "has_data": bool(queries.list_months()),
    }
    return render(request, "plans/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the levers, from the defaults or from another scenario, and take them."""
    by: Any = request.user
    scope = _enter(request)
    scope.require(Permission.PLAN)
    start = request.GET.get("from", "")
    base = get_object_or_404(queries.list_scenarios(scope), pk=start) if start.isdigit() else None
    months = queries.list_months()
    form = ScenarioForm(
        months,
        request.POST or None,
        levers=base.levers if base else None,
        initial={"name": f"{base.name} 2" if base else "", "data_month": base.month if base else ""},
    )
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        made = actions.make_scenario(by, facts["name"], facts["data_month"], form.changes)
        return redirect("plans:show", made.pk)
    return render(request, "plans/new.html", {"active": "plans", "form": form, "months": months, "base": base})


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one scenario: how far its search is, what its plan costs and brings, what can be done with it."""
    scope = _enter(request)
    row = get_object_or_404(queries.list_scenarios(scope), pk=pk)
    plan = queries.read_plan(scope, row)
    figures = mapping.side_by_side([plan]) if plan else []
    run = row.run
    is_own = scope.may(Permission.PLAN) and (scope.brands is None or row.made_by_id == scope.person)
    is_idle = run is None or run.is_over
    context = {
        "active": "plans",
        "scenario": row,
        "plan": plan,
        "figures": [row for row in figures if not row[0].startswith(MODE_VISITS)],
        "modes": [row for row in figures if row[0].startswith(MODE_VISITS)],
        "changed": levers.list_changes(row.levers),
        "course": {"points": row.course, "words": {"x": _("秒"), "y": _("每周费用（元）")}},
        "frontier": mapping.frontier_of(plan) if plan else {},
        "frontier_data": _frontier(plan) if plan else {},
        "unserved": plan.unserved[:MOST_LINES] if plan else (),
        "files": [name for name in files.FILES if scope.brands is None or name != "plan.gpkg"],
        "may_export": scope.may(Permission.EXPORT),
        "is_own": is_own,
        "can_plan": is_own and is_idle and row.state in (State.DRAFT, State.PLANNED),
        "can_publish": is_own and is_idle and row.state == State.PLANNED,
        "can_adopt": scope.may(Permission.PUBLISH_PLAN) and row.state == State.PUBLISHED,
        "run": run if is_own and not (run and run.is_over and run.state == "done") else None,
        "state": run.seen_state if run else "",
        "has_worker": has_worker(),
        "stop_address": reverse("plans:stop", args=[pk]),
    }
    return render(request, "plans/show.html", context)


def _frontier(plan: Any) -> dict[str, Any]:
    lines = mapping.frontier_of(plan)
    return {
        "visits": [[p.visits_per_week, p.cost_yuan, p.bound_yuan] for p in lines["visits"]],
        "shares": [[round(100 * p.village_share), p.cost_yuan, p.bound_yuan] for p in lines["shares"]],
        "words": {
            "visits": _("每周次数"),
            "shares": _("得到承诺次数的村（%）"),
            "cost": _("每周费用（元）"),
            "bound": _("下限"),
        },
    }


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show up to four plans side by side, and what changes for the villages from the first to the second."""
    scope = _enter(request)
    asked = [text for text in dict.fromkeys(request.GET.getlist("plan")) if text.isdigit()][:MOST_COMPARED]
    found = {str(row.pk): row for row in queries.list_scenarios(scope).exclude(state=State.DRAFT).filter(pk__in=asked)}
    if len(found) < 2:
        messages.error(request, _("请选两个或更多算好的情景来比较。"))
        return redirect("plans:index")
    rows = [found[text] for text in asked if text in found]
    plans = [plan for row in rows if (plan := queries.read_plan(scope, row)) is not None]
    changes = list_changes(plans[0], plans[1])
    context = {
        "active": "plans",
        "scenarios": rows,
        "figures": [(name, unit, values, _less(values)) for name, unit, values in mapping.side_by_side(plans)],
        "levers": _levers(rows),
        "changes": changes[:MOST_LINES],
        "change_count": len(changes),
    }
    return render(request, "plans/compare.html", context)


def _less(values: list[float]) -> list[float]:
    """Return by how much each value differs from the first."""
    return [value - values[0] for value in values]


def _levers(rows: list[Scenario]) -> list[tuple[levers.Lever, list[str]]]:
    changed = [{lever.path: words for lever, words in levers.list_changes(row.levers)} for row in rows]
    return [
        (lever, [words.get(lever.path, "") for words in changed])
        for lever in levers.list_levers()
        if any(lever.path in words for words in changed)
    ]


@require_safe
def file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Send one of the plan's files."""
    scope = _enter(request)
    scope.require(Permission.EXPORT)
    row = get_object_or_404(queries.list_scenarios(scope).exclude(state=State.DRAFT), pk=pk)
    content = files.read_file(row, name, scope.brands) if name in files.FILES else None
    if content is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{row.month}-{row.pk}-{name}"'}
    return HttpResponse(content, content_type=files.FILES[name], headers=headers)


def _on_scenario(act: Callable[[User, Scenario], str]) -> Callable[[HttpRequest, int], HttpResponse]:
    @require_POST
    def respond(request: HttpRequest, pk: int) -> HttpResponse:
        by: Any = request.user
        row = get_object_or_404(queries.list_scenarios(_enter(request)), pk=pk)
        try:
            said = act(by, row)
        except NotPossibleError:
            messages.error(request, _("这个情景的状态已经变了，没有照办。请看本页现在的状态。"))
        else:
            if said:
                messages.success(request, said)
        return redirect("plans:show", pk)

    return respond


def _again(by: User, row: Scenario) -> str:
    actions.plan_again(by, row)
    return ""


def _stop(by: User, row: Scenario) -> str:
    actions.stop_planning(by, row)
    return _("正在停止，会保留到现在最好的规划。")


def _publish(by: User, row: Scenario) -> str:
    actions.publish_scenario(by, row)
    return _("已发布。专班、领导和参与的企业现在都能看到，各看各的数。")


def _adopt(by: User, row: Scenario) -> str:
    issued = actions.put_in_force(by, row)
    said = ngettext("新交办 %(count)s 件。", "新交办 %(count)s 件。", issued) % {"count": issued}
    return _("已采用。地图的“按规划”现在画的是它。") + said


again = _on_scenario(_again)
stop = _on_scenario(_stop)
publish = _on_scenario(_publish)
adopt = _on_scenario(_adopt)


def _enter(request: HttpRequest) -> Scope:
    scope = scope_of(request.user)
    actions.require_whole_city(scope, Permission.READ_PLANS)
    return scope
