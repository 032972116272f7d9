"""Villages, service points and other places from CSV or GeoJSON, their positions turned into WGS-84."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.territory.coordinates import check_system, to_wgs84
from posthouse.territory.edges import bad_row
from posthouse.territory.road_classes import find_columns, find_word
from posthouse.territory.roads_geojson import read_features
from posthouse.territory.text_table import read_text_table
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFile:
    """rows : lon and lat (float64, WGS-84, null where unknown), code and name where the file has them, and every
    other column as text under its own heading. findings : rows whose position could not be read."""

    rows: "pyarrow.Table"
    findings: tuple[Finding, ...]

    def positions(self) -> dict[str, tuple[float, float]]:
        """Return (lon, lat) by code, of the places that have both; what `snap_places` takes."""
        found = zip(*(self.rows[name].to_pylist() for name in ("code", "lon", "lat")), strict=True)
        return {code: (lon, lat) for code, lon, lat in found if code and lon is not None and lat is not None}


def read_places(path: Path, *, system: str = "wgs84") -> PlaceFile:
    """Return the places of a `.csv` or a `.geojson` (Points).

    Parameters
    ----------
    system : of the positions where the file has no column that says it (坐标系: wgs84, gcj02, bd09, 高德, 百度 …).

    Raises
    ------
    UnusableInputError : no such file, another kind of file, or no columns for the position.
    """
    check_system(system)
    if not path.is_file():
        raise UnusableInputError(f"点位文件应存在，实际没有 {path}。请检查路径。")
    if path.suffix.lower() == ".csv":
        rows, findings = _csv(path)
    elif path.suffix.lower() in (".geojson", ".json"):
        rows, findings = _geojson(path)
    else:
        raise UnusableInputError(f"点位文件应为 .csv 或 .geojson，实际为 {path.name}。请另存为其中一种。")
    return _converted(path.name, rows, findings, system)


_Row = tuple[int, dict[str, Any]]


def _csv(path: Path) -> tuple[list[_Row], list[Finding]]:
    table = read_text_table(path.read_bytes(), path.name)
    columns = find_columns(table.headings, ("code", "name", "lon", "lat", "system"))
    if "lon" not in columns or "lat" not in columns:
        raise UnusableInputError(f"{path.name} 应有经度和纬度两列，实际标题：{'、'.join(table.headings)}。请改标题。")
    ours = {heading: name for name, heading in columns.items()}
    rows: list[_Row] = [(row.line, {ours.get(h, h): cell for h, cell in row.cells.items()}) for row in table.rows]
    return rows, list(table.findings)


def _geojson(path: Path) -> tuple[list[_Row], list[Finding]]:
    rows: list[_Row] = []
    for number, feature in enumerate(read_features(path), start=1):
        properties: dict[str, Any] = dict(feature.get("properties") or {})
        ours = {heading: name for name, heading in find_columns(properties, ("code", "name", "system")).items()}
        row: dict[str, Any] = {ours.get(h, h): "" if v is None else str(v) for h, v in properties.items()}
        geometry = feature.get("geometry") or {}
        spot = geometry.get("coordinates") if geometry.get("type") == "Point" else None
        row["lon"], row["lat"] = (spot[0], spot[1]) if spot and len(spot) > 1 else ("?", "?")
        rows.append((number, row))
    return rows, []


def _converted(name: str, rows: list[_Row], findings: list[Finding], system: str) -> PlaceFile:
    import numpy as np
    import pyarrow as pa

    lon, lat = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    of_system: dict[str, list[int]] = defaultdict(list)
    for at, (line, row) in enumerate(rows):
        word = row.get("system") or system
        known = find_word("systems", word)
        try:
            lon[at], lat[at] = (float(row[axis]) if row[axis] != "" else np.nan for axis in ("lon", "lat"))
        except ValueError:
            findings.append(bad_row(name, line, "经纬度"))
        if known is None:
            findings.append(bad_row(name, line, f"坐标系“{word}”"))
            lon[at] = lat[at] = np.nan
        else:
            of_system[known].append(at)
    for known, numbers in of_system.items():
        lon[numbers], lat[numbers] = to_wgs84(lon[numbers], lat[numbers], known)
    texts = dict.fromkeys(heading for _, row in rows for heading in row if heading not in ("lon", "lat", "system"))
    columns: dict[str, Any] = {
        heading: pa.array([row.get(heading) for _, row in rows], pa.string()) for heading in texts
    }
    nowhere = np.isnan(lon) | np.isnan(lat)
    columns |= {"lon": pa.array(lon, mask=nowhere), "lat": pa.array(lat, mask=nowhere)}
    return PlaceFile(rows=pa.table(columns), findings=tuple(findings))
