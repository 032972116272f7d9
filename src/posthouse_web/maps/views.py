"""The pages of 地图: the page itself, its data as GeoJSON, and exports; they only translate."""

import csv
import gzip
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from posthouse_web.accounts.roles import Permission
from posthouse_web.accounts.scope import Scope, scope_of
from posthouse_web.maps import queries
from posthouse_web.maps.drawing import day_class, draw_villages
from posthouse_web.maps.kept import kept
from posthouse_web.maps.models import Layer
from posthouse_web.monitoring.queries import has_parts, list_months

_LINES = frozenset({Layer.ROAD, Layer.BUS, Layer.FERRY, Layer.ROUTE})


@require_safe
def show_map(request: HttpRequest) -> HttpResponse:
    """Show the map of a month, with filters, layers and the same as a table."""
    scope, months, period = _enter(request)
    town, brand = _filters(request, scope)
    drawing = draw_villages(scope, period, town=town, brand=brand) if period else None
    towns = queries.list_towns(scope)
    return render(
        request,
        "maps/map.html",
        {
            "active": "maps",
            "months": months,
            "oldest_first": months[::-1],
            "period": period,
            "has_parts": has_parts(scope, period),
            "town": town,
            "brand": brand,
            "towns": towns,
            "brands": queries.list_brands(scope, period),
            "drawing": drawing,
            "target": drawing.target if drawing else None,
            "rows": [(found, drawing.towns[found.code]) for found in towns if drawing and found.code in drawing.towns],
            "layers": [(layer.value, layer.label) for layer in Layer if layer is not Layer.ROAD],
            "tiles": settings.POSTHOUSE_TILES,
            "may_export": scope.may(Permission.EXPORT),
        },
    )


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Send everything that the moving map draws of one month, packed: nothing in it is secret to who may see it."""
    scope, _, period = _enter(request)
    town, brand = _filters(request, scope)
    packed = kept("data", scope, lambda: _pack(_collections(scope, period, town, brand)), period, town, brand)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(packed, content_type="application/json", headers={"Content-Encoding": "gzip"})
    return HttpResponse(gzip.decompress(packed), content_type="application/json")


def _pack(collections: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(collections, ensure_ascii=False, separators=(",", ":")).encode(), compresslevel=3)


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Send the villages of a month as GeoJSON or CSV."""
    scope, _, period = _enter(request)
    scope.require(Permission.EXPORT)
    headers = {"Content-Disposition": f'attachment; filename="villages-{period}.{form}"'}
    if form == "geojson":
        villages = _villages(scope, period, *_filters(request, scope))
        return JsonResponse(villages, headers=headers, content_type="application/geo+json")
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    town, brand = _filters(request, scope)
    writer = csv.writer(response)
    writer.writerow(["区划代码", "村", "经度", "纬度", "每周到村天数", "按规划每周到村天数", "有服务站"])
    for v in queries.list_villages(scope, period, town=town, brand=brand):
        writer.writerow([v.code, v.name, v.lon, v.lat, v.days, v.planned, "是" if v.has_station else "否"])
    return response


def _villages(scope: Scope, period: str, town: str, brand: str) -> dict[str, Any]:
    villages = [
        _feature(
            "Point",
            [v.lon, v.lat],
            code=v.code,
            name=v.name,
            days=v.days,
            planned=v.planned,
            now=day_class(v.days),
            then=day_class(v.planned),
        )
        for v in queries.list_villages(scope, period, town=town, brand=brand)
    ]
    return _collection(villages)


def _collections(scope: Scope, period: str, town: str, brand: str) -> dict[str, Any]:
    features = queries.list_features(scope, period, town=town, brand=brand)
    others = [
        _feature(
            "LineString" if layer in _LINES else "Point",
            points if layer in _LINES else points[0],
            layer=layer,
            name=name,
            weekday=weekday,
        )
        for layer, name, weekday, points in features.values_list("layer", "name", "weekday", "points")
    ]
    towns = [_feature("Point", [t.lon, t.lat], name=t.name) for t in queries.list_towns(scope) if t.lon is not None]
    return {
        "villages": _villages(scope, period, town, brand),
        "others": _collection(others),
        "towns": _collection(towns),
    }


def _feature(kind: str, coordinates: Sequence[Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _filters(request: HttpRequest, scope: Scope) -> tuple[str, str]:
    town, brand = request.GET.get("town", ""), request.GET.get("brand", "")
    if (town and not (len(town) == 12 and town.isascii() and town.isdigit() and scope.covers(town))) or (
        brand and not scope.may_see_brand(brand)
    ):
        raise Http404
    return town, brand


def _enter(request: HttpRequest) -> tuple[Scope, list[str], str]:
    scope = scope_of(request.user)
    scope.require(Permission.READ_FIGURES)
    months, period = list_months(scope), request.GET.get("month", "")
    if period and period not in months:
        raise Http404
    return scope, months, period or (months[0] if months else "")
