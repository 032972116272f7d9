"""Travel times and distances between divisions: on known roads and ferries, else by the straight line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from posthouse.territory.distance import fit_detour, straight_km
from posthouse.territory.model import Divisions, Travel
from posthouse.territory.roads import RoadGraph, fastest_ways
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def travel_between(
    origins: Sequence[str],
    destinations: Sequence[str],
    divisions: Divisions,
    graph: RoadGraph,
    *,
    positions: dict[str, tuple[float, float]] | None = None,
) -> Travel:
    """Return minutes and km from each origin to each destination.

    Where the graph joins two places, its fastest way counts. Where it does not, the straight line times a detour
    factor and a speed, both fitted to the pairs that are joined; but never from one island to another or to the
    mainland: without a ferry or bridge there is no way, and the entry is infinite.

    Parameters
    ----------
    origins, destinations : codes of divisions, or names found in `positions`.
    positions : (lon, lat) of places that are not divisions (outlets), or to overrule a division's.
    """
    import numpy as np

    places = _positions([*origins, *destinations], divisions, positions or {})
    minutes, km = _on_roads(origins, destinations, graph)
    lon1, lat1 = (np.array([places[c][i] for c in origins])[:, None] for i in (0, 1))
    lon2, lat2 = (np.array([places[c][i] for c in destinations])[None, :] for i in (0, 1))
    straight = straight_km(lon1, lat1, lon2, lat2)
    detour, speed, fitted = fit_detour(straight, km, minutes)
    same = np.array(origins)[:, None] == np.array(destinations)[None, :]
    missing = ~np.isfinite(minutes) & np.isfinite(straight) & ~same & _same_ground(origins, destinations, divisions)
    km = np.where(missing, straight * detour, km)
    minutes = np.where(missing, km / speed * 60, minutes)
    minutes[same] = km[same] = 0.0
    return Travel(
        origins=tuple(origins),
        destinations=tuple(destinations),
        minutes=minutes,
        distance_km=km,
        is_estimated=missing,
        detour=detour,
        speed_kmh=speed,
        findings=tuple(
            _no_road(c, divisions) for c, alone in zip(destinations, missing.all(axis=0), strict=True) if alone
        ),
        assumptions=_assumptions(int(missing.sum()), missing.size, detour, speed, fitted=fitted),
    )


def islands_without_road(divisions: Divisions, graph: RoadGraph, seat: str) -> tuple[str, ...]:
    """Return the codes of administrative villages that no road and no ferry of the graph joins to the seat.

    A village that is no node of the graph counts only where it lies on another island than the seat: on the same
    ground a road may exist that the register does not know.
    """
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(graph.minutes, directed=False)
    home = graph.number_of.get(seat)
    seat_island = division.island if (division := divisions.find(seat)) else ""
    cut_off = []
    for village in divisions.list_villages():
        node = graph.number_of.get(village.code)
        if node is not None and home is not None:
            if label[node] != label[home]:
                cut_off.append(village.code)
        elif village.island != seat_island:
            cut_off.append(village.code)
    return tuple(cut_off)


def _positions(
    codes: Sequence[str], divisions: Divisions, given: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    nowhere = (float("nan"), float("nan"))
    found = {}
    for code in codes:
        division = divisions.find(code)
        found[code] = given.get(code) or (division.position if division else None) or nowhere
    return found


def _on_roads(origins: Sequence[str], destinations: Sequence[str], graph: RoadGraph) -> "tuple[Matrix, Matrix]":
    import numpy as np

    minutes = np.full((len(origins), len(destinations)), np.inf)
    km = np.full_like(minutes, np.inf)
    rows = [i for i, code in enumerate(origins) if code in graph.number_of]
    columns = [j for j, code in enumerate(destinations) if code in graph.number_of]
    if rows and columns:
        block = np.ix_(rows, columns)
        minutes[block], km[block] = fastest_ways(
            graph, [graph.number_of[origins[i]] for i in rows], [graph.number_of[destinations[j]] for j in columns]
        )
    return minutes, km


def _same_ground(
    origins: Sequence[str], destinations: Sequence[str], divisions: Divisions
) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    import numpy as np

    def ground(codes: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
        """The island by code; what is no division (an outlet) is taken to stand where it is driven from."""
        return np.array([d.island if (d := divisions.find(code)) else _ANYWHERE for code in codes])

    here, there = ground(origins)[:, None], ground(destinations)[None, :]
    return np.asarray((here == there) | (here == _ANYWHERE) | (there == _ANYWHERE))


_ANYWHERE = "*"


def _no_road(code: str, divisions: Divisions) -> Finding:
    return Finding(
        code="territory.no_road",
        severity=Severity.INFO,
        message=f"{divisions.name_with_town(code)}没有已登记的道路，里程按直线距离乘绕行系数估算。请补登道路。",
        place=code,
        fields={"table": "roads"},
    )


def _assumptions(estimated: int, size: int, detour: float, speed: float, *, fitted: bool) -> tuple[str, ...]:
    if not estimated:
        return ()
    basis = "由已知道路拟合" if fitted else "已知道路太少，用默认值"
    return (
        f"{size}对地点中有{estimated}对没有已知道路，里程按直线距离的{detour:.2f}倍、时速{speed:.0f}公里估算（{basis}）",
    )
