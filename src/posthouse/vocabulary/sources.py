"""Where a fact comes from: a place in a document, or a run of the program."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place in a document.

    document : number or title of the document, for example 义政办发〔2020〕68号.
    clause : path of the provision, for example `三/（一）/2`; empty outside any numbered provision.
    span : [start, end) in characters of the document's text as `posthouse read --text` prints it.
    """

    document: str
    clause: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of the program: what went in and under which version, so that a figure can be made again.

    id : `YYYYMMDD-HHMMSS-xxxxxxxx`, the last part from the inputs' hashes.
    inputs : SHA-256 (hex) of each input by its name.
    parameters : everything else that the result depends on.
    """

    id: str
    version: str
    seed: int
    inputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, object] = field(default_factory=dict)
