"""Synthetic counties for the large benchmarks: villages around towns, several depots, three to five visits a week.

Towns lie at random in a square of three square kilometres per village; two thirds of the villages lie around them, the
others anywhere. A depot is at the town nearest the middle of its share of the villages. Roads are straight lines times
1.35, driven at 35 km/h. A village gets 3, 4 or 5 visits in the six working days (shares 3:4:3), its neighbouring visits
at most three days apart, from its nearest depot or from another one that is at most a third farther. Weekly parcels are
log-normal with mean 80. Vans take 260 parcels and 8.5 hours, and cost 110 yuan a day, 1.1 per km, 28 per hour; there
are a fifth more of them than load and stops need.
"""

import math
from dataclasses import replace

import numpy as np

from posthouse.optimise.routing.patterns import make_patterns
from posthouse.optimise.routing.problem import FleetEntry, RoutingProblem, VehicleClass

KM2_PER_VILLAGE, VILLAGES_PER_TOWN, DETOUR, KM_PER_H = 3.0, 14, 1.35, 35.0
DAYS = 6
VISITS, VISIT_SHARES = (3, 4, 5), (0.3, 0.4, 0.3)
MEAN_PARCELS, SPREAD = 80.0, 0.7
STOP_H, PARCEL_H = 0.06, 0.0015
FARTHER = 4 / 3
VAN = VehicleClass(capacity=(260.0,), max_duration=8.5, cost_per_distance=1.1, cost_per_duration=28.0, fixed_cost=110.0)
STOPS_PER_VAN = 22.0
SPARE = 1.2


def make_county(villages: int, depots: int, seed: int, *, brands: int = 1) -> tuple[RoutingProblem, np.ndarray]:
    """Return the problem of all parcels together, and the weekly parcels by village and brand.

    A village may not be left out: its last option, without visits, has an infinite price. `restrict` changes that.
    Matrices are in single precision: 5,000 villages have 25 million pairs.
    """
    rng = np.random.default_rng(seed)
    places, at_depot = _places(rng, villages, depots)
    weekly = rng.lognormal(math.log(MEAN_PARCELS) - SPREAD**2 / 2, SPREAD, villages)
    split = rng.dirichlet(np.full(brands, 1.5), villages) * (rng.random((villages, brands)) < 0.85)
    split[np.arange(villages), rng.integers(brands, size=villages)] += 0.05
    parcels = weekly[:, None] * split / split.sum(axis=1, keepdims=True)
    visits = rng.choice(VISITS, p=VISIT_SHARES, size=villages)
    every = np.vstack([places, at_depot]).astype(np.float32)
    distance = np.hypot(*(np.subtract.outer(every[:, axis], every[:, axis]) for axis in (0, 1)))
    distance *= np.float32(DETOUR)
    slots = [(depot, day) for depot in range(depots) for day in range(DAYS)]
    options = [_options(distance[village, villages:], int(visits[village])) for village in range(villages)]
    return _problem(distance, slots, options, weekly, visits), parcels


def restrict(problem: RoutingProblem, parcels: np.ndarray, brands: list[int]) -> RoutingProblem:
    """Return the week of some brands: their parcels only, and no visits where they have none; the same vans."""
    share = parcels[:, brands].sum(axis=1) / parcels.sum(axis=1)
    owner = problem.visit_customer
    demand = problem.visit_demand * share[owner][:, None]
    of_option = np.repeat(np.arange(problem.customers), np.diff(problem.option_start))
    unserved = np.diff(problem.visit_start) == 0
    return replace(
        problem,
        option_price=np.where((share[of_option] > 0) == unserved, np.inf, 0.0),
        visit_demand=demand,
        visit_service=STOP_H + PARCEL_H * demand[:, 0],
    )


def _places(rng: np.random.Generator, villages: int, depots: int) -> tuple[np.ndarray, np.ndarray]:
    side = math.sqrt(villages * KM2_PER_VILLAGE)
    towns = rng.random((max(villages // VILLAGES_PER_TOWN, depots), 2)) * side
    near_town = towns[rng.integers(len(towns), size=villages)] + rng.normal(0, 2.5, (villages, 2))
    places = np.where(rng.random((villages, 1)) < 2 / 3, np.clip(near_town, 0, side), rng.random((villages, 2)) * side)
    centres = towns[rng.choice(len(towns), depots, replace=False)]
    for _ in range(20):  # Lloyd's iterations
        nearest = ((places[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array([places[nearest == depot].mean(axis=0) for depot in range(depots)])
    return places, towns[((towns[:, None] - centres[None]) ** 2).sum(axis=2).argmin(axis=0)]


def _options(to_depot: np.ndarray, visits: int) -> list[list[int]]:
    near = [depot for depot in np.argsort(to_depot, kind="stable") if to_depot[depot] <= FARTHER * to_depot.min()]
    patterns = make_patterns(7, visits, most_gap=3, least_gap=2 if visits == 3 else 1, closed=[6])
    served = [[int(depot) * DAYS + day for day in pattern] for depot in near for pattern in patterns]
    return [*served, []]


def _problem(
    distance: np.ndarray,
    slots: list[tuple[int, int]],
    options: list[list[list[int]]],
    weekly: np.ndarray,
    visits: np.ndarray,
) -> RoutingProblem:
    flat = [option for own in options for option in own]
    owner = np.array([village for village, own in enumerate(options) for option in own for _ in option])
    demand = np.minimum(weekly / visits, VAN.capacity[0])
    home = np.array([own[0][0] // DAYS for own in options])
    return RoutingProblem(
        distance=distance[None],
        duration=(distance / np.float32(KM_PER_H))[None],
        slot_depot=np.array([depot for depot, _ in slots], dtype=np.int32),
        slot_day=np.array([day for _, day in slots], dtype=np.int32),
        classes=(VAN,),
        fleet=tuple(
            FleetEntry(slot=slot, vehicle_class=0, count=_vans(demand[home == depot], visits[home == depot]))
            for slot, (depot, _) in enumerate(slots)
        ),
        option_start=np.cumsum([0, *(len(own) for own in options)], dtype=np.int32),
        visit_start=np.cumsum([0, *(len(option) for option in flat)], dtype=np.int32),
        option_price=np.array([0.0 if option else np.inf for option in flat]),
        visit_slot=np.array([slot for option in flat for slot in option], dtype=np.int32),
        visit_demand=demand[owner][:, None],
        visit_service=(STOP_H + PARCEL_H * demand)[owner],
        visit_outside_price=np.full(len(owner), np.inf),
    )


def _vans(demand: np.ndarray, visits: np.ndarray) -> int:
    """Return the vans of a depot on a day."""
    by_load = (demand * visits).sum() / DAYS / VAN.capacity[0]
    by_stops = visits.sum() / DAYS / STOPS_PER_VAN
    return math.ceil(SPARE * max(by_load, by_stops)) + 1
