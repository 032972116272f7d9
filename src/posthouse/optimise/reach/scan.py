"""The connection scan, compiled: one pass over the connections by departure gives every earliest arrival.

Connections that leave at the same moment are passed again while a ride or walk of no time opens another of them.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from posthouse.optimise.reach.problem import WEEK_S, Timetable
from posthouse.optimise.reach.solution import NEVER, READY_AT_ORIGIN, READY_BY_CHANGE

Ints = NDArray[np.int64]


class Table(NamedTuple):
    """The arrays of a Timetable that the scan reads."""

    from_stop: Ints
    to_stop: Ints
    run: Ints
    depart_s: Ints
    arrive_s: Ints
    lap: Ints
    transfer_s: Ints
    walk_start: Ints
    walk_to: Ints
    walk_s: Ints


class Labels(NamedTuple):
    """What the scan writes; see Arrivals."""

    base_s: Ints
    exit: Ints
    exit_instance: Ints
    walk_s: Ints
    walk_from: Ints
    ready_s: Ints
    ready_from: Ints
    boarded: Ints


def scan(timetable: Timetable, origins: tuple[tuple[int, int], ...], until_s: int) -> tuple[Labels, int]:
    """Return the labels of all stops, and the week to which instance 0 of a run belongs."""
    table = Table(*(getattr(timetable, field) for field in Table._fields))
    n = len(timetable.stops)
    begin_s = min(ready for _, ready in origins)
    first_week, last_week = begin_s // WEEK_S, until_s // WEEK_S
    laps = int(timetable.lap.max(initial=0))
    labels = Labels(
        base_s=np.full(n, NEVER),
        exit=np.full(n, -1, dtype=np.int64),
        exit_instance=np.full(n, -1, dtype=np.int64),
        walk_s=np.full(n, NEVER),
        walk_from=np.full(n, -1, dtype=np.int64),
        ready_s=np.full(n, NEVER),
        ready_from=np.full(n, READY_AT_ORIGIN, dtype=np.int64),
        boarded=np.full((len(timetable.run_trip), last_week - first_week + 1 + laps), -1, dtype=np.int64),
    )
    first_instance = first_week - laps
    for stop, ready_s in origins:
        _start_at(table, labels, stop, ready_s)
    first = int(np.searchsorted(timetable.depart_s, begin_s - first_week * WEEK_S))
    for week in range(first_week, last_week + 1):
        _scan_week(table, labels, week, week - first_instance, (first, until_s))
        first = 0
    return labels, first_instance


@njit(cache=True)
def _start_at(table: Table, labels: Labels, stop: int, ready_s: int) -> None:
    if ready_s < labels.base_s[stop]:
        labels.base_s[stop] = ready_s
        _walk_on(table, labels, stop)
    if ready_s < labels.ready_s[stop]:
        labels.ready_s[stop] = ready_s
        labels.ready_from[stop] = READY_AT_ORIGIN


@njit(cache=True)
def _walk_on(table: Table, labels: Labels, stop: int) -> int:
    """Walk from a stop just reached; return the earliest moment that this makes some stop ready."""
    earliest = NEVER
    for at in range(table.walk_start[stop], table.walk_start[stop + 1]):
        to, arrive = table.walk_to[at], labels.base_s[stop] + table.walk_s[at]
        if arrive < labels.walk_s[to]:
            labels.walk_s[to] = arrive
            labels.walk_from[to] = stop
        if arrive < labels.ready_s[to]:
            labels.ready_s[to] = arrive
            labels.ready_from[to] = stop
            earliest = min(earliest, arrive)
    return earliest


@njit(cache=True)
def _scan_week(table: Table, labels: Labels, week: int, current: int, span: tuple[int, int]) -> None:
    """Scan one week. current : instance of the runs of this week. span : first connection, last moment."""
    shift = week * WEEK_S
    begin, until_s = span
    while begin < table.depart_s.size:
        depart = table.depart_s[begin] + shift
        if depart > until_s:
            return
        end = begin
        while end < table.depart_s.size and table.depart_s[end] == table.depart_s[begin]:
            end += 1
        again = True
        while again:
            again = False
            for c in range(begin, end):
                instance = current - table.lap[c]
                if labels.boarded[table.run[c], instance] < 0:
                    if labels.ready_s[table.from_stop[c]] > depart:
                        continue
                    labels.boarded[table.run[c], instance] = c
                stop, arrive = table.to_stop[c], table.arrive_s[c] + shift
                if arrive >= labels.base_s[stop]:
                    continue
                labels.base_s[stop] = arrive
                labels.exit[stop] = c
                labels.exit_instance[stop] = instance
                opened = _walk_on(table, labels, stop)
                if arrive + table.transfer_s[stop] < labels.ready_s[stop]:
                    labels.ready_s[stop] = arrive + table.transfer_s[stop]
                    labels.ready_from[stop] = READY_BY_CHANGE
                    opened = min(opened, labels.ready_s[stop])
                again = again or opened <= depart
        begin = end
