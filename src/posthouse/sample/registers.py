"""The registers of places and things, as rows of the declared tables, as they stand at the end of a month."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posthouse.sample.industry import (
    list_care_stations,
    list_channels,
    list_factories,
    list_parks,
    list_projects,
    list_residential_projects,
)
from posthouse.sample.kind import Kind
from posthouse.sample.points import list_service_points
from posthouse.sample.regions import get_province
from posthouse.sample.streams import open_stream
from posthouse.sample.timetable import list_timetable
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np

Row = Mapping[str, object]


def list_registers(world: World) -> dict[str, list[Row]]:
    """Return the rows of every register."""
    return {
        "divisions": _divisions(world),
        "regions": [region.as_row() for region in world.regions],
        "operators": _operators(world),
        "outlets": _outlets(world),
        "service_points": list_service_points(world),
        "vehicles": _vehicles(world),
        "parks": list_parks(world),
        "factories": list_factories(world),
        "projects": list_projects(world),
        "channels": list_channels(world),
        "residential_projects": list_residential_projects(world),
        "care_stations": list_care_stations(world),
        "timetable": list_timetable(world),
        "roads": [
            {
                "road_id": f"LD{i + 1:05d}",
                "from_node": road.start,
                "to_node": road.end,
                "kind": road.kind,
                "length_km": road.length_km,
                "minutes": road.minutes,
            }
            for i, road in enumerate(world.geography.roads)
        ],
    }


def _divisions(world: World) -> list[Row]:
    import numpy as np

    kind, geography, province = world.kind, world.geography, get_province()
    by_town = np.bincount(geography.place_town, geography.place_population, len(geography.town_codes)).astype(int)
    by_county = np.bincount(geography.town_county, by_town, len(kind.counties)).astype(int)
    rows: list[Row] = [
        _division(province.code, province.name, "province", "province", None),
        _division(kind.city.code, kind.city.name, "city", "city", province.code)
        | {"lon": kind.city.centre_lon, "lat": kind.city.centre_lat}
        | _people(int(by_county.sum())),
    ]
    for index, county in enumerate(kind.counties):
        own = geography.town_county == index
        rows.append(
            _division(f"{county.code}000000", county.name, "county", "county", kind.city.code)
            | _position(geography.town_lon[own].mean(), geography.town_lat[own].mean())
            | _people(int(by_county[index]))
            | {"is_urban": county.is_urban}
        )
    for town, code in enumerate(geography.town_codes):
        county = kind.counties[int(geography.town_county[town])]
        rows.append(
            _division(code, geography.town_names[town], "town", geography.town_kinds[town], f"{county.code}000000")
            | _position(geography.town_lon[town], geography.town_lat[town])
            | _people(int(by_town[town]))
            | {"is_urban": geography.town_kinds[town] == "subdistrict"}
            | _island(world, int(geography.town_island[town]))
        )
    for place, code in enumerate(geography.place_codes):
        town = int(geography.place_town[place])
        is_village = place < geography.n_villages
        word = "administrative_village" if is_village else "community"
        rows.append(
            _division(code, geography.place_names[place], "village", word, geography.town_codes[town])
            | _position(geography.place_lon[place], geography.place_lat[place])
            | _people(int(geography.place_population[place]))
            | {"is_urban": not is_village and geography.town_kinds[town] == "subdistrict"}
            | _island(world, int(geography.place_island[place]))
        )
    return rows


def _division(code: str, name: str, level: str, kind: str, parent: str | None) -> dict[str, object]:
    return {"code": code, "name": name, "level": level, "kind": kind, "parent_code": parent}


def _position(lon: float, lat: float) -> dict[str, object]:
    return {"lon": round(float(lon), 5), "lat": round(float(lat), 5)}


def _people(population: int) -> dict[str, object]:
    return {"population": population, "households": round(population / 2.7)}


def _island(world: World, index: int) -> dict[str, object]:
    if index < 0:
        return {}
    island = world.kind.islands[index]
    return {"island": island.name, "is_main_island": island.is_main}


def _operators(world: World) -> list[Row]:
    return [
        {
            "operator_id": operator.operator_id,
            "name": operator.name,
            "brand": operator.brand_name,
            "kind": operator.kind,
            "is_main_brand": operator.is_main_brand,
            "is_international_backbone": operator.is_international_backbone,
        }
        for operator in world.market.operators
    ]


def _outlets(world: World) -> list[Row]:
    geography = world.geography
    stream = open_stream(world.seed, world.kind.name, geography.n_villages, "outlet positions")
    rows: list[Row] = []
    for outlet in world.market.outlets:
        town = outlet.town
        off_lon, off_lat = stream.uniform(-0.006, 0.006, 2)
        rows.append(
            {
                "outlet_id": outlet.outlet_id,
                "operator_id": outlet.operator_id,
                "brand": world.market.brands[outlet.brand].name,
                "name": outlet.name,
                "division": geography.town_codes[town],
                **_position(geography.town_lon[town] + off_lon, geography.town_lat[town] + off_lat),
                "kind": outlet.kind,
                "is_urban": outlet.is_urban,
                "is_filed": outlet.is_filed,
                "is_standardised": outlet.is_standardised,
                "is_demonstration": outlet.is_demonstration,
                "has_recycling_bin": outlet.has_recycling_bin,
                "area_m2": outlet.area_m2,
                "sorting_capacity_per_day": outlet.sorting_capacity_per_day,
                "is_automated": outlet.is_automated,
                "valid_from": outlet.opened_on,
            }
        )
    return rows


VEHICLES = {
    # kind: capacity kg, parcels, yuan a km, yuan a day
    "tricycle": (250.0, 90, 0.18, 150.0),
    "van": (900.0, 320, 0.95, 330.0),
    "truck": (4_500.0, 1_600, 2.60, 520.0),
    "postal_van": (750.0, 260, 0.92, 300.0),
    "farm_van": (1_000.0, 240, 1.05, 260.0),
    "drone": (5.0, 3, 1.60, 240.0),
}
"""Assumed figures of the sample, rounded; not from a source."""


def _vehicles(world: World) -> list[Row]:
    kind, market = world.kind, world.market
    stream = open_stream(world.seed, kind.name, world.geography.n_villages, "vehicles")
    rows: list[Row] = []
    for outlet in market.outlets[: market.n_first]:
        brand = market.brands[outlet.brand]
        if outlet.kind == "sorting_centre":
            kinds = ["truck"] * (2 + round(10 * brand.share))
        elif brand.kind == "postal":
            kinds = ["postal_van"]
        else:
            kinds = ["tricycle"] * (3 if outlet.is_urban else 1) + ["van"] * int(stream.random() < 0.7)
        rows += [
            _vehicle(len(rows) + i, word, outlet.operator_id, outlet.outlet_id, kind=kind, stream=stream)
            for i, word in enumerate(kinds)
        ]
    postal = next(o.outlet_id for o in market.outlets if market.brands[o.brand].kind == "postal")
    shared = ["van"] * (2 * len(kind.counties)) + ["farm_van"] * len(kind.counties)
    shared += ["drone"] * sum(2 for island in kind.islands if island.has_drone)
    rows += [_vehicle(len(rows) + i, word, "GP01", postal, kind=kind, stream=stream) for i, word in enumerate(shared)]
    return rows


def _vehicle(
    number: int, word: str, operator_id: str, outlet_id: str, *, kind: Kind, stream: "np.random.Generator"
) -> Row:
    kg, parcels, per_km, per_day = VEHICLES[word]
    return {
        "vehicle_id": f"CL{number + 1:05d}",
        "operator_id": operator_id,
        "kind": word,
        "outlet_id": outlet_id,
        "capacity_kg": kg,
        "capacity_parcels": parcels,
        "cost_yuan_per_km": per_km,
        "cost_yuan_per_day": per_day,
        "is_new_energy": bool(stream.random() < (0.7 if word in ("tricycle", "drone") else kind.quality.new_energy)),
    }
