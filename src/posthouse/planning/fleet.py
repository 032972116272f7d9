"""The vehicles that can be pooled in a town, alike ones together, and the van that is hired where they are too few."""

from collections import defaultdict
from collections.abc import Sequence

from posthouse.planning.defaults import Defaults
from posthouse.planning.ground import Row
from posthouse.planning.rounds import VehicleKind

HIRED = "增租车辆"
"""Prefix of the names of hired vans."""


def pooled_vehicles(vehicles: Sequence[Row], outlets: Sequence[Row], defaults: Defaults) -> tuple[VehicleKind, ...]:
    """Return the vehicles stationed at these outlets, grouped by capacity and cost, by first id.

    Drones and vehicles that cannot take a parcel are left out.
    """
    stations = {row["outlet_id"] for row in outlets}
    alike: dict[tuple[int, float, float], list[str]] = defaultdict(list)
    for row in vehicles:
        if row["outlet_id"] in stations and row["kind"] != "drone" and row["capacity_parcels"] > 0:
            per_km = row["cost_yuan_per_km"]
            per_day = row["cost_yuan_per_day"]
            key = (
                int(row["capacity_parcels"]),
                float(defaults.vehicle_cost_yuan_per_km[row["kind"]] if per_km is None else per_km),
                float(defaults.vehicle_cost_yuan_per_day[row["kind"]] if per_day is None else per_day),
            )
            alike[key].append(str(row["vehicle_id"]))
    kinds = [
        VehicleKind(ids=tuple(sorted(ids)), capacity_parcels=size, cost_yuan_per_km=km, cost_yuan_per_day=day)
        for (size, km, day), ids in alike.items()
    ]
    return tuple(sorted(kinds, key=lambda kind: kind.ids))


def hired_vans(count: int, defaults: Defaults, town_name: str) -> VehicleKind:
    """Return as many hired vans as could be needed at most."""
    return VehicleKind(
        ids=tuple(f"{HIRED}{town_name}{number}" for number in range(1, count + 1)),
        capacity_parcels=defaults.hired_capacity_parcels,
        cost_yuan_per_km=defaults.hired_cost_yuan_per_km,
        cost_yuan_per_day=defaults.hired_cost_yuan_per_day,
    )
