"""route_sheets.docx: the table of brands, then one page per line for its driver: days, times, points, loads."""

from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO

from posthouse.planning.model import Plan, Route
from posthouse.planning.modes import mode_zh
from posthouse.planning.patterns import in_words
from posthouse.reports import word
from posthouse.reports.plan_workbook import clock


def render_route_sheets(plan: Plan, *, title: str) -> bytes:
    """Return route_sheets.docx; routes of a line that call at the same villages on several days share one table."""
    document = word.new_document(footer="— {page} —")
    word.title(document, title)
    week = plan.week
    if week is not None and week.brands:
        word.paragraph(document, _summary(plan))
        if week.shares is not None:
            word.paragraph(document, week.shares.statement)
        _brand_table(document, plan)
    by_line: dict[str, list[Route]] = defaultdict(list)
    for route in plan.routes:
        by_line[route.line].append(route)
    form = None
    for line, routes in sorted(by_line.items()):
        document.add_page_break()
        form = _sheet(document, line, routes, form)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _summary(plan: Plan) -> str:
    week = plan.week
    assert week is not None
    calls = len({(call.village, call.weekday) for call in week.timetable})
    villages = len({call.village for call in week.timetable})
    alone = f"，各品牌单独投递合计{plan.weekly_cost_alone_yuan:,.0f}元" if plan.weekly_cost_alone_yuan else ""
    return (
        f"{villages}个村每周到村{calls}次，开行{len(plan.routes)}趟、{plan.weekly_distance_km:,.0f}公里，"
        f"每周费用{week.cost_yuan:,.0f}元{alone}。二氧化碳每周{week.co2_kg:,.0f}千克。"
    )


def _brand_table(document, plan: Plan) -> None:  # type: ignore[no-untyped-def]
    assert plan.week is not None
    rows = [
        (
            b.brand,
            f"{b.parcels_per_week:,.0f}",
            f"{b.today_yuan:,.0f}",
            f"{b.alone_yuan:,.0f}",
            f"{b.share_yuan:,.0f}" if b.share_yuan else "—",
            f"{b.share_yuan / b.parcels_per_week:.2f}" if b.share_yuan and b.parcels_per_week else "—",
        )
        for b in plan.week.brands
    ]
    head = ("品牌", "每周件数", "今日（元）", "单独（元）", "合送分摊（元）", "每件（元）")
    word.table(document, head, rows, widths_mm=(26, 24, 26, 26, 30, 24), caption="各品牌每周费用")


def _sheet(document, line: str, routes: Sequence[Route], form):  # type: ignore[no-untyped-def]
    """Add a line's page; return its last table, after whose form the next ones are made."""
    first = routes[0]
    word.heading(document, f"{line}　{first.depot}　{first.vehicle}（{mode_zh(first.kind)}）")
    alike: dict[tuple[tuple[str, int], ...], list[Route]] = defaultdict(list)
    for route in routes:
        alike[tuple((visit.village, visit.arrive_min) for visit in route.visits)].append(route)
    for group in alike.values():
        route = group[0]
        days = in_words(tuple(sorted(r.weekday for r in group)))
        home = route.depart_min + route.duration_min
        rows = [("", route.depot, clock(route.depart_min), "发车")]
        rows += [
            (
                str(number),
                visit.village_name,
                clock(visit.arrive_min),
                f"{visit.point or '村口'}　{_loads(group, number - 1)}件",
            )
            for number, visit in enumerate(route.visits, start=1)
        ]
        rows.append(("", route.depot, clock(home), "返回"))
        caption = f"{days}　{route.distance_km:.0f}公里　{route.duration_min / 60:.1f}小时"
        head = ("序", "村", "到达", "交接点、件数")
        form = word.table(document, head, rows, widths_mm=(10, 56, 18, 72), caption=caption, like=form)
    return form


def _loads(group: Sequence[Route], stop: int) -> str:
    loads = sorted({route.visits[stop].parcels for route in group})
    return str(loads[0]) if len(loads) == 1 else f"{loads[0]}—{loads[-1]}"
