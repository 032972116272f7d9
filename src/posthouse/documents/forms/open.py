"""Which form a file has, told from its first bytes, not its name, and its text."""

from dataclasses import dataclass
from pathlib import Path

from posthouse.documents.forms.docx import docx_text
from posthouse.documents.forms.html import html_text
from posthouse.documents.forms.limits import MAX_CHARACTERS, MAX_FILE_BYTES
from posthouse.documents.forms.pdf import pdf_text
from posthouse.documents.forms.text import decode_text
from posthouse.vocabulary.errors import UnusableInputError

_OTHER_FORMS = {
    b"\xd0\xcf\x11\xe0": "旧版 Word、WPS 文件（.doc、.wps）",
    b"{\\rtf": "RTF 文件",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"OFD": "OFD 版式文件",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """What a file holds. form : txt, md, docx, html or pdf. empty_pages : pages of a pdf without text, from 1."""

    form: str
    text: str
    empty_pages: tuple[int, ...] = ()


def open_file(path: Path) -> FileText:
    """Return the form and text of a file.

    Raises
    ------
    UnusableInputError : the file is missing, too large, of no known form or broken.
    """
    data = _bytes_of(path)
    opened = _open(data, path)
    if len(opened.text) > MAX_CHARACTERS:
        raise UnusableInputError(
            f"{path.name} 应不超过 {MAX_CHARACTERS} 字，实际 {len(opened.text)} 字，不像方案文件。请检查文件。"
        )
    return opened


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UnusableInputError(f"应为方案文件，{path} 不存在或不是文件。请检查路径。")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise UnusableInputError(
                f"{path.name} 应不超过 {MAX_FILE_BYTES // 2**20} MB，实际 {size // 2**20} MB。请删去图片后另存再试。"
            )
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UnusableInputError(f"应为可读的方案文件，{path} 打不开（{error}）。请检查路径和权限。") from None


def _open(data: bytes, path: Path) -> FileText:
    name, suffix = path.name, path.suffix.lower()
    if data.startswith(b"PK\x03\x04"):
        return FileText(form="docx", text=docx_text(data, name))
    if b"%PDF-" in data[:1024]:
        text, empty = pdf_text(data, name)
        return FileText(form="pdf", text=text, empty_pages=empty)
    for mark, kind in _OTHER_FORMS.items():
        if data.startswith(mark):
            raise UnusableInputError(
                f"{name} 应为 txt、md、docx、html 或带文字层的 pdf，实际是{kind}。请另存为 .docx 或 .txt 后重试。"
            )
    if suffix in (".docx", ".pdf"):
        raise UnusableInputError(f"{name} 应为 {suffix} 文件，实际内容不是（可能已损坏）。请重新取得文件后重试。")
    if (
        suffix in (".html", ".htm", ".xhtml")
        or b"<html" in data[:2048].lower()
        or data[:15].lower() == b"<!doctype html>"
    ):
        return FileText(form="html", text=html_text(data, name))
    text = decode_text(data, name)
    return FileText(form="md" if suffix in (".md", ".markdown") else "txt", text=text)
