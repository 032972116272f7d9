"""The periodic routing problem as arrays: what the solver is given and the checker checks against.

A *slot* is a (depot, day) with its own vehicles. A customer is served by exactly one of its *options*; an option is a
list of visits, each in one slot with its demand. So one model holds the daily case (one slot), the multi-depot case
(one day), the periodic case (one depot) and both together. Units are the caller's: durations and service share one,
distances another, prices and costs a third.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posthouse.vocabulary.errors import UnusableInputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleClass:
    """Vehicles that are alike.

    capacity : one number per load dimension (at most two, such as kg and parcels), > 0; inf where unlimited.
    max_duration : longest driving and service time of one route; inf where unlimited.
    cost_per_distance, cost_per_duration, fixed_cost : the last is paid for each route that serves anybody.
    profile : which distance and duration matrix these vehicles see.
    duration_factor : multiplies driving times, for a slower or faster vehicle.
    hours : earliest departure and latest return, on the clock that time windows use.
    """

    capacity: tuple[float, ...]
    max_duration: float = float("inf")
    cost_per_distance: float = 1.0
    cost_per_duration: float = 0.0
    fixed_cost: float = 0.0
    profile: int = 0
    duration_factor: float = 1.0
    hours: tuple[float, float] = (0.0, float("inf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetEntry:
    """`count` vehicles of a class at a slot, each for one route."""

    slot: int
    vehicle_class: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """A whole instance. Locations are the customers 0..n-1, then the depots.

    distance : shape (profiles, locations, locations), >= 0; need not be symmetric.
    duration : the same shape, or None where driving time equals distance.
    slot_depot, slot_day : shape (slots,); depot counts from 0.
    option_start : shape (n + 1,); options of customer c are option_start[c] .. option_start[c + 1] - 1.
    visit_start : shape (options + 1,); visits of an option likewise. An option without visits means: not served.
    option_price : shape (options,); paid when the option is chosen, for outside service or as a price on change; inf
        where it may not be chosen.
    visit_slot, visit_demand, visit_service : shapes (visits,), (visits, load dimensions), (visits,).
    visit_outside_price : shape (visits,); for this price somebody else makes the visit; inf where nobody would.
    allowed : shape (n, vehicle classes), or None where every vehicle may visit everybody.
    visit_window : shape (visits, 2), earliest and latest start of service, in the unit of durations; or None. Whoever
        comes early waits, and waiting counts in the duration of the route, which leaves as late as it can.
    """

    distance: Floats
    duration: Floats | None
    slot_depot: Ints
    slot_day: Ints
    classes: tuple[VehicleClass, ...]
    fleet: tuple[FleetEntry, ...]
    option_start: Ints
    visit_start: Ints
    option_price: Floats
    visit_slot: Ints
    visit_demand: Floats
    visit_service: Floats
    visit_outside_price: Floats
    allowed: NDArray[np.bool_] | None = None
    visit_window: Floats | None = None

    def __post_init__(self) -> None:
        """Check shapes and ranges."""
        n, visits = self.customers, len(self.visit_slot)
        if n < 0 or self.distance.ndim != 3 or self.distance.shape[1] != self.distance.shape[2]:
            raise ValueError(f"Expected distance of shape (profiles, L, L), got {self.distance.shape}.")
        if self.duration is not None and self.duration.shape != self.distance.shape:
            raise ValueError(f"Expected duration of shape {self.distance.shape}, got {self.duration.shape}.")
        if self.distance.shape[1] < n + 1 + int(self.slot_depot.max(initial=0)):
            raise ValueError(f"Expected a location for {n} customers and each depot, got {self.distance.shape[1]}.")
        if self.visit_demand.shape != (visits, self.dimensions) or self.visit_service.shape != (visits,):
            raise ValueError(f"Expected demand and service for {visits} visits, got {self.visit_demand.shape}.")
        if self.dimensions not in (1, 2) or any(len(k.capacity) != self.dimensions for k in self.classes):
            raise ValueError("Expected one or two load dimensions, the same for visits and vehicle classes.")
        if visits and not (self.visit_slot.min() >= 0 and self.visit_slot.max() < self.slots):
            raise ValueError(f"Expected visit_slot in [0, {self.slots}), got {self.visit_slot.max()}.")
        if (self.visit_demand < 0).any() or (self.visit_service < 0).any() or (self.distance < 0).any():
            raise ValueError("Expected demand, service and distance >= 0, got a negative number.")
        if self.visit_window is not None and (
            self.visit_window.shape != (visits, 2) or (self.visit_window[:, 0] > self.visit_window[:, 1]).any()
        ):
            raise ValueError(f"Expected {visits} windows that open before they close, got {self.visit_window.shape}.")
        if any(k.hours[0] > k.hours[1] for k in self.classes):
            raise ValueError("Expected hours of vehicles that begin before they end.")

    @property
    def customers(self) -> int:
        """Number of customers."""
        return len(self.option_start) - 1

    @property
    def slots(self) -> int:
        """Number of (depot, day) pairs."""
        return len(self.slot_depot)

    @property
    def dimensions(self) -> int:
        """Number of load dimensions."""
        return int(self.visit_demand.shape[1])

    @property
    def travel_times(self) -> Floats:
        """Driving times, which are the distances where none were given."""
        return self.distance if self.duration is None else self.duration

    @property
    def visit_customer(self) -> Ints:
        """Customer of each visit."""
        options = np.repeat(np.arange(self.customers, dtype=np.int32), np.diff(self.option_start))
        return np.repeat(options, np.diff(self.visit_start))

    @property
    def keeps_time(self) -> bool:
        """Whether a clock matters: some visit has a window or some vehicle has hours."""
        return self.visit_window is not None or any(k.hours != (0.0, np.inf) for k in self.classes)


def make_periodic_problem(
    distance: Floats,
    *,
    options: Sequence[Sequence[Sequence[int]]],
    demand: Sequence[float | Sequence[Sequence[float]]],
    service: Sequence[float],
    slots: Sequence[tuple[int, int]],
    fleet: Sequence[tuple[VehicleClass, int]],
    duration: Floats | None = None,
    windows: Sequence[tuple[float, float]] | None = None,
) -> RoutingProblem:
    """Return the problem where each slot has one kind of vehicle and loads have one dimension.

    Parameters
    ----------
    distance, duration : shape (locations, locations), customers first, then depots.
    options : per customer its options, each a list of slots.
    demand : per customer, for each visit; or for each visit of each option, such as `patterns.gap_demand` gives.
    service : per customer, for each visit.
    windows : per customer, earliest and latest start of service.
    slots : (depot, day) pairs. fleet : per slot the vehicle class and how many there are.

    >>> import numpy as np
    >>> line = np.abs(np.subtract.outer([1.0, 2.0, 0.0], [1.0, 2.0, 0.0]))  # two customers, then the depot
    >>> van = VehicleClass(capacity=(10.0,))
    >>> problem = make_periodic_problem(line, options=[[[0], [1]], [[0, 1]]], demand=[4, 4], service=[0, 0],
    ...                                 slots=[(0, 0), (0, 1)], fleet=[(van, 1), (van, 1)])
    >>> problem.customers, problem.slots
    (2, 2)
    """
    for customer, own in enumerate(options):
        if not own:
            raise UnusableInputError(
                f"每个客户应至少有一种到访方案，客户 {customer}（序号从 0 起）没有。请给出方案；可不服务则给空方案。"
            )
    flat = [option for own in options for option in own]
    owner = [customer for customer, own in enumerate(options) for option in own for _ in option]
    classes = tuple(dict.fromkeys(vehicle for vehicle, _ in fleet))
    return RoutingProblem(
        distance=np.ascontiguousarray(distance, dtype=np.float64)[None],
        duration=None if duration is None else np.ascontiguousarray(duration, dtype=np.float64)[None],
        slot_depot=np.array([depot for depot, _ in slots], dtype=np.int32),
        slot_day=np.array([day for _, day in slots], dtype=np.int32),
        classes=classes,
        fleet=tuple(
            FleetEntry(slot=slot, vehicle_class=classes.index(vehicle), count=count)
            for slot, (vehicle, count) in enumerate(fleet)
        ),
        option_start=np.cumsum([0, *(len(own) for own in options)], dtype=np.int32),
        visit_start=np.cumsum([0, *(len(option) for option in flat)], dtype=np.int32),
        option_price=np.zeros(len(flat)),
        visit_slot=np.array([slot for option in flat for slot in option], dtype=np.int32),
        visit_demand=np.array(_visit_demand(options, demand), dtype=np.float64).reshape(-1, 1),
        visit_service=np.asarray(service, dtype=np.float64)[owner],
        visit_outside_price=np.full(len(owner), np.inf),
        visit_window=None if windows is None else np.array(windows, dtype=np.float64).reshape(-1, 2)[owner],
    )


def _visit_demand(
    options: Sequence[Sequence[Sequence[int]]], demand: Sequence[float | Sequence[Sequence[float]]]
) -> list[float]:
    """Return a number for each visit."""
    numbers: list[float] = []
    for customer, (own, given) in enumerate(zip(options, demand, strict=True)):
        per_option = given if isinstance(given, Sequence) else [[given] * len(option) for option in own]
        if [len(option) for option in own] != [len(option) for option in per_option]:
            raise ValueError(f"Expected a demand for each visit of each option of customer {customer}, got {given}.")
        numbers += [number for option in per_option for number in option]
    return numbers
