"""The way behind an earliest arrival, read back from the trace of the scan."""

from posthouse.optimise.reach.problem import WEEK_S
from posthouse.optimise.reach.solution import READY_AT_ORIGIN, READY_BY_CHANGE, Arrivals, Leg


def find_journey(arrivals: Arrivals, stop: int) -> tuple[Leg, ...] | None:
    """Return the legs of an earliest journey to a stop, none for an origin itself; None where it is out of reach."""
    if not arrivals.reached(stop):
        return None
    legs: list[Leg] = []
    if arrivals.walk_s[stop] < arrivals.base_s[stop]:
        legs.append(_walk_into(arrivals, stop, int(arrivals.walk_from[stop])))
        stop = legs[-1].from_stop
    while arrivals.exit[stop] >= 0:  # where the base is an origin's time there is no ride
        legs.append(_ride_into(arrivals, stop))
        stop = legs[-1].from_stop
        walked_from = int(arrivals.ready_from[stop])
        if walked_from == READY_AT_ORIGIN:
            break
        if walked_from != READY_BY_CHANGE:
            legs.append(_walk_into(arrivals, stop, walked_from))
            stop = walked_from
    return tuple(reversed(legs))


def _walk_into(arrivals: Arrivals, stop: int, walked_from: int) -> Leg:
    table = arrivals.timetable
    span = slice(table.walk_start[walked_from], table.walk_start[walked_from + 1])
    seconds = int(table.walk_s[span][table.walk_to[span] == stop][0])
    depart = int(arrivals.base_s[walked_from])
    return Leg(from_stop=walked_from, to_stop=stop, depart_s=depart, arrive_s=depart + seconds)


def _ride_into(arrivals: Arrivals, stop: int) -> Leg:
    table, off, instance = arrivals.timetable, int(arrivals.exit[stop]), int(arrivals.exit_instance[stop])
    run = int(table.run[off])
    on = int(arrivals.boarded[run, instance])
    week = instance + arrivals.first_instance
    return Leg(
        from_stop=int(table.from_stop[on]),
        to_stop=stop,
        depart_s=int(table.depart_s[on] + (week + table.lap[on]) * WEEK_S),
        arrive_s=int(table.arrive_s[off] + (week + table.lap[off]) * WEEK_S),
        trip=table.trips[int(table.run_trip[run])],
        service_day=int(table.run_day[run]),
    )
