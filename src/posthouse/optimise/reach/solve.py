"""The door to the reach engine: earliest arrivals from several origins, and the profile of a week.

Source: Dibbelt, Pajor, Strasser and Wagner (2018), Connection Scan Algorithm.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np

from posthouse.optimise.reach.problem import WEEK_S, Timetable
from posthouse.optimise.reach.solution import Arrivals, Profile
from posthouse.vocabulary.errors import UnusableInputError


def solve_arrivals(
    timetable: Timetable,
    origins: Sequence[tuple[int, int]],
    *,
    horizon_s: int = WEEK_S,
    clock: Callable[[], float] = time.perf_counter,
) -> Arrivals:
    """Return the earliest arrival at every stop, wherever one starts.

    Parameters
    ----------
    origins : (stop, moment at which one is ready there), the moment in seconds after Monday 00:00, >= 0.
    horizon_s : departures up to this long after the earliest origin are looked at.

    Raises
    ------
    UnusableInputError : no origin, an unknown stop, or a moment before the week.
    """
    from posthouse.optimise.reach.scan import scan

    begun = clock()
    for stop, ready_s in origins:
        if not (0 <= stop < len(timetable.stops) and ready_s >= 0):
            raise UnusableInputError(
                f"出发站应在 {len(timetable.stops)} 个站内、出发时刻不小于 0 秒，实际为站 {stop}、{ready_s} 秒。"
                "请改正后重试。"
            )
    if not origins or horizon_s < 0:
        raise UnusableInputError("应至少有一个出发站，且查询时长不小于 0。请补充后重试。")
    asked = tuple((int(stop), int(ready_s)) for stop, ready_s in origins)
    until_s = min(ready_s for _, ready_s in asked) + horizon_s
    labels, first_instance = scan(timetable, asked, until_s)
    return Arrivals(
        timetable=timetable,
        origins=asked,
        arrive_s=np.minimum(labels.base_s, labels.walk_s),
        ready_s=labels.ready_s,
        until_s=until_s,
        seconds=clock() - begun,
        base_s=labels.base_s,
        exit=labels.exit,
        exit_instance=labels.exit_instance,
        walk_s=labels.walk_s,
        walk_from=labels.walk_from,
        ready_from=labels.ready_from,
        boarded=labels.boarded,
        first_instance=first_instance,
    )


def solve_profile(
    timetable: Timetable,
    stop: int,
    *,
    horizon_s: int = WEEK_S,
    clock: Callable[[], float] = time.perf_counter,
) -> Profile:
    """Return the earliest arrivals for every moment of the week at which leaving a stop leads to a departure in time.

    Parameters
    ----------
    horizon_s : departures up to this long after leaving are looked at.
    """
    begun = clock()
    reachable, ahead = [stop], [0]
    span = slice(timetable.walk_start[stop], timetable.walk_start[stop + 1])
    reachable += timetable.walk_to[span].tolist()
    ahead += timetable.walk_s[span].tolist()
    moments = [
        (timetable.depart_s[timetable.from_stop == place] - seconds) % WEEK_S
        for place, seconds in zip(reachable, ahead, strict=True)
    ]
    leave = np.unique(np.concatenate(moments))
    rows = [solve_arrivals(timetable, [(stop, moment)], horizon_s=horizon_s).arrive_s for moment in leave.tolist()]
    arrive = np.array(rows, dtype=np.int64).reshape(len(leave), len(timetable.stops))
    return Profile(stop=stop, leave_s=leave, arrive_s=arrive, seconds=clock() - begun)
