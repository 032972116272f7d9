"""Verifies a carriage answer from the problem alone, without any solver code.

Returns what is wrong, in sentences; an empty tuple means the answer holds. That it is cheapest is what `bound` states.
"""

import math
from collections import defaultdict

from posthouse.optimise.carriage.problem import DAY_MIN, WEEK_MIN, CarriageProblem, may_hand_over
from posthouse.optimise.carriage.solution import CarriageSolution, Movement

TOLERANCE = 1e-5  # parcels, and share of the cost, that rounding may take


def check_carriage(problem: CarriageProblem, solution: CarriageSolution) -> tuple[str, ...]:
    """Return the faults of an answer: runs as published, cut-offs, changes, hand-over, deadlines, room, sums, cost."""
    faults: list[str] = []
    load: dict[tuple[int, int, int], float] = defaultdict(float)
    parcels: dict[int, float] = defaultdict(float)
    cost = 0.0
    for movement in solution.movements:
        faults += _check_movement(problem, movement)
        parcels[movement.consignment] += movement.parcels
        consignment = problem.consignments[movement.consignment]
        days = (movement.rides[-1].arrive_min - consignment.ready_min) / DAY_MIN
        cost += movement.parcels * days * problem.delay_yuan_per_day
        for place, ride in enumerate(movement.rides):
            service = problem.services[ride.service]
            cost += movement.parcels * service.fare_yuan
            if place:
                cost += movement.parcels * problem.stops[service.calls[ride.from_call][0]].handling_yuan
            for call in range(ride.from_call, ride.to_call):
                load[ride.service, ride.day, call] += movement.parcels
    for (service_at, day, call), amount in load.items():
        if amount > problem.services[service_at].room + TOLERANCE:
            faults.append(
                f"Service {problem.services[service_at].id} of day {day} carries {amount:g} after call {call}."
            )
    if not math.isclose(cost, solution.carried_yuan, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        faults.append(f"Carriage costs {cost:g}, the answer states {solution.carried_yuan:g}.")
    for left in solution.left_over:
        parcels[left.consignment] += left.parcels
        outside = problem.consignments[left.consignment].outside_yuan
        cost += left.parcels * outside if math.isfinite(outside) else 0.0
    for index, consignment in enumerate(problem.consignments):
        if abs(parcels[index] - consignment.parcels) > TOLERANCE:
            faults.append(
                f"Consignment {consignment.id} has {consignment.parcels:g} parcels, {parcels[index]:g} told of."
            )
    if not math.isclose(cost, solution.objective, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        faults.append(f"The objective is {cost:g}, the answer states {solution.objective:g}.")
    if solution.bound > solution.objective * (1 + TOLERANCE) + TOLERANCE:
        faults.append(f"The bound {solution.bound:g} is beyond the objective {solution.objective:g}.")
    return tuple(faults)


def _check_movement(problem: CarriageProblem, movement: Movement) -> list[str]:
    consignment = problem.consignments[movement.consignment]
    faults: list[str] = []
    place, now = consignment.origin, consignment.ready_min
    for number, ride in enumerate(movement.rides):
        service = problem.services[ride.service]
        where = f"Consignment {consignment.id} on {service.id} of day {ride.day}"
        if not 0 <= ride.from_call < ride.to_call < len(service.calls) or ride.day not in service.days:
            return [*faults, f"{where}: no such run."]
        start, _, depart = service.calls[ride.from_call]
        stop, arrive, _ = service.calls[ride.to_call]
        shift = ride.depart_min - depart
        if shift % WEEK_MIN != ride.day * DAY_MIN or ride.arrive_min != arrive + shift:
            faults.append(f"{where}: the run does not go at {ride.depart_min} to {ride.arrive_min}.")
        if start != place:
            faults.append(f"{where}: boards at {problem.stops[start].id}, is at {problem.stops[place].id}.")
        if number:
            change_min = problem.stops[start].change_min
            if change_min is None:
                faults.append(f"{where}: parcels may not change at {problem.stops[start].id}.")
            now += change_min or 0
        if now + service.cut_off_min > ride.depart_min:
            faults.append(f"{where}: ready at {now}, too late for {ride.depart_min}.")
        place, now = stop, ride.arrive_min
    if place != consignment.destination or now > consignment.due_min:
        faults.append(f"Consignment {consignment.id} ends at {problem.stops[place].id} at {now}.")
    if not may_hand_over(problem.stops[place], now):
        faults.append(f"Consignment {consignment.id} arrives at {now}, when nobody takes over.")
    return faults
