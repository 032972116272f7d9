"""What the carriage engine answers: which parcels ride where, what it costs, and what is left over and why."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from posthouse.optimise.carriage.problem import DAY_MIN, WEEK_MIN, CarriageProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """One run from one call to a later one.

    service : index. day : service day. from_call, to_call : places in its calls.
    depart_min, arrive_min : after Monday 00:00 of the week in which the consignment became ready.
    """

    service: int
    day: int
    from_call: int
    to_call: int
    depart_min: int
    arrive_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Parcels of one consignment that go the same way; an average over weeks, so not always whole."""

    consignment: int
    parcels: float
    rides: tuple[Ride, ...]


def movement_yuan(problem: CarriageProblem, movement: Movement) -> float:
    """Return the cost of one parcel on its way: fares, changes and delay."""
    rides = movement.rides
    yuan = sum(problem.services[ride.service].fare_yuan for ride in rides)
    for ride in rides[:-1]:
        stop = problem.services[ride.service].calls[ride.to_call][0]
        yuan += problem.stops[stop].handling_yuan
    ready_min = problem.consignments[movement.consignment].ready_min
    return yuan + problem.delay_yuan_per_day * (rides[-1].arrive_min - ready_min) / DAY_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """Parcels of a consignment that no run carries.

    reason : `no_connection` (no run arrives in time at a moment of hand-over), `no_room` (runs that would do are
        full), or `dearer` (the other way is cheaper).
    """

    consignment: int
    parcels: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriageSolution:
    """Answer to a CarriageProblem.

    status : `optimal`, proven by HiGHS. objective, bound : yuan a week, left-over parcels at their outside price where
        they have one, equal at the optimum. carried_yuan : the part of it that is fares, handling and delay.
    possible_min : arrivals at which each consignment could be handed over were there room, minutes, by consignment.
    full : worth in yuan of one more parcel of room, by (service, day, call from which the leg starts); only where > 0.
    seconds : wall time.
    """

    status: str
    objective: float
    bound: float
    seconds: float
    movements: tuple[Movement, ...]
    left_over: tuple[LeftOver, ...]
    carried_yuan: float
    possible_min: tuple[tuple[int, ...], ...]
    full: Mapping[tuple[int, int, int], float]

    @property
    def gap(self) -> float:
        """Distance from objective to bound as a share of the objective."""
        return abs(self.objective - self.bound) / max(abs(self.objective), 1e-12)

    @property
    def carried(self) -> float:
        """Parcels a week that ride."""
        return math.fsum(movement.parcels for movement in self.movements)

    @property
    def yuan_per_parcel(self) -> float | None:
        """Mean cost of a parcel that rides; None where none does."""
        return self.carried_yuan / self.carried if self.carried > 0 else None

    def yuan_by_consignment(self, problem: CarriageProblem) -> dict[int, float]:
        """Return the cost of one parcel of each consignment that rides: fares, changes, delay; a mean over its ways."""
        parcels: dict[int, float] = defaultdict(float)
        yuan: dict[int, float] = defaultdict(float)
        for movement in self.movements:
            parcels[movement.consignment] += movement.parcels
            yuan[movement.consignment] += movement.parcels * movement_yuan(problem, movement)
        return {index: yuan[index] / parcels[index] for index in sorted(parcels)}

    def served_days(self, consignment: int) -> frozenset[int]:
        """Return the weekdays (0 Monday) on which parcels of the consignment arrive under the plan."""
        arrivals = (m.rides[-1].arrive_min for m in self.movements if m.consignment == consignment)
        return frozenset(arrive % WEEK_MIN // DAY_MIN for arrive in arrivals)

    def possible_days(self, consignment: int) -> frozenset[int]:
        """Return the weekdays on which they could arrive were there room."""
        return frozenset(arrive % WEEK_MIN // DAY_MIN for arrive in self.possible_min[consignment])
