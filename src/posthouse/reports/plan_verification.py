"""A month checked against its plan: verification.xlsx for the office, verification.docx for the meeting."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from posthouse.planning.modes import mode_zh
from posthouse.planning.refit import Factor
from posthouse.planning.verification import MeasureCheck, Verification
from posthouse.reports import word
from posthouse.reports.workbook import Columns, Rows, new_workbook, write_sheet

LISTED = 60
"""Villages listed in the document; all are in the workbook."""


def render_verification_workbook(verification: Verification) -> bytes:
    """Return verification.xlsx: measures, villages, lines, fitted factors, explanations."""
    stream = BytesIO()
    with new_workbook(stream, "规划核验") as (book, styles):
        write_sheet(book, "指标", _MEASURE_COLUMNS, _measures(verification), styles)
        write_sheet(book, "村", _VILLAGE_COLUMNS, _villages(verification), styles)
        write_sheet(book, "线路", _LINE_COLUMNS, _lines(verification), styles)
        write_sheet(book, "参数", _FACTOR_COLUMNS, _factors(verification), styles)
        said = [*verification.statements, *verification.refit.statements]
        write_sheet(book, "说明", (("内容", 120),), [(text,) for text in said], styles)
    return stream.getvalue()


def render_verification_document(verification: Verification, *, title: str) -> bytes:
    """Return verification.docx: what was promised and measured, the villages that fell short, the fitted factors."""
    document = word.new_document(footer="— {page} —")
    word.title(document, title)
    for said in verification.statements:
        word.paragraph(document, said)
    _table(document, "指标：预计与实测", _MEASURE_COLUMNS, _measures(verification))
    short = [village for village in verification.villages if not village.is_kept]
    if short:
        word.heading(document, f"没有做到的村（{len(short)}个）")
        rows = [(v.village_name, f"{v.promised}", f"{v.measured:.2f}", v.why) for v in short[:LISTED]]
        more = f"，只列前{LISTED}个，其余见表格" if len(short) > LISTED else ""
        head = ("村", "承诺", "实测", "原因")
        word.table(document, head, rows, widths_mm=(44, 14, 14, 84), caption=f"每周次数{more}")
    word.heading(document, "由扫描重新拟合的参数")
    for said in verification.refit.statements:
        word.paragraph(document, said)
    factors = [row[1:] for row in _factors(verification)]
    _table(document, "规划参数与实测", _FACTOR_COLUMNS[1:], factors)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _table(document, caption: str, columns: Columns, rows: Rows) -> None:  # type: ignore[no-untyped-def]
    texts = [tuple(str(cell) for cell in row) for row in rows]
    whole = sum(width for _, width in columns)
    widths = [156 * width / whole for _, width in columns]
    if texts:
        word.table(document, [name for name, _ in columns], texts, widths_mm=widths, caption=caption)


_MEASURE_COLUMNS: Columns = (("指标", 34), ("预计", 14), ("预计范围", 26), ("实测", 14), ("在范围内", 10))
_VILLAGE_COLUMNS: Columns = (
    ("村代码", 15),
    ("村", 24),
    ("承诺（次/周）", 10),
    ("实测（次/周）", 10),
    ("应到天数", 8),
    ("按规划到的天数", 10),
    ("其他天到", 8),
    ("品牌数", 8),
    ("件数", 8),
    ("做到", 6),
    ("漏的日期", 30),
    ("原因", 70),
)
_LINE_COLUMNS: Columns = (
    ("线路或班次", 16),
    ("方式", 24),
    ("村数", 8),
    ("应开（趟）", 10),
    ("开行（趟）", 10),
    ("晚到（分，中位数）", 12),
    ("没有开行的日期", 60),
)
_FACTOR_COLUMNS: Columns = (
    ("参数", 30),
    ("名称", 36),
    ("规划", 12),
    ("实测", 12),
    ("误差±", 12),
    ("依据（段或次）", 14),
)


def _measures(verification: Verification) -> Rows:
    for check in verification.measures:
        yield (
            check.name,
            _figure(check.predicted, check),
            f"{_figure(check.low, check)}—{_figure(check.high, check)}",
            "没有数据" if check.measured is None else _figure(check.measured, check),
            "是" if check.is_within else "否",
        )


def _figure(value: float, check: MeasureCheck) -> str:
    return f"{value:.2f}次/周" if check.measure.endswith("days_per_week") else f"{value:.1%}"


def _villages(verification: Verification) -> Iterable[Sequence[object]]:
    for v in verification.villages:
        yield (
            v.village,
            v.village_name,
            v.promised,
            round(v.measured, 2),
            v.planned,
            v.kept,
            v.extra,
            v.brands,
            v.parcels,
            "是" if v.is_kept else "否",
            "、".join(f"{day.month}-{day.day}" for day in v.missed),
            v.why,
        )


def _lines(verification: Verification) -> Iterable[Sequence[object]]:
    for line in verification.lines:
        yield (
            line.line if line.line != line.mode else "",
            mode_zh(line.mode),
            line.villages,
            line.planned,
            line.made,
            "" if line.late_min is None else round(line.late_min),
            "、".join(f"{day.month}-{day.day}" for day in line.missed),
        )


def _factors(verification: Verification) -> Iterable[Sequence[object]]:
    factors: tuple[Factor, ...] = (*verification.refit.factors, *verification.reliability)
    for factor in factors:
        figures = (f"{figure:.3f}" for figure in (factor.planned, factor.fitted, factor.error))
        yield factor.lever, factor.name, *figures, factor.legs
