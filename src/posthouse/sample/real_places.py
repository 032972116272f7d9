"""Real cities as test cases: real codes, names, town seats and main roads; villages put around their seats by a rule.

The public lists name every village but give no coordinates, so `real_places.toml` says where one is put: the villages
of a town lie on a sunflower around its seat, joined by village roads along their shortest tree; towns are joined to
the real main roads. Populations, outlets, vans and Zhoushan's ferries are assumptions, listed in `assumptions.txt`.
The data stays where it is; only what is made of it is written.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posthouse.sample.real_companies import list_companies
from posthouse.sample.real_roads import Ground, lay_roads
from posthouse.sample.streams import open_stream
from posthouse.sample.tables import write_csv
from posthouse.vocabulary.errors import UnusableInputError

if TYPE_CHECKING:
    import numpy as np

Row = dict[str, Any]

VILLAGES = "villages_five_cities.csv"
SEATS = "township_seats_five_cities.csv"
ROADS = "highways_zhejiang_fujian_edges.csv"

_KINDS = {"village": "administrative_village", "community": "community"}
_GOLDEN_ANGLE = 2.399963229728653
"""Radians; successive points turned by it fill a disc evenly (Vogel 1979)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town, its seat (lon, lat), and whether the data names the seat. villages : (code, name, kind), by code."""

    code: str
    name: str
    county: str
    county_name: str
    lon: float
    lat: float
    is_located: bool
    villages: tuple[tuple[str, str, str], ...]


def write_real_places(city: str, data: Path, out: Path, *, seed: int = 1) -> Path:
    """Write the registers of a real city into `out/records` and return `out`.

    Parameters
    ----------
    city : yiwu, taizhou, zhoushan, hangzhou or jinjiang.
    data : folder with the lists of villages, town seats and main roads.

    Raises
    ------
    UnusableInputError : a list is missing, or does not name the city.
    """
    towns = _towns(city, data)
    places = _place_villages(city, towns, seed)
    ground = lay_roads(city, towns, places, data / ROADS, rule=rule(), stream=open_stream(seed, city, "roads"))
    divisions = _divisions(towns, places, ground, city=city, seed=seed)
    registers = {
        "divisions": divisions,
        "roads": ground.roads,
        "timetable": ground.timetable,
        **list_companies(towns, divisions, rule(), open_stream(seed, city, "companies")),
    }
    records = out / "records"
    records.mkdir(parents=True, exist_ok=True)
    for name, rows in registers.items():
        write_csv(records / f"{name}.csv", name, rows)
    located = sum(town.is_located for town in towns)
    said = [
        f"真实的：{sum(d['level'] == 'village' for d in divisions)}个村社区的代码和名称，"
        f"{located}个乡镇驻地的位置，主干道路（OpenStreetMap，ODbL；驻地为 GeoNames，CC BY 4.0）。",
        f"{len(towns) - located}个乡镇驻地没有名录坐标，按规则排在所属县最居中的驻地周围。",
        "村的位置、村道、人口、场所、网点、车辆按 real_places.toml 的规则生成，是假定。",
        *ground.assumptions,
    ]
    (out / "assumptions.txt").write_text("\n".join(said) + "\n", encoding="utf-8")
    return out


@cache
def rule() -> Mapping[str, Any]:
    """Return the declared rule (`real_places.toml`)."""
    text = files("posthouse.sample").joinpath("real_places.toml").read_text(encoding="utf-8")
    declared: Mapping[str, Any] = tomllib.loads(text)
    return declared


def _towns(city: str, data: Path) -> tuple[Town, ...]:
    villages = [row for row in _rows(data / VILLAGES) if row["city"] == city]
    seats = [row for row in _rows(data / SEATS) if row["city"] == city]
    if not villages or not seats:
        known = sorted({row["city"] for row in _rows(data / VILLAGES)})
        raise UnusableInputError(f"城市应为 {'、'.join(known)} 之一，实际为 {city!r}。请改正后重试。")
    located = {row["matched_street_code"]: row for row in seats if row["matched_street_code"]}
    in_town: dict[str, list[Row]] = {}
    for row in villages:
        in_town.setdefault(row["street_code"], []).append(row)
    county_seats: dict[str, list[tuple[float, float]]] = {}
    for street, seat in located.items():
        county_seats.setdefault(street[:6], []).append((float(seat["lon"]), float(seat["lat"])))
    middle = _most_central([(float(seat["lon"]), float(seat["lat"])) for seat in seats])
    unlocated: dict[str, int] = {}
    towns = []
    for street in sorted(in_town):
        first = in_town[street][0]
        if street in located:
            lon, lat = float(located[street]["lon"]), float(located[street]["lat"])
        else:
            centre = _most_central(county_seats.get(street[:6], [middle]))
            rank = unlocated.get(street[:6], 0)
            unlocated[street[:6]] = rank + 1
            away = rule()["unlocated_towns"]["first_km"] + rule()["unlocated_towns"]["step_km"] * rank
            lon, lat = _moved(centre[0], centre[1], away, rank * _GOLDEN_ANGLE)
        towns.append(
            Town(
                code=f"{street}000",
                name=first["street_name"],
                county=f"{street[:6]}000000",
                county_name=first["area_name"],
                lon=lon,
                lat=lat,
                is_located=street in located,
                villages=tuple(
                    sorted((r["code"], r["name"], _KINDS[r["kind"]]) for r in in_town[street] if r["kind"] in _KINDS)
                ),
            )
        )
    return tuple(towns)


def _most_central(seats: list[tuple[float, float]]) -> tuple[float, float]:
    """The seat nearest to the mean of all: on firm ground, which the mean need not be."""
    import numpy as np

    at = np.array(seats)
    return seats[int(((at - at.mean(axis=0)) ** 2).sum(axis=1).argmin())]


def _rows(path: Path) -> list[Row]:
    if not path.is_file():
        raise UnusableInputError(f"应有文件 {path.name}，实际 {path.parent} 里没有。请检查数据目录。")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _place_villages(city: str, towns: tuple[Town, ...], seed: int) -> dict[str, tuple[float, float]]:
    """Positions by code: the k-th of n villages at radius R sqrt((k + 1/2) / n), turned by the golden angle."""
    import numpy as np

    from posthouse.territory.distance import straight_km

    shape = rule()["villages"]
    stream = open_stream(seed, city, "villages")
    lon, lat = (np.array([getattr(town, axis) for town in towns]) for axis in ("lon", "lat"))
    apart = straight_km(lon[:, None], lat[:, None], lon[None, :], lat[None, :])
    np.fill_diagonal(apart, np.inf)
    places = {}
    for number, town in enumerate(towns):
        spacing = float(apart[number].min()) * shape["share_of_spacing"]
        radius = min(max(spacing, shape["least_radius_km"]), shape["most_radius_km"])
        turn, count = float(stream.uniform(0, 2 * np.pi)), len(town.villages)
        for k, (code, _, _) in enumerate(town.villages):
            away = radius * float(np.sqrt((k + 0.5) / count)) + float(stream.normal(0, shape["jitter_km"]))
            places[code] = _moved(town.lon, town.lat, max(0.2, away), turn + k * _GOLDEN_ANGLE)
    return places


def _moved(lon: float, lat: float, km: float, angle: float) -> tuple[float, float]:
    import numpy as np

    east, north = km * np.cos(angle), km * np.sin(angle)
    return round(lon + float(east / (111.32 * np.cos(np.radians(lat)))), 5), round(lat + float(north / 110.57), 5)


def _divisions(
    towns: tuple[Town, ...], places: Mapping[str, tuple[float, float]], ground: Ground, *, city: str, seed: int
) -> list[Row]:
    main, prefecture = rule()["islands"]["main_name"], towns[0].county[:4]
    city_code, stream = f"{prefecture}00000000", open_stream(seed, city, "people")
    rows = [
        _division(f"{prefecture[:2]}0000000000", "省", "province", "province", None),
        _division(city_code, rule()["prefectures"][prefecture], "city", "city", f"{prefecture[:2]}0000000000"),
    ]
    for county, name in sorted({(town.county, town.county_name) for town in towns}):
        rows.append(_division(county, name, "county", "county", city_code))
    for town in towns:
        island = ground.island_of[town.code]
        where = {"island": island, "is_main_island": island == main} if island else {}
        kind = "subdistrict" if town.name.endswith("街道") else "township" if town.name.endswith("乡") else "town"
        people = [_people(place, stream) for _, _, place in town.villages]
        rows.append(
            _division(town.code, town.name, "town", kind, town.county)
            | {"lon": town.lon, "lat": town.lat, "population": sum(people)}
            | where
        )
        rows += [
            _division(code, name, "village", place, town.code)
            | {"lon": places[code][0], "lat": places[code][1], "population": count}
            | where
            for (code, name, place), count in zip(town.villages, people, strict=True)
        ]
    return rows


def _people(kind: str, stream: "np.random.Generator") -> int:
    import numpy as np

    shape = rule()["villages"]
    median = shape["median_population"] if kind == "administrative_village" else shape["median_community"]
    return int(median * np.exp(stream.normal(0, shape["spread"])))


def _division(code: str, name: str, level: str, kind: str, parent: str | None) -> Row:
    return {"code": code, "name": name, "level": level, "kind": kind, "parent_code": parent}
