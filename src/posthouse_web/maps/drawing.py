"""The map as a drawing: villages by delivery days as one small SVG, for the overview, for print, and where a browser
cannot move a map. One path a class keeps ten thousand villages below a hundred kilobytes.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from posthouse.reports.map import CLASSES
from posthouse_web.accounts.scope import Scope
from posthouse_web.maps.kept import kept
from posthouse_web.maps.queries import Village, list_villages, target_days

WIDTH = 460.0
MARGIN = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TownLine:
    """A town's villages: how many there are, keep the promise now and with the plan, and have a station."""

    villages: int
    kept: int
    planned: int
    stations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A map to be drawn: one path a class of villages, and the ring around those below the promise.

    towns : what the table beside it says, by the town's code.
    """

    width: float
    height: float
    layers: Sequence[tuple[str, str, int, str]]
    """Class name, words, number of villages, path."""
    below: str
    below_count: int
    target: float | None
    count: int
    towns: Mapping[str, TownLine]


def draw_villages(scope: Scope, period: str, *, town: str = "", brand: str = "") -> Drawing:
    """Return the drawing of a month's villages within the scope; empty where none has coordinates."""
    return kept("drawing", scope, lambda: _draw(scope, period, town, brand), period, town, brand)


def _draw(scope: Scope, period: str, town: str, brand: str) -> Drawing:
    villages, target = list_villages(scope, period, town=town, brand=brand), target_days(scope, period)
    place = _projection(villages)
    by_class: dict[int, list[Village]] = {index: [] for index in range(-1, len(CLASSES))}
    for village in villages:
        by_class[day_class(village.days)].append(village)
    below = [v for v in villages if target is not None and v.days is not None and v.days < target]
    words = ["无数据", *(words for _, _, words in CLASSES)]
    height = max((place(v)[1] for v in villages), default=0.0) + MARGIN
    return Drawing(
        width=WIDTH,
        height=max(height, WIDTH / 3),
        layers=[
            (f"days{i}", words[i + 1], len(found), _dots(map(place, found))) for i, found in by_class.items() if found
        ],
        below=_dots(map(place, below)),
        below_count=len(below),
        target=target,
        count=len(villages),
        towns=_count_by_town(villages, target or 0.0),
    )


def _count_by_town(villages: Iterable[Village], target: float) -> Mapping[str, TownLine]:
    by_town: dict[str, list[Village]] = defaultdict(list)
    for village in villages:
        by_town[village.town].append(village)
    return {
        town: TownLine(
            villages=len(own),
            kept=sum(v.days is not None and v.days >= target for v in own),
            planned=sum(v.planned is not None and v.planned >= target for v in own),
            stations=sum(v.has_station for v in own),
        )
        for town, own in by_town.items()
    }


def day_class(days: float | None) -> int:
    """Return the number of the class that a village's days a week fall into; -1 where nothing is known.

    >>> [day_class(days) for days in (None, 0, 0.5, 4.9, 7)]
    [-1, 0, 1, 3, 4]
    """
    if days is None:
        return -1
    return next((i for i, (bound, _, _) in enumerate(CLASSES) if days < bound or days == bound == 0), len(CLASSES) - 1)


def _projection(villages: Sequence[Village]):  # type: ignore[no-untyped-def]
    if not villages:
        return lambda village: (0.0, 0.0)
    west, east = min(v.lon for v in villages), max(v.lon for v in villages)
    south, north = min(v.lat for v in villages), max(v.lat for v in villages)
    shrink = math.cos(math.radians((south + north) / 2))
    unit = (WIDTH - 2 * MARGIN) / max((east - west) * shrink, (north - south) * 0.7, 1e-6)
    return lambda village: (MARGIN + (village.lon - west) * shrink * unit, MARGIN + (north - village.lat) * unit)


def _dots(spots: Iterable[tuple[float, float]]) -> str:
    return "".join(f"M{x:.0f} {y:.0f}h0" for x, y in spots)
