"""Travel times and distances between divisions: on known roads and ferries, else by the straight line.

Where a table service (OSRM, Valhalla) is named, its answer goes before both; where it fails, a Finding says so.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from posthouse.territory.components import component_labels
from posthouse.territory.distance import fit_detour, straight_km
from posthouse.territory.model import Divisions, Travel
from posthouse.territory.roads import RoadGraph
from posthouse.territory.table_service import TableService, ask_table
from posthouse.territory.ways import OPEN_ROADS, fastest_ways
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]
    Bools = np.ndarray[tuple[int, int], np.dtype[np.bool_]]

_PAIRS_FITTED = 200_000
"""Pairs of which detour and speed are fitted; more do not move a median."""

_ROWS_AT_ONCE = 256
"""Origins estimated at once, which bounds memory beside the matrices that are returned."""


def travel_between(
    origins: Sequence[str],
    destinations: Sequence[str],
    divisions: Divisions,
    graph: RoadGraph,
    *,
    positions: dict[str, tuple[float, float]] | None = None,
    closed: frozenset[str] = OPEN_ROADS,
    weekday: int | None = None,
    speed: Mapping[str, float] | None = None,
    service: TableService | None = None,
) -> Travel:
    """Return minutes and km from each origin to each destination.

    Where the graph joins two places, its fastest way counts. Where it does not, the straight line times a detour
    factor and a speed, both fitted to the pairs that are joined; but never from one island to another or to the
    mainland (without a ferry or bridge there is no way, and the entry is infinite), and never between two places
    that only the closed roads or the day part.

    Parameters
    ----------
    origins, destinations : division codes, or names of `positions`.
    positions : (lon, lat) of places that are not divisions (outlets), or to overrule a division's.
    closed, weekday, speed : the scenario, as in `fastest_ways`.
    service : asked for every pair instead of the graph; where it does not answer, the graph is used.
    """
    import numpy as np

    places = _positions([*origins, *destinations], divisions, positions or {})
    here = np.array([places[code] for code in origins], dtype=np.float64).reshape(-1, 2)
    there = np.array([places[code] for code in destinations], dtype=np.float64).reshape(-1, 2)
    findings: list[Finding] = []
    answer = ask_table(service, here, there) if service else None
    if isinstance(answer, Finding):
        findings.append(answer)
        answer = None
    if answer is not None:
        minutes, km = answer.minutes, answer.distance_km
    else:
        minutes, km = _on_roads(origins, destinations, graph, closed=closed, weekday=weekday, speed=speed)
    step = max(1, minutes.size // _PAIRS_FITTED)
    straight = straight_km(*_pairs(here, there, step))
    detour, driven_kmh, fitted = fit_detour(straight, km.flat[::step], minutes.flat[::step])
    is_estimated = ~np.isfinite(minutes) & _same_ground(origins, destinations, divisions)
    if closed or weekday is not None:
        is_estimated &= ~_known_way(origins, destinations, graph)
    for begin in range(0, len(origins), _ROWS_AT_ONCE):
        rows = slice(begin, begin + _ROWS_AT_ONCE)
        straight = straight_km(here[rows, :1], here[rows, 1:], there[None, :, 0], there[None, :, 1])
        is_estimated[rows] &= np.isfinite(straight)
        missing = is_estimated[rows]
        km[rows][missing] = straight[missing] * detour
        minutes[rows][missing] = km[rows][missing] / driven_kmh * 60
    same = np.array(origins)[:, None] == np.array(destinations)[None, :]
    minutes[same] = km[same] = 0.0
    is_estimated[same] = False
    guessed = _all_guessed(is_estimated, same)
    findings += [_no_road(code, divisions) for code, alone in zip(destinations, guessed, strict=True) if alone]
    return Travel(
        origins=tuple(origins),
        destinations=tuple(destinations),
        minutes=minutes,
        distance_km=km,
        is_estimated=is_estimated,
        detour=detour,
        speed_kmh=driven_kmh,
        findings=tuple(findings),
        assumptions=_assumptions(int(is_estimated.sum()), is_estimated.size, detour, driven_kmh, fitted=fitted),
    )


def islands_without_road(divisions: Divisions, graph: RoadGraph, seat: str) -> tuple[str, ...]:
    """Return the codes of administrative villages that no road and no ferry of the graph joins to the seat.

    A village that is no node of the graph counts only where it lies on another island than the seat: on the same
    ground a road may exist that the register does not know.
    """
    label = component_labels(graph)
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


def _on_roads(
    origins: Sequence[str],
    destinations: Sequence[str],
    graph: RoadGraph,
    *,
    closed: frozenset[str],
    weekday: int | None,
    speed: Mapping[str, float] | None,
) -> "tuple[Matrix, Matrix]":
    import numpy as np

    rows = [i for i, code in enumerate(origins) if code in graph.number_of]
    columns = [j for j, code in enumerate(destinations) if code in graph.number_of]
    starts = [graph.number_of[origins[i]] for i in rows]
    ends = [graph.number_of[destinations[j]] for j in columns]
    minutes, km = fastest_ways(graph, starts, ends, closed=closed, weekday=weekday, speed=speed)
    if len(rows) == len(origins) and len(columns) == len(destinations):
        return minutes.astype(np.float64, copy=False), km.astype(np.float64, copy=False)
    whole_minutes = np.full((len(origins), len(destinations)), np.inf)
    whole_km = np.full_like(whole_minutes, np.inf)
    block = np.ix_(rows, columns)
    whole_minutes[block], whole_km[block] = minutes, km
    return whole_minutes, whole_km


def _pairs(here: "Matrix", there: "Matrix", step: int) -> "tuple[Floats, Floats, Floats, Floats]":
    """Longitudes and latitudes of both ends of every step-th entry of the matrix."""
    import numpy as np

    row, column = np.divmod(np.arange(0, len(here) * len(there), step), max(len(there), 1))
    return here[row, 0], here[row, 1], there[column, 0], there[column, 1]


def _known_way(origins: Sequence[str], destinations: Sequence[str], graph: RoadGraph) -> "Bools":
    """Where the register has a way while nothing is closed: no straight line may stand in for what is closed."""
    import numpy as np

    label = component_labels(graph)

    def part(codes: Sequence[str]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        return np.array([label[graph.number_of[c]] if c in graph.number_of else -1 for c in codes], dtype=np.int64)

    one, other = part(origins)[:, None], part(destinations)[None, :]
    return np.asarray((one == other) & (one >= 0))


def _all_guessed(is_estimated: "Bools", same: "Bools") -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Destinations to which every way, but that from the place itself, is estimated."""
    import numpy as np

    return np.asarray((is_estimated | same).all(axis=0) & is_estimated.any(axis=0))


def _same_ground(origins: Sequence[str], destinations: Sequence[str], divisions: Divisions) -> "Bools":
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
