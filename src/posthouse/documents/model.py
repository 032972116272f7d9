"""A Document: the text a person sees, and the tree of its provisions with spans into that text.

Two texts belong together. `text` is what `posthouse read --text` prints (for .txt files: the file itself, decoded);
every span that leaves this package counts characters of it. `reading` is the normalised text that extraction
works on (layout breaks joined, brackets and digits of one width, OCR spaces removed); `offsets[i]` is the place
in `text` of `reading[i]`, with one entry more for the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from posthouse.vocabulary.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One node of the tree: a chapter, section, item, annex or the body text under a heading.

    path : labels joined by `/`, for example `三/（一）/2`; annexes start with `附件` (`附件/二/（一）`), articles
    are `第三条`. label : the last part. title : heading text without its label; empty for plain paragraphs.
    start, end : in characters of `reading`, the whole node with its children; body_start : where the text after
    the heading starts. children : in document order.
    """

    path: str
    label: str
    title: str
    start: int
    end: int
    body_start: int
    children: tuple["Provision", ...] = ()

    def walk(self) -> Iterator["Provision"]:
        """Yield this node and every node below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """A document that this one cites as its basis or its parent."""

    title: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One plan document."""

    name: str
    text: str
    reading: str
    offsets: tuple[int, ...]
    issuer: str = ""
    number: str = ""
    title: str = ""
    notice_title: str = ""
    addressees: tuple[str, ...] = ()
    issued_on: date | None = None
    printed_on: date | None = None
    effective_on: date | None = None
    parents: tuple[Parent, ...] = ()
    provisions: tuple[Provision, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in `text` of a span in `reading`; its end is the place after the last character."""
        if end <= start:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def walk(self) -> Iterator[Provision]:
        """Yield every provision in document order."""
        for provision in self.provisions:
            yield from provision.walk()

    def provision_at(self, place: int) -> Provision | None:
        """Return the deepest provision whose [start, end) of `reading` holds the place, or None."""
        found = None
        for provision in self.walk():
            if provision.start <= place < provision.end:
                found = provision
        return found
