"""What the reach engine answers: when each stop is reached, and how."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.reach.problem import Timetable

Ints = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max // 4  # later than any time, and safe to add to


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One part of a journey; times in seconds after Monday 00:00 of the week in which the origins' times count.

    trip, service_day : id and day (0 Monday) of the run ridden; None and -1 for a walk.
    """

    from_stop: int
    to_stop: int
    depart_s: int
    arrive_s: int
    trip: str | None = None
    service_day: int = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrivals:
    """Earliest arrival at every stop; `journeys.find_journey` tells the way.

    origins : (stop, ready) pairs asked about.
    arrive_s : earliest arrival, NEVER where out of reach, shape (n_stops,).
    ready_s : earliest moment at which another run can be taken, shape (n_stops,).
    until_s : no departure later than this was looked at. seconds : wall time.

    The trace, shapes (n_stops,) but the last: base_s is the arrival by ride (or the origin's time), with the
    connection `exit` and run instance `exit_instance` of that ride, -1 at an origin; walk_s and walk_from the best
    walk into the stop; ready_from the stop walked from, or one of the two codes below; boarded the connection at
    which each instance of a run is taken, -1 where never, shape (n_runs, n_instances). Instance k of a run belongs
    to week k + first_instance.
    """

    timetable: Timetable
    origins: tuple[tuple[int, int], ...]
    arrive_s: Ints
    ready_s: Ints
    until_s: int
    seconds: float
    base_s: Ints
    exit: Ints
    exit_instance: Ints
    walk_s: Ints
    walk_from: Ints
    ready_from: Ints
    boarded: Ints
    first_instance: int

    def reached(self, stop: int) -> bool:
        """Whether the stop is reached at all."""
        return bool(self.arrive_s[stop] < NEVER)


READY_AT_ORIGIN = -1
READY_BY_CHANGE = -2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """Arrivals for every departure of the week that is worth choosing at one stop.

    leave_s : moments of leaving in [0, WEEK_S), ascending, shape (n_departures,).
    arrive_s : earliest arrival at each stop after leaving then, shape (n_departures, n_stops); NEVER out of reach.
    """

    stop: int
    leave_s: Ints
    arrive_s: Ints
    seconds: float

    def towards(self, stop: int) -> tuple[tuple[int, int], ...]:
        """Return the (leave, arrive) pairs to a stop of which no other leaves later and arrives no later."""
        best, pairs = NEVER, []
        for leave, arrive in zip(self.leave_s[::-1].tolist(), self.arrive_s[::-1, stop].tolist(), strict=True):
            if arrive < best:
                best = arrive
                pairs.append((leave, arrive))
        return tuple(reversed(pairs))
