"""The declared schema of every table: column by column its meaning, unit, source and what an empty cell means.

The declarations are data (`schemas/*.toml`); this module reads them. The
reference page docs/zh/reference/tables.md is generated from them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["register", "event", "derived"]
ColumnType = Literal["text", "int", "real", "bool", "date", "time", "hash", "key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    type : `hash` is a keyed hash made at the door, `key` an integer kept as it is or the hash of a text;
    both are int64 once loaded. null : what an empty cell means; empty where `required`.
    values : the allowed words, empty for free text; values_zh : the same words as people write them, in the same order.
    form : what a text must look like: `month` (2021-06) or `period` (2021-06, 2021-Q2, 2021 …); empty for any text.
    minimum, maximum : inclusive, in `unit`. refers : `table.column` in which the value should be found.
    """

    name: str
    type: ColumnType
    zh: str
    meaning: str
    unit: str = ""
    null: str = ""
    required: bool = False
    values: tuple[str, ...] = ()
    values_zh: tuple[str, ...] = ()
    form: Literal["", "month", "period"] = ""
    refers: str = ""
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table; `key` names the columns that identify a row, `day` the column by which events are stored."""

    name: str
    kind: Kind
    zh: str
    meaning: str
    source: str
    key: tuple[str, ...]
    day: str | None
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of this name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"Table {self.name} has no column {name}; it has {[c.name for c in self.columns]}.")


_VALIDITY = (
    Column(name="valid_from", type="date", zh="生效日期", meaning="从这一天起有效", null="一向有效"),
    Column(name="valid_to", type="date", zh="失效日期", meaning="到这一天止（不含）", null="仍有效"),
)


_FILES: Mapping[Kind, str] = {"register": "registers.toml", "event": "events.toml", "derived": "derived.toml"}


@cache
def all_tables() -> Mapping[str, Table]:
    """Return every declared table by its name, registers first."""
    return {
        name: _table(name, kind, entry)
        for kind, file in _FILES.items()
        for name, entry in tomllib.loads(
            files(__package__).joinpath("schemas", file).read_text(encoding="utf-8")
        ).items()
    }


def get_table(name: str) -> Table:
    """Return the table of this name.

    Raises
    ------
    KeyError : no such table; the message lists those that exist.
    """
    try:
        return all_tables()[name]
    except KeyError:
        raise KeyError(f"No table {name!r}; there are {', '.join(all_tables())}.") from None


def _table(name: str, kind: Kind, entry: dict[str, object]) -> Table:
    columns = tuple(_column(column) for column in entry["columns"])  # type: ignore[attr-defined]
    return Table(
        name=name,
        kind=kind,
        zh=str(entry["zh"]),
        meaning=str(entry["meaning"]),
        source=str(entry["source"]),
        key=tuple(entry["key"]),  # type: ignore[arg-type]
        day=str(entry["day"]) if "day" in entry else None,
        columns=columns + (_VALIDITY if kind == "register" else ()),
    )


def _column(entry: dict[str, object]) -> Column:
    renamed = {"min": "minimum", "max": "maximum"}
    fields = {renamed.get(key, key): value for key, value in entry.items()}
    for words in ("values", "values_zh"):
        fields[words] = tuple(fields.get(words, ()))  # type: ignore[arg-type]
    return Column(**fields)  # type: ignore[arg-type]
