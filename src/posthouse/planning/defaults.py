"""What planning assumes where the registers are silent: defaults.toml, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """The figures of defaults.toml; units end the names."""

    days_per_week: int
    host_max_distance_km: float
    parcels_per_person_per_week: float
    population: int
    depart_min: int
    shift_min: int
    stop_min: float
    stop_min_per_parcel: float
    hired_kind: str
    hired_capacity_parcels: int
    hired_cost_yuan_per_km: float
    hired_cost_yuan_per_day: float
    vehicle_cost_yuan_per_km: Mapping[str, float]
    vehicle_cost_yuan_per_day: Mapping[str, float]
    host_rent_yuan_per_year: Mapping[str, float]


@cache
def read_defaults() -> Defaults:
    """Return the defaults that come with the program."""
    data = tomllib.loads(files(__package__).joinpath("defaults.toml").read_text(encoding="utf-8"))
    return Defaults(
        **data["village"],
        **data["round"],
        **{f"hired_{name}": value for name, value in data["hired_van"].items()},
        vehicle_cost_yuan_per_km=data["vehicle_cost_yuan_per_km"],
        vehicle_cost_yuan_per_day=data["vehicle_cost_yuan_per_day"],
        host_rent_yuan_per_year=data["host_rent_yuan_per_year"],
    )
