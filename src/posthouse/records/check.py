"""The data rules of single rows: a row that breaks one is turned away, with the rule, the column and the value.

Rules: `required` (an empty cell), `type` (not a number, day, time …), `words` (not an allowed word), `range`,
`clock` (a scan recorded before it happened, or before 2020), `cells` (a line with too many or too few cells).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from posthouse.records.arrow import rejected_schema, stored_schema
from posthouse.records.headings import HeadingMatch
from posthouse.records.mapping import TableMapping
from posthouse.records.parse import parse_column
from posthouse.records.raw import RawBatch
from posthouse.records.schema import Column, Table
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Ints = npt.NDArray[np.int64]

FIRST_EVENT_US = 1_577_808_000 * 1_000_000  # 2020-01-01 00:00 Asia/Shanghai, in microseconds since 1970 UTC
TOLERATED_SHARE = 0.01  # above this share of rejected rows a Finding is an error: the figures would mislead
_EXAMPLES = 3


@dataclass(slots=True)
class RowFaults:
    """Counts of what was turned away in one file, per rule and column, with the first examples. Grows by block."""

    rows: int = 0
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    examples: dict[tuple[str, str], list[tuple[int, str | None]]] = field(default_factory=dict)

    def add(self, rule: str, column: str, rows: "Ints", values: Any) -> None:
        """Count rows that break a rule; `rows` are row numbers in the file, `values` texts, an Arrow array."""
        at = (rule, column)
        self.counts[at] = self.counts.get(at, 0) + len(rows)
        shown = self.examples.setdefault(at, [])
        room = _EXAMPLES - len(shown)
        shown.extend(zip(rows[:room].tolist(), values[:room].to_pylist(), strict=True))

    def findings(self, table: Table, name: str) -> Iterator[Finding]:
        """Yield one Finding per rule and column."""
        for (rule, column_name), count in sorted(self.counts.items()):
            column = table.column(column_name) if column_name else None
            examples = self.examples[rule, column_name]
            shown = "，".join(f"第 {row} 行" + (f"“{value}”" if value else "") for row, value in examples)
            tolerated = rule == "clock" or count <= TOLERATED_SHARE * self.rows
            yield Finding(
                code=f"records.{rule}",
                severity=Severity.WARNING if tolerated else Severity.ERROR,
                message=(
                    f"文件 {name}（{table.zh}）有 {count} 行{_COMPLAINTS[rule](column)}，已放入隔离区：{shown}"
                    f"{' 等' if count > len(examples) else ''}。请改正后重新导入。"
                ),
                place=f"{name}:{examples[0][0]}",
                fields={
                    "table": table.name,
                    "column": column_name,
                    "rule": rule,
                    "count": count,
                    "rows": self.rows,
                    "examples": [{"row": row, "value": value} for row, value in examples],
                },
            )


def _complain_words(column: Column | None) -> str:
    assert column is not None
    words = column.values_zh or column.values
    return f"的“{column.zh}”不在可用的词里（{'、'.join(words)}）"


def _complain_range(column: Column | None) -> str:
    assert column is not None
    low = "" if column.minimum is None else f"不小于 {column.minimum:g}"
    high = "" if column.maximum is None else f"不大于 {column.maximum:g}"
    return f"的“{column.zh}”超出范围（应{'、'.join(filter(None, (low, high)))}{column.unit}）"


_KINDS = {
    "int": "整数",
    "real": "数",
    "bool": "是或否",
    "date": "日期",
    "time": "时间",
    "month": "月份",
    "period": "期间",
}
_COMPLAINTS: dict[str, Any] = {
    "required": lambda column: f"的“{column.zh}”是空的",
    "type": lambda column: f"的“{column.zh}”不是{_KINDS.get(column.form or column.type, '可读的值')}",
    "words": _complain_words,
    "range": _complain_range,
    "clock": lambda column: "的发生时间早于 2020 年或晚于上报时间（时钟不准）",
    "cells": lambda column: "的列数与标题行不一致",
}


def check_batch(
    table: Table,
    name: str,
    batch: RawBatch,
    *,
    match: HeadingMatch,
    mapping: TableMapping,
    key: bytes,
    faults: RowFaults,
) -> "tuple[pa.Table, pa.Table]":
    """Return the good rows of a batch and the rejected ones; `faults` is counted up.

    Parameters
    ----------
    name : the file as shown to people. match : where its columns are.
    """
    import numpy as np
    import pyarrow as pa

    keep = ~_blank_rows(batch)
    rejected: list[pa.Table] = []
    bad = np.zeros(len(batch.rows), np.bool_)

    def turn_away(rule: str, column: str, mask: Any, values: Any) -> None:
        nonlocal bad
        at = np.flatnonzero(mask & keep)
        if not len(at):
            return
        bad[at] = True
        shown = pa.nulls(len(at), pa.string()) if values is None else _texts(values, at)
        faults.add(rule, column, batch.rows[at], shown)
        rejected.append(_rejected(name, rule, column, batch.rows[at], shown))

    arrays = {}
    for column in table.columns:
        if column.name in match.positions:
            raw = batch.columns[match.positions[column.name]]
        else:
            raw = pa.repeat(pa.scalar(mapping.constants.get(column.name), pa.string()), len(batch.rows))
        words = mapping.values.get(column.name, {})
        parsed = parse_column(raw, column, key=key, words=words, coded=table.kind == "event")
        arrays[column.name] = parsed.values
        for rule, mask in parsed.faults:
            # A waybill number is shown nowhere, not even in quarantine.
            turn_away(rule, column.name, mask, None if column.type in ("hash", "key") else raw)
    if table.name == "scans":
        turn_away("clock", "event_at", clock_faults(arrays) & ~bad, arrays["event_at"])
    if batch.broken:
        numbers, shown = np.array([row for row, _ in batch.broken]), pa.nulls(len(batch.broken), pa.string())
        faults.add("cells", "", numbers, shown)
        rejected.append(_rejected(name, "cells", "", numbers, shown))
    faults.rows += int(keep.sum()) + len(batch.broken)
    schema = stored_schema(table)
    rows = pa.table([arrays[field.name].cast(field.type) for field in schema], schema=schema)
    good = keep & ~bad
    if not good.all():
        rows = rows.filter(pa.array(good))
    return rows, pa.concat_tables([rejected_schema().empty_table(), *rejected])


def _blank_rows(batch: RawBatch) -> Any:
    """Return the rows without any value: blank lines between or below the data."""
    import numpy as np

    blank = np.ones(len(batch.rows), np.bool_)
    for column in batch.columns:
        if not column.null_count:
            return np.zeros(len(batch.rows), np.bool_)
        blank &= column.is_null().to_numpy(zero_copy_only=False)
    return blank


def clock_faults(arrays: dict[str, Any]) -> Any:
    """Return which scans were recorded before they happened, or happened before records begin."""
    import pyarrow as pa
    import pyarrow.compute as pc

    event, recorded = (arrays[name].cast(pa.int64()) for name in ("event_at", "recorded_at"))
    early: Any = pc.less(event, pa.scalar(FIRST_EVENT_US))
    return pc.fill_null(pc.or_(pc.less(recorded, event), early), False).to_numpy(zero_copy_only=False)


def _texts(values: Any, at: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    taken = values.take(pa.array(at))
    if pa.types.is_timestamp(taken.type) and taken.type.tz:
        taken = pc.local_timestamp(taken.cast(pa.timestamp("s", tz="Asia/Shanghai"), safe=False))
    return taken.cast(pa.string())


def _rejected(name: str, rule: str, column: str, rows: "Ints", values: Any) -> "pa.Table":
    import pyarrow as pa

    of_all = {"file": name, "rule": rule, "column": column}
    columns = [
        pa.repeat(pa.scalar(of_all[field.name], field.type), len(rows))
        if field.name in of_all
        else (pa.array(rows) if field.name == "row" else values).cast(field.type)
        for field in rejected_schema()
    ]
    return pa.table(columns, schema=rejected_schema())
