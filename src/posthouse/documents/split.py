"""Several documents in one file: where each begins, told by number lines and titles of notices of their own."""

import re

from posthouse.documents.characters import HAN
from posthouse.documents.headings import find_headings

MAX_DOCUMENTS = 100
"""Most documents told apart in one file; what comes behind belongs to the last. A yearbook of plans has some fifty."""

_HEAD_LINE = re.compile(
    rf"^(?:(?P<red>[{HAN}（）]{{3,40}}文件)\n)?(?P<number>[{HAN}]{{2,15}}〔\d{{4}}〕第?\d{{1,5}}号)$"
    rf"|^(?P<notice>(?![《（])[^\n。；：《》]{{2,60}}关于印发[^\n。；]{{2,120}}的通知)$",
    re.MULTILINE,
)


def split_documents(content: str) -> list[tuple[int, int]]:
    """Return [start, end) of each document of a reading; one that holds a single document is one stretch.

    A number line or the title of a notice begins another document only where the one before has provisions, so that
    a document cited on a line of its own does not.
    """
    starts = [0]
    seen: set[str] = set()
    last = 0
    for found in _HEAD_LINE.finditer(content):
        wording = found["number"] or found["notice"]
        if wording in seen or len(starts) == MAX_DOCUMENTS:
            continue
        if seen and find_headings(content, last, found.start()):
            starts.append(found.start())
            seen.clear()
        seen.add(wording)
        last = found.start()
    return [(start, end) for start, end in zip(starts, [*starts[1:], len(content)], strict=True) if end > start]
