"""A Finding: something a person should know about data or a document, with its place and a remedy.

Findings are collected, shown, counted and never lost. Codes are public: see docs/dev/codes.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """How much a Finding weighs: an error makes a verb exit with 1."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault or remark, addressed to the person who can mend it.

    code : stable public code, `room.subject`, for example `records.missing_column`.
    message : one sentence in 中文 for the user: what, where, what to do.
    place : where it was found: `file:row`, a division code, a clause path; empty if nowhere in particular.
    span : [start, end) in characters of the document, where it comes from a document.
    fields : machine-readable details (value, rule, column, counts).
    """

    code: str
    severity: Severity
    message: str
    place: str = ""
    span: tuple[int, int] | None = None
    fields: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; `span` is null where there is none."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "place": self.place,
            "span": list(self.span) if self.span else None,
            "fields": dict(self.fields),
        }
