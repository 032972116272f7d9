"""A weekly timetable in the form that is scanned: elementary connections by departure, walks closed under joining.

Times are whole seconds after Monday 00:00 of some week; the timetable repeats every week. A trip of a service day may
run past midnight, past Sunday too: times of day above 24:00 are meant so, as in GTFS.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posthouse.vocabulary.errors import UnusableInputError

DAY_S = 86_400
WEEK_S = 7 * DAY_S

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timetable:
    """Connections of all runs of a week; made by `build_timetable`.

    A run is a trip on one of its days. A connection is a run's way from one stop to its next without a stop between.

    stops, trips : ids.
    run_trip, run_day : trip and service day (0 Monday) of each run, shapes (n_runs,).
    from_stop, to_stop, run : indices, shapes (n_connections,). position : place of the connection in its run, from 0.
    depart_s : in [0, WEEK_S), ascending. arrive_s : >= depart_s. lap : weeks between the service day's and the
        departure's week (1 where a Sunday run leaves the stop on Monday), shape (n_connections,).
    transfer_s : least time between two runs at a stop, shape (n_stops,), >= 0.
    walk_start, walk_to, walk_s : walks from stop i are walk_start[i] to walk_start[i + 1]; every walk that can be
        joined from others is there; walk_s holds the change at both ends.
    """

    stops: tuple[str, ...]
    trips: tuple[str, ...]
    run_trip: Ints
    run_day: Ints
    from_stop: Ints
    to_stop: Ints
    run: Ints
    position: Ints
    depart_s: Ints
    arrive_s: Ints
    lap: Ints
    transfer_s: Ints
    walk_start: Ints
    walk_to: Ints
    walk_s: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A trip as published: its stops in order, and the days it runs.

    calls : (stop index, arrival, departure) in seconds after 00:00 of the service day; may be above 24 h.
    days : 0 Monday to 6 Sunday.
    """

    id: str
    calls: tuple[tuple[int, int, int], ...]
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A way on foot (or by a van that always stands ready) between two stops, one direction."""

    from_stop: int
    to_stop: int
    seconds: int


def build_timetable(
    stops: Sequence[str], trips: Sequence[Trip], transfer_s: Sequence[int] | Ints, walks: Sequence[Walk] = ()
) -> Timetable:
    """Return the timetable of these trips.

    Raises
    ------
    UnusableInputError : a trip goes back in time, has fewer than two calls, an unknown stop or an unknown day; or a
        transfer or walk takes negative time. The message names the trip or stop.
    """
    runs: list[tuple[int, int]] = []
    rows: list[tuple[int, int, int, int, int, int]] = []  # from, to, depart, arrive, run, position
    for number, trip in enumerate(trips):
        _check_trip(trip, len(stops))
        for day in sorted(set(trip.days)):
            shift, run = day * DAY_S, len(runs)
            runs.append((number, day))
            rows += [
                (a[0], b[0], shift + a[2], shift + b[1], run, position)
                for position, (a, b) in enumerate(zip(trip.calls, trip.calls[1:], strict=False))
            ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    lap = table[:, 2] // WEEK_S
    depart, arrive = table[:, 2] - lap * WEEK_S, table[:, 3] - lap * WEEK_S
    order = np.lexsort((table[:, 5], table[:, 4], arrive, depart))
    run_table = np.array(runs, dtype=np.int64).reshape(-1, 2)
    transfer = np.asarray(transfer_s, dtype=np.int64)
    if transfer.shape != (len(stops),):
        raise ValueError(f"Expected transfer_s of shape ({len(stops)},), got {transfer.shape}.")
    if (transfer < 0).any():
        at = int(np.flatnonzero(transfer < 0)[0])
        raise UnusableInputError(f"换乘时间应不小于 0 秒，实际为 {transfer[at]} 秒（{stops[at]}）。请改正。")
    walk_start, walk_to, walk_s = _close_walks(stops, walks)
    return Timetable(
        stops=tuple(stops),
        trips=tuple(trip.id for trip in trips),
        run_trip=run_table[:, 0].copy(),
        run_day=run_table[:, 1].copy(),
        from_stop=table[order, 0],
        to_stop=table[order, 1],
        run=table[order, 4],
        position=table[order, 5],
        depart_s=depart[order],
        arrive_s=arrive[order],
        lap=lap[order],
        transfer_s=transfer,
        walk_start=walk_start,
        walk_to=walk_to,
        walk_s=walk_s,
    )


def _check_trip(trip: Trip, n_stops: int) -> None:
    where = f"（班次 {trip.id}）"
    if len(trip.calls) < 2:
        raise UnusableInputError(f"班次至少应有两个停靠站，实际为 {len(trip.calls)} 个{where}。请补全或删去该班次。")
    if not set(trip.days) <= set(range(7)):
        raise UnusableInputError(f"开行日应为 0（周一）至 6（周日），实际为 {trip.days}{where}。请改正。")
    before = 0
    for stop, arrive, depart in trip.calls:
        if not 0 <= stop < n_stops:
            raise UnusableInputError(f"停靠站应在站点表的 {n_stops} 个站内，实际为 {stop}{where}。请补充站点。")
        if not before <= arrive <= depart < WEEK_S:
            raise UnusableInputError(
                f"同一班次的时刻应依次不减且在 7 天内，实际到 {arrive} 秒、离 {depart} 秒、前站离 {before} 秒{where}。"
                "过零点的时刻请写作 24:00 以上。"
            )
        before = depart


def _close_walks(stops: Sequence[str], walks: Sequence[Walk]) -> tuple[Ints, Ints, Ints]:
    """Return the walks joined as far as they go, by stop walked from."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    shortest: dict[tuple[int, int], int] = {}
    for walk in walks:
        if walk.seconds < 0:
            place = f"{stops[walk.from_stop]}—{stops[walk.to_stop]}"
            raise UnusableInputError(f"步行时间应不小于 0 秒，实际为 {walk.seconds} 秒（{place}）。请改正。")
        key = walk.from_stop, walk.to_stop
        shortest[key] = min(walk.seconds, shortest.get(key, walk.seconds))
    n = len(stops)
    ends = np.array(list(shortest), dtype=np.int64).reshape(-1, 2)
    graph = csr_array((np.array(list(shortest.values()), dtype=np.float64), (ends[:, 0], ends[:, 1])), shape=(n, n))
    counts, to, seconds = np.zeros(n, dtype=np.int64), [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for start in np.unique(ends[:, 0]).tolist():
        reached = dijkstra(graph, indices=start)
        reached[start] = np.inf
        found = np.flatnonzero(np.isfinite(reached))
        counts[start] = len(found)
        to.append(found)
        seconds.append(np.rint(reached[found]).astype(np.int64))
    return np.concatenate([[0], np.cumsum(counts)]), np.concatenate(to), np.concatenate(seconds)
