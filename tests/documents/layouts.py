"""One plan in the layouts in which it reaches users: Word with tables, web page, wrapped lines, one line, pdf.

Each function takes the paragraphs of a plan (no breaks inside) and returns the bytes of a file.
"""

import html
import re
from collections.abc import Callable, Sequence
from io import BytesIO

from posthouse.documents.model import Document

LINE_LENGTH = 28
"""Characters on a line of A4 in 三号 (GB/T 9704-2012, 5.2.3)."""

PAGE_LINES = 22
"""Lines on a page (GB/T 9704-2012, 5.2.3)."""

_UNITS = re.compile(r"^(?P<task>[^\n]*)[（(]责任单位：(?P<units>[^\n]*)[）)]$")
_LED = re.compile(r"^牵头单位：(?P<lead>[^；\n]*)；配合单位：(?P<support>[^\n]*)$")
_MEMBER = re.compile(r"^(?:(?P<role>[组副成长员]{2,3})：)?(?P<name>[^（），。：]{2,4})（(?P<unit>[^（）]{2,25})）$")


def list_paragraphs(document: Document) -> list[str]:
    """Return the paragraphs of a document in the characters of its file, without the breaks of its layout."""
    paragraphs = []
    start = 0
    for paragraph in document.reading.split("\n"):
        places = document.offsets[start : start + len(paragraph)]
        paragraphs.append("".join(document.text[place] for place in places))
        start += len(paragraph) + 1
    return paragraphs


def docx_with_tables(paragraphs: Sequence[str]) -> bytes:
    """Tasks with their units, and lists of members, stand in tables."""
    import docx

    document = docx.Document()
    for rows in _grouped(paragraphs):
        if isinstance(rows, str):
            document.add_paragraph(rows)
            continue
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def html_page(paragraphs: Sequence[str]) -> bytes:
    """A web page with scripts, a menu, and tables for the same parts."""
    body = []
    for rows in _grouped(paragraphs):
        if isinstance(rows, str):
            body.append(f'<p style="text-indent:2em">\n&emsp;&emsp;{html.escape(rows)}\n</p>')
        else:
            cells = ("".join(f"<td><p>{html.escape(cell)}</p></td>" for cell in row) for row in rows)
            body.append("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    page = "\n".join(body)
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>政府信息公开</title>"
        f"<style>p{{margin:0}}</style></head><body><script>var a='一、';</script><div>{page}</div></body></html>"
    ).encode()


def hard_wrapped(paragraphs: Sequence[str]) -> bytes:
    """Lines of 28 characters, first lines indented by two, pages of 22 lines with their number."""
    return "\n\n".join(
        "\n".join([*page, f"— {number} —"]) for number, page in enumerate(_pages(paragraphs), 1)
    ).encode()


def single_line(paragraphs: Sequence[str]) -> bytes:
    """No line break at all."""
    return "".join(paragraphs).encode()


def pdf_pages(paragraphs: Sequence[str]) -> bytes:
    """A pdf with a text layer: a font that is not embedded and a map from its codes to characters."""
    pages = [[*page, f"— {number} —"] for number, page in enumerate(_pages(paragraphs), 1)]
    return write_pdf(pages)


LAYOUTS: dict[str, tuple[str, Callable[[Sequence[str]], bytes]]] = {
    "docx": (".docx", docx_with_tables),
    "html": (".html", html_page),
    "wrapped": (".txt", hard_wrapped),
    "single": (".txt", single_line),
    "pdf": (".pdf", pdf_pages),
}
"""Name of each layout, the suffix of its files and what makes them."""


def write_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """Return a minimal pdf with these lines on these pages."""
    characters = sorted(
        {character for page in pages for line in page for character in line if ord(character) < 0x10000}
    )
    maps = "".join(
        f"{len(chunk)} beginbfchar\n" + "".join(f"<{ord(c):04X}> <{ord(c):04X}>\n" for c in chunk) + "endbfchar\n"
        for chunk in (characters[i : i + 100] for i in range(0, len(characters), 100))
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{maps}endcmap end end"
    )
    kids = " ".join(f"{7 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /FangSong /Encoding /Identity-H"
        " /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /FangSong /FontDescriptor 5 0 R /DW 1000"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        "<< /Type /FontDescriptor /FontName /FangSong /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 880"
        " /Descent -120 /CapHeight 880 /StemV 80 >>",
        _stream(cmap),
    ]
    for i, page in enumerate(pages):
        lines = "".join(
            f"1 0 0 1 70 {760 - 30 * row} Tm <{line.encode('utf-16-be').hex()}> Tj\n" for row, line in enumerate(page)
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * i} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(_stream(f"BT /F1 16 Tf\n{lines}ET"))
    data = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF"
    return data + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def _pages(paragraphs: Sequence[str]) -> list[list[str]]:
    lines: list[str] = []
    for paragraph in paragraphs:
        indented = f"\u3000\u3000{paragraph}"
        lines += [indented[i : i + LINE_LENGTH] for i in range(0, len(indented), LINE_LENGTH)]
    return [lines[i : i + PAGE_LINES] for i in range(0, len(lines), PAGE_LINES)]


def _grouped(paragraphs: Sequence[str]) -> list[str | list[tuple[str, ...]]]:
    """Return the paragraphs, and tables for tasks with units and for lists of members, in order."""
    grouped: list[str | list[tuple[str, ...]]] = []
    for paragraph in paragraphs:
        task, led, member = _UNITS.match(paragraph), _LED.match(paragraph), _MEMBER.match(paragraph)
        before = grouped[-1] if grouped else ""
        if task and task["task"]:
            grouped.append([("工作任务", "责任单位"), (task["task"], task["units"])])
        elif led and isinstance(before, str) and before:
            grouped[-1] = [("工作任务", "牵头单位", "配合单位"), (before, led["lead"], led["support"])]
        elif member:
            row = (f"{member['role']}：" if member["role"] else "", member["name"], member["unit"])
            if isinstance(before, list) and before[0][-1] == "单位":
                before.append(row)
            else:
                grouped.append([("小组职务", "姓名", "单位"), row])
        else:
            grouped.append(paragraph)
    return grouped
