"""The mapping file: how the headings, words and fixed values of somebody's export become our columns.

[scans]
files = ["轨迹*.csv"]                      # which files hold this table, where their names do not say so
[scans.columns]
"运单编号" = "waybill"                     # heading in the file = our column
[scans.constants]
brand = "示例速递"                         # a column that the file does not have
[scans.values.step]
"揽收" = "accepted"                        # word in the file = our word; "" = says nothing
"到件@*转运中心" = "destination_arrived"   # the same word, at sites of this pattern only
[scans.skip]
step = ["在途"]                            # known words whose rows are none of ours; they are counted, not faults
[scans.same]
recorded_at = "event_at"                   # a column that the file does not have = another that it has
[scans.made_from]
event_id = ["waybill", "step", "event_at"] # a number that the file does not have, made of what tells its rows apart

Mappings of exports that many companies share are shipped in `mappings/` and named without path or ending: `kuaidi100`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from posthouse.records.schema import all_tables
from posthouse.vocabulary.errors import UnusableInputError

_PARTS = ("files", "columns", "constants", "values", "skip", "same", "made_from")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """How the files of one table are read.

    files : patterns of file names that hold this table. columns : heading in the file to column.
    constants : column to the value that every row gets. values : column to (word in the file to our word); a word of
    `step` may end in `@` and a pattern of sites. skip : column to words whose rows are left out.
    same : column to the column that stands in for it. made_from : column to the columns that its number is made of.
    """

    files: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    made_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def over(self, base: "TableMapping") -> "TableMapping":
        """Return this mapping laid over another, which holds where this one says nothing."""
        words = {c: {**base.values.get(c, {}), **self.values.get(c, {})} for c in {**base.values, **self.values}}
        skip = {
            c: tuple(word for word in base.skip.get(c, ()) if word not in self.values.get(c, {})) + self.skip.get(c, ())
            for c in {**base.skip, **self.skip}
        }
        return TableMapping(
            files=self.files or base.files,
            columns={**base.columns, **self.columns},
            constants={**base.constants, **self.constants},
            values=words,
            skip=skip,
            same={**base.same, **self.same},
            made_from={**base.made_from, **self.made_from},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMapping:
    """The mapping of every table that a mapping file names."""

    tables: Mapping[str, TableMapping] = field(default_factory=dict)

    def of(self, table: str) -> TableMapping:
        """Return the mapping of a table; an empty one where the file does not name it."""
        return self.tables.get(table, TableMapping())


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with the program."""
    folder = files(__package__).joinpath("mappings")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def find_mapping(name: str) -> SourceMapping:
    """Return a mapping by the path of its file, or by the name of one that comes with the program.

    Raises
    ------
    UnusableInputError : neither a file nor a shipped name, or a file that cannot be meant.
    """
    if name in shipped_mappings() and not Path(name).exists():
        return read_shipped(name)
    return read_mapping(Path(name))


def read_shipped(name: str) -> SourceMapping:
    """Return a mapping that comes with the program."""
    text = files(__package__).joinpath("mappings", f"{name}.toml").read_text(encoding="utf-8")
    path = Path(f"{name}.toml")
    return SourceMapping(tables={table: _table_mapping(path, table, e) for table, e in tomllib.loads(text).items()})


def read_mapping(path: Path) -> SourceMapping:
    """Return the mapping that a TOML file holds.

    Raises
    ------
    UnusableInputError : no such file, not TOML, or it names a table or column that does not exist.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UnusableInputError(
            f"找不到映射文件 {path}。请检查 --map 的路径，或写自带映射的名称：{'、'.join(shipped_mappings())}。"
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise UnusableInputError(
            f"映射文件应是 UTF-8 编码的 TOML，{path} 读不出：{' '.join(str(fault).split())}。请改正后重试。"
        ) from None
    return SourceMapping(tables={name: _table_mapping(path, name, entry) for name, entry in entries.items()})


def _table_mapping(path: Path, name: str, entry: Any) -> TableMapping:
    tables = all_tables()
    if name not in tables:
        raise UnusableInputError(f"映射文件 {path} 写了不存在的表 [{name}]。可用的表：{'、'.join(tables)}。")
    known = {column.name for column in tables[name].columns}
    try:
        columns = {str(heading): str(column) for heading, column in entry.get("columns", {}).items()}
        constants = {str(column): _as_text(value) for column, value in entry.get("constants", {}).items()}
        values = {
            str(column): {str(word): _as_text(ours) for word, ours in words.items()}
            for column, words in entry.get("values", {}).items()
        }
        patterns = tuple(str(pattern) for pattern in entry.get("files", ()))
        skip = {str(column): tuple(map(str, words)) for column, words in entry.get("skip", {}).items()}
        same = {str(column): str(other) for column, other in entry.get("same", {}).items()}
        made = {str(column): tuple(map(str, parts)) for column, parts in entry.get("made_from", {}).items()}
        unknown = [part for part in entry if part not in _PARTS]
    except (AttributeError, TypeError):
        raise UnusableInputError(
            f"映射文件 {path} 的 [{name}] 写法不对：files 是一列文件名，其余（{'、'.join(_PARTS[1:])}）是“名 = 值”。"
        ) from None
    parts = (part for names in made.values() for part in names)
    unknown += sorted({*columns.values(), *constants, *values, *skip, *same, *same.values(), *made, *parts} - known)
    unknown += sorted(column for column in made if column in known and tables[name].column(column).type != "key")
    if unknown:
        raise UnusableInputError(
            f"映射文件 {path} 的 [{name}] 写了不认识的项：{'、'.join(unknown)}。"
            f"可写 {'、'.join(_PARTS)}，列可为：{'、'.join(sorted(known))}。"
        )
    return TableMapping(
        files=patterns, columns=columns, constants=constants, values=values, skip=skip, same=same, made_from=made
    )


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
