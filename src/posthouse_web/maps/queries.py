"""What the map reads, always within the scope of the person who asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from posthouse_web.accounts.scope import Scope, within
from posthouse_web.maps.models import Feature, Layer
from posthouse_web.monitoring.models import Figure, Goal, Place

MEASURE = "delivery_days_per_week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A village on the map. days : delivery days a week, None where nothing is known. planned : with the plan."""

    code: str
    name: str
    town: str
    lon: float
    lat: float
    days: float | None
    planned: float | None
    has_station: bool


def list_villages(scope: Scope, period: str, *, brand: str = "", town: str = "") -> list[Village]:
    """Return the administrative villages that have coordinates, with the month's delivery days."""
    places = within(Place.objects.filter(kind="administrative_village", lon__isnull=False, lat__isnull=False), scope)
    figures = within(Figure.objects.filter(series=MEASURE, period=period, level="village", brand=brand), scope)
    if town:
        places = places.filter(code__startswith=town[:9])
        figures = figures.filter(place__startswith=town[:9])
    days = dict(figures.values_list("place", "value"))
    planned = planned_days(scope, period)
    stations = set(
        within(Feature.objects.filter(period=period, layer=Layer.STATION), scope).values_list("place", flat=True)
    )
    return [
        Village(
            code=code,
            name=name,
            town=f"{code[:9]}000",
            lon=lon,
            lat=lat,
            days=days.get(code),
            planned=_after(days.get(code), planned.get(code, 0)),
            has_station=code in stations,
        )
        for code, name, lon, lat in places.order_by("code").values_list("code", "full_name", "lon", "lat")
        if lon is not None and lat is not None
    ]


def planned_days(scope: Scope, period: str) -> Mapping[str, int]:
    """Return on how many weekdays the month's proposed routes come to a village."""
    weekdays: dict[str, set[int]] = {}
    routes = within(Feature.objects.filter(period=period, layer=Layer.ROUTE), scope)
    for weekday, stops in routes.values_list("weekday", "stops"):
        for village in stops:
            weekdays.setdefault(village, set()).add(weekday or 0)
    return {village: len(days) for village, days in weekdays.items()}


def _after(days: float | None, planned: int) -> float | None:
    return days if not planned else max(days or 0.0, float(planned))


def target_days(scope: Scope, period: str) -> float | None:
    """Return the delivery days that the plan document promises to a village, or None."""
    targets = within(Goal.objects.filter(period=period, measure=MEASURE), scope).values_list("target", flat=True)
    return max((target for target in targets if target is not None), default=None)


def list_features(scope: Scope, period: str, *, town: str = "", brand: str = "") -> "QuerySet[Feature]":
    """Return everything else on the map of a month; a town or brand leaves out the points of others."""
    rows = Feature.objects.filter(period=period)
    if town:
        rows = rows.filter(Q(place="") | Q(place__startswith=town[:9]))
    if brand:
        rows = rows.filter(brand__in=("", brand))
    return within(rows, scope).order_by("layer", "key")


def list_brands(scope: Scope, period: str) -> list[str]:
    """Return the brands that deliver in villages, for the filter."""
    rows = Figure.objects.filter(series=MEASURE, period=period, level="").exclude(brand="")
    return sorted(within(rows, scope).values_list("brand", flat=True))


def list_towns(scope: Scope) -> list[Place]:
    """Return the towns, for the filter and the labels."""
    return list(within(Place.objects.filter(level="town"), scope).order_by("code"))
