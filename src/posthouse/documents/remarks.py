"""What a person should know about a document that was read: Findings with place, span and remedy."""

from collections.abc import Iterator, Sequence

from posthouse.documents.forms.open import FileText
from posthouse.documents.labels import Label
from posthouse.documents.masking import MASK
from posthouse.documents.model import Document
from posthouse.vocabulary.findings import Finding, Severity

LISTED_SLIPS = 20
"""Most labels out of order that are told one by one."""


def list_remarks(document: Document, slips: Sequence[Label], *, run_on: bool, masked: int) -> Iterator[Finding]:
    """Yield the Findings about one document.

    Parameters
    ----------
    document : as read. slips : its labels out of order. run_on : whether its line breaks were lost and put back.
    masked : number of digits of telephone numbers that were masked.
    """
    if not document.provisions:
        yield Finding(
            code="documents.no_provisions",
            severity=Severity.ERROR,
            message="文中没有“一、（一）1.”之类的条款，可能不是实施方案。请确认文件是否正确。",
            place=document.name,
        )
        return
    for label in slips[:LISTED_SLIPS]:
        yield Finding(
            code="documents.label_out_of_sequence",
            severity=Severity.WARNING,
            message=f"序号“{label.name}”与前文不连续，可能漏写或重复。请对照原文核对。",
            place=label.name,
            span=document.span(label.start, label.end),
            fields={"number": label.number, "slips": len(slips)},
        )
    missing = [
        word
        for word, value in (
            ("发文机关", document.issuer),
            ("发文字号", document.number),
            ("成文日期", document.issued_on),
        )
        if not value
    ]
    if missing:
        yield Finding(
            code="documents.missing_head",
            severity=Severity.INFO,
            message=f"文中没有找到{'、'.join(missing)}。需要时请补上通知全文。",
            place=document.name,
            fields={"missing": missing},
        )
    if run_on:
        yield Finding(
            code="documents.breaks_restored",
            severity=Severity.INFO,
            message="文中换行已丢失，条款是按序号和用语恢复的。请核对各条标题。",
            place=document.name,
        )
    if masked:
        yield Finding(
            code="documents.phone_masked",
            severity=Severity.INFO,
            message=f"文中的电话号码已用 {MASK} 遮盖，共 {masked} 位数字。",
            place=document.name,
            fields={"digits": masked},
        )
    lost = document.text.count("\ufffd")
    if lost:
        yield Finding(
            code="documents.unreadable_characters",
            severity=Severity.WARNING,
            message=f"文中有 {lost} 个字无法辨认（显示为 \ufffd）。请换一份文件或改正后再读。",
            place=document.name,
            fields={"count": lost},
        )


def remark_empty_pages(opened: FileText, name: str) -> Finding:
    """Return the Finding that some pages of a pdf hold no text."""
    pages = "、".join(str(page) for page in opened.empty_pages[:10])
    return Finding(
        code="documents.page_without_text",
        severity=Severity.WARNING,
        message=f"第 {pages} 页没有文字（可能是扫描图），未读入。请先做文字识别（OCR）再试。",
        place=name,
        fields={"pages": list(opened.empty_pages)},
    )


def remark_others(others: Sequence[Document], name: str) -> Finding:
    """Return the Finding that the file holds more documents than the one that was taken."""
    listed = "；".join(f"{other.title or other.notice_title or '无题'}{other.number}" for other in others[:5])
    return Finding(
        code="documents.several_documents",
        severity=Severity.WARNING,
        message=f"文件含 {len(others) + 1} 份公文，只读了第一份有条款的；其余为：{listed}。请分别存成文件再读。",
        place=name,
        span=(others[0].offsets[0], others[0].offsets[-1]),
        fields={"titles": [other.title for other in others]},
    )
