"""The map of a month as one HTML file that opens from disk: villages by delivery days, stations, proposed routes.

Drawn as SVG without any library or tile: nothing is fetched. Colours are a single-hue scale that also reads in grey
and for colour-blind eyes; a village below the promise carries a dark ring as well.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from string import Template

from posthouse.reports.model import MonthReport, Place
from posthouse.reports.phrases import phrase
from posthouse.vocabulary.units import in_words

MEASURE = "delivery_days_per_week"
WIDTH = 1000.0
"""Width of the drawing in its own units; the height follows from the land."""
CLASSES = (
    (0.0, "#f0d9c6", "没有到村"),
    (1.0, "#d3dfe8", "不足1天"),
    (3.0, "#9dbcd4", "1—3天"),
    (5.0, "#4f86b3", "3—5天"),
    (8.0, "#174a7c", "5天以上"),
)
"""Upper bound of days per week (the first: exactly none), fill, words."""
NO_DATA = "#ffffff"
WEEKDAY_COLOURS = ("#b5541f", "#8a6d1d", "#3f7a3a", "#1f7a74", "#345fae", "#6b4aa0", "#9a3b6b")
WEEKDAYS = "一二三四五六日"


def render_map(report: MonthReport) -> str:
    """Return map.html; villages without coordinates are left out and counted in the summary line."""
    placed = [p for p in report.places.values() if p.lon is not None and p.lat is not None]
    project, height = projection_of(placed)
    villages = [p for p in placed if p.kind == "administrative_village"]
    target = _target(report)
    layers = [
        _routes(report, project),
        town_labels(placed, project),
        _villages(report, villages, project, target),
    ]
    title = phrase(
        "map.title", programme=report.programme.document.title or phrase("head.programme"), period=report.period
    )
    return Template(files(__package__).joinpath("map.html").read_text(encoding="utf-8")).substitute(
        title=escape(title),
        hint=phrase("map.hint"),
        legend=phrase("map.legend"),
        viewbox=f"-20 -20 {WIDTH + 40:.0f} {height + 40:.0f}",
        layers="\n".join(layers),
        keys=_keys(target),
        switches=_switches(report),
        towns=_town_rows(report, villages, target),
        summary=escape(_summary(report, villages, target)),
    )


def _target(report: MonthReport) -> float | None:
    targets = [a.target for a in report.assessments if a.goal.binding.measure == MEASURE and a.target is not None]
    return max(targets, default=None)


def projection_of(placed: Sequence[Place]):  # type: ignore[no-untyped-def]
    """Return a function from a placed division to x and y of the drawing, and the height of the drawing."""
    if not placed:
        return (lambda place: (0.0, 0.0)), WIDTH
    west, east = min(p.lon for p in placed if p.lon), max(p.lon for p in placed if p.lon)
    south, north = min(p.lat for p in placed if p.lat), max(p.lat for p in placed if p.lat)
    shrink = math.cos(math.radians((south + north) / 2))
    span = max((east - west) * shrink, (north - south) / 2, 1e-6)
    unit = WIDTH / span

    def project(place: Place) -> tuple[float, float]:
        assert place.lon is not None
        assert place.lat is not None
        return (place.lon - west) * shrink * unit, (north - place.lat) * unit

    return project, (north - south) * unit


def _villages(report: MonthReport, villages: Iterable[Place], project, target: float | None) -> str:  # type: ignore[no-untyped-def]
    circles, rings, squares = [], [], []
    for village in villages:
        x, y = project(village)
        measurement = report.village_days.get(village.code)
        days = measurement.value if measurement else None
        station = village.code in report.stations
        said = f"{report.place_name(village.code)}：每周{in_words(days, '天')}到村，{'有' if station else '没有'}服务站"
        circles.append(
            f'<circle class="village" tabindex="0" cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{_fill(days)}"'
            f' data-said="{escape(said)}"><title>{escape(said)}</title></circle>'
        )
        if target is not None and days is not None and days < target:
            rings.append(f'<circle class="gap" cx="{x:.1f}" cy="{y:.1f}" r="8.5"/>')
        if station:
            squares.append(f'<rect x="{x - 1.6:.1f}" y="{y - 1.6:.1f}" width="3.2" height="3.2"/>')
    return (
        f'<g class="villages">{"".join(circles)}</g><g class="below">{"".join(rings)}</g>'
        f'<g class="stations">{"".join(squares)}</g>'
    )


def _fill(days: float | None) -> str:
    if days is None:
        return NO_DATA
    return next((colour for bound, colour, _ in CLASSES if days < bound or days == bound == 0), CLASSES[-1][1])


def town_labels(placed: Iterable[Place], project) -> str:  # type: ignore[no-untyped-def]
    """Return the layer of the towns' names."""
    labels = []
    for place in placed:
        if place.kind in ("town", "township", "subdistrict"):
            x, y = project(place)
            labels.append(f'<text class="town" x="{x:.1f}" y="{y - 12:.1f}">{escape(place.name)}</text>')
    return f'<g class="towns">{"".join(labels)}</g>'


def _routes(report: MonthReport, project) -> str:  # type: ignore[no-untyped-def]
    groups: dict[int, list[str]] = defaultdict(list)
    for route in report.plan.routes:
        stops = [report.places[v.village] for v in route.visits if v.village in report.places]
        points = [project(stop) for stop in stops if stop.lon is not None and stop.lat is not None]
        if len(points) > 1:
            groups[route.weekday].append("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points))
    return "".join(
        f'<g class="routes day{weekday}{"" if weekday == 1 else " hidden"}" stroke="{WEEKDAY_COLOURS[weekday - 1]}">'
        + "".join(f'<path d="{line}"/>' for line in lines)
        + "</g>"
        for weekday, lines in sorted(groups.items())
    )


def _keys(target: float | None) -> str:
    rows = [(f'<circle cx="8" cy="8" r="6" fill="{colour}"/>', words) for _, colour, words in CLASSES]
    rows.append((f'<circle cx="8" cy="8" r="6" fill="{NO_DATA}" stroke="#888"/>', "无数据"))
    rows.append(('<rect x="5" y="5" width="6" height="6" fill="#fff" stroke="#555"/>', "有快递服务站"))
    if target is not None:
        rows.append(
            ('<circle cx="8" cy="8" r="7" fill="none" stroke="#111" stroke-width="1.6"/>', f"低于{target:g}天的要求")
        )
    return "".join(f'<span class="key"><svg width="16" height="16">{mark}</svg>{words}</span>' for mark, words in rows)


def _switches(report: MonthReport) -> str:
    layers = [
        ("villages", "村", True),
        ("below", "低于要求", True),
        ("stations", "服务站", True),
        ("towns", "镇街名", True),
    ]
    layers += [
        (f"day{day}", f"周{WEEKDAYS[day - 1]}拟开线路", day == 1)
        for day in sorted({r.weekday for r in report.plan.routes})
    ]
    return "".join(
        f'<label><input type="checkbox" data-layer="{name}"{" checked" if on else ""}>{words}</label>'
        for name, words, on in layers
    )


def _town_rows(report: MonthReport, villages: Iterable[Place], target: float | None) -> str:
    by_town: dict[str, list[Place]] = defaultdict(list)
    for village in villages:
        by_town[village.code[:9] + "000"].append(village)
    rows = []
    for town, members in sorted(by_town.items()):
        kept = sum(_keeps(report, village, target) for village in members)
        stations = sum(village.code in report.stations for village in members)
        name = report.places[town].name if town in report.places else town
        rows.append(f"<tr><td>{escape(name)}</td><td>{len(members)}</td><td>{kept}</td><td>{stations}</td></tr>")
    return "".join(rows)


def _keeps(report: MonthReport, village: Place, target: float | None) -> bool:
    measurement = report.village_days.get(village.code)
    return measurement is not None and measurement.value is not None and measurement.value >= (target or 0)


def _summary(report: MonthReport, villages: Sequence[Place], target: float | None) -> str:
    unplaced = sum(p.kind == "administrative_village" and p.lon is None for p in report.places.values())
    kept = sum(_keeps(report, village, target) for village in villages)
    said = f"建制村{len(villages)}个"
    if target is not None:
        said += f"，每周{target:g}天以上{kept}个"
    return said + (f"；另有{unplaced}个村没有坐标，未画出。" if unplaced else "。")
