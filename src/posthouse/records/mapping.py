"""The mapping file: how the headings, words and fixed values of somebody's export become our columns.

[scans]
files = ["轨迹*.csv"]                      # which files hold this table, where their names do not say so
[scans.columns]
"运单编号" = "waybill"                     # heading in the file = our column
[scans.constants]
brand = "示例速递"                         # a column that the file does not have
[scans.values.step]
"揽收" = "accepted"                        # word in the file = our word
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posthouse.records.schema import all_tables
from posthouse.vocabulary.errors import UnusableInputError

_PARTS = ("files", "columns", "constants", "values")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """How the files of one table are read.

    files : patterns of file names that hold this table. columns : heading in the file to column.
    constants : column to the value that every row gets. values : column to (word in the file to our word).
    """

    files: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMapping:
    """The mapping of every table that a mapping file names."""

    tables: Mapping[str, TableMapping] = field(default_factory=dict)

    def of(self, table: str) -> TableMapping:
        """Return the mapping of a table; an empty one where the file does not name it."""
        return self.tables.get(table, TableMapping())


def read_mapping(path: Path) -> SourceMapping:
    """Return the mapping that a TOML file holds.

    Raises
    ------
    UnusableInputError : no such file, not TOML, or it names a table or column that does not exist.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise UnusableInputError(f"找不到映射文件 {path}。请检查 --map 的路径。") from None
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
        files = tuple(str(pattern) for pattern in entry.get("files", ()))
        unknown = [part for part in entry if part not in _PARTS]
    except (AttributeError, TypeError):
        raise UnusableInputError(
            f"映射文件 {path} 的 [{name}] 写法不对：files 是一列文件名，columns、constants、values 是“名 = 值”。"
        ) from None
    unknown += sorted({*columns.values(), *constants, *values} - known)
    if unknown:
        raise UnusableInputError(
            f"映射文件 {path} 的 [{name}] 写了不认识的项：{'、'.join(unknown)}。"
            f"可写 files、columns、constants、values，列可为：{'、'.join(sorted(known))}。"
        )
    return TableMapping(files=files, columns=columns, constants=constants, values=values)


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
