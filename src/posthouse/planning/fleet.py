"""The vehicles that can be pooled at a depot, alike ones together, and the van that is hired where they are too few."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from posthouse.planning.ground import Ground, Row
from posthouse.planning.scenario import Vehicle

HIRED = "增租车辆"
"""Prefix of the names of hired vans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetKind:
    """Vehicles that are alike. ids : their names, as many as there are, used in this order. cost figures are theirs.

    stationed : by brand, how many there are at the depot, of which the scenario allows a share.
    """

    kind: str
    ids: tuple[str, ...]
    levers: Vehicle
    capacity_kg: float
    capacity_parcels: int
    yuan_per_km: float
    yuan_per_day: float
    is_electric: bool
    is_hired: bool = False
    stationed: Mapping[str, int] = field(default_factory=dict)


def pooled_vehicles(outlets: Sequence[Row], ground: Ground) -> tuple[FleetKind, ...]:
    """Return the vehicles stationed at these outlets that can be spared for villages, grouped by what they are.

    Drones, vehicles that cannot take a parcel, and those lost in the scenario are left out. Of each company's vehicles
    of a kind the share that the scenario allows is taken, rounded up.
    """
    scenario = ground.scenario
    brand_of = {row["outlet_id"]: str(row["brand"]) for row in outlets}
    alike: dict[tuple[str, float, int, float, float, bool], dict[str, str]] = defaultdict(dict)
    for row in ground.rows["vehicles"]:
        levers = scenario.vehicles.get(row["kind"])
        if row["outlet_id"] not in brand_of or levers is None or row["capacity_parcels"] <= 0:
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
        alike[key][str(row["vehicle_id"])] = brand_of[row["outlet_id"]]
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
                    stationed=Counter(ids.values()),
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
