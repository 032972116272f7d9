"""Each form of file gives the text a person sees in it."""

import zipfile
from io import BytesIO

import pytest

from posthouse.documents.forms.docx import docx_text
from posthouse.documents.forms.html import html_text
from posthouse.documents.forms.numbering import write_number
from posthouse.documents.forms.pdf import pdf_text
from posthouse.documents.forms.tables import render_table
from posthouse.documents.forms.text import decode_text
from posthouse.documents.read import read_document, read_documents

from .layouts import write_pdf
from .texts import NOTICE, PLAN

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, numbering: str = "", styles: str = "") -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        if numbering:
            archive.writestr("word/numbering.xml", f"<w:numbering {W}>{numbering}</w:numbering>")
        if styles:
            archive.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
    return stream.getvalue()


def paragraph(text: str, level: int | None = None, style: str = "") -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>' if level is not None else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbered}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


LISTS = (
    '<w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_text_file_in_any_usual_encoding_is_the_same_text(tmp_path, encoding):
    path = tmp_path / "plan.txt"
    path.write_bytes((NOTICE + PLAN).encode(encoding))
    assert read_document(path).text == NOTICE + PLAN


def test_the_text_of_a_text_file_is_the_file_itself(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_bytes("一、甲\r\n  （一）乙 丙\r\n".encode())
    assert read_document(path).text == "一、甲\r\n  （一）乙 丙\r\n"


def test_utf_16_without_a_mark_is_recognised():
    assert decode_text("一、a1 目标".encode("utf-16-le"), "a.txt") == "一、a1 目标"


def test_automatic_numbers_of_word_are_part_of_the_text():
    body = "".join(
        paragraph(*item)
        for item in [("目标", 0), ("总体", 1), ("站点", 2), ("网点", 2), ("分项", 1), ("任务", 0), ("建站", 1)]
    )
    assert docx_text(docx(body, LISTS), "a.docx").split("\n") == [
        "一、目标", "（一）总体", "1.站点", "2.网点", "（二）分项", "二、任务", "（一）建站",
    ]  # fmt: skip


def test_a_paragraph_style_can_number_its_paragraphs():
    styles = (
        '<w:style w:styleId="h1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="h1b"><w:basedOn w:val="h1"/></w:style>'
    )
    body = paragraph("目标", style="h1") + paragraph("任务", style="h1b") + paragraph("说明。")
    assert docx_text(docx(body, LISTS, styles), "a.docx") == "一、目标\n二、任务\n说明。"


def test_deleted_text_and_field_codes_of_word_are_left_out():
    body = (
        "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>"
    )
    assert docx_text(docx(body), "a.docx") == "新"


def test_a_table_of_tasks_reads_like_a_plan():
    rows = [
        [["序号"], ["任务"], ["责任单位"], ["完成时限"]],
        [["1"], ["建设站点。", "覆盖全部村。"], ["市商务局", "市财政局"], ["2021年底"]],
    ]
    assert render_table(rows) == ["1. 建设站点。", "覆盖全部村。（责任单位：市商务局、市财政局；完成时限：2021年底）"]


def test_a_table_of_members_reads_like_a_list_of_members():
    rows = [[["小组职务"], ["姓名"], ["单位"]], [["组长"], ["甲一"], ["市政府"]], [[], ["乙二"], ["市商务局"]]]
    assert render_table(rows) == ["组长：甲一（市政府）", "乙二（市商务局）"]


def test_rows_of_short_cells_are_lines_and_long_cells_are_paragraphs():
    assert render_table([[["甲"], ["乙"]], [["说" * 70], ["明"]]]) == ["甲\t乙", "说" * 70, "明"]


def test_tables_in_word_and_on_web_pages_read_alike():
    rows = [("任务", "责任单位"), ("一、建站。", "市商务局")]
    cells = "".join("<w:tr>" + "".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in row) + "</w:tr>" for row in rows)
    page = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    assert docx_text(docx(f"<w:tbl>{cells}</w:tbl>"), "a.docx") == "一、建站。（责任单位：市商务局）"
    assert html_text(f"<table>{page}</table>".encode(), "a.html") == "一、建站。（责任单位：市商务局）"


def test_a_web_page_gives_its_blocks_without_scripts_and_numbers_its_lists():
    page = (
        "<title>t</title><script>x</script><p>一、甲<b>乙</b>\n丙</p><ol start=2><li>丁</li><li>戊</ol>"
        "<pre>己\n庚</pre>辛&amp;壬<br>癸"
    )
    assert html_text(page.encode(), "a.html").split("\n") == [
        "一、甲乙 丙",
        "2. 丁",
        "3. 戊",
        "己",
        "庚",
        "辛&壬",
        "癸",
    ]


def test_a_web_page_that_names_its_encoding_is_read_in_it():
    assert html_text("<meta charset=gbk><p>快递进村</p>".encode("gbk"), "a.html") == "快递进村"


def test_a_pdf_gives_its_lines_and_names_pages_without_text(tmp_path):
    data = write_pdf([["一、工作目标", "到2022年底，全部覆盖。"], [], ["二、工作任务", "建设站点。"]])
    text, empty = pdf_text(data, "a.pdf")
    assert text.replace("\f", "").split() == ["一、工作目标", "到2022年底，全部覆盖。", "二、工作任务", "建设站点。"]
    assert empty == (2,)
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    found = next(finding for finding in read_document(path).findings if finding.code == "documents.page_without_text")
    assert found.fields["pages"] == [2]


def test_characters_drawn_out_of_order_are_read_in_order():
    around, inside = "推动".encode("utf-16-be").hex(), "工程".encode("utf-16-be").hex()
    quote = "“进村”".encode("utf-16-be").hex()
    drawn = f"1 0 0 1 102 700 Tm <{quote}> Tj 1 0 0 1 70 700 Tm [<{around}> -4000 <{inside}>] TJ"
    plain = write_pdf([["推动“进村”工程"]]).decode("latin-1")
    line = next(part for part in plain.split("\n") if part.endswith(" Tj"))
    data = plain.replace(line, drawn).encode("latin-1")
    assert pdf_text(data, "a.pdf")[0] == "推动“进村”工程"


def test_several_documents_in_a_file_give_the_first_and_a_finding(tmp_path):
    path = tmp_path / "both.txt"
    other = (NOTICE + PLAN).replace("甲", "丙").replace("7号", "8号")
    path.write_text(NOTICE + PLAN + "\n" + other, encoding="utf-8")
    document = read_document(path)
    assert document.number == "甲政办发〔2021〕7号"
    assert [finding.code for finding in document.findings] == ["documents.several_documents"]
    assert [one.number for one in read_documents(path)] == ["甲政办发〔2021〕7号", "丙政办发〔2021〕8号"]


def test_markdown_and_text_give_the_same_tree(tmp_path):
    plain, marked = tmp_path / "a.txt", tmp_path / "a.md"
    plain.write_text(PLAN, encoding="utf-8")
    marked.write_text(
        PLAN.replace("甲州市快递进村实施方案\n", "# 甲州市快递进村实施方案\n", 1).replace("二、", "## 二、"),
        encoding="utf-8",
    )
    assert [p.path for p in read_document(plain).walk()] == [p.path for p in read_document(marked).walk()]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (12, "chineseCounting", "十二"),
        (3, "decimalEnclosedCircle", "③"),
        (27, "upperLetter", "AA"),
        (14, "lowerRoman", "xiv"),
    ],
)
def test_numbers_are_shown_as_word_shows_them(number, form, shown):
    assert write_number(number, form) == shown
