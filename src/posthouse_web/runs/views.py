"""The pages of runs; they only translate between requests, actions and queries."""

import sys
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST, require_safe
from django.views.defaults import server_error

from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import scope_of
from posthouse_web.runs import actions, queries
from posthouse_web.runs.faults import page_in_words
from posthouse_web.runs.kinds import KINDS
from posthouse_web.runs.models import Run, State
from posthouse_web.tables import Column, Listing

RUNS = Listing(
    columns=(
        Column(
            field="kind",
            title=_l("内容"),
            words=lambda run: KINDS[run.kind].title,
            link=lambda run: reverse("runs:run", args=[run.pk]),
        ),
        Column(field="state", title=_l("状态"), words=lambda run: run.seen_state.label),
        Column(field="share", title=_l("进度"), is_number=True, words=lambda run: f"{run.percent}%"),
        Column(field="asked_by__username", title=_l("发起人"), words=lambda run: run.asked_by or "—"),
        Column(field="asked_at", title=_l("发起时间")),
        Column(field="ended_at", title=_l("结束时间")),
    ),
    filters=(("kind", _l("内容")), ("state", _l("状态"))),
    labels={"kind": {name: kind.title for name, kind in KINDS.items()}},
    order="-asked_at",
)


@require_safe
def list_runs(request: HttpRequest) -> HttpResponse:
    """List the runs, newest first."""
    scope = scope_of(request.user)
    scope.require(Permission.READ_RUNS)
    page = RUNS.page(queries.list_runs(scope), request.GET)
    return render(
        request,
        "runs/list.html",
        {
            "page": page,
            "has_worker": queries.has_worker(),
            "free_mb": queries.find_little_space(),
            "may_publish": scope.may(KINDS["publish"].needs),
        },
    )


@require_safe
def show_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one run; while it is at work the page asks for itself every two seconds."""
    scope = scope_of(request.user)
    scope.require(Permission.READ_RUNS)
    run = get_object_or_404(queries.list_runs(scope), pk=pk)
    state = run.seen_state
    return render(
        request,
        "runs/_run.html" if request.headers.get("HX-Request") else "runs/run.html",
        {
            "run": run,
            "kind": KINDS[run.kind],
            "state": state,
            "is_over": run.is_over,
            "can_stop": state in (State.QUEUED, State.RUNNING),
            "can_resume": KINDS[run.kind].can_resume and state in (State.STOPPED, State.FAILED, State.LOST),
            "has_worker": queries.has_worker(),
            "free_mb": queries.find_little_space(),
        },
    )


def answer_fault(request: HttpRequest) -> HttpResponse:
    """Answer where a page could not be made (`handler500`): in words where the disk or the database is the cause."""
    words = page_in_words(sys.exc_info()[1])
    if not words:
        return server_error(request)
    return HttpResponse(
        loader.render_to_string("503.html", {"words": words}), status=503, headers={"Retry-After": "60"}
    )


@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Ask for the closed months to be read into the console."""
    by: Any = request.user
    return redirect("runs:run", actions.start_run(by, "publish", {}).pk)


def _on_run(act: Callable[[Any, Run], Run | None]) -> Callable[[HttpRequest, int], HttpResponse]:
    @require_POST
    def respond(request: HttpRequest, pk: int) -> HttpResponse:
        run = get_object_or_404(queries.list_runs(scope_of(request.user)), pk=pk)
        try:
            shown = act(request.user, run) or run
        except actions.NotPossibleError:
            messages.error(request, _("这次运行的状态已经变了，没有照办。请看本页现在的状态。"))
            shown = run
        return redirect("runs:run", shown.pk)

    return respond


stop_run = _on_run(actions.stop_run)
resume_run = _on_run(actions.resume_run)
repeat_run = _on_run(actions.repeat_run)
