"""The pages of 总览 and 目标; they only translate between requests and `queries`."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from posthouse_web.monitoring import queries


@require_safe
def overview(request: HttpRequest, month: str | None = None) -> HttpResponse:
    """Show every goal of the month with its light, value and forecast."""
    months = queries.list_months(_out())
    if not months:
        return render(request, "monitoring/empty.html", status=200)
    month = month or months[0]
    cycle = _month(month)
    return render(
        request,
        "monitoring/overview.html",
        {
            "title": cycle["programme"]["document"]["title"],
            "month": month,
            "months": months,
            "goals": queries.list_goals(cycle),
            "states": queries.count_states(cycle),
            "discrepancies": len(cycle["discrepancies"]),
            "is_latest": month == months[0],
        },
    )


@require_safe
def goal(request: HttpRequest, month: str, goal: str) -> HttpResponse:
    """Show one goal: its source, its figure month by month, and how it came about."""
    rows = {
        name: row for name in queries.list_months(_out()) for row in queries.list_goals(_month(name)) if row.id == goal
    }
    if month not in rows:
        raise Http404
    return render(request, "monitoring/goal.html", {"goal": rows[month], "month": month, "rows": rows.items()})


@require_safe
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send the latest bulletin, task list or map."""
    path = _out() / name
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=path.suffix != ".html")
    if path.suffix == ".html":
        # The map is one self-contained file with its own script; it may do nothing but draw.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        )
    return response


def _out() -> Path:
    return Path(settings.POSTHOUSE_OUT)


def _month(month: str):  # type: ignore[no-untyped-def]
    try:
        return queries.get_month(_out(), month)
    except FileNotFoundError:
        raise Http404 from None
