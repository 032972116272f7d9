"""A depot's week for some of the brands only: the same villages, days and offers, with their parcels and vehicles.

The problem keeps the shape of the week of all brands, so that a week of many is a start for a week of few. A village
without parcels for the brands need not be visited.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from posthouse.optimise.routing.problem import FleetEntry, RoutingProblem
from posthouse.planning.ground import Ground
from posthouse.planning.offers import ROUNDING, Offers
from posthouse.planning.patterns import gaps_of
from posthouse.planning.week import PER_MIN, Week

Floats = NDArray[np.float64]


def brand_weeks(week: Week, ground: Ground, offers: Offers, brands: Sequence[str]) -> Callable[[int], RoutingProblem]:
    """Return a function from a coalition, a bitmask of brands, to its problem."""
    problem, rounds = week.problem, ground.scenario.rounds
    villages = [village for village, _, _ in week.customers]
    received, sent = (
        np.array([[table.get(village, {}).get(brand, 0.0) / 7 for brand in brands] for village in villages])
        for table in (ground.demand.received, ground.demand.sent)
    )
    at, gap = problem.visit_customer, np.array([gap for pattern in week.patterns for gap in gaps_of(pattern)])
    parts = np.array([count for _, _, count in week.customers])[at]
    priced = _offer_arrays(week, offers)
    nothing = problem.option_start[1:] - 1  # the last option of each customer: no visit at all
    stationed = np.array([[kind.stationed.get(brand, 0) for brand in brands] for kind in week.kinds])

    def problem_of(mask: int) -> RoutingProblem:
        member = np.array([mask >> number & 1 for number in range(len(brands))], dtype=np.float64)
        inward, outward = received @ member, sent @ member
        load, handled = gap * np.maximum(inward, outward)[at] / parts, gap * (inward + outward)[at]
        prices = problem.option_price.copy()
        prices[nothing[inward + outward <= 0]] = 0.0
        own = [ceil(count * rounds.available_share - 1e-9) for count in stationed @ member]
        return replace(
            problem,
            option_price=prices,
            visit_demand=np.column_stack([load * ground.demand.kg_per_parcel, load]),
            visit_service=(rounds.stop_min + rounds.stop_min_per_parcel * handled) / parts * PER_MIN,
            visit_outside_price=_cheapest(priced, handled) / parts,
            fleet=tuple(
                FleetEntry(
                    slot=entry.slot,
                    vehicle_class=entry.vehicle_class,
                    count=entry.count if week.kinds[entry.vehicle_class - 1].is_hired else own[entry.vehicle_class - 1],
                )
                for entry in problem.fleet
            ),
        )

    return problem_of


def _offer_arrays(week: Week, offers: Offers) -> Floats:
    """What others ask for each visit: room, yuan for the visit, yuan for a parcel; shape (offers, 3, visits)."""
    slots, at = week.problem.visit_slot.tolist(), week.problem.visit_customer.tolist()
    own = [offers.get((week.customers[customer][0], slot + 1), ()) for customer, slot in zip(at, slots, strict=True)]
    found = np.full((max(map(len, own), default=0), 3, len(own)), np.inf)
    found[:, 0] = -1.0
    for visit, several in enumerate(own):
        for number, offer in enumerate(several):
            found[number, :, visit] = offer.room_parcels, offer.yuan_per_visit, offer.yuan_per_parcel
    return found


def _cheapest(priced: Floats, parcels: Floats) -> Floats:
    prices = np.full(len(parcels), np.inf)
    for room, per_visit, per_parcel in priced:
        fits = parcels <= room + ROUNDING
        prices[fits] = np.minimum(prices[fits], per_visit[fits] + per_parcel[fits] * parcels[fits])
    return prices
