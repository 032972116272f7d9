"""The key list of tasks and figures (重点工作清单、关键量化指标) as an Excel workbook, with all details behind it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from io import BytesIO

from posthouse.programme.model import Task
from posthouse.reports.model import MonthReport
from posthouse.reports.sentences import (
    deadline_in_words,
    forecast_in_words,
    goal_in_words,
    measure_name,
    measured_in_words,
    reliability_cells,
    status_in_words,
)
from posthouse.vocabulary.glossary import zh
from posthouse.vocabulary.units import in_words

Rows = Iterable[Sequence[object]]
Sheet = tuple[str, Sequence[tuple[str, int]], Callable[[MonthReport], Rows]]

_CREATED = datetime(2000, 1, 1)
"""A fixed creation date: the same month gives the same file."""


def render_task_list(report: MonthReport) -> bytes:
    """Return task_list.xlsx: one sheet per list, with filters, frozen heads and a width for each column."""
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": "重点工作清单", "author": "Posthouse", "created": _CREATED})
        head = book.add_format(
            {"bold": True, "bg_color": "#EDEFF2", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for name, columns, rows in _SHEETS:
            sheet = book.add_worksheet(name)
            last = 0
            for column, (title, width) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write(0, column, title, head)
            for last, row in enumerate(rows(report), start=1):
                for column, value in enumerate(row):
                    sheet.write(last, column, value, cell)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
    return stream.getvalue()


def _tasks(report: MonthReport) -> Rows:
    for number, task in enumerate(report.programme.tasks, start=1):
        mine = [a for a in report.assignments if a.task == task.path]
        yield (
            number,
            task.path,
            task.title,
            "、".join(task.lead_units),
            "、".join(task.support_units),
            _goals_of(report, task),
            len(mine),
            sum(a.state != "closed" for a in mine),
        )


def _goals_of(report: MonthReport, task: Task) -> str:
    served = {a.goal_id for a in report.assignments if a.task == task.path}
    return "；".join(
        f"{a.goal.indicator or a.goal.text}：{status_in_words(a)}" for a in report.assessments if a.goal.id in served
    )


def _goals(report: MonthReport) -> Rows:
    for a in report.assessments:
        binding = a.goal.binding
        yield (
            a.goal.id,
            a.goal.source.clause,
            a.goal.indicator,
            goal_in_words(a.goal),
            deadline_in_words(a.goal),
            measured_in_words(a),
            a.measurement.numerator if a.measurement else None,
            a.measurement.denominator if a.measurement else None,
            in_words(a.measurement.coverage, "share") if a.measurement else None,
            forecast_in_words(a),
            status_in_words(a),
            measure_name(binding.measure) if binding.measure else "",
            a.why,
            a.goal.text,
        )


def _assignments(report: MonthReport) -> Rows:
    for a in report.assignments:
        condition = a.closes_when
        yield (
            a.id,
            a.title,
            a.place_name,
            a.task,
            "、".join(a.lead_units),
            "、".join(a.support_units),
            a.issued_on.isoformat(),
            a.due_on.isoformat(),
            f"{measure_name(condition.measure)} {condition.comparator} {condition.value:g}",
            zh(a.state),
        )


def _gaps(report: MonthReport) -> Rows:
    for gap in report.gaps:
        for item in gap.items:
            yield (
                gap.goal_id,
                measure_name(gap.measure),
                report.place_name(item.place),
                item.brand,
                in_words(gap.target, item.unit),
                in_words(item.value, item.unit),
                item.numerator,
                item.denominator,
            )


def _discrepancies(report: MonthReport) -> Rows:
    for d in report.discrepancies:
        yield (
            d.unit,
            report.place_name(d.place),
            d.brand,
            measure_name(d.measure),
            d.declared,
            round(d.observed, 3),
            d.explanation,
        )


def _reliability(report: MonthReport) -> Rows:
    for unit in report.reliability:
        yield *reliability_cells(unit), unit.why


def _stations(report: MonthReport) -> Rows:
    for s in report.plan.stations:
        yield report.place_name(s.village), s.host_kind, s.host_name, s.cost_yuan_per_year, s.reason


def _routes(report: MonthReport) -> Rows:
    weekdays = "一二三四五六日"
    for number, route in enumerate(report.plan.routes, start=1):
        for stop, visit in enumerate(route.visits, start=1):
            yield (
                f"周{weekdays[route.weekday - 1]}",
                number,
                route.vehicle,
                stop,
                report.place_name(visit.village),
                f"{visit.arrive_min // 60:02d}:{visit.arrive_min % 60:02d}",
                visit.parcels,
                round(route.distance_km, 1),
                round(route.cost_yuan, 1),
            )


def _findings(report: MonthReport) -> Rows:
    for f in report.findings:
        yield str(f.severity), f.code, f.place, f.message


_SHEETS: tuple[Sheet, ...] = (
    (
        "重点工作清单",
        (
            ("序号", 6),
            ("条款", 12),
            ("任务", 40),
            ("牵头单位", 24),
            ("配合单位", 40),
            ("相关目标", 40),
            ("交办", 8),
            ("未销号", 8),
        ),
        _tasks,
    ),
    (
        "关键量化指标",
        (
            *(
                ("编号", 8),
                ("条款", 12),
                ("指标", 30),
                ("要求", 16),
                ("期限", 12),
                ("测量值", 12),
                ("分子", 12),
                ("分母", 12),
            ),
            *(("数据覆盖", 10), ("预计到期", 12), ("状态", 10), ("目录指标", 24), ("说明", 50), ("原文", 50)),
        ),
        _goals,
    ),
    (
        "交办销号",
        (
            *(("编号", 14), ("事项", 40), ("地方", 20), ("条款", 12), ("牵头单位", 24), ("配合单位", 36)),
            *(("交办日期", 12), ("期限", 12), ("销号条件", 30), ("状态", 10)),
        ),
        _assignments,
    ),
    (
        "差距明细",
        (
            ("目标", 8),
            ("指标", 28),
            ("地方", 24),
            ("品牌", 12),
            ("要求", 12),
            ("测量值", 12),
            ("分子", 12),
            ("分母", 12),
        ),
        _gaps,
    ),
    (
        "自报不符",
        (("填报单位", 24), ("地方", 24), ("品牌", 12), ("指标", 24), ("自报值", 10), ("实测值", 10), ("说明", 70)),
        _discrepancies,
    ),
    (
        "填报可信度",
        (
            *(("填报单位", 24), ("本月核对", 10), ("不符", 8), ("累计核对", 10), ("累计不符", 10)),
            *(("可信度", 8), ("趋势", 8), ("说明", 80)),
        ),
        _reliability,
    ),
    ("拟设站点", (("村", 24), ("依托", 16), ("场所", 24), ("年费用（元）", 14), ("理由", 60)), _stations),
    (
        "投递线路",
        (
            *(("日", 6), ("线路", 6), ("车辆", 14), ("站序", 6), ("村", 24), ("到达", 8), ("件数", 8)),
            *(("里程（公里）", 12), ("费用（元）", 12)),
        ),
        _routes,
    ),
    ("发现", (("程度", 10), ("代码", 30), ("位置", 24), ("说明", 90)), _findings),
)
