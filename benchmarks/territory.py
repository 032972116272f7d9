"""How fast travel matrices are, against scipy's Dijkstra, on real roads; and what snapping and reading cost.

    python benchmarks/territory.py --table benchmarks/results/territory.md

One thread. 5,000 villages are put at random within 3 km of the main roads of Zhejiang and Fujian (their largest
connected part) and snapped to them. scipy solves for minutes only, on a sample of the origins, scaled up; its answers
must agree. Every figure is CPU-seconds of this process, which other work on the machine does not lengthen much.
"""

import argparse
import importlib.metadata
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from posthouse.territory.components import component_labels
from posthouse.territory.read_roads import read_roads
from posthouse.territory.roads import RoadGraph, edge_table, make_graph, roads_table
from posthouse.territory.snapping import snap_places
from posthouse.territory.ways import fastest_ways

SHARED = Path(os.environ.get("POSTHOUSE_SHARED", Path(__file__).resolve().parent.parent / "../shared"))
ROADS = SHARED / "data/territory/highways_zhejiang_fujian_edges.csv"
SEED = 1
Answer = TypeVar("Answer")
PEER_ORIGINS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, default=Path("benchmarks/results/territory.md"))
    parser.add_argument("--villages", type=int, default=5000)
    args = parser.parse_args()
    warm_up()
    lines = [f"| {what} | {seconds:.2f} | {note} |" for what, seconds, note in measure(args.villages)]
    args.table.parent.mkdir(parents=True, exist_ok=True)
    args.table.write_text("\n".join([*header(), *lines, ""]), encoding="utf-8")
    print("\n".join(lines))


def measure(villages: int) -> list[tuple[str, float, str]]:
    """Run everything and return what was done, its CPU-seconds and a note."""
    rows = []
    for name in ("andorra.osm.pbf", "north-bayreuth.osm.gz"):
        seconds, extract = timed(lambda name=name: read_roads(SHARED / "data/osm" / name))
        rows.append((f"read {name}", seconds, f"{len(extract.road_ids):,} edges"))
    seconds, whole = timed(lambda: read_roads(ROADS))
    rows.append(("read main roads of Zhejiang and Fujian (CSV)", seconds, f"{len(whole.road_ids):,} edges"))
    graph = largest_part(whole)
    places = villages_near(graph, villages)
    seconds, snapped = timed(lambda: snap_places(graph, places))
    rows.append((f"snap {villages:,} villages", seconds, f"{len(snapped.graph.nodes):,} nodes after"))
    joined = snapped.graph
    numbers = [joined.number_of[place] for place in sorted(snapped.distance_km)]
    seconds, _ = timed(lambda: fastest_ways(joined, numbers[:1], numbers[:1]))
    hierarchy = joined.memo["hierarchy"]
    rows.append(("prepare the hierarchy and its weights", seconds, f"{len(hierarchy.head):,} arcs"))
    seconds, (minutes, km) = timed(lambda: fastest_ways(joined, numbers, numbers, dtype="float32"))
    size = f"{minutes.shape[0]:,} x {minutes.shape[1]:,}"
    rows.append((f"minutes and km, {size}", seconds, f"{(minutes.nbytes + km.nbytes) / 1e6:.0f} MB of float32"))
    closed = frozenset(joined.road_ids[:10])
    seconds, _ = timed(lambda: fastest_ways(joined, numbers[:1], numbers[:1], closed=closed))
    rows.append(("weights again with ten roads closed", seconds, ""))
    seconds, peer = timed(lambda: dijkstra(matrix(joined), directed=False, indices=numbers[:PEER_ORIGINS]))
    worst = float(np.abs(peer[:, numbers] - minutes[:PEER_ORIGINS]).max())
    scaled = seconds / PEER_ORIGINS * len(numbers)
    note = f"scaled from {PEER_ORIGINS} origins ({seconds:.2f} s); largest difference {worst:.0e} min"
    rows.append((f"scipy dijkstra, minutes only, {size}", scaled, note))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows[-1] = (*rows[-1][:2], f"{note}; peak of the process {peak:.0f} MB")
    return rows


def timed(run: Callable[[], Answer]) -> tuple[float, Answer]:
    begun = time.process_time()
    answer = run()
    return time.process_time() - begun, answer


def warm_up() -> None:
    """Compile the kernels, which the first call on a machine pays once."""
    row = {"road_id": "r", "from_node": "a", "to_node": "b", "kind": "trunk", "length_km": 1.0, "minutes": 1.0}
    edges = edge_table([row])
    for dtype in ("float32", "float64"):
        fastest_ways(make_graph(edges, {}), [0], [1], dtype=dtype)


def largest_part(graph: RoadGraph) -> RoadGraph:
    label = component_labels(graph)
    kept = label[graph.tail] == np.bincount(label).argmax()
    positions = {node: (float(graph.lon[i]), float(graph.lat[i])) for i, node in enumerate(graph.nodes)}
    return make_graph(roads_table(graph).filter(pa.array(kept)), positions)


def villages_near(graph: RoadGraph, count: int) -> dict[str, tuple[float, float]]:
    rng = np.random.default_rng(SEED)
    edge = rng.choice(len(graph.road_ids), count)
    share = rng.random(count)
    lon = graph.lon[graph.tail[edge]] * share + graph.lon[graph.head[edge]] * (1 - share) + rng.normal(0, 0.01, count)
    lat = graph.lat[graph.tail[edge]] * share + graph.lat[graph.head[edge]] * (1 - share) + rng.normal(0, 0.01, count)
    return {f"v{i:05d}": (float(x), float(y)) for i, (x, y) in enumerate(zip(lon, lat, strict=True))}


def matrix(graph: RoadGraph) -> csr_array:
    """The graph as scipy wants it; of parallel edges the fastest, since a sparse matrix would add them."""
    low, high = np.minimum(graph.tail, graph.head), np.maximum(graph.tail, graph.head)
    order = np.lexsort((graph.minutes, high, low))
    first = np.concatenate([[True], (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)])
    kept = order[first]
    shape = (len(graph.nodes), len(graph.nodes))
    # A sparse graph has no edge of zero weight.
    return csr_array((np.maximum(graph.minutes[kept], 1e-9), (low[kept], high[kept])), shape=shape)


def header() -> list[str]:
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("numba", "numpy", "scipy", "shapely")
    )
    python = ".".join(map(str, sys.version_info[:3]))
    return [
        "# Territory",
        "",
        f"{platform.machine()}, {os.cpu_count()} cores, one thread; Python {python}, {versions}; "
        f"{time.strftime('%Y-%m-%d')}; seed {SEED}; load {os.getloadavg()[0]:.1f}. Made by `benchmarks/territory.py`; "
        "kernels compiled beforehand.",
        "",
        "| what | CPU-seconds | |",
        "|---|---:|---|",
    ]


if __name__ == "__main__":
    main()
