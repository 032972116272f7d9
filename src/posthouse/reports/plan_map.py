"""plan_map.html: a weekly plan on one page that opens from disk: who comes to each village, rounds by day, changes.

Drawn with the page and the projection of the month's map (`map`); nothing is fetched.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from string import Template

from posthouse.planning.changes import list_changes
from posthouse.planning.model import Call, Plan, Route
from posthouse.planning.modes import mode_zh
from posthouse.planning.patterns import in_words
from posthouse.reports.map import WEEKDAY_COLOURS, WEEKDAYS, WIDTH, projection_of, town_labels
from posthouse.reports.model import Place
from posthouse.reports.phrases import phrase

MODES = (
    ("pooled_van", "#4f86b3"),
    ("rural_bus", "#d08a1e"),
    ("ferry", "#1f7a74"),
    ("drone", "#8f4fa8"),
    ("postal_van", "#3f7a3a"),
    ("shop_hosting", "#9a3b6b"),
    ("farm_van", "#8a6d1d"),
)
"""Ways to a village and their fill; a village with several is shown with the last of this order that it has."""

UNSERVED = "#ffffff"


def render_plan_map(plan: Plan, places: Mapping[str, Place], *, title: str, before: Plan | None = None) -> str:
    """Return the page; villages without coordinates are left out and counted in the summary line.

    Parameters
    ----------
    places : divisions by code. before : the plan that was changed: what differs is marked, its rounds are a layer.
    """
    placed = [place for place in places.values() if place.lon is not None and place.lat is not None]
    project, height = projection_of(placed)
    calls: dict[str, list[Call]] = defaultdict(list)
    for call in plan.week.timetable if plan.week else ():
        calls[call.village].append(call)
    changed = {change.village: change.statement for change in list_changes(before, plan)} if before else {}
    villages = [place for place in placed if place.kind == "administrative_village"]
    gone = [route for route in before.routes if route not in plan.routes] if before else []
    layers = [
        _rounds(gone, places, project, "before", "#888888") if before else "",
        *(
            _rounds(own, places, project, f"day{day}", WEEKDAY_COLOURS[day - 1])
            for day in range(1, 8)
            if (own := [route for route in plan.routes if route.weekday == day])
        ),
        town_labels(placed, project),
        _villages(plan, villages, calls, changed, project),
    ]
    return Template(files(__package__).joinpath("map.html").read_text(encoding="utf-8")).substitute(
        title=escape(title),
        hint=phrase("map.hint"),
        legend=phrase("plan_map.legend"),
        viewbox=f"-20 -20 {WIDTH + 40:.0f} {height + 40:.0f}",
        layers="\n".join(layers),
        keys=_keys(plan, before is not None),
        switches=_switches(plan, before is not None),
        towns=_town_rows(plan, villages, calls, places),
        summary=escape(_summary(plan, places, calls, changed)),
    )


def _rounds(routes: Sequence[Route], places: Mapping[str, Place], project, layer: str, colour: str) -> str:  # type: ignore[no-untyped-def]
    lines = []
    for route in routes:
        stops = [places[code] for code in (route.depot_code, *(v.village for v in route.visits)) if code in places]
        points = [project(stop) for stop in stops if stop.lon is not None and stop.lat is not None]
        if len(points) > 1:
            said = f"{route.line}　{route.depot}　周{WEEKDAYS[route.weekday - 1]}　{route.distance_km:.0f}公里"
            way = "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in [*points, points[0]])
            lines.append(f'<path d="{way}" data-said="{escape(said)}"/>')
    hidden = "" if layer == "day1" else " hidden"
    return f'<g class="routes {layer}{hidden}" stroke="{colour}">{"".join(lines)}</g>'


def _villages(  # type: ignore[no-untyped-def]
    plan: Plan, villages: Sequence[Place], calls: Mapping[str, Sequence[Call]], changed: Mapping[str, str], project
) -> str:
    missing = plan.week.missing if plan.week else {}
    new = {station.village for station in plan.stations}
    circles, rings, squares, marks = [], [], [], []
    for village in villages:
        x, y = project(village)
        own = calls.get(village.code, ())
        said = _said(village, own, missing.get(village.code, 0), changed.get(village.code, ""))
        circles.append(
            f'<circle class="village" tabindex="0" cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{_fill(own)}"'
            f' data-said="{escape(said)}"><title>{escape(said)}</title></circle>'
        )
        if missing.get(village.code) or not own:
            rings.append(f'<circle class="gap" cx="{x:.1f}" cy="{y:.1f}" r="8.5"/>')
        if village.code in new:
            squares.append(
                f'<rect x="{x - 1.9:.1f}" y="{y - 1.9:.1f}" width="3.8" height="3.8" stroke="#111" stroke-width=".6"/>'
            )
        if village.code in changed:
            marks.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="none" stroke="#c2410c" stroke-width="2"'
                ' stroke-dasharray="3 2"/>'
            )
    return (
        f'<g class="villages">{"".join(circles)}</g><g class="below">{"".join(rings)}</g>'
        f'<g class="stations">{"".join(squares)}</g><g class="changed">{"".join(marks)}</g>'
    )


def _fill(calls: Sequence[Call]) -> str:
    modes = {call.mode for call in calls}
    return next((colour for mode, colour in reversed(MODES) if mode in modes), UNSERVED)


def _said(village: Place, calls: Sequence[Call], missing: int, change: str) -> str:
    if not calls:
        return f"{village.name}：没有安排到村"
    ways = "、".join(dict.fromkeys(mode_zh(call.mode) for call in calls))
    days = in_words(tuple(sorted({call.weekday for call in calls})))
    first = min(calls, key=lambda call: call.weekday)
    said = f"{village.name}：{days}，{ways}，{first.arrive_min // 60:02d}:{first.arrive_min % 60:02d}前后到"
    said += f"，交接点{first.point}" if first.point else ""
    said += f"，每周少{missing}次" if missing else ""
    return f"{said}。变动：{change}" if change else said


def _keys(plan: Plan, has_before: bool) -> str:
    used = {call.mode for call in plan.week.timetable} if plan.week else set()
    rows = [(f'<circle cx="8" cy="8" r="6" fill="{colour}"/>', mode_zh(mode)) for mode, colour in MODES if mode in used]
    rows += [
        (f'<circle cx="8" cy="8" r="6" fill="{UNSERVED}" stroke="#888"/>', "没有安排到村"),
        ('<circle cx="8" cy="8" r="7" fill="none" stroke="#111" stroke-width="1.6"/>', "少于承诺的次数"),
        ('<rect x="5" y="5" width="6" height="6" fill="#fff" stroke="#111"/>', "新设服务站"),
    ]
    if has_before:
        mark = '<circle cx="8" cy="8" r="6.5" fill="none" stroke="#c2410c" stroke-width="2" stroke-dasharray="3 2"/>'
        rows.append((mark, "与原规划不同"))
    return "".join(f'<span class="key"><svg width="16" height="16">{mark}</svg>{words}</span>' for mark, words in rows)


def _switches(plan: Plan, has_before: bool) -> str:
    layers = [("villages", "村", True), ("below", "少于承诺", True), ("stations", "新设服务站", True)]
    layers.append(("towns", "镇街名", True))
    layers += [
        (f"day{day}", f"周{WEEKDAYS[day - 1]}线路", day == 1) for day in sorted({r.weekday for r in plan.routes})
    ]
    if has_before:
        layers += [("changed", "变动的村", True), ("before", "原规划中改掉的线路", False)]
    return "".join(
        f'<label><input type="checkbox" data-layer="{name}"{" checked" if on else ""}>{words}</label>'
        for name, words, on in layers
    )


def _town_rows(
    plan: Plan, villages: Sequence[Place], calls: Mapping[str, Sequence[Call]], places: Mapping[str, Place]
) -> str:
    missing = plan.week.missing if plan.week else {}
    by_town: dict[str, list[Place]] = defaultdict(list)
    for village in villages:
        by_town[village.code[:9] + "000"].append(village)
    rows = []
    for town, members in sorted(by_town.items()):
        kept = sum(village.code in calls and not missing.get(village.code) for village in members)
        with_point = sum(any(call.point for call in calls.get(village.code, ())) for village in members)
        name = places[town].name if town in places else town
        rows.append(f"<tr><td>{escape(name)}</td><td>{len(members)}</td><td>{kept}</td><td>{with_point}</td></tr>")
    return "".join(rows)


def _summary(
    plan: Plan, places: Mapping[str, Place], calls: Mapping[str, Sequence[Call]], changed: Mapping[str, str]
) -> str:
    missing = sum(plan.week.missing.values()) if plan.week else 0
    said = f"{len(calls)}个村每周到村{sum(len({c.weekday for c in own}) for own in calls.values())}次"
    said += f"，{len(plan.routes)}趟、{plan.weekly_distance_km:,.0f}公里"
    said += f"；少{missing}次" if missing else "；承诺的次数都做到"
    said += f"；{len(changed)}个村与原规划不同" if changed else ""
    unplaced = sum(code not in places or places[code].lon is None for code in calls)
    return said + (f"；另有{unplaced}个村没有坐标，未画出。" if unplaced else "。")
