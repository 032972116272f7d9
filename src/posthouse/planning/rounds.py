"""Rounds of one town on one day: which vehicle visits which villages in which order. PyVRP does the search.

The problem is small (one town), so an iteration limit stops it and the same inputs and seed give the same rounds.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

_COST_UNITS_PER_YUAN = 1_000
_DISTANCE_UNITS_PER_KM = 10
"""PyVRP counts in integers: 1 yuan per km is 100 cost units per 100 m. Finer units would make a driver's overtime cheap
beside its first penalty (50,000 a second), and the search would stay among infeasible rounds for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleKind:
    """Vehicles that are alike. ids : their names, as many as there are; used in this order."""

    ids: tuple[str, ...]
    capacity_parcels: int
    cost_yuan_per_km: float
    cost_yuan_per_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundProblem:
    """One day of one town. Row and column 0 of the matrices are the depot, i the i-th stop.

    minutes, distance_km : shape (n_stops + 1, n_stops + 1), finite. parcels : per stop, >= 0.
    service_min : per stop. shift_min : longest round, driving and service.
    """

    minutes: "Matrix"
    distance_km: "Matrix"
    parcels: tuple[int, ...]
    service_min: tuple[float, ...]
    vehicles: tuple[VehicleKind, ...]
    shift_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One vehicle's round.

    stops : 1-based numbers of the problem's stops. parcels : handed over at each. arrive_min : minutes after departure.
    """

    vehicle: str
    stops: tuple[int, ...]
    parcels: tuple[int, ...]
    arrive_min: tuple[float, ...]
    distance_km: float
    duration_min: float
    cost_yuan: float


def solve_rounds(problem: RoundProblem, *, seed: int, iterations: int) -> tuple[Round, ...] | None:
    """Return the cheapest rounds found, longest first, or None where no feasible ones were found.

    A stop with more parcels than the largest vehicle takes is visited several times.
    """
    from pyvrp import Model
    from pyvrp.exceptions import PenaltyBoundWarning
    from pyvrp.stop import MaxIterations

    model = Model()
    size = len(problem.parcels) + 1
    places = [model.add_location(x=0, y=0) for _ in range(size)]
    depot = model.add_depot(places[0])
    loads = _loads(problem)
    for stop, parcels in loads:
        model.add_client(
            places[stop], delivery=parcels, service_duration=round(problem.service_min[stop - 1] * 60), name=str(stop)
        )
    for kind in problem.vehicles:
        model.add_vehicle_type(
            num_available=len(kind.ids),
            capacity=kind.capacity_parcels,
            start_depot=depot,
            end_depot=depot,
            fixed_cost=round(kind.cost_yuan_per_day * _COST_UNITS_PER_YUAN),
            shift_duration=round(problem.shift_min * 60),
            unit_distance_cost=round(kind.cost_yuan_per_km * _COST_UNITS_PER_YUAN / _DISTANCE_UNITS_PER_KM),
        )
    for i in range(size):
        for j in range(size):
            if i != j:
                model.add_edge(
                    places[i],
                    places[j],
                    distance=round(float(problem.distance_km[i, j]) * _DISTANCE_UNITS_PER_KM),
                    duration=round(float(problem.minutes[i, j]) * 60),
                )
    with warnings.catch_warnings():
        # Says that feasible rounds are hard to find; whether they were found is checked below.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = model.solve(stop=MaxIterations(iterations), seed=seed, display=False, collect_stats=False)
    if not result.is_feasible():
        return None
    routes = [
        (route.vehicle_type(), [activity.idx for activity in route if activity.is_client()])
        for route in result.best.routes()
    ]
    return _rounds(problem, loads, routes)


def _loads(problem: RoundProblem) -> list[tuple[int, int]]:
    largest = max(kind.capacity_parcels for kind in problem.vehicles)
    loads = []
    for stop, parcels in enumerate(problem.parcels, start=1):
        rest = parcels
        while rest > largest:
            loads.append((stop, largest))
            rest -= largest
        loads.append((stop, rest))
    return loads


def _rounds(
    problem: RoundProblem, loads: Sequence[tuple[int, int]], routes: Sequence[tuple[int, Sequence[int]]]
) -> tuple[Round, ...]:
    drafts = []
    for kind, visits in routes:
        served = [loads[visit] for visit in visits]
        passed: list[float] = []
        clock, at = 0.0, 0
        for stop, _ in served:
            clock += float(problem.minutes[at, stop])
            passed.append(clock)
            clock += problem.service_min[stop - 1]
            at = stop
        way = [0, *(stop for stop, _ in served), 0]
        km = sum(float(problem.distance_km[a, b]) for a, b in pairwise(way))
        drafts.append((kind, served, tuple(passed), km, clock + float(problem.minutes[at, 0])))
    # Vehicles are named after sorting, so that the same rounds always get the same vehicles.
    drafts.sort(key=lambda d: (d[0], -d[4], d[1]))
    used = [0] * len(problem.vehicles)
    rounds = []
    for kind, served, arrivals, km, minutes in drafts:
        vehicle = problem.vehicles[kind]
        rounds.append(
            Round(
                vehicle=vehicle.ids[used[kind]],
                stops=tuple(stop for stop, _ in served),
                parcels=tuple(parcels for _, parcels in served),
                arrive_min=arrivals,
                distance_km=km,
                duration_min=minutes,
                cost_yuan=vehicle.cost_yuan_per_day + vehicle.cost_yuan_per_km * km,
            )
        )
        used[kind] += 1
    return tuple(rounds)
