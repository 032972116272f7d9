"""The pages of 方案; they only translate between requests, actions and queries."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from posthouse.measures.catalogue import all_definitions
from posthouse.vocabulary.errors import UnusableInputError
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.intake import DOCUMENTS, RefusedError
from posthouse_web.programmes import actions, queries
from posthouse_web.programmes.forms import GoalForm
from posthouse_web.programmes.models import State
from posthouse_web.tables import Column, Listing

VERSIONS = Listing(
    columns=(
        Column(field="title", title=_l("方案"), link=lambda row: reverse("programmes:show", args=[row.pk])),
        Column(field="number", title=_l("文号")),
        Column(field="state", title=_l("状态")),
        Column(field="goal_count", title=_l("目标数"), is_number=True),
        Column(field="uploaded_at", title=_l("上传时间")),
        Column(field="confirmed_at", title=_l("确认时间")),
        Column(field="confirmed_by__username", title=_l("确认人"), words=lambda row: row.confirmed_by or "—"),
    ),
    search=("title", "number"),
    order="-uploaded_at",
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the versions; those who may, drop in a document here."""
    scope = _enter(request)
    context = {
        "active": "programmes",
        "page": VERSIONS.page(queries.list_versions(scope), request.GET),
        "may_edit": scope.may(Permission.EDIT_PROGRAMME),
        "forms": ",".join(DOCUMENTS),
    }
    return render(request, "programmes/index.html", context)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a plan document in and show what was read."""
    by: Any = request.user
    scope_of(by).require(Permission.EDIT_PROGRAMME)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("还没有选文件。请先选方案公文，再点“放入”。"))
        return redirect("programmes:index")
    try:
        version = actions.receive_document(by, file)
    except (RefusedError, UnusableInputError) as fault:
        messages.error(request, str(fault))
        return redirect("programmes:index")
    return redirect("programmes:show", version.pk)


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the marked text beside what was read from it, and what is different from another version."""
    scope = _enter(request)
    version = get_object_or_404(queries.list_versions(scope), pk=pk)
    others = list(queries.list_versions(scope).exclude(pk=pk).order_by("-uploaded_at")[:20])
    asked = request.GET.get("with", "")
    standing = next((v for v in others if str(v.pk) == asked), None) or next(
        (v for v in others if v.state == State.IN_FORCE), None
    )
    context = {
        "active": "programmes",
        "version": version,
        "marked": mark_safe(version.marked),  # made by `mark_text`, which escapes every letter of it
        "goals": queries.list_goals(scope, version),
        "names": _names(),
        "may_edit": scope.may(Permission.EDIT_PROGRAMME),
        "is_draft": version.state == State.DRAFT,
        "others": others,
        "other": standing,
        "differences": queries.list_differences(version, standing) if standing else [],
    }
    return render(request, "programmes/show.html", context)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the document as it was handed in."""
    scope = _enter(request)
    version = get_object_or_404(queries.list_versions(scope), pk=pk)
    path = actions.file_of(version)
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=version.name)


@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, pk: int, goal_id: str) -> HttpResponse:
    """Show one goal beside its sentence, and take corrections while the version is a draft."""
    by: Any = request.user
    scope = _enter(request)
    version = get_object_or_404(queries.list_versions(scope), pk=pk)
    row = get_object_or_404(queries.list_goals(scope, version), goal_id=goal_id)
    can_edit = scope.may(Permission.EDIT_PROGRAMME) and version.state == State.DRAFT
    form = GoalForm(request.POST or None, instance=row)
    if request.method == "POST":
        scope.require(Permission.EDIT_PROGRAMME)
        if not can_edit:
            messages.error(request, _("这份方案已经确认，不能再改。要改请重新放入公文，改好后再确认。"))
        elif form.is_valid():
            row.refresh_from_db()
            actions.correct_goal(by, row, {name: form.cleaned_data[name] for name in form.Meta.fields})
            return redirect(f"{reverse('programmes:show', args=[pk])}#l-{goal_id}")
    context = {
        "active": "programmes",
        "version": version,
        "goal": row,
        "form": form,
        "can_edit": can_edit,
        "measure": _names().get(row.measure, ""),
        "past": row.history.select_related("history_user").order_by("-history_date")[:20],
    }
    return render(request, "programmes/goal.html", context)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a version in force."""
    by: Any = request.user
    version = get_object_or_404(queries.list_versions(_enter(request)), pk=pk)
    actions.confirm_version(by, version)
    messages.success(request, _("已确认。下一次测量就按这份方案的目标算。"))
    return redirect("programmes:show", pk)


def _names() -> dict[str, str]:
    return {definition.id: definition.name_zh for definition in all_definitions()}


def _enter(request: HttpRequest) -> Scope:
    scope = scope_of(request.user)
    scope.require(Permission.READ_FIGURES)
    return scope
