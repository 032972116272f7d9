"""Between register rows of the library and the console's entries: values, words, and what is wrong with typed cells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from posthouse.records.arrow import arrow_schema
from posthouse.records.check import RowFaults, check_batch
from posthouse.records.headings import match_headings
from posthouse.records.mapping import TableMapping
from posthouse.records.raw import RawBatch
from posthouse.records.schema import Column, Table, all_tables
from posthouse.stores.mending import QuarantinedRow, explain_faults
from posthouse_web.registers.models import Entry

if TYPE_CHECKING:
    import pyarrow as pa

Cells = dict[str, Any]
_NAMES = ("name", "route_id", "region_code")
_KINDS = ("kind", "mode")


def register_tables() -> dict[str, Table]:
    """Return every register by its name, in the order of the schema."""
    return {name: table for name, table in all_tables().items() if table.kind == "register"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """Whose a row is where it does not say so itself: company to brand, outlet to place."""

    brands: Mapping[str, str]
    places: Mapping[str, str]


def entry_from(table: Table, cells: Cells, owners: Owners) -> Entry:
    """Return the row of these cells; a company that is not known counts as a brand of its own, seen by nobody else."""
    operator = cells.get("operator_id", "")
    place = cells["code"] if table.name == "divisions" else cells.get("division", "")
    place = place or owners.places.get(cells.get("outlet_id", ""), "")
    return Entry(
        table=table.name,
        key="/".join(str(cells.get(name, "")) for name in table.key)[:120],
        since=cells.get("valid_from", ""),
        name=next((str(cells[name])[:200] for name in _NAMES if cells.get(name)), ""),
        kind=next((cells[name] for name in _KINDS if cells.get(name)), ""),
        place=place[:12],
        town=f"{place[:9]}000" if len(place) == 12 and place[6:9] != "000" else "",
        brand=(cells.get("brand") or (owners.brands.get(operator, operator) if operator else ""))[:40],
        is_closed=bool(cells.get("valid_to")),
        cells=cells,
    )


def cells_from(row: Mapping[str, Any]) -> Cells:
    """Return a row of the workspace as plain cells without empty ones."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if value is not None
    }


def rows_from(table: Table, cells: Iterable[Cells]) -> "pa.Table":
    """Return cells as rows of the table."""
    import pyarrow as pa

    typed = [{c.name: _typed(c, own[c.name]) if c.name in own else None for c in table.columns} for own in cells]
    return pa.Table.from_pylist(typed, schema=arrow_schema(table))


def _typed(column: Column, value: Any) -> Any:
    return date.fromisoformat(value) if column.type == "date" else value


def check_cells(table: Table, texts: Mapping[str, str]) -> tuple[Cells, dict[str, str]]:
    """Return what was typed as cells, and by column what is wrong with it, in words.

    Parameters
    ----------
    texts : column to what was typed, as it could stand in a file.
    """
    import numpy as np
    import pyarrow as pa

    names = [column.name for column in table.columns]
    batch = RawBatch(
        headings=tuple(names),
        columns=tuple(pa.array([texts.get(name, "").strip() or None], pa.string()) for name in names),
        rows=np.array([1]),
    )
    mapping = TableMapping()
    rows, rejected = check_batch(
        table,
        "",
        batch,
        match=match_headings(table, mapping, names),
        mapping=mapping,
        key=b"",
        faults=RowFaults(),
    )
    wrong: dict[str, str] = {}
    for fault in rejected.to_pylist():
        row = QuarantinedRow(
            id="",
            table=table.name,
            file="",
            row=1,
            faults=((fault["rule"], fault["column"], fault["value"]),),
            cells={},
            recipe=None,
        )
        wrong.setdefault(fault["column"], "。".join(explain_faults(row)) + "。")
    cells = cells_from(rows.to_pylist()[0]) if not wrong else {}
    if cells.get("valid_to") and cells.get("valid_from", "") >= cells["valid_to"]:
        wrong["valid_to"] = "失效日期应晚于生效日期。请改正两个日期之一。"
    return cells, wrong


def heading(column: Column) -> str:
    """Return how a column is called in the language of the page."""
    return column.zh if _is_chinese() else column.name.replace("_", " ")


def title_of(table: Table) -> str:
    """Return how a register is called in the language of the page."""
    return table.zh if _is_chinese() else table.name.replace("_", " ").capitalize()


def in_words(column: Column, value: Any) -> str:
    """Return a value as people write it: the words of the schema, 是 or 否, numbers without needless digits."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.values_zh and value in column.values and _is_chinese():
        return column.values_zh[column.values.index(value)]
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def in_file(column: Column, value: Any) -> object:
    """Return a value as an export holds it, so that the file can be read back; a text is never taken for a formula."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, str) and column.values_zh and value in column.values:
        return column.values_zh[column.values.index(value)]
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def only_own(cells: Cells, brands: frozenset[str] | None) -> Cells:
    """Return the cells as people of these brands may see them: of several brands in one cell, only their own."""
    if brands is None or "brands" not in cells:
        return cells
    return {**cells, "brands": "、".join(name for name in cells["brands"].split("、") if name in brands)}


def _is_chinese() -> bool:
    return not (get_language() or "").startswith("en")
