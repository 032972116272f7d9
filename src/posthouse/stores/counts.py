"""What merging newly loaded rows into a table came to, in rows, and how it is told."""

from collections.abc import Iterator
from dataclasses import dataclass

from posthouse.records.schema import Table
from posthouse.vocabulary.findings import Finding, Severity


@dataclass(slots=True, kw_only=True)
class MergeCounts:
    """Counts that grow while a table is merged.

    repeated : rows of this load equal to another of it in every column; present : equal to a stored one.
    conflicting : rows with the key of a row that was kept instead.
    updated : stored rows replaced by a row of this load with the same key. superseded : scans replaced by a correction.
    """

    repeated: int = 0
    present: int = 0
    conflicting: int = 0
    updated: int = 0
    superseded: int = 0

    def findings(self, table: Table) -> Iterator[Finding]:
        """Yield one Finding per count that is not zero."""
        for code, severity, count, message in (
            ("records.duplicate", Severity.INFO, self.repeated, "行与另一行完全相同，只算一次。"),
            (
                "records.conflict",
                Severity.WARNING,
                self.conflicting,
                "行与另一行编号相同而内容不同，只留一行。请向报送单位核对。",
            ),
            ("records.updated", Severity.INFO, self.updated, "行已入库，以这次导入的内容为准。"),
            ("records.superseded", Severity.INFO, self.superseded, "行被更正取代，不再计算。"),
        ):
            if count:
                yield Finding(
                    code=code,
                    severity=severity,
                    message=f"{table.zh}：{count} {message}",
                    place=table.name,
                    fields={"table": table.name, "count": count},
                )
