"""Which places the roads and ferries join, and which are cut off."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posthouse.territory.model import Divisions
from posthouse.territory.roads import RoadGraph
from posthouse.territory.ways import OPEN_ROADS, open_edges
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np

MOST_NAMED = 8
"""Places named in one Finding; all of them are in its fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """Places that no depot can be driven to from and back, by code, and in groups that are joined among themselves."""

    places: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]


def component_labels(
    graph: RoadGraph, *, closed: frozenset[str] = OPEN_ROADS, weekday: int | None = None
) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    """Return for each node the number of the part in which every node can be driven to and back."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    usable = open_edges(graph, closed, weekday)
    back = usable & ~graph.is_oneway
    tails = np.concatenate([graph.tail[usable], graph.head[back]])
    heads = np.concatenate([graph.head[usable], graph.tail[back]])
    shape = (len(graph.nodes), len(graph.nodes))
    matrix = coo_array((np.ones(len(tails), dtype=np.int8), (tails, heads)), shape=shape).tocsr()
    _, labels = connected_components(matrix, directed=True, connection="strong")
    return np.asarray(labels, dtype=np.int32)


def find_cut_off(
    graph: RoadGraph,
    places: Sequence[str],
    depots: Sequence[str],
    divisions: Divisions,
    *,
    closed: frozenset[str] = OPEN_ROADS,
    weekday: int | None = None,
) -> CutOff:
    """Return the places from which no depot can be driven to and back; one Finding for each group of them.

    A place that is no node of the graph is cut off by itself: nothing is known of a road there.
    """
    label = component_labels(graph, closed=closed, weekday=weekday)
    served = {int(label[graph.number_of[depot]]) for depot in depots if depot in graph.number_of}
    apart: dict[tuple[int, str], list[str]] = defaultdict(list)
    for place in sorted(set(places) - set(depots)):
        number = graph.number_of.get(place)
        if number is None:
            apart[-1, place].append(place)
        elif int(label[number]) not in served:
            apart[int(label[number]), ""].append(place)
    groups = tuple(sorted(tuple(group) for group in apart.values()))
    return CutOff(
        places=tuple(sorted(place for group in groups for place in group)),
        groups=groups,
        findings=tuple(_finding(group, divisions) for group in groups),
    )


def _finding(group: tuple[str, ...], divisions: Divisions) -> Finding:
    names = "、".join(divisions.name_with_town(place) for place in group[:MOST_NAMED])
    islands = sorted({division.island for place in group if (division := divisions.find(place)) and division.island})
    what = f"{names}{f'等{len(group)}处' if len(group) > MOST_NAMED else ''}"
    where = f"在{'、'.join(islands)}上，" if islands else ""
    return Finding(
        code="territory.cut_off",
        severity=Severity.WARNING,
        message=f"{what}{where}没有道路或轮渡与网点相通。请补登道路或航线，或改用无人机。",
        place=group[0],
        fields={"places": list(group), "islands": islands},
    )
