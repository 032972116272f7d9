"""The rows that a figure was counted from, straight from the workspace: by place, brand and month, a page at a time.

Which rows a person may read is decided by `within_table`, as everywhere; every read is logged by the view.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.records.schema import get_table
from posthouse.stores.manifest import MANIFEST
from posthouse.stores.workspace import open_workspace
from posthouse.vocabulary.divisions import Level, level_of
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.periods import SHANGHAI, Period
from posthouse_web.accounts.scope import Scope, within_table

if TYPE_CHECKING:
    from ibis.expr.types import Table

EPOCH_AT = datetime(2020, 1, 1, tzinfo=SHANGHAI)
"""Journey times are seconds from here (see records/schemas/derived.toml)."""
ROWS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How rows of a table are found: columns of place, brand and day, and those shown."""

    place: str = ""
    brand: str = ""
    day: str = ""
    shown: tuple[str, ...]


SOURCES: Mapping[str, Source] = {
    "journeys": Source(
        place="village",
        brand="brand",
        day="first_s",
        shown=("waybill", "brand", "village", "outlet_arrived_s", "village_arrived_s", "delivered_s", "how"),
    ),
    "checks": Source(
        place="division",
        brand="brand",
        day="checked_on",
        shown=("checked_on", "kind", "brand", "outlet_id", "division", "expected", "done"),
    ),
    "outlets": Source(
        place="division",
        brand="brand",
        shown=("outlet_id", "name", "brand", "division", "kind", "is_filed", "is_standardised", "has_recycling_bin"),
    ),
    "service_points": Source(place="division", shown=("point_id", "name", "kind", "division", "host", "valid_from")),
    "parcels": Source(
        place="destination",
        brand="brand",
        day="accepted_at",
        shown=("waybill", "brand", "accepted_at", "destination", "product", "weight_kg", "is_standard_packaging"),
    ),
    "projects": Source(place="division", shown=("project_id", "name", "kind", "division", "status", "done_on")),
    "parks": Source(place="division", shown=("park_id", "name", "kind", "division", "has_express")),
    "factories": Source(place="division", shown=("factory_id", "name", "industry", "division", "cooperation")),
    "care_stations": Source(place="division", shown=("station_id", "name", "division", "opened_on")),
    "residential_projects": Source(
        place="division", shown=("project_id", "name", "division", "households", "locker_groups")
    ),
}
"""Tables whose single rows can be shown; the others have no place (operators) or no rows of their own (returns)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One page of rows: headings and cells in words. place_column : which cell holds a division code."""

    headings: Sequence[str]
    cells: Sequence[Sequence[str]]
    count: int
    number: int
    pages: int
    place_column: int

    @property
    def codes(self) -> list[str]:
        """The places named in the rows."""
        return [row[self.place_column] for row in self.cells]

    def named(self, names: Mapping[str, str]) -> list[list[str]]:
        """Return the cells with places by their names."""
        at = self.place_column
        return [[*row[:at], names.get(row[at], row[at]), *row[at + 1 :]] for row in self.cells]


_lock = threading.Lock()
_opened: dict[Path, tuple[float, Mapping[str, "Table"]]] = {}


def list_sources(tables: Sequence[str], scope: Scope) -> list[tuple[str, str]]:
    """Return those of a measure's tables whose rows this person can be shown, each with its name in words."""
    return [
        (name, get_table(name).zh)
        for name in tables
        if name in SOURCES and (scope.brands is None or SOURCES[name].brand)
    ]


def read_rows(out: Path, scope: Scope, name: str, period: Period, *, place: str, brand: str, number: int) -> Rows:
    """Return a page of the rows of a table at a place ("" for all), of a brand ("" for all), in the period.

    Raises
    ------
    UnusableInputError : the workspace is missing or cannot be read.
    """
    source, schema = SOURCES[name], get_table(name)
    with _lock:  # one DuckDB connection; its answers take milliseconds
        table = within_table(_tables(out / "workspace")[name], scope, place=source.place, brand=source.brand)
        table = _narrow(table, source, period, place, brand)
        count = int(table.count().to_pyarrow().as_py())
        pages = max(1, -(-count // ROWS))
        number = min(max(1, number), pages)
        ordered = table.order_by(
            [table[column] for column in dict.fromkeys([*filter(None, [source.day]), *source.shown])]
        )
        found = ordered.select(*source.shown).limit(ROWS, offset=(number - 1) * ROWS).to_pyarrow().to_pylist()
    # A journey takes `how` from its scans, whose schema has the words for it.
    columns = {column.name: column for table in (get_table("scans"), schema) for column in table.columns}
    columns["how"] = next(column for column in get_table("scans").columns if column.name == "how")
    words = {n: dict(zip(c.values, c.values_zh, strict=False)) for n, c in columns.items() if c.values and c.values_zh}
    return Rows(
        headings=[columns[column].zh if column in columns else column for column in source.shown],
        cells=[[_in_words(column, row[column], words.get(column, {})) for column in source.shown] for row in found],
        count=count,
        number=number,
        pages=pages,
        place_column=source.shown.index(source.place),
    )


def _tables(workspace: Path) -> Mapping[str, "Table"]:
    try:
        written = (workspace / MANIFEST).stat().st_mtime
    except OSError:
        raise UnusableInputError("工作区不在了，读不出逐行数据。请检查控制台的数据文件夹，或重新结账。") from None
    known = _opened.get(workspace)
    if known is None or known[0] != written:
        known = _opened[workspace] = (written, open_workspace(workspace).tables())
    return known[1]


def _narrow(table: "Table", source: Source, period: Period, place: str, brand: str) -> "Table":
    if place:
        prefix = place[: {Level.COUNTY: 6, Level.TOWN: 9}.get(level_of(place), 12)]
        table = table.filter(table[source.place].between(prefix.ljust(12, "0"), prefix.ljust(12, "9")))
    if brand:
        table = table.filter(table[source.brand] == brand if source.brand else False)
    if source.day.endswith("_s"):
        # A journey counts in the month in which the village saw it, not in that of its first scan.
        seen = table["village_arrived_s"].fill_null(table["delivered_s"]).fill_null(table[source.day])
        first, last = ((on - EPOCH_AT.date()).days * 86400 for on in (period.start_on, period.end_on))
        table = table.filter((seen >= first) & (seen < last))
    elif source.day.endswith("_at"):
        table = table.filter((table[source.day] >= period.start_at) & (table[source.day] < period.end_at))
    elif source.day:
        table = table.filter((table[source.day] >= period.start_on) & (table[source.day] < period.end_on))
    return table


def _in_words(column: str, value: Any, words: Mapping[str, str]) -> str:
    match value:
        case None:
            said = "—"
        case bool():
            said = "是" if value else "否"
        case int() if column.endswith("_s"):
            said = f"{EPOCH_AT + timedelta(seconds=value):%m-%d %H:%M}"
        case int() if column == "waybill":
            said = f"{value & 0xFFFFFFFFFFFFFFFF:016x}"[:8]
        case datetime():
            said = f"{(value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(SHANGHAI):%m-%d %H:%M}"
        case float():
            said = f"{value:g}"
        case _:
            said = words.get(str(value), str(value))
    return said
