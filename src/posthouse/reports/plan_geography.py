"""The village plan on the map of other programs: GeoJSON and GeoPackage (OGC 12-128r19), WGS-84."""

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from posthouse.planning.model import Plan, Route

Position = tuple[float, float]
APPLICATION_ID = 0x47504B47
"""'GPKG' in the SQLite header, by which other programs know the file."""

WRITTEN_AT = "2000-01-01T00:00:00.000Z"
"""A fixed date: the same plan gives the same file."""

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],'
    'UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)


def plan_to_geojson(plan: Plan, positions: Mapping[str, Position]) -> dict[str, object]:
    """Return villages as points and routes as lines; what has no position is left out.

    positions : (lon, lat) of villages and depots by division code.
    """
    features: list[dict[str, object]] = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": list(positions[village])},
            "properties": properties,
        }
        for village, properties in _villages(plan).items()
        if village in positions
    ]
    features += [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [list(point) for point in line]},
            "properties": _route_properties(route),
        }
        for route in plan.routes
        if len(line := _line(route, positions)) > 1
    ]
    return {"type": "FeatureCollection", "features": features}


def plan_to_geopackage(plan: Plan, positions: Mapping[str, Position]) -> bytes:
    """Return a GeoPackage with the layers `villages` and `routes`."""
    from shapely.geometry import LineString, Point

    villages = [(Point(positions[v]), p) for v, p in _villages(plan).items() if v in positions]
    routes = [
        (LineString(line), _route_properties(route))
        for route in plan.routes
        if len(line := _line(route, positions)) > 1
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        with sqlite3.connect(path) as database:
            _begin(database)
            _layer(database, "villages", "POINT", villages)
            _layer(database, "routes", "LINESTRING", routes)
        database.close()
        return path.read_bytes()


def _begin(database: sqlite3.Connection) -> None:
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute("PRAGMA user_version = 10300")
    database.execute(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,"
        " organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,"
        " definition TEXT NOT NULL, description TEXT)"
    )
    database.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", None),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", None),
            ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, None),
        ],
    )
    database.execute(
        "CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,"
        " identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,"
        " min_x DOUBLE, min_y DOUBLE, max_x DOUBLE,"
        " max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id))"
    )
    database.execute(
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL REFERENCES gpkg_contents(table_name),"
        " column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,"
        " m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name))"
    )


def _layer(
    database: sqlite3.Connection, name: str, kind: str, features: Sequence[tuple[Any, dict[str, object]]]
) -> None:
    columns = list(features[0][1]) if features else []
    types = {column: _type(features[0][1][column]) for column in columns}
    declared = "".join(f', "{column}" {types[column]}' for column in columns)
    database.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {kind}{declared})')
    bounds = [feature.bounds for feature, _ in features]
    extent = (
        (min(b[0] for b in bounds), min(b[1] for b in bounds), max(b[2] for b in bounds), max(b[3] for b in bounds))
        if bounds
        else (None, None, None, None)
    )
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, 4326)",
        (name, name, WRITTEN_AT, *extent),
    )
    database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, 4326, 0, 0)", (name, kind))
    places = ", ".join("?" for _ in range(1 + len(columns)))
    names = "".join(f', "{column}"' for column in columns)
    database.executemany(
        f'INSERT INTO "{name}" (geom{names}) VALUES ({places})',
        [(_blob(feature.wkb), *(properties[column] for column in columns)) for feature, properties in features],
    )


def _blob(wkb: bytes) -> bytes:
    """The GeoPackage header (magic, version, flags: little-endian without envelope, srs_id) and the WKB."""
    return struct.pack("<2sBBi", b"GP", 0, 1, 4326) + wkb


def _type(value: object) -> str:
    return {int: "INTEGER", float: "REAL"}.get(type(value), "TEXT")


def _villages(plan: Plan) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for call in plan.week.timetable if plan.week else ():
        own = found.setdefault(
            call.village,
            {
                "code": call.village,
                "name": call.village_name,
                "visits": 0,
                "days": "",
                "modes": "",
                "parcels_per_week": 0.0,
            },
        )
        own["visits"] = int(str(own["visits"])) + 1
        own["days"] = f"{own['days']}{call.weekday}"
        own["parcels_per_week"] = float(str(own["parcels_per_week"])) + call.parcels
        if call.mode not in str(own["modes"]).split(","):
            own["modes"] = f"{own['modes']},{call.mode}".strip(",")
    return found


def _route_properties(route: Route) -> dict[str, object]:
    return {
        "line": route.line,
        "weekday": route.weekday,
        "vehicle": route.vehicle,
        "depot": route.depot,
        "stops": len(route.visits),
        "distance_km": round(route.distance_km, 2),
        "duration_min": round(route.duration_min, 1),
        "cost_yuan": round(route.cost_yuan, 2),
    }


def _line(route: Route, positions: Mapping[str, Position]) -> list[Position]:
    way = [route.depot_code, *(visit.village for visit in route.visits), route.depot_code]
    return [positions[code] for code in way if code in positions]
