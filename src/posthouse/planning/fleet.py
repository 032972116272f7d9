"""The vehicles that can be pooled at a depot, alike ones together, and the van that is hired where they are too few."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil

from posthouse.planning.ground import Ground, Row
from posthouse.planning.scenario import Vehicle

HIRED = "增租车辆"
"""Prefix of the names of hired vans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetKind:
    """Vehicles that are alike. ids : their names, as many as there are, used in this order. cost figures are theirs."""

    kind: str
    ids: tuple[str, ...]
    levers: Vehicle
    capacity_kg: float
    capacity_parcels: int
    yuan_per_km: float
    yuan_per_day: float
    is_electric: bool
    is_hired: bool = False


def pooled_vehicles(
    outlets: Sequence[Row], ground: Ground, brands: Collection[str] | None = None
) -> tuple[FleetKind, ...]:
    """Return the vehicles stationed at these outlets that can be spared for villages, grouped by what they are.

    Drones, vehicles that cannot take a parcel, and those lost in the scenario are left out. Of each company's vehicles
    of a kind the share that the scenario allows is taken, rounded up.

    Parameters
    ----------
    brands : only the outlets of these brands; None: all.
    """
    scenario = ground.scenario
    here = {row["outlet_id"] for row in outlets if brands is None or row["brand"] in brands}
    alike: dict[tuple[str, float, int, float, float, bool], list[str]] = defaultdict(list)
    for row in ground.rows["vehicles"]:
        levers = scenario.vehicles.get(row["kind"])
        if row["outlet_id"] not in here or levers is None or row["capacity_parcels"] <= 0:
            continue
        if row["vehicle_id"] in scenario.rounds.lost_vehicles:
            continue
        per_km, per_day = row["cost_yuan_per_km"], row["cost_yuan_per_day"]
        key = (
            str(row["kind"]),
            float(row["capacity_kg"]),
            int(row["capacity_parcels"]),
            levers.yuan_per_km if per_km is None else float(per_km),
            levers.yuan_per_day if per_day is None else float(per_day),
            bool(row["is_new_energy"]) or levers.energy == "electricity",
        )
        alike[key].append(str(row["vehicle_id"]))
    kinds = []
    for (kind, kg, parcels, per_km, per_day, electric), ids in alike.items():
        spared = ceil(len(ids) * scenario.rounds.available_share - 1e-9)
        if spared:
            kinds.append(
                FleetKind(
                    kind=kind,
                    ids=tuple(sorted(ids)[:spared]),
                    levers=scenario.vehicles[kind],
                    capacity_kg=kg,
                    capacity_parcels=parcels,
                    yuan_per_km=per_km,
                    yuan_per_day=per_day,
                    is_electric=electric,
                )
            )
    return tuple(sorted(kinds, key=lambda kind: kind.ids))


def hired_vans(count: int, ground: Ground, place: str) -> FleetKind | None:
    """Return as many vans as may be hired at a depot, at most `count`; None where none may."""
    hired = ground.scenario.hired
    number = min(count, hired.most_per_depot)
    if number <= 0:
        return None
    levers = ground.scenario.vehicles[hired.kind]
    return FleetKind(
        kind=hired.kind,
        ids=tuple(f"{HIRED}{place}{n}" for n in range(1, number + 1)),
        levers=levers,
        capacity_kg=levers.capacity_kg,
        capacity_parcels=levers.capacity_parcels,
        yuan_per_km=levers.yuan_per_km,
        yuan_per_day=levers.yuan_per_day,
        is_electric=levers.energy == "electricity",
        is_hired=True,
    )
