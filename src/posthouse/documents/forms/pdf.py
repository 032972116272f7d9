"""PDF files with a text layer to text: lines as they are printed, a form feed between pages.

Every failure of the reading library on a broken file is a broken file to the user; limits keep a hostile one from
costing more than its size warrants.
"""

import logging
from io import BytesIO
from typing import TYPE_CHECKING, Any

from posthouse.documents.forms.limits import MAX_CHARACTERS, MAX_PAGE_BYTES, MAX_PAGE_OPERATIONS, MAX_PAGES
from posthouse.documents.forms.pdf_runs import Budget, Glyph, TooMuchDrawnError, list_runs
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_FORMS = 500
"""Most embedded drawings (form XObjects) on one page; forms call forms, so that ten without a limit draw billions."""

SAME_LINE = 0.3
"""Characters whose heights differ by less than this share of their size stand on one line."""

CELL_GAP = 2.5
"""A gap wider than so many characters parts the cells of a table, not the words of a line."""

WORD_GAP = 0.2
"""A gap wider than this share of a character is a blank."""

BOLD_SHIFT = 0.15
"""The same character drawn again within this share of its size is a bold face made by drawing twice."""


def pdf_text(data: bytes, name: str) -> tuple[str, tuple[int, ...]]:
    """Return the text of a pdf, and the numbers (from 1) of pages on which no text was found.

    Raises
    ------
    UnusableInputError : the file is broken, locked, too large or only holds pictures.
    """
    from pypdf import PdfReader, apply_configuration

    pages: list[str] = []
    fonts: dict[int, Any] = {}
    length = 0
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with apply_configuration(
            zlib_maximum_output_length=MAX_PAGE_BYTES,
            lzw_maximum_output_length=MAX_PAGE_BYTES,
            run_length_maximum_output_length=MAX_PAGE_BYTES,
            array_based_stream_maximum_output_length=MAX_PAGE_BYTES,
            stream_decoding_work_maximum_length=4 * MAX_PAGE_BYTES,
            stream_parsing_work_maximum_count=4 * MAX_PAGE_OPERATIONS,
            xform_maximum_invocations_per_extraction=MAX_FORMS,
        ):
            reader = PdfReader(BytesIO(data), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise UnusableInputError(f"{name} 应为可直接打开的 PDF，实际已加密。请解除密码后重试。")
            count = len(reader.pages)
            if count > MAX_PAGES:
                raise UnusableInputError(f"{name} 应不超过 {MAX_PAGES} 页，实际 {count} 页。请拆分后重试。")
            for page in reader.pages:
                pages.append(_page_lines(page, fonts))
                length += len(pages[-1])
                if length > MAX_CHARACTERS:
                    raise UnusableInputError(f"{name} 应不超过 {MAX_CHARACTERS} 字，实际更多。请拆分后重试。")
    except UnusableInputError:
        raise
    except TooMuchDrawnError:
        raise UnusableInputError(
            f"{name} 第 {len(pages) + 1} 页应不超过 {MAX_PAGE_OPERATIONS} 项内容，实际更多，不像公文。"
            "请另存为 Word 或文本后重试。"
        ) from None
    except Exception as error:  # a broken file makes the library raise almost anything, from KeyError to RecursionError
        raise UnusableInputError(
            f"{name} 应为完整的 PDF，实际无法解析（{type(error).__name__}）。请重新导出 PDF 或另存为文本后重试。"
        ) from None
    finally:
        logger.setLevel(level)
    empty = tuple(number for number, text in enumerate(pages, 1) if not text.strip())
    if len(empty) == len(pages):
        raise UnusableInputError(
            f"{name} 应为带文字层的 PDF，实际没有文字（可能是扫描件）。请先做文字识别（OCR）再试。"
        )
    return "\n\f\n".join(pages), empty


def _page_lines(page: "PageObject", fonts: dict[int, Any]) -> str:
    """Return the lines of one page in the order of drawing, each from left to right."""
    rows: list[list[Glyph]] = []
    for run in list_runs(page, Budget(operations=MAX_PAGE_OPERATIONS, forms=MAX_FORMS), fonts):
        size = max(rows[-1][-1].size, run[0].size) if rows else 0.0
        if rows and abs(rows[-1][-1].across - run[0].across) <= SAME_LINE * size:
            rows[-1] += run
        else:
            rows.append(run)
    return "\n".join(_row_text(row) for row in rows)


def _row_text(row: list[Glyph]) -> str:
    """Return the characters at one height; a gap becomes a blank, a wide one a new line, a bold double is left out."""
    parts: list[str] = []
    last: Glyph | None = None
    for glyph in sorted(row, key=lambda glyph: glyph.along):
        if last is not None:
            if glyph.text == last.text and glyph.along - last.along < BOLD_SHIFT * glyph.size:
                continue
            gap = glyph.along - last.along - last.width
            if gap > CELL_GAP * glyph.size:
                parts.append("\n")
            elif gap > WORD_GAP * glyph.size:
                parts.append(" ")
        parts.append(glyph.text)
        last = glyph
    return "".join(parts)
