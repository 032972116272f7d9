"""Invented companies in a real city: brands, outlets and vans in the towns, places that could hold stations."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from posthouse.sample.real_roads import Seat

Row = dict[str, Any]


def list_companies(
    towns: "Sequence[Seat]", divisions: Sequence[Row], rule: Mapping[str, Any], stream: "np.random.Generator"
) -> dict[str, list[Row]]:
    """Return the rows of `operators`, `outlets`, `vehicles` and `service_points`."""
    brands = list(rule["brands"])
    operators: list[Row] = [
        {
            "operator_id": f"QY{number:02d}",
            "name": f"{brand}速递",
            "brand": brand,
            "kind": "postal" if brand == rule["postal_brand"] else "express",
            "is_main_brand": True,
        }
        for number, brand in enumerate(brands, start=1)
    ]
    outlets: list[Row] = []
    vehicles: list[Row] = []
    for town in towns:
        for operator in operators:
            if operator["kind"] != "postal" and stream.random() > rule["outlets"]["share"]:
                continue
            outlet = f"WD{town.code[:9]}-{operator['operator_id']}"
            outlets.append(
                {
                    "outlet_id": outlet,
                    "operator_id": operator["operator_id"],
                    "brand": operator["brand"],
                    "name": f"{town.name}{operator['brand']}网点",
                    "division": town.code,
                    "lon": town.lon,
                    "lat": town.lat,
                    "kind": "outlet",
                    "is_urban": town.name.endswith("街道"),
                }
            )
            vehicles += [
                {
                    "vehicle_id": f"{outlet}-C{van + 1}",
                    "operator_id": operator["operator_id"],
                    "kind": "postal_van" if operator["kind"] == "postal" else "van",
                    "outlet_id": outlet,
                    "is_new_energy": bool(stream.random() < 0.5),
                    **rule["van"],
                }
                for van in range(rule["outlets"]["vans_per_outlet"])
            ]
    return {
        "operators": operators,
        "outlets": outlets,
        "vehicles": vehicles,
        "service_points": _points(divisions, rule["villages"], stream),
    }


def _points(divisions: Sequence[Row], rule: Mapping[str, Any], stream: "np.random.Generator") -> list[Row]:
    hosts = ("党群服务中心", "村邮站", "供销社", "商店")
    rows: list[Row] = []
    for division in divisions:
        if division["kind"] != "administrative_village":
            continue
        drawn, host = float(stream.random()), hosts[int(stream.integers(len(hosts)))]
        has_station = bool(stream.random() < rule["station_share"])
        if drawn > rule["host_share"]:
            continue
        base = {"division": division["code"], "lon": division["lon"], "lat": division["lat"], "host": host}
        rows.append(
            {"point_id": f"CS{division['code']}", "kind": "host_facility", "name": f"{division['name']}{host}", **base}
            | {"rent_yuan_per_year": float(stream.integers(0, 9) * 300)}
        )
        if has_station:
            rows.append(
                {
                    "point_id": f"CZ{division['code']}",
                    "kind": "village_station",
                    "name": f"{division['name']}驿站",
                    **base,
                }
            )
    return rows
