"""The clock times of one route: it leaves as late as it can without ending later, so that it waits least.

For the checker and for whoever prints a timetable. Along a fixed order the return is a function of the departure x,
max(E, x + D): D is driving and service, E the return of whoever leaves at once. So the least duration is that of the
latest departure that is late nowhere, or of E - D if that comes earlier.
"""

from dataclasses import dataclass
from itertools import pairwise

from posthouse.optimise.routing.problem import RoutingProblem
from posthouse.optimise.routing.solution import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Times of a route, in the unit of durations.

    starts : when service begins, per customer. lateness : by how much, per customer; the last one is the return's.
    busy : driving and service. duration : from leaving to return, waiting included.
    """

    leaves: float
    starts: tuple[float, ...]
    returns: float
    lateness: tuple[float, ...]
    busy: float

    @property
    def duration(self) -> float:
        """Time from leaving to return."""
        return self.returns - self.leaves


def schedule_route(problem: RoutingProblem, route: Route, visits: tuple[int, ...]) -> Schedule:
    """Return when a route leaves, serves and returns.

    Parameters
    ----------
    visits : for each customer of the route the visit (its index in the problem) that is made; -1 where it should get
        none, which is served in no time and at any time.

    >>> import numpy as np
    >>> from posthouse.optimise.routing.problem import VehicleClass, make_periodic_problem
    >>> line = np.abs(np.subtract.outer([1.0, 2.0, 0.0], [1.0, 2.0, 0.0]))
    >>> problem = make_periodic_problem(line, options=[[[0]], [[0]]], demand=[1, 1], service=[0, 0], slots=[(0, 0)],
    ...                                 fleet=[(VehicleClass(capacity=(9.0,)), 1)], windows=[(0, 9), (8, 9)])
    >>> times = schedule_route(problem, Route(slot=0, vehicle_class=0, customers=(0, 1)), (0, 1))
    >>> times.leaves, times.starts, times.returns
    (6.0, (7.0, 8.0), 10.0)
    """
    vehicle = problem.classes[route.vehicle_class]
    depot = problem.customers + int(problem.slot_depot[route.slot])
    times = problem.travel_times[vehicle.profile]
    stops = [depot, *route.customers, depot]
    ways = [float(times[start, end]) * vehicle.duration_factor for start, end in pairwise(stops)]
    service = [float(problem.visit_service[visit]) if visit >= 0 else 0.0 for visit in visits]
    windows = [_window(problem, visit) for visit in visits]
    opens, closes = vehicle.hours
    busy = sum(ways) + sum(service)
    latest = closes
    for way, needed, (_, end) in zip(reversed(ways[1:]), reversed(service), reversed(windows), strict=True):
        latest = min(latest - way - needed, end)
    latest = max(latest - ways[0], opens)
    starts, _ = _drive(opens, ways, service, windows)
    leaves = min(latest, max(opens, starts[-1] - busy))
    starts, lateness = _drive(leaves, ways, service, windows)
    return Schedule(
        leaves=leaves,
        starts=tuple(starts[:-1]),
        returns=starts[-1],
        lateness=(*lateness, max(0.0, starts[-1] - closes)),
        busy=busy,
    )


def _window(problem: RoutingProblem, visit: int) -> tuple[float, float]:
    if visit < 0 or problem.visit_window is None:
        return 0.0, float("inf")
    earliest, latest = problem.visit_window[visit]
    return float(earliest), float(latest)


def _drive(
    at: float, ways: list[float], service: list[float], windows: list[tuple[float, float]]
) -> tuple[list[float], list[float]]:
    """Return the start of each service and, last, the return; and how late each service is."""
    starts, lateness = [], []
    for way, needed, (earliest, latest) in zip(ways, service, windows, strict=False):
        begins = max(at + way, earliest)
        starts.append(begins)
        lateness.append(max(0.0, begins - latest))
        at = begins + needed
    return [*starts, at + ways[-1]], lateness
