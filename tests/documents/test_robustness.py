"""Broken, hostile and foolish files give one clear sentence or a Finding, and never more than their size warrants."""

import zipfile
import zlib
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posthouse.documents.forms.limits import MAX_CHARACTERS, MAX_PART_BYTES
from posthouse.documents.read import read_document, read_text
from posthouse.vocabulary.errors import UnusableInputError

from .layouts import docx_with_tables, html_page, write_pdf
from .texts import NOTICE, PLAN

PARAGRAPHS = [line for line in (NOTICE + PLAN).split("\n") if line]
LABELS = ["一、", "二、", "（一）", "（二）", "1.", "2.", "①", "附件", "附件1\n", "第一章", "目录\n"]
MARKS = [
    "\n",
    "\n\n",
    "\f",
    "。",
    "，",
    "：",
    "（",
    "）",
    "“",
    "《",
    "》",
    " ",
    "\u3000",
    "<",
    ">",
    "|",
    "#",
    "\x00",
    "\ud7ff",
    "😀",
]
HEADS = [
    "〔2020〕1号",
    "甲政发〔2020〕1号\n",
    "关于印发甲方案的通知\n",
    "2020年1月2日",
    "印发",
    "抄送：",
    "本方案自",
    "发布之日起施行。",
]
WORDS = ["成员：", "甲一（市局）", "X", "电话", "1380000", "建设站点", "到2021年底"]
PIECES = st.lists(st.sampled_from(LABELS + MARKS + HEADS + WORDS), max_size=60)


def refusal(path):
    with pytest.raises(UnusableInputError) as caught:
        read_document(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


def outcome(path):
    """Return the text of the document, or the one sentence of the refusal."""
    try:
        return read_document(path).text
    except UnusableInputError as error:
        return str(error).replace("\n", "a second line")


@given(PIECES.map("".join), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_document_whose_places_lie_in_the_text(text, markdown):
    for document in read_text(text, name="a", markdown=markdown):
        assert len(document.text) == len(text)
        assert len(document.offsets) == len(document.reading) + 1
        assert all(a <= b for a, b in zip(document.offsets, document.offsets[1:], strict=False))
        for provision in document.walk():
            assert 0 <= provision.start <= provision.body_start <= provision.end <= len(document.reading)
            start, end = document.span(provision.start, provision.end)
            assert 0 <= start <= end <= len(text)
            last = provision.start
            for child in provision.children:
                assert last <= child.start <= child.end <= provision.end
                last = child.end


@given(st.binary(max_size=300), st.sampled_from([".txt", ".docx", ".pdf", ".html", ".md", ".csv"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes_give_a_document_or_a_refusal(tmp_path, data, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    assert "a second line" not in outcome(path)


@pytest.mark.parametrize("suffix", [".docx", ".pdf", ".html"])
def test_a_file_cut_anywhere_gives_a_document_or_a_refusal(tmp_path, suffix):
    make = {".docx": docx_with_tables, ".html": html_page, ".pdf": lambda lines: write_pdf([lines[:20], lines[20:]])}[
        suffix
    ]
    whole = make(PARAGRAPHS)
    path = tmp_path / f"a{suffix}"
    for part in range(1, 20):
        path.write_bytes(whole[: len(whole) * part // 20])
        assert "a second line" not in outcome(path)


def test_a_file_with_bytes_changed_gives_a_document_or_a_refusal(tmp_path):
    for suffix, whole in ((".docx", docx_with_tables(PARAGRAPHS)), (".pdf", write_pdf([PARAGRAPHS[:20]]))):
        path = tmp_path / f"a{suffix}"
        for place in range(0, len(whole), max(1, len(whole) // 40)):
            changed = bytearray(whole)
            changed[place : place + 4] = b"\xff\x00\x7f\x28"[: len(changed) - place]
            path.write_bytes(changed)
            assert "a second line" not in outcome(path)


def test_a_missing_file_is_refused(tmp_path):
    assert "不存在" in refusal(tmp_path / "none.txt")
    assert "不存在" in refusal(tmp_path)


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w:p/>" + b" " * (MAX_PART_BYTES + 1))
    assert "MB" in refusal(path)


def test_entities_that_multiply_are_not_resolved(tmp_path):
    path = tmp_path / "laughs.docx"
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<!DOCTYPE d [<!ENTITY l0 "哈">{entities}]><w:document xmlns:w="http://schemas.openxmlformats.org/'
            'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>一、甲&l11;</w:t></w:r></w:p></w:body></w:document>',
        )
    assert len(outcome(path)) < 200


def test_deeply_nested_markup_is_refused_or_read(tmp_path):
    path = tmp_path / "deep.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<a>" * 100_000)
    assert "deep.docx" in refusal(path)
    page = tmp_path / "deep.html"
    page.write_text("<table><tr><td>" * 20_000 + "一、甲", encoding="utf-8")
    assert read_document(page).text.endswith("一、甲")


def test_a_pdf_page_that_draws_without_end_is_refused(tmp_path):
    stream = zlib.compress(b"BT\n" + b"0 0 Td\n" * 200_000 + b"ET")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    data += (
        b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(data)
    )
    path = tmp_path / "endless.pdf"
    path.write_bytes(data)
    assert "endless.pdf" in refusal(path)


def test_a_huge_table_is_read_in_one_pass(tmp_path):
    row = (
        "<w:tr><w:tc><w:p><w:r><w:t>村</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>站</w:t></w:r></w:p></w:tc></w:tr>"
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            f"<w:tbl>{row * 5000}</w:tbl></w:body></w:document>",
        )
    path = tmp_path / "table.docx"
    path.write_bytes(stream.getvalue())
    assert read_document(path).text.count("村\t站") == 5000


def test_a_text_that_is_too_long_is_refused(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("a" * (MAX_CHARACTERS + 1), encoding="utf-8")
    assert str(MAX_CHARACTERS) in refusal(path)


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"\xd0\xcf\x11\xe0", ".doc"),
        (b"\x89PNG\r\n", "图片"),
        (b"{\\rtf1", "RTF"),
        (b"PK\x03\x04abc", "Word"),
        (b"%PDF-1.4\n", "PDF"),
    ],
)
def test_other_forms_are_named_in_the_refusal(tmp_path, start, word):
    path = tmp_path / "plan.bin"
    path.write_bytes(start + b"\x00" * 50)
    assert word in refusal(path)


def test_a_pdf_of_pictures_asks_for_ocr(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(write_pdf([[], []]))
    assert "OCR" in refusal(path)


def test_bytes_of_no_encoding_are_refused_with_their_place(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("一、目标".encode() + b"\xff\xfe\xff")
    assert "字节" in refusal(path)
