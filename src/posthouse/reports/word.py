"""The parts of an official document in Word: page, red head, title, headings, body, tables, signature.

Measures after GB/T 9704—2012 (see `bulletin`). Font sizes: 2号 22 pt, 3号 16 pt, 4号 14 pt, 小四 12 pt, 五号 10.5 pt.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.table import Table

BODY_FONT, TITLE_FONT, HEAD_FONT, SUBHEAD_FONT, NUMBER_FONT = (
    "仿宋_GB2312",
    "方正小标宋简体",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
TITLE_PT, BODY_PT, NUMBER_PT, TABLE_PT, RED_HEAD_PT = 22, 16, 14, 10.5, 36
LINE_PT = 28.95
"""225 mm of text block in 22 lines."""
TEXT_WIDTH_PT = 440
"""156 mm of text block, less what rounding takes."""


def new_document(*, footer: str) -> "WordDocument":
    """Return an empty A4 document with the margins of the standard; `{page}` in the footer becomes the number."""
    from docx import Document
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    normal = document.styles["Normal"]
    normal.font.size = Pt(BODY_PT)
    _name_font(normal.element.get_or_add_rPr(), BODY_FONT)
    # A fixed creation date: the same month gives the same file.
    document.core_properties.author = "Posthouse"
    _footer(section.footer.paragraphs[0], footer)
    return document


def red_head(document: "WordDocument", text: str, issue: str) -> None:
    """Add the red head line, the issue number below it and the red rule."""
    from docx.shared import RGBColor

    red = RGBColor(0xC0, 0x00, 0x00)
    size_pt = min(RED_HEAD_PT, TEXT_WIDTH_PT / len(text))
    head = _paragraph(document, text, TITLE_FONT, size_pt, align="center", line_pt=None)
    head.runs[0].font.color.rgb = red
    number = _paragraph(document, issue, BODY_FONT, BODY_PT, align="center")
    _bottom_rule(number)


def title(document: "WordDocument", text: str) -> None:
    """Add the title, centred, 2号小标宋, with an empty line before and after."""
    _paragraph(document, "", BODY_FONT, BODY_PT)
    _paragraph(document, text, TITLE_FONT, TITLE_PT, align="center", line_pt=35)
    _paragraph(document, "", BODY_FONT, BODY_PT)


def heading(document: "WordDocument", text: str) -> None:
    """Add a first-level heading (一、), 黑体, kept with what follows."""
    paragraph = _paragraph(document, text, HEAD_FONT, BODY_PT, indent=2)
    paragraph.paragraph_format.keep_with_next = True


def subheading(document: "WordDocument", number: int, text: str) -> None:
    """Add a second-level heading （一）, 楷体."""
    paragraph = _paragraph(document, f"（{chinese_number(number)}）{text}", SUBHEAD_FONT, BODY_PT, indent=2)
    paragraph.paragraph_format.keep_with_next = True


def paragraph(document: "WordDocument", text: str) -> None:
    """Add a body paragraph, 3号仿宋, first line indented by two characters."""
    _paragraph(document, text, BODY_FONT, BODY_PT, indent=2, align="justify")


def table(
    document: "WordDocument",
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths_mm: Sequence[float],
    caption: str,
    like: "Table | None" = None,
) -> "Table":
    """Add a ruled table with a caption above and return it; the head row repeats on every page, rows do not break.

    Parameters
    ----------
    like : a table that has this head and these widths, of which a copy is filled: many alike tables are slow to build.
    """
    _paragraph(document, caption, HEAD_FONT, 12, align="center", line_pt=22).paragraph_format.keep_with_next = True
    grid = _empty_table(document, head, widths_mm) if like is None else _copy_below(document, like)
    _repeat(grid.rows[1]._tr, rows)
    _paragraph(document, "", BODY_FONT, 8, line_pt=12)
    return grid


def _empty_table(document: "WordDocument", head: Sequence[str], widths_mm: Sequence[float]) -> "Table":
    """Add a table with its head and one more row."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.oxml.ns import qn
    from docx.shared import Mm

    grid = document.add_table(rows=2, cols=len(head))
    grid.style = "Table Grid"
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    for column, width in zip(grid.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row, font in zip(grid.rows, (HEAD_FONT, NUMBER_FONT), strict=True):
        properties = row._tr.get_or_add_trPr()
        properties.append(properties.makeelement(qn("w:cantSplit"), {}))
        for cell, text, width in zip(row.cells, head, widths_mm, strict=True):
            cell.width = Mm(width)
            _fill(cell.paragraphs[0], text, font, TABLE_PT)
    first = grid.rows[0]._tr.get_or_add_trPr()
    first.append(first.makeelement(qn("w:tblHeader"), {}))
    return grid


def _copy_below(document: "WordDocument", like: "Table") -> "Table":
    """Add a copy of a table with its head and first row."""
    from docx.table import Table

    copy = deepcopy(like._tbl)
    for row in copy.tr_lst[2:]:
        copy.remove(row)
    document._body._element._insert_tbl(copy)
    return Table(copy, document._body)


def _repeat(body, rows: Sequence[Sequence[str]]) -> None:  # type: ignore[no-untyped-def]
    """Put a copy of a row, filled with the texts, in its place for each row."""
    from docx.oxml.ns import qn

    for texts in rows:
        copy = deepcopy(body)
        for cell, text in zip(copy.iter(qn("w:t")), texts, strict=True):
            cell.text = text
        body.addprevious(copy)
    body.getparent().remove(body)


def signature(document: "WordDocument", office: str, day: str) -> None:
    """Add the issuing office and the date at the right, as the standard places them."""
    _paragraph(document, "", BODY_FONT, BODY_PT)
    _paragraph(document, office, BODY_FONT, BODY_PT, align="right")
    _paragraph(document, day, BODY_FONT, BODY_PT, align="right")


def chinese_number(number: int) -> str:
    """Return 1..99 in Chinese numerals.

    >>> chinese_number(10), chinese_number(21)
    ('十', '二十一')
    """
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones else "")


def _paragraph(  # type: ignore[no-untyped-def]
    document: "WordDocument",
    text: str,
    font: str,
    size_pt: float,
    *,
    indent: int = 0,
    align: str = "left",
    line_pt: float | None = LINE_PT,
):
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    if line_pt is not None:
        form.line_spacing = Pt(line_pt)
    if indent:
        form.first_line_indent = Pt(indent * size_pt)
    _fill(paragraph, text, font, size_pt, align=align)
    return paragraph


def _fill(paragraph, text: str, font: str, size_pt: float, *, align: str = "left") -> None:  # type: ignore[no-untyped-def]
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    run = paragraph.add_run(text)
    run.font.size = Pt(size_pt)
    _name_font(run._r.get_or_add_rPr(), font)


def _name_font(properties, name: str) -> None:  # type: ignore[no-untyped-def]
    from docx.oxml.ns import qn

    fonts = properties.get_or_add_rFonts()
    for slot in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(slot), name)


def _footer(paragraph, text: str) -> None:  # type: ignore[no-untyped-def]
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    before, _, after = text.partition("{page}")
    _fill(paragraph, before, NUMBER_FONT, NUMBER_PT, align="center")
    for kind, instruction in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        _name_font(run._r.get_or_add_rPr(), NUMBER_FONT)
        if instruction:
            element = OxmlElement("w:instrText")
            element.text = instruction
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
    _fill(paragraph, after, NUMBER_FONT, NUMBER_PT, align="center")


def _bottom_rule(paragraph) -> None:  # type: ignore[no-untyped-def]
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "C00000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)
