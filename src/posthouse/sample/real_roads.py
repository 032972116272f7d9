"""Roads of a real city: main roads as surveyed, village roads and crossings by rule, marked as what they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from posthouse.sample.real_timetable import bus_line, ferry
from posthouse.territory.components import component_labels
from posthouse.territory.distance import straight_km
from posthouse.territory.read_roads import read_roads
from posthouse.territory.roads import RoadGraph, edge_table, join_graphs, make_graph, roads_table
from posthouse.territory.snapping import snap_places

if TYPE_CHECKING:
    import numpy as np

Row = dict[str, Any]
Position = tuple[float, float]


class Seat(Protocol):
    """What of a town is needed here."""

    @property
    def code(self) -> str:
        """12-digit code."""

    @property
    def name(self) -> str:
        """Name."""

    @property
    def lon(self) -> float:
        """Degrees."""

    @property
    def lat(self) -> float:
        """Degrees."""

    @property
    def is_located(self) -> bool:
        """Whether the data names the seat."""

    @property
    def villages(self) -> tuple[tuple[str, str, str], ...]:
        """(code, name, kind)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Rows of the registers `roads` and `timetable`; island by town, empty on the mainland; assumptions in 中文."""

    roads: list[Row]
    timetable: list[Row]
    island_of: dict[str, str]
    assumptions: tuple[str, ...]


def lay_roads(
    city: str,
    towns: Sequence[Seat],
    places: Mapping[str, Position],
    roads: Path,
    *,
    rule: Mapping[str, Any],
    stream: "np.random.Generator",
) -> Ground:
    """Return the roads of the city, its buses, and the ferries that join it where it lies on islands."""
    is_islands = city in rule["islands"]["cities"]
    seats = {town.code: (town.lon, town.lat) for town in towns}
    main = _main_roads(roads, seats, rule["main_roads"], is_islands)
    reach = rule["islands"]["road_reach_km"] if is_islands else rule["main_roads"]["seat_reach_km"]
    # On islands a seat whose place is itself a guess could be put on the road of the wrong one.
    sure = {town.code: seats[town.code] for town in towns if town.is_located or not is_islands}
    graph = snap_places(main, sure, limit_km=reach).graph
    if not is_islands:  # there the nearest main road may lie across the water
        graph = snap_places(graph, places, limit_km=rule["village_roads"]["joins_main_road_km"]).graph
    laid = {town.code: _village_roads(town, places, rule["village_roads"], stream) for town in towns}
    village_roads = [row for rows in laid.values() for row in rows]
    graph = join_graphs(graph, make_graph(edge_table(village_roads), {**seats, **places}))
    timetable = [row for code, rows in laid.items() for row in bus_line(code, rows, rule["buses"], stream)]
    said = ["农村客运班线是假定的：从乡镇驻地到最远的村。"]
    island_of = {town.code: "" for town in towns}
    if is_islands:
        declared = {f"{code}000": name for name, codes in rule["islands"]["towns"].items() for code in codes}
        island_of = {town.code: declared[town.code] for town in towns}
        groups = [[town for town in towns if island_of[town.code] == name] for name in rule["islands"]["towns"]]
        links = [row for group in groups for row in _bridges(group, graph, rule["assumed_roads"])]
        for one, other, km in _crossings(groups):
            edge, rows = ferry((one.code, other.code), km, rule)
            links.append(edge)
            timetable += rows
            sailings = len({row["trip_id"] for row in rows}) // 2
            often = f"开行日每天{sailings}班往返，{edge['weekdays']}"
            said.append(f"假定的航线：{one.name}—{other.name}，{km:.1f}公里，{often}。")
        graph = join_graphs(graph, make_graph(edge_table(links), seats))
    return Ground(
        roads=roads_table(graph).to_pylist(), timetable=timetable, island_of=island_of, assumptions=tuple(said)
    )


def _main_roads(path: Path, seats: Mapping[str, Position], rule: Mapping[str, Any], is_islands: bool) -> RoadGraph:
    """The main roads around the seats: their largest part, or every part of some size where there are islands."""
    import numpy as np
    import pyarrow as pa

    whole = read_roads(path)
    lon, lat = (np.array([position[axis] for position in seats.values()]) for axis in (0, 1))
    margin = rule["margin_deg"]
    inside = (whole.lon >= lon.min() - margin) & (whole.lon <= lon.max() + margin)
    inside &= (whole.lat >= lat.min() - margin) & (whole.lat <= lat.max() + margin)
    positions = {node: (float(whole.lon[i]), float(whole.lat[i])) for i, node in enumerate(whole.nodes)}
    near = roads_table(whole).filter(pa.array(inside[whole.tail] & inside[whole.head]))
    near = near.set_column(near.column_names.index("kind"), "kind", pa.array(["trunk"] * near.num_rows))
    minutes = near["length_km"].to_numpy() / rule["kmh"] * 60
    near = near.set_column(near.column_names.index("minutes"), "minutes", pa.array(minutes))
    graph = make_graph(near, positions)
    label = component_labels(graph)
    sizes = np.bincount(label)
    kept = sizes >= rule["least_nodes"] if is_islands else sizes == sizes.max()
    return make_graph(near.filter(pa.array(kept[label[graph.tail]])), positions)


def _village_roads(
    town: Seat, places: Mapping[str, Position], rule: Mapping[str, Any], stream: "np.random.Generator"
) -> list[Row]:
    """The shortest tree over a town's seat and villages, stretched by a drawn detour."""
    import numpy as np
    from scipy.sparse.csgraph import minimum_spanning_tree

    ends = [town.code, *(code for code, _, _ in town.villages)]
    lon, lat = np.array([(town.lon, town.lat), *(places[code] for code in ends[1:])]).T
    apart = straight_km(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    tree = minimum_spanning_tree(np.maximum(apart, 1e-3) * (1 - np.eye(len(ends)))).tocoo()
    rows = []
    for one, other, km in sorted(zip(tree.row.tolist(), tree.col.tolist(), tree.data.tolist(), strict=True)):
        length = max(0.1, km) * float(stream.uniform(rule["least_detour"], rule["most_detour"]))
        rows.append(
            {
                "road_id": f"village-{ends[one]}-{ends[other]}",
                "from_node": ends[one],
                "to_node": ends[other],
                "kind": "village_road",
                "length_km": round(length, 3),
                "minutes": round(length / rule["kmh"] * 60, 2),
                "basis": "straight_line",
            }
        )
    return rows


def _bridges(group: Sequence[Seat], graph: RoadGraph, rule: Mapping[str, Any]) -> list[Row]:
    """Assumed roads that join the towns of an island which its main roads do not join."""
    label = component_labels(graph)
    part_of = {town.code: int(label[graph.number_of[town.code]]) for town in group}
    rows, joined = [], [group[0]]
    parts = {part_of[group[0].code]}
    while rest := [town for town in group if town not in joined]:
        inside = [town for town in rest if part_of[town.code] in parts]
        if inside:
            joined += inside
            continue
        km, _, _, near, town = min(((_km(a, b), a.code, b.code, a, b) for a in joined for b in rest), key=_by_km)
        length = km * rule["detour"]
        rows.append(
            {
                "road_id": f"assumed-road-{near.code}-{town.code}",
                "from_node": near.code,
                "to_node": town.code,
                "kind": "county_road",
                "length_km": round(length, 3),
                "minutes": round(length / rule["kmh"] * 60, 2),
                "basis": "straight_line",
            }
        )
        parts.add(part_of[town.code])
    return rows


def _crossings(groups: Sequence[Sequence[Seat]]) -> list[tuple[Seat, Seat, float]]:
    """The shortest crossings that join all islands, from the main island outwards."""
    joined, rest = list(groups[0]), [list(group) for group in groups[1:]]
    found = []
    while rest:
        km, _, _, one, other = min(
            ((_km(a, b), a.code, b.code, a, b) for a in joined for group in rest for b in group), key=_by_km
        )
        found.append((one, other, km))
        group = next(group for group in rest if other in group)
        joined += group
        rest.remove(group)
    return found


def _by_km(pair: tuple[float, str, str, Seat, Seat]) -> tuple[float, str, str]:
    return pair[:3]


def _km(one: Seat, other: Seat) -> float:
    import numpy as np

    return float(straight_km(*(np.array(v) for v in (one.lon, one.lat, other.lon, other.lat))))
