"""Web pages to text: one block a line, scripts and styles left out, lists numbered, tables as lines.

The page is read as a stream, whatever its faults; nothing is fetched.
"""

import re
from collections.abc import Mapping

from posthouse.documents.forms.tables import OpenTables
from posthouse.documents.forms.text import decode_text
from posthouse.vocabulary.errors import UnusableInputError

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SILENT = {"script", "style", "noscript", "template", "head", "select", "button", "svg", "iframe", "object"}
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "form", "fieldset", "hr", "body", "center", "figure"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "figcaption", "address", "details", "summary"}
)


def html_text(data: bytes, name: str) -> str:
    """Return the text of a web page.

    Raises
    ------
    UnusableInputError : the bytes are no text in any known encoding.
    """
    from lxml import etree

    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True, no_network=True)
    markup = _decode(data, name).replace("\x00", "")
    try:
        parser.feed(markup.encode("utf-8", "replace"))
        parser.close()
    except etree.ParserError as error:
        raise UnusableInputError(
            f"{name} 应为网页，实际无法解析（{str(error)[:80]}）。请重新保存网页后再试。"
        ) from None
    return "\n".join(page.lines)


def _decode(data: bytes, name: str) -> str:
    declared = _DECLARED.search(data, 0, 4096)
    if declared and declared[1].lower() in (b"gbk", b"gb2312", b"gb18030"):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return decode_text(data, name)


class _Page:
    """Receives the events of the parser and gathers lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._parts: list[str] = []
        self._silent = 0
        self._preformatted = 0
        self._lists: list[int | None] = []
        self._tables = OpenTables()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        if tag in _SILENT:
            self._silent += 1
        if tag == "br":
            self._flush()
        if tag not in _BLOCKS:
            return
        self._flush()
        if tag == "table":
            self._tables.open_table()
        elif tag == "tr":
            self._tables.open_row()
        elif tag in ("td", "th"):
            self._tables.open_cell()
        elif tag == "pre":
            self._preformatted += 1
        elif tag in ("ol", "ul"):
            first = attributes.get("start", "1")
            self._lists.append(int(first) if tag == "ol" and first.isdecimal() and len(first) < 6 else None)
        elif tag == "li" and self._lists and self._lists[-1] is not None:
            self._parts.append(f"{self._lists[-1]}. ")
            self._lists[-1] += 1

    def end(self, tag: str) -> None:
        """Close an element."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag not in _BLOCKS:
            return
        self._flush()
        if tag == "table":
            self.lines += self._tables.close_table()
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        elif tag in ("ol", "ul") and self._lists:
            self._lists.pop()

    def data(self, text: str) -> None:
        """Take characters."""
        if self._silent:
            return
        if self._preformatted:
            first, *rest = text.split("\n")
            self._parts.append(first)
            for line in rest:
                self._flush()
                self._parts.append(line)
        else:
            self._parts.append(text)

    def close(self) -> None:
        """End the page."""
        self._flush()
        self.lines += self._tables.close_all()

    def _flush(self) -> None:
        """End the current line."""
        text = _SPACES.sub(" ", "".join(self._parts)).strip(" ")
        self._parts.clear()
        if text:
            self.lines += self._tables.put([text])
