"""Roads and ferries from files: CSV, GeoJSON, OpenStreetMap. The kind of file is known by its name."""

from pathlib import Path

from posthouse.territory.coordinates import check_system, to_wgs84
from posthouse.territory.edges import Edges
from posthouse.territory.openstreetmap import read_osm_roads
from posthouse.territory.roads import RoadGraph, edge_table, make_graph
from posthouse.territory.roads_csv import read_csv_roads
from posthouse.territory.roads_geojson import read_geojson_roads
from posthouse.vocabulary.errors import UnusableInputError

_OSM_ENDINGS = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf", ".pbf")


def read_roads(path: Path, *, system: str = "wgs84") -> RoadGraph:
    """Return the graph of a road file; its faults are Findings of the graph.

    Parameters
    ----------
    path : `.csv` (columns of the register or from, to, km; a file `x_nodes.csv` beside `x_edges.csv` gives the
        positions), `.geojson` or `.json` (LineStrings), `.osm`, `.osm.gz`, `.osm.pbf`.
    system : coordinate system of a CSV or GeoJSON (wgs84, gcj02, bd09); OpenStreetMap is always WGS-84.

    Raises
    ------
    UnusableInputError : no such file, another kind of file, or not readable as what its name says.
    """
    check_system(system)
    if not path.is_file():
        raise UnusableInputError(f"路网文件应存在，实际没有 {path}。请检查路径。")
    name = path.name.lower()
    if name.endswith(".csv"):
        edges = read_csv_roads(path)
    elif name.endswith((".geojson", ".json")):
        edges = read_geojson_roads(path)
    elif name.endswith(_OSM_ENDINGS):
        edges = read_osm_roads(path)
        system = "wgs84"
    else:
        raise UnusableInputError(
            f"路网文件应为 .csv、.geojson、.osm、.osm.gz 或 .osm.pbf，实际为 {path.name}。请另存为其中一种。"
        )
    return _graph(edges, system)


def _graph(edges: Edges, system: str) -> RoadGraph:
    import numpy as np

    if system != "wgs84" and edges.positions:
        given = np.array(list(edges.positions.values()), dtype=np.float64)
        lon, lat = to_wgs84(given[:, 0], given[:, 1], system)
        edges.positions = dict(zip(edges.positions, zip(lon.tolist(), lat.tolist(), strict=True), strict=True))
    return make_graph(edge_table(edges.rows), edges.positions, edges.findings)
