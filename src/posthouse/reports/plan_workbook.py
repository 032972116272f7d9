"""plan.xlsx: the village plan for editing. The first sheets are read back (`planning.edits`), the others explain."""

from collections import defaultdict
from io import BytesIO

from posthouse.planning.edits import CODE, DAY_HEADS, FORBID, LOCK, ROAD, ROADS, VILLAGES
from posthouse.planning.model import Call, Plan
from posthouse.planning.modes import mode_zh
from posthouse.reports.workbook import Columns, Rows, new_workbook, write_sheet

OPEN_FROM = 3
"""Column of the villages' sheet from which on cells are open: the days, the lock, the days that are forbidden."""


def render_plan_workbook(plan: Plan) -> bytes:
    """Return plan.xlsx; marks, locks and roads are open cells with choices, everything else is for reading."""
    stream = BytesIO()
    with new_workbook(stream, "快递进村规划") as (book, styles):
        last = write_sheet(book, VILLAGES, _VILLAGE_COLUMNS, _villages(plan), styles, open_from=OPEN_FROM)
        book.get_worksheet_by_name(VILLAGES).data_validation(
            1, OPEN_FROM, max(last, 1), OPEN_FROM + 7, {"validate": "list", "source": ["√", ""], "ignore_blank": True}
        )
        said = [("", "把不能走的路段编号填在左边，一行一条")]
        write_sheet(book, ROADS, ((ROAD, 16), ("说明", 50)), said, styles, open_from=0)
        write_sheet(book, "时刻表", _CALL_COLUMNS, _calls(plan), styles)
        write_sheet(book, "线路", _ROUTE_COLUMNS, _routes(plan), styles)
        write_sheet(book, "服务站", _STATION_COLUMNS, _stations(plan), styles)
        write_sheet(book, "品牌费用", _BRAND_COLUMNS, _brands(plan), styles)
        write_sheet(book, "频次与费用", _FRONTIER_COLUMNS, _frontier(plan), styles)
        write_sheet(book, "说明", (("项目", 12), ("内容", 110)), _notes(plan), styles)
    return stream.getvalue()


_VILLAGE_COLUMNS: Columns = (
    (CODE, 15),
    ("村", 22),
    ("方式", 30),
    *((name, 6) for name in DAY_HEADS),
    (LOCK, 6),
    (FORBID, 12),
)
_CALL_COLUMNS: Columns = (
    ("村", 22),
    ("周", 6),
    ("到达", 8),
    ("方式", 22),
    ("线路或班次", 16),
    ("交接点", 26),
    ("件数", 8),
    ("付给合作方（元）", 12),
)
_ROUTE_COLUMNS: Columns = (
    ("线路", 8),
    ("周", 6),
    ("出发网点", 26),
    ("车辆", 16),
    ("车型", 10),
    ("发车", 8),
    ("经过的村", 80),
    ("公里", 8),
    ("小时", 8),
    ("费用（元）", 10),
)
_STATION_COLUMNS: Columns = (("村", 22), ("依托场所", 14), ("场所名称", 26), ("年费用（元）", 12), ("理由", 60))
_BRAND_COLUMNS: Columns = (
    ("品牌", 12),
    ("每周件数", 10),
    ("今日到村次数", 12),
    ("今日费用（元/周）", 14),
    ("单独投递（元/周）", 14),
    ("合送分摊（元/周）", 14),
    ("每件：单独（元）", 14),
    ("每件：合送（元）", 14),
    ("节省", 8),
)
_FRONTIER_COLUMNS: Columns = (
    ("每周次数", 10),
    ("覆盖村的比例", 12),
    ("到村的村", 10),
    ("每周费用（元）", 14),
    ("费用下限（元）", 14),
    ("没有做到的次数", 14),
)


def _villages(plan: Plan) -> Rows:
    calls = _by_village(plan)
    for village, own in sorted(calls.items()):
        days = {call.weekday for call in own}
        ways = "、".join(sorted({mode_zh(call.mode) for call in own}))
        yield (village, own[0].village_name, ways, *("√" if day in days else "" for day in range(1, 8)), "", "")
    for village, _ in sorted((plan.week.missing if plan.week else {}).items()):
        if village not in calls:
            yield (village, "", "没有到村的办法", *("" for _ in range(7)), "", "")


def _calls(plan: Plan) -> Rows:
    for call in plan.week.timetable if plan.week else ():
        yield (
            call.village_name,
            "一二三四五六日"[call.weekday - 1],
            clock(call.arrive_min),
            mode_zh(call.mode),
            call.line if call.line != call.mode else "",
            call.point or "村口",
            round(call.parcels, 1),
            round(call.cost_yuan, 1) if call.cost_yuan else "",
        )


def _routes(plan: Plan) -> Rows:
    for route in plan.routes:
        yield (
            route.line,
            "一二三四五六日"[route.weekday - 1],
            route.depot,
            route.vehicle,
            mode_zh(route.kind),
            clock(route.depart_min),
            " → ".join(f"{visit.village_name}{clock(visit.arrive_min)}" for visit in route.visits),
            round(route.distance_km, 1),
            round(route.duration_min / 60, 1),
            round(route.cost_yuan, 1),
        )


def _stations(plan: Plan) -> Rows:
    for s in plan.stations:
        yield s.village_name, s.host_kind, s.host_name, s.cost_yuan_per_year, s.reason


def _brands(plan: Plan) -> Rows:
    for b in plan.week.brands if plan.week else ():
        parcels = max(b.parcels_per_week, 1e-9)
        yield (
            b.brand,
            round(b.parcels_per_week, 1),
            round(b.visits_today, 1),
            round(b.today_yuan),
            round(b.alone_yuan),
            round(b.share_yuan) if b.share_yuan else "",
            round(b.alone_yuan / parcels, 2),
            round(b.share_yuan / parcels, 2) if b.share_yuan else "",
            f"{b.saved_yuan / b.alone_yuan:.0%}" if b.share_yuan and b.alone_yuan else "",
        )


def _frontier(plan: Plan) -> Rows:
    for point in plan.week.frontier if plan.week else ():
        yield (
            point.visits_per_week,
            f"{point.village_share:.0%}",
            point.villages,
            round(point.cost_yuan),
            round(point.bound_yuan),
            point.missing_visits,
        )


def _notes(plan: Plan) -> Rows:
    week = plan.week
    if week is not None and week.shares is not None:
        yield "费用分摊", week.shares.statement
    for binding in week.binding if week else ():
        yield "受限于", binding.statement
    for said in plan.unserved:
        yield "未能安排", said
    for said in week.relaxations if week else ():
        yield "补救办法", said
    for change in week.changes if week else ():
        yield "变动", f"{change.village_name}：{change.statement}"
    for said in plan.assumptions:
        yield "假定", said


def _by_village(plan: Plan) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = defaultdict(list)
    for call in plan.week.timetable if plan.week else ():
        found[call.village].append(call)
    return found


def clock(minutes: float) -> str:
    """Return minutes after midnight as people read them.

    >>> clock(545)
    '09:05'
    """
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"
