"""A file to a Document: the form it has, its text, its reading, its head and its tree.

Any form gives a text; everything behind that is the same for all forms.
"""

import re
from dataclasses import replace
from pathlib import Path

from posthouse.documents.forms.open import open_file
from posthouse.documents.head import find_titles, read_head
from posthouse.documents.masking import MASK, mask_phones
from posthouse.documents.model import Document
from posthouse.documents.reading import Reading, cut_reading, normalise
from posthouse.documents.remarks import list_remarks, remark_empty_pages, remark_others
from posthouse.documents.run_on import restore_breaks
from posthouse.documents.split import split_documents
from posthouse.documents.tree import build_tree


def read_document(path: Path) -> Document:
    """Return the plan document that a file holds: of several, the first with provisions, and a Finding names the rest.

    Raises
    ------
    UnusableInputError : the file is missing, too large, of no known form or broken.
    """
    documents = read_documents(path)
    main = next((document for document in documents if document.provisions), documents[0])
    others = [document for document in documents if document is not main]
    if not others:
        return main
    return replace(main, findings=(*main.findings, remark_others(others, path.name)))


def read_documents(path: Path) -> tuple[Document, ...]:
    """Return every document that a file holds, in order; all share the text of the file.

    Raises
    ------
    UnusableInputError : the file is missing, too large, of no known form or broken.
    """
    opened = open_file(path)
    documents = read_text(opened.text, name=path.name, markdown=opened.form == "md")
    if not opened.empty_pages:
        return documents
    remark = remark_empty_pages(opened, path.name)
    return tuple(replace(document, findings=(*document.findings, remark)) for document in documents)


def read_text(text: str, *, name: str, markdown: bool = False) -> tuple[Document, ...]:
    """Return the documents that a text holds, at least one.

    Parameters
    ----------
    text : as in the file; telephone numbers are masked in what comes back. name : of the file. markdown : whether
    `#`, `**` and `|` are marks of layout.
    """
    masked_text = mask_phones(text)
    joined = normalise(masked_text, markdown=markdown)
    reading = restore_breaks(joined)
    masked_text = _masked_as(masked_text, reading)
    masked = sum(old != new for old, new in zip(text, masked_text, strict=True)) if masked_text != text else 0
    stretches = split_documents(reading.content) or [(0, len(reading.content))]
    documents = []
    for start, end in stretches:
        own = reading if len(stretches) == 1 else cut_reading(reading, start, end)
        documents.append(_document(own, masked_text, name, run_on=reading is not joined, masked=masked))
    return tuple(documents)


def _document(reading: Reading, text: str, name: str, *, run_on: bool, masked: int) -> Document:
    content = reading.content
    title, notice_title = find_titles(content)
    tree = build_tree(content, title=title if notice_title != title else "")
    head = read_head(content, tree.body_start)
    document = Document(
        name=name,
        text=text,
        reading=content,
        offsets=reading.offsets,
        issuer=head.issuer,
        number=head.number,
        title=head.title,
        notice_title=head.notice_title,
        addressees=head.addressees,
        issued_on=head.issued_on,
        printed_on=head.printed_on,
        effective_on=head.effective_on,
        parents=head.parents,
        provisions=tree.provisions,
    )
    return replace(document, findings=tuple(list_remarks(document, tree.slips, run_on=run_on, masked=masked)))


def _masked_as(masked: str, reading: Reading) -> str:
    """Return the masked text with those numbers masked too that only show when cut lines are joined."""
    places = [
        reading.offsets[i]
        for found in re.finditer(f"{MASK}+", reading.content)
        for i in range(found.start(), found.end())
        if masked[reading.offsets[i]] != MASK
    ]
    if not places:
        return masked
    characters = list(masked)
    for place in places:
        characters[place] = MASK if characters[place].isdigit() else characters[place]
    return "".join(characters)
