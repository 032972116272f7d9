"""Word files (.docx) to text: paragraphs with their automatic numbers, tables as lines, in the order of the document.

The markup is read as a stream and never held as a tree, so time and memory follow the size of the part; entities
are not resolved. Deleted text of tracked changes, field codes, headers and footers are left out.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from posthouse.documents.forms.limits import MAX_PART_BYTES
from posthouse.documents.forms.numbering import Level, Numbering, W
from posthouse.documents.forms.tables import OpenTables
from posthouse.vocabulary.errors import UnusableInputError

_FAULTS = (NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
"""What the standard library raises on broken, encrypted or unusually packed archives."""

MAX_STYLE_CHAIN = 20
"""Longest chain of styles based on styles that is followed."""

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SILENT = {f"{W}del", f"{W}moveFrom", f"{W}instrText", _FALLBACK, f"{W}pPrChange", f"{W}rPrChange"}


def docx_text(data: bytes, name: str) -> str:
    """Return the text of a Word file, one paragraph a line.

    Raises
    ------
    UnusableInputError : the file is no Word file, is cut short, or unpacks to more than the limits allow.
    """
    from lxml import etree

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            document = _part(archive, "word/document.xml", name)
            if document is None:
                raise UnusableInputError(f"{name} 应为 Word 文件（.docx），压缩包内没有正文。请确认文件类型。")
            numbering = _numbering(_part(archive, "word/numbering.xml", name), _part(archive, "word/styles.xml", name))
        return "\n".join(_lines(document, numbering))
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, *_FAULTS) as error:
        raise _broken(name, str(error)) from None


def _broken(name: str, reason: str) -> UnusableInputError:
    return UnusableInputError(
        f"{name} 应为完整的 Word 文件（.docx），实际已损坏（{reason[:80]}）。请用 Word 打开后另存一份再试。"
    )


def _part(archive: zipfile.ZipFile, part: str, name: str) -> bytes | None:
    """Return an unpacked part, or None if there is none; stops reading where the limit is passed."""
    try:
        with archive.open(part) as stream:
            content = stream.read(MAX_PART_BYTES + 1)
    except KeyError:
        return None
    if len(content) > MAX_PART_BYTES:
        raise UnusableInputError(
            f"{name} 的 {part} 解压后应不超过 {MAX_PART_BYTES // 2**20} MB，实际更大。请删去多余内容后另存再试。"
        )
    return content


def _events(part: bytes, *events: str) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    return iter(etree.iterparse(BytesIO(part), events=events, resolve_entities=False, no_network=True, load_dtd=False))


def _lines(document: bytes, numbering: Numbering) -> Iterator[str]:
    """Yield the lines of the body; every element is dropped from memory when it has been read."""
    tables = OpenTables()
    silent = 0
    for event, element in _events(document, "start", "end"):
        tag = element.tag
        if event == "start":
            if tag in _SILENT:
                silent += 1
            elif tag in _OPENS:
                _OPENS[tag](tables)
            continue
        if tag == f"{W}p" and not silent:
            yield from tables.put(_paragraph(element, numbering).split("\n"))
        elif tag == f"{W}tbl":
            yield from tables.close_table()
        if tag in _SILENT:
            silent -= 1
            element.clear()
        elif tag in (f"{W}p", *_OPENS):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _paragraph(element: Any, numbering: Numbering) -> str:
    """Return the label and text of one paragraph; line breaks inside it stay."""
    parts: list[str] = []
    place: tuple[str, int] | None = None
    for node in element.iter():
        tag = node.tag
        if tag == f"{W}t":
            parts.append(node.text or "")
        elif tag in _BLANKS:
            parts.append(_BLANKS[tag])
        elif tag == f"{W}pStyle" and place is None:
            place = numbering.styles.get(node.get(f"{W}val", ""))
        elif tag == f"{W}numPr":
            place = _list_place(node, place)
    label = numbering.next_label(*place) if place and any(part.strip() for part in parts) else ""
    return label + "".join(parts)


def _list_place(node: Any, inherited: tuple[str, int] | None) -> tuple[str, int] | None:
    """Return list and level that a `numPr` names; what it leaves out comes from the style; list 0 means none."""
    list_id, level = node.find(f"{W}numId"), node.find(f"{W}ilvl")
    number = list_id.get(f"{W}val", "") if list_id is not None else (inherited[0] if inherited else "")
    depth = _integer(level.get(f"{W}val")) if level is not None else (inherited[1] if inherited else 0)
    return (number, depth) if number not in ("", "0") else None


def _numbering(part: bytes | None, styles: bytes | None) -> Numbering:
    """Return the lists that the document defines."""
    abstracts: dict[str, str] = {}
    levels: dict[tuple[str, int], Level] = {}
    restarts: dict[tuple[str, int], int] = {}
    for _, element in _events(part, "end") if part else ():
        if element.tag == f"{W}abstractNum":
            for level in element.findall(f"{W}lvl"):
                at = _integer(level.get(f"{W}ilvl"))
                levels[element.get(f"{W}abstractNumId", ""), at] = Level(
                    start=_integer(_value(level, "start"), 1),
                    form=_value(level, "numFmt") or "decimal",
                    text=_value(level, "lvlText") or "",
                )
        elif element.tag == f"{W}num":
            list_id = element.get(f"{W}numId", "")
            abstracts[list_id] = _value(element, "abstractNumId") or ""
            for override in element.findall(f"{W}lvlOverride"):
                start = _value(override, "startOverride")
                if start is not None:
                    restarts[list_id, _integer(override.get(f"{W}ilvl"))] = _integer(start, 1)
    return Numbering(abstracts=abstracts, levels=levels, restarts=restarts, styles=_numbered_styles(styles))


def _numbered_styles(part: bytes | None) -> dict[str, tuple[str, int]]:
    """Return list and level of every paragraph style that numbers its paragraphs, also by the style it is based on."""
    own: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for _, element in _events(part, "end") if part else ():
        if element.tag != f"{W}style":
            continue
        style = element.get(f"{W}styleId", "")
        based[style] = _value(element, "basedOn") or ""
        numbered = element.find(f"{W}pPr/{W}numPr")
        place = _list_place(numbered, None) if numbered is not None else None
        if place:
            own[style] = place
        element.clear()
    found = dict(own)
    for style in based:
        ancestor = style
        for _ in range(MAX_STYLE_CHAIN):
            if ancestor in own:
                found[style] = own[ancestor]
                break
            ancestor = based.get(ancestor, "")
    return found


def _value(element: Any, child: str) -> str | None:
    found = element.find(f"{W}{child}")
    return None if found is None else str(found.get(f"{W}val", ""))


def _integer(text: str | None, default: int = 0) -> int:
    return int(text) if text and len(text) < 6 and text.isdecimal() else default


_OPENS = {f"{W}tbl": OpenTables.open_table, f"{W}tr": OpenTables.open_row, f"{W}tc": OpenTables.open_cell}
_BLANKS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
