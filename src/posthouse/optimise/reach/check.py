"""Verifies earliest arrivals from the timetable alone, without any solver code.

Each function returns what is wrong, in sentences; an empty tuple means the answer holds.
"""

from collections import defaultdict

from posthouse.optimise.reach.problem import WEEK_S, Timetable
from posthouse.optimise.reach.solution import NEVER, Arrivals, Leg


def check_arrivals(arrivals: Arrivals) -> tuple[str, ...]:
    """Return the faults of arrivals: an origin, run or walk that would bring somebody to a stop earlier than stated."""
    table, faults = arrivals.timetable, []
    arrive, ready = arrivals.arrive_s.tolist(), arrivals.ready_s.tolist()
    for stop, moment in arrivals.origins:
        if arrive[stop] > moment or ready[stop] > moment:
            faults.append(f"Stop {table.stops[stop]} is an origin at {moment} and said to be reached later.")
    for stop, moment in enumerate(arrivals.base_s.tolist()):
        for at in range(table.walk_start[stop], table.walk_start[stop + 1]):
            to, walked = int(table.walk_to[at]), moment + int(table.walk_s[at])
            if moment < NEVER and (arrive[to] > walked or ready[to] > walked):
                faults.append(f"A walk from {table.stops[stop]} reaches {table.stops[to]} at {walked}.")
    for run, connections in _runs(table).items():
        week = -2
        while True:
            week += 1
            boarded = False
            shift = week * WEEK_S
            if shift + min(depart for _, _, depart, _ in connections) > arrivals.until_s:
                break
            for start, stop, depart, reach in connections:
                if depart + shift > arrivals.until_s:
                    break
                boarded = boarded or ready[start] <= depart + shift
                late = arrive[stop] > reach + shift or ready[stop] > reach + shift + int(table.transfer_s[stop])
                if boarded and late:
                    name = f"{table.trips[int(table.run_trip[run])]} of day {table.run_day[run]}"
                    faults.append(f"Run {name} reaches {table.stops[stop]} at {reach + shift}.")
    return tuple(faults)


def check_journey(arrivals: Arrivals, stop: int, legs: tuple[Leg, ...] | None) -> tuple[str, ...]:
    """Return the faults of a journey: its origin, its legs in the timetable, its changes, its arrival."""
    table = arrivals.timetable
    if legs is None:
        return () if not arrivals.reached(stop) else (f"Stop {table.stops[stop]} is reached without a journey.",)
    faults, rides = [], _rides(table)
    place = legs[0].from_stop if legs else stop
    now = min((moment for origin, moment in arrivals.origins if origin == place), default=NEVER)
    if now >= NEVER:
        faults.append(f"The journey starts at {table.stops[place]}, which is no origin.")
    rode = False
    for leg in legs:
        if leg.from_stop != place:
            faults.append(f"A leg starts at {table.stops[leg.from_stop]}, not {table.stops[place]}.")
        change = int(table.transfer_s[place]) if rode and leg.trip is not None else 0
        if leg.depart_s < now + change:
            faults.append(f"Too little time to change at {table.stops[place]}: from {now} to {leg.depart_s}.")
        if leg.trip is None:
            span = range(table.walk_start[place], table.walk_start[place + 1])
            walks = [int(table.walk_s[at]) for at in span if table.walk_to[at] == leg.to_stop]
            if leg.arrive_s - leg.depart_s not in walks:
                faults.append(f"There is no such walk from {table.stops[place]} to {table.stops[leg.to_stop]}.")
        elif not _is_ride(rides[leg.trip, leg.service_day], leg):
            faults.append(f"Run {leg.trip} of day {leg.service_day} does not go so.")
        place, now, rode = leg.to_stop, leg.arrive_s, leg.trip is not None
    if place != stop or now != arrivals.arrive_s[stop]:
        faults.append(f"The journey ends at {table.stops[place]} at {now}, not at {arrivals.arrive_s[stop]}.")
    return tuple(faults)


Connection = tuple[int, int, int, int]  # from, to, departure, arrival after Monday 00:00 of the service day's week


def _runs(table: Timetable) -> dict[int, list[Connection]]:
    rows = defaultdict(list)
    for at, run in enumerate(table.run.tolist()):
        shift = int(table.lap[at]) * WEEK_S
        times = int(table.depart_s[at]) + shift, int(table.arrive_s[at]) + shift
        rows[run].append((int(table.position[at]), (int(table.from_stop[at]), int(table.to_stop[at]), *times)))
    return {run: [connection for _, connection in sorted(found)] for run, found in rows.items()}


def _rides(table: Timetable) -> defaultdict[tuple[str, int], list[list[Connection]]]:
    rides = defaultdict(list)
    for run, connections in _runs(table).items():
        rides[table.trips[int(table.run_trip[run])], int(table.run_day[run])].append(connections)
    return rides


def _is_ride(runs: list[list[Connection]], leg: Leg) -> bool:
    for connections in runs:
        for first, (start, _, depart, _) in enumerate(connections):
            shift = leg.depart_s - depart
            if start != leg.from_stop or shift % WEEK_S:
                continue
            if any(stop == leg.to_stop and reach + shift == leg.arrive_s for _, stop, _, reach in connections[first:]):
                return True
    return False
