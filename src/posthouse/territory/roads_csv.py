"""Roads from CSV: the columns of the register, or just from, to and km; headings in English or 中文."""

import math
from pathlib import Path

from posthouse.territory.edges import Edges, bad_row
from posthouse.territory.road_classes import find_columns, find_word, minutes_of, road_classes
from posthouse.territory.text_table import TextRow, TextTable, read_text_table
from posthouse.vocabulary.errors import UnusableInputError

_COLUMNS = ("road_id", "from_node", "to_node", "kind", "length_km", "minutes", "is_oneway", "weekdays", "basis")
_POSITIONS = ("from_lon", "from_lat", "to_lon", "to_lat")
_YES = frozenset({"1", "true", "yes", "是", "单行", "t", "y"})


def read_csv_roads(path: Path) -> Edges:
    """Return the edges of a CSV. A row that cannot be read gives a Finding with its line and is left out.

    Raises
    ------
    UnusableInputError : no columns for the two ends and the length.
    """
    table = read_text_table(path.read_bytes(), path.name)
    columns = find_columns(table.headings, (*_COLUMNS, *_POSITIONS))
    missing = [name for name in ("from_node", "to_node", "length_km") if name not in columns]
    if missing:
        raise UnusableInputError(
            f"{path.name} 应有起点、终点、长度三列，缺 {'、'.join(missing)}（实际标题：{'、'.join(table.headings)}）。"
            "请改标题后重试。"
        )
    edges = Edges(findings=list(table.findings))
    for row in table.rows:
        _add(edges, table, row, columns)
    if path.stem.endswith("_edges"):
        nodes = path.with_name(f"{path.stem.removesuffix('_edges')}_nodes.csv")
        if nodes.is_file():
            _read_nodes(edges, read_text_table(nodes.read_bytes(), nodes.name))
    return edges


def _add(edges: Edges, table: TextTable, row: TextRow, columns: dict[str, str]) -> None:
    cells = {name: row.cells[heading] for name, heading in columns.items()}
    kind_word = cells.get("kind") or road_classes()["default"]["kind"]
    kind = find_word("kinds", kind_word)
    km = _number(cells["length_km"])
    minutes = _number(cells["minutes"]) if cells.get("minutes") else None
    if kind is None or km is None or not (cells["from_node"] and cells["to_node"]):
        edges.findings.append(bad_row(table.name, row.line, "类别、长度或两端"))
        return
    edges.rows.append(
        {
            "road_id": cells.get("road_id") or f"{Path(table.name).stem}-{row.line}",
            "from_node": cells["from_node"],
            "to_node": cells["to_node"],
            "kind": kind,
            "length_km": km,
            "minutes": minutes_of(km, kind) if minutes is None else minutes,
            "is_oneway": cells.get("is_oneway", "").lower() in _YES,
            "weekdays": cells.get("weekdays") or None,
            "basis": "straight_line" if cells.get("basis") in ("straight_line", "直线估算") else "road",
        }
    )
    for end in ("from", "to"):
        lon, lat = _number(cells.get(f"{end}_lon", "")), _number(cells.get(f"{end}_lat", ""))
        if lon is not None and lat is not None:
            edges.positions[cells[f"{end}_node"]] = (lon, lat)


def _read_nodes(edges: Edges, table: TextTable) -> None:
    columns = find_columns(table.headings, ("node", "lon", "lat"))
    if len(columns) < 3:
        found = "、".join(table.headings)
        raise UnusableInputError(f"{table.name} 应有节点、经度、纬度三列，实际标题：{found}。请改标题。")
    edges.findings += table.findings
    for row in table.rows:
        lon, lat = _number(row.cells[columns["lon"]]), _number(row.cells[columns["lat"]])
        if lon is None or lat is None:
            edges.findings.append(bad_row(table.name, row.line, "经纬度"))
        else:
            edges.positions[row.cells[columns["node"]]] = (lon, lat)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
