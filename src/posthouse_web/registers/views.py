"""The pages of 台账; they only translate between requests, actions and queries."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from posthouse.records.schema import Column as Declared
from posthouse.records.schema import Table
from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.intake import RECORDS
from posthouse_web.registers import actions, mapping, queries
from posthouse_web.registers.forms import CloseForm, EntryForm
from posthouse_web.registers.models import Entry
from posthouse_web.runs.queries import find_latest, has_worker
from posthouse_web.tables import Column, Heading, Listing

SHOWN = 6
"""Columns of a register in its list, besides number, name and place."""
_ELSEWHERE = frozenset({"name", "lon", "lat", "parent_code", "division", "valid_from", "level", "brand"})
_STATES: dict[str, object] = {"False": _l("在用"), "True": _l("停用或有期限")}
_SHEET_ROWS = 1_048_575


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the registers with how many rows each holds."""
    scope = _enter(request)
    context = {"active": "registers", "registers": queries.list_registers(scope), **_working(scope)}
    return render(request, "registers/index.html", context)


@require_safe
def show_table(request: HttpRequest, table: str) -> HttpResponse:
    """List the rows of a register."""
    scope, declared = _enter(request), _table(table)
    page = _listing(declared, scope).page(queries.list_entries(scope, table), request.GET)
    context = {
        "active": "registers",
        "table": declared,
        "title": mapping.title_of(declared),
        "page": replace(page, headings=[h for h in page.headings if _says_something(h, page.rows)]),
        "may_edit": _may_edit(scope),
        "may_load": scope.may(Permission.LOAD_DATA) and not scope.area and scope.brands is None,
        "may_export": scope.may(Permission.EXPORT),
        "query": request.GET.urlencode(),
        "forms": ",".join(RECORDS),
        **_working(scope),
    }
    return render(request, "registers/table.html", context)


@require_safe
def export(request: HttpRequest, table: str, form: str) -> HttpResponse:
    """Send the rows that the list shows, all pages of it, as a file that can be loaded again."""
    scope, declared = _enter(request), _table(table)
    scope.require(Permission.EXPORT)
    rows = _listing(declared, scope).all(queries.list_entries(scope, table), request.GET)
    lines = _lines(declared, rows.values_list("cells", flat=True).iterator(), scope)
    name = f'attachment; filename="{table}-{timezone.localdate()}.{form}"'
    if form == "csv":
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
        csv.writer(response).writerows(lines)
        return response
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(_workbook(declared, lines), content_type=kind, headers={"Content-Disposition": name})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, table: str) -> HttpResponse:
    """Add a row to a register."""
    by: Any = request.user
    scope, declared = _enter(request), _table(table)
    scope.require(Permission.EDIT_REGISTERS)
    form = EntryForm(declared, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.add_entry(by, declared, form.cells)
        except actions.ExistsError:
            form.add_error(declared.key[0], _("台账里已有这个编号。请换一个编号，或去改那一行。"))
        else:
            messages.success(request, _("已登记。下一次测量就用它。"))
            return redirect("registers:row", table, entry.pk)
    context = {"active": "registers", "table": declared, "title": mapping.title_of(declared), "form": form}
    return render(request, "registers/row.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_row(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """Show one row with its history, and take changes."""
    by: Any = request.user
    scope, declared = _enter(request), _table(table)
    entry = get_object_or_404(queries.list_entries(scope, table), pk=pk)
    cells = mapping.only_own(entry.cells, scope.brands)
    seen = {"seen_at": entry.changed_at.isoformat()}
    form = EntryForm(declared, request.POST or None, cells=cells, initial=seen)
    if request.method == "POST":
        scope.require(Permission.EDIT_REGISTERS)
        if form.is_valid() and _change(request, lambda at: actions.change_entry(by, entry, form.cells, at), form):
            return redirect("registers:row", table, pk)
    context = {
        "active": "registers",
        "table": declared,
        "title": mapping.title_of(declared),
        "entry": entry,
        "facts": [(mapping.heading(c), mapping.in_words(c, cells.get(c.name)), c.unit) for c in declared.columns],
        "form": form if _may_edit(scope) else None,
        "close": CloseForm(initial={**seen, "on": timezone.localdate()}),
        "changes": queries.list_changes(scope, entry),
        **_working(scope),
    }
    return render(request, "registers/row.html", context)


@require_POST
def close(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """Let a row end on a day."""
    by: Any = request.user
    entry = get_object_or_404(queries.list_entries(_enter(request), table), pk=pk)
    form = CloseForm(request.POST)
    if not form.is_valid() or form.cleaned_data["on"].isoformat() <= entry.since:
        messages.error(request, _("请填停用的日期，应晚于生效日期。"))
    else:
        _change(request, lambda at: actions.close_entry(by, entry, form.cleaned_data["on"], at), form)
    return redirect("registers:row", table, pk)


def _change(request: HttpRequest, change: Any, form: Any) -> bool:
    try:
        change(datetime.fromisoformat(form.cleaned_data["seen_at"]))
    except (actions.ChangedMeanwhileError, ValueError):
        messages.error(request, _("这一行刚才有人改过，您的改动没有保存。下面是现在的内容，请核对后再改。"))
    else:
        messages.success(request, _("已保存。下一次测量就用它。"))
    return True


def _listing(table: Table, scope: Scope) -> Listing:
    """Return how a register is listed: number, name, place, then its first other columns."""
    own = [c for c in table.columns if c.name not in _ELSEWHERE and c.name not in table.key][:SHOWN]
    names = {column.name for column in table.columns}
    first = Column(
        field="name" if "name" in names else "key",
        title=mapping.heading(table.column("name")) if "name" in names else _l("编号"),
        words=lambda row: row.name or row.key,
        link=lambda row: reverse("registers:row", args=[table.name, row.pk]),
    )
    place = Column(field="place", title=_l("所在区划"), words=_place)
    has_place = bool(names & {"division", "code", "outlet_id"})
    kinds = [name for name in ("kind", "mode") if name in names][:1]
    has_brand = bool(names & {"brand", "operator_id"})
    return Listing(
        columns=(
            first,
            *([Column(field="key", title=_l("编号"))] if first.field == "name" else ()),
            *([place] if has_place else ()),
            *([Column(field="brand", title=_l("品牌"))] if has_brand else ()),
            *(_column(column, scope) for column in own if column.name != "outlet_id"),
            Column(field="is_closed", title=_l("状态"), words=_state),
        ),
        search=("name", "key"),
        filters=(
            *((("kind", mapping.heading(table.column(kinds[0]))),) if kinds else ()),
            *((("town", _l("镇街")),) if has_place else ()),
            *((("brand", _l("品牌")),) if has_brand else ()),
            ("is_closed", _l("状态")),
        ),
        labels={
            "kind": {v: mapping.in_words(table.column(kinds[0]), v) for v in table.column(kinds[0]).values}
            if kinds
            else {},
            "town": queries.town_names() if has_place else {},
            "is_closed": _STATES,
        },
        order="key",
    )


def _column(column: Declared, scope: Scope) -> Column:
    return Column(
        field=f"cells__{column.name}",
        title=mapping.heading(column),
        is_number=column.type in ("int", "real"),
        # What other brands a place works with is not to be learnt by sorting either.
        is_sorted=column.name != "brands",
        words=lambda row: mapping.in_words(column, mapping.only_own(row.cells, scope.brands).get(column.name)),
    )


def _says_something(heading: Heading, rows: Sequence[Any]) -> bool:
    """Whether a column has a word on this page; one that people sort by stays."""
    return heading.order in ("ascending", "descending") or any(heading.column.show(row) for row in rows)


def _place(row: Any) -> str:
    town = row.town_name if row.town != row.place else ""
    return f"{town or ''}{row.place_name or row.place}"


def _state(row: Entry) -> object:
    return _("到 %(day)s 止") % {"day": row.cells.get("valid_to", "")} if row.is_closed else _("在用")


def _lines(table: Table, cells: Iterator[mapping.Cells], scope: Scope) -> Iterator[list[object]]:
    yield [column.zh for column in table.columns]
    for own in cells:
        seen = mapping.only_own(own, scope.brands)
        yield [mapping.in_file(column, seen.get(column.name)) for column in table.columns]


def _workbook(table: Table, lines: Iterator[list[object]]) -> bytes:
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(table.zh[:31])
        sheet.freeze_panes(1, 0)
        for number, line in enumerate(lines):
            if number <= _SHEET_ROWS:
                sheet.write_row(number, 0, line)
    return stream.getvalue()


def _table(name: str) -> Table:
    tables = mapping.register_tables()
    if name not in tables:
        raise Http404
    return tables[name]


def _enter(request: HttpRequest) -> Scope:
    scope = scope_of(request.user)
    scope.require(Permission.READ_REGISTERS)
    return scope


def _may_edit(scope: Scope) -> bool:
    return scope.may(Permission.EDIT_REGISTERS)


def _working(scope: Scope) -> dict[str, Any]:
    """Return how far the writing is: the run while there is something to say of it."""
    pending = queries.count_pending() if _may_edit(scope) else 0
    run = find_latest(scope, "registers") if pending else None
    return {"pending": pending, "run": run, "state": run.seen_state if run else "", "has_worker": has_worker()}
