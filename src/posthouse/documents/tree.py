"""The tree of provisions of a reading: headings nested by rank, annexes counted anew, titles told from body text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from posthouse.documents.headings import Heading, closing_start, find_headings
from posthouse.documents.labels import Label, Rank
from posthouse.documents.model import Provision
from posthouse.documents.parts import Part, list_parts

TITLE_LENGTH = 50
"""Longest title that shares its paragraph with body text; a longer first sentence is text itself."""

COLON_TITLE_LENGTH = 20
"""Longest title that ends with a colon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The provisions of a document. slips : labels out of order, in order of place. body_start : of the plan's first
    provision, or the end of the text if it has none.
    """

    provisions: tuple[Provision, ...]
    slips: tuple[Label, ...]
    body_start: int


def build_tree(content: str, *, title: str = "") -> Tree:
    """Return the provisions of a reading.

    Parameters
    ----------
    content : the reading of one document. title : of the plan, where its notice names it.
    """
    provisions: list[Provision] = []
    slips: list[Label] = []
    body_start = len(content)
    for part, headings in _with_restarts(content, list_parts(content, 0, len(content), title=title)):
        slips += [heading.label for heading in headings if heading.slip]
        last = headings[-1].label.end if headings else part.body_start
        end = _trimmed(content, part.start, closing_start(content, last, part.end))
        children = _nest(content, headings, part.name, end)
        if part.name.startswith("附件"):
            provisions.append(
                Provision(
                    path=part.name,
                    label=part.name,
                    title=part.title,
                    start=part.start,
                    end=max(end, part.body_start),
                    body_start=part.body_start,
                    children=children,
                )
            )
        else:
            provisions += children
            if not part.name and children:
                body_start = children[0].start
    return Tree(provisions=tuple(provisions), slips=tuple(slips), body_start=body_start)


def _with_restarts(content: str, parts: Sequence[Part]) -> Iterator[tuple[Part, Sequence[Heading]]]:
    """Yield the parts with their headings, the plan cut where its outermost numbering begins anew.

    There an annex without a mark starts.
    """
    for part in parts:
        headings = find_headings(content, part.body_start, part.end)
        place = None if part.name else _restart(headings)
        if place is None:
            yield part, headings
            continue
        yield replace(part, end=place), [heading for heading in headings if heading.label.start < place]
        name = "附件（续）" if any(other.name == "附件" for other in parts) else "附件"
        annex = Part(name=name, title="", start=place, body_start=place, end=part.end)
        yield annex, find_headings(content, place, part.end)


def _restart(headings: Sequence[Heading]) -> int | None:
    """Return where the numbering of the outermost rank begins anew, or None."""
    outermost = min((heading.label.rank for heading in headings), default=None)
    return next(
        (h.label.start for h in headings if h.slip and h.label.rank == outermost and h.label.number == 1),
        None,
    )


def _nest(content: str, headings: Sequence[Heading], prefix: str, end: int) -> tuple[Provision, ...]:
    """Return the headings as a forest: each holds what follows until a heading of its own rank or above."""
    forest: list[Provision] = []
    i = 0
    while i < len(headings):
        rank = headings[i].label.rank
        j = i + 1
        while j < len(headings) and headings[j].label.rank > rank:
            j += 1
        stop = headings[j].label.start if j < len(headings) else end
        forest.append(_provision(content, headings[i:j], prefix, _trimmed(content, headings[i].label.start, stop)))
        i = j
    return tuple(forest)


def _provision(content: str, headings: Sequence[Heading], prefix: str, end: int) -> Provision:
    label = headings[0].label
    path = f"{prefix}/{label.name}" if prefix else label.name
    line_end = content.find("\n", label.end, end)
    own_end = min(end if line_end < 0 else line_end, headings[1].label.start if len(headings) > 1 else end)
    if label.rank is Rank.ARTICLE and "。" in content[label.end : own_end]:
        title, body_start = "", label.end  # articles of a regulation have no titles; their first sentence is law
    else:
        title, body_start = _title(content, label.end, own_end, end)
    return Provision(
        path=path,
        label=label.name,
        title=title,
        start=label.start,
        end=max(end, label.end),
        body_start=body_start,
        children=_nest(content, headings[1:], path, end),
    )


def _title(content: str, start: int, own_end: int, end: int) -> tuple[str, int]:
    """Return the title in [start, own_end) and where the body starts; the title is empty for a plain item.

    start : after the label. own_end : end of the label's own paragraph. end : end of the provision.
    """
    first = content[start : min(own_end, start + TITLE_LENGTH + 1)]
    stop = first.find("。")
    if stop >= 0 and start + stop + 1 < end:
        return first[:stop], _skip_breaks(content, start + stop + 1, end)
    colon = first.find("：")
    if (
        0 < colon <= COLON_TITLE_LENGTH
        and "，" not in first[:colon]
        and "“" not in first[:colon]
        and start + colon + 1 < own_end
    ):
        return first[:colon], start + colon + 1
    if stop < 0 and own_end - start <= TITLE_LENGTH and not (own_end == end and first.endswith(("；", "。"))):
        return first.rstrip("：；，、"), _skip_breaks(content, own_end, end)
    return "", start


def _skip_breaks(content: str, start: int, end: int) -> int:
    while start < end and content[start] == "\n":
        start += 1
    return start


def _trimmed(content: str, start: int, end: int) -> int:
    """Return the end without the paragraph breaks before it."""
    while end > start and content[end - 1] == "\n":
        end -= 1
    return end
