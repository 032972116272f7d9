"""The pages of 数据; they only translate between requests, actions and queries."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from posthouse.records.schema import all_tables, get_table
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import Grain, parse_period
from posthouse_web.accounts.actions import log_access
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.data import actions, queries
from posthouse_web.data.models import FaultyRow, Upload
from posthouse_web.intake import RECORDS, RefusedError
from posthouse_web.runs.models import Run
from posthouse_web.runs.queries import find_latest, has_worker
from posthouse_web.tables import Column, Listing

MOST_FILES = 20
BY = {"name": _l("标题"), "mapping": _l("已选定"), "shipped": _l("常见标题"), "content": _l("内容")}


def _state(upload: Upload) -> object:
    if upload.run is None:
        return _("看过，未导入")
    return upload.run.seen_state.label


UPLOADS = Listing(
    columns=(
        Column(field="name", title=_l("文件"), link=lambda row: reverse("data:show", args=[row.pk])),
        Column(field="run__state", title=_l("状态"), words=_state, is_sorted=False),
        Column(field="good", title=_l("读入"), is_number=True),
        Column(field="rejected", title=_l("错行"), is_number=True),
        Column(field="uploaded_by__username", title=_l("上传人"), words=lambda row: row.uploaded_by),
        Column(field="uploaded_at", title=_l("上传时间")),
    ),
    search=("name",),
    order="-uploaded_at",
    rows=20,
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what has been handed in, what the records hold, and what goals lack."""
    scope = _enter(request)
    workspace = queries.find_workspace()
    held = queries.list_held(workspace)
    months = sorted({month for table in held for month in table.months}, reverse=True)[:24]
    asked = request.GET.get("month", "")
    month = asked if asked in months else (months[0] if months else "")
    return render(
        request,
        "data/index.html",
        {
            "active": "data",
            "page": UPLOADS.page(queries.list_uploads(scope), request.GET),
            "forms": ",".join(RECORDS),
            "held": held,
            "months": months,
            "month": month,
            "lacks": queries.list_lacks(workspace, month),
            "faulty": queries.count_faulty(scope),
            "may_close": scope.may(Permission.CLOSE_MONTH) and bool(months),
            **_working(find_latest(scope, "close")),
        },
    )


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take files in; with one file its page follows, else the list."""
    by: Any = request.user
    actions.require_whole_city(scope_of(by))
    files = request.FILES.getlist("files")[:MOST_FILES]
    if not files:
        messages.error(request, _("还没有选文件。请先选一个或几个文件，再点“上传”。"))
    taken = []
    for file in files:
        try:
            taken.append(actions.receive_file(by, file))
        except RefusedError as refused:
            messages.error(request, str(refused))
    return redirect("data:show", taken[0].pk) if len(files) == 1 and taken else redirect("data:index")


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how a file would be read, how far its loading is, and what came of it."""
    scope = _enter(request)
    row = get_object_or_404(queries.list_uploads(scope), pk=pk)
    context = {
        "active": "data",
        "upload": row,
        "sheets": [_sheet(sheet) for sheet in row.preview],
        "can_load": all(not sheet["problem"] and sheet["table"] for sheet in row.preview),
        "tables": [(name, table.zh) for name, table in all_tables().items() if table.kind != "derived"],
        "faulty": queries.list_faulty(scope).filter(file__startswith=row.name).count(),
        **_working(row.run),
    }
    return render(request, "data/show.html", context)


def _sheet(sheet: dict[str, Any]) -> dict[str, Any]:
    """Return a preview with its words: the columns of its table, and why each heading is what."""
    table = get_table(sheet["table"]) if sheet["table"] else None
    named = {column.name: column for column in table.columns} if table else {}
    return {
        **sheet,
        "title": table.zh if table else "",
        "choices": [(column.name, column.zh) for column in named.values()],
        "columns": [
            {**guess, "why": BY.get(guess["by"], ""), "words": named[guess["column"]].zh if guess["column"] else ""}
            for guess in sheet["columns"]
        ],
        "missing": [(name, named[name].zh, named[name].meaning) for name in sheet.get("missing", ())],
    }


@require_POST
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how a file is read."""
    by: Any = request.user
    row = get_object_or_404(queries.list_uploads(_enter(request)), pk=pk)
    tables, table = all_tables(), request.POST.get("table", "")
    if table not in tables:
        messages.error(request, _("请先选这是哪张表。"))
        return redirect("data:show", pk)
    known = {column.name for column in tables[table].columns}
    headings = [guess["heading"] for sheet in row.preview for guess in sheet["columns"]]
    chosen = {
        heading: column
        for at, heading in enumerate(headings)
        if (column := request.POST.get(f"column-{at}")) is not None and column in {"", *known}
    }
    constants = {name: request.POST.get(f"constant-{name}", "").strip()[:100] for name in known}
    actions.choose_columns(by, row, table, chosen, constants)
    return redirect("data:show", pk)


@require_POST
def load(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a file to be loaded."""
    by: Any = request.user
    actions.load_upload(by, get_object_or_404(queries.list_uploads(_enter(request)), pk=pk))
    return redirect("data:show", pk)


FAULTY = Listing(
    columns=(Column(field="row", title=_l("行")),),
    search=("file", "wrong"),
    filters=(("table", _l("表")), ("file", _l("文件"))),
    labels={"table": {name: table.zh for name, table in all_tables().items()}},
    order="pk",
    rows=20,
)


@require_safe
def faulty(request: HttpRequest) -> HttpResponse:
    """Show the rows that were turned away, to be mended where they stand."""
    scope = _enter(request)
    page = FAULTY.page(queries.list_faulty(scope), request.GET)
    if page.rows:
        log_access(request, "隔离行", f"第{page.number}页", len(page.rows))
    context = {
        "active": "data",
        "page": page,
        "rows": [_faulty(row) for row in page.rows],
        "mended": queries.count_mended(scope),
        **_working(find_latest(scope, "mend")),
    }
    return render(request, "data/faulty.html", context)


def _faulty(row: FaultyRow) -> dict[str, Any]:
    """Return a row with its cells: those at fault first, the others to be opened."""
    cells = [
        {
            "name": f"{row.pk}-{column.name}",
            "title": column.zh,
            "text": row.edits.get(column.name, row.cells.get(column.name) or ""),
            "was": row.cells.get(column.name) or "",
            "options": column.values_zh or column.values if column.name in row.at_fault else (),
            "at_fault": column.name in row.at_fault or not row.at_fault,
        }
        for column in get_table(row.table).columns
        if column.type not in ("hash", "key") or column.name in row.at_fault
    ]
    return {
        "row": row,
        "title": get_table(row.table).zh,
        "at_fault": [cell for cell in cells if cell["at_fault"]],
        "others": [cell for cell in cells if not cell["at_fault"]],
    }


@require_POST
def mend(request: HttpRequest) -> HttpResponse:
    """Keep the cells of a page, and load the mended rows where that is asked for."""
    by: Any = request.user
    rows = {row.pk: row for row in queries.list_faulty(_enter(request)).filter(pk__in=_numbers(request))}
    cells: dict[int, dict[str, str]] = {pk: dict(row.edits) for pk, row in rows.items()}
    for name, value in request.POST.items():
        number, _dash, column = name.partition("-")
        if number.isdigit() and int(number) in rows:
            cells[int(number)][column] = str(value).strip()
    changed = actions.mend_rows(by, {rows[pk]: cells[pk] for pk in rows})
    if "load" in request.POST and queries.count_mended(_enter(request)):
        actions.reload_mended(by)
    else:
        messages.success(request, ngettext("改了 %(count)s 行。", "改了 %(count)s 行。", changed) % {"count": changed})
    return redirect(f"{reverse('data:faulty')}?{request.GET.urlencode()}")


def _numbers(request: HttpRequest) -> set[int]:
    return {int(number) for name in request.POST if (number := name.partition("-")[0]).isdigit()}


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Ask for a month to be measured and closed."""
    by: Any = request.user
    try:
        period = parse_period(request.POST.get("month", ""))
        if period.grain is not Grain.MONTH:
            raise UnusableInputError(_("请选一个月份。"))
    except UnusableInputError as fault:
        messages.error(request, str(fault))
    else:
        actions.close_month(by, str(period))
    return redirect("data:index")


def _enter(request: HttpRequest) -> Scope:
    scope = scope_of(request.user)
    actions.require_whole_city(scope)
    return scope


def _working(run: Run | None) -> dict[str, Any]:
    """Return what `working.html` shows of a run."""
    return {"run": run, "state": run.seen_state if run else "", "has_worker": has_worker()}
