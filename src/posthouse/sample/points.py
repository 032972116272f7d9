"""Village stations, parcel lockers and the places where a station could be set up."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posthouse.sample.destinies import has_village_locker
from posthouse.sample.months import month_at
from posthouse.sample.service import ALWAYS
from posthouse.sample.sites import locker_id, station_id
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np

Row = Mapping[str, object]

HOSTS = ("党群服务中心", "村邮站", "供销社", "文化礼堂", "商店", "农村综合服务社", "老年活动室", "电商服务站")
HOST_ODDS = (0.18, 0.22, 0.14, 0.08, 0.20, 0.08, 0.04, 0.06)
HOST_RENT_YUAN = {
    "党群服务中心": 0.0,
    "村邮站": 1_200.0,
    "供销社": 2_400.0,
    "文化礼堂": 600.0,
    "商店": 3_600.0,
    "农村综合服务社": 1_800.0,
    "老年活动室": 600.0,
    "电商服务站": 2_400.0,
}
"""Assumed yearly rents of the sample; not from a source."""


def list_service_points(world: World) -> list[Row]:
    """Return the rows of table `service_points` as of the end of the month."""
    return [*_stations(world), *_community_points(world), *_village_lockers(world), *_host_facilities(world)]


def _stations(world: World) -> list[Row]:
    import numpy as np

    service, names = world.service, [brand.name for brand in world.kind.brands]
    stream = _stream(world, "stations of villages")
    rows: list[Row] = []
    for village in range(world.geography.n_villages):
        host = HOSTS[int(stream.choice(len(HOSTS), p=HOST_ODDS))]
        opened, closed = int(service.opened_month[village]), int(service.closed_month[village])
        where = _where(world, village, stream)
        if opened > world.month.index:
            continue
        brands = [names[i] for i in np.flatnonzero(service.pattern[village])]
        rows.append(
            {
                "point_id": station_id(world.geography.place_codes[village]),
                "kind": "village_station",
                "name": f"{world.geography.place_names[village]}快递服务站",
                **where,
                "host": host,
                "brands": "、".join(brands) or None,
                "rent_yuan_per_year": HOST_RENT_YUAN[host],
                "valid_from": None if opened == ALWAYS else month_at(opened).period.start_on,
                "valid_to": month_at(closed).period.start_on if closed <= world.month.index else None,
            }
        )
    return rows


def _community_points(world: World) -> list[Row]:
    geography = world.geography
    stream = _stream(world, "points of communities")
    rows: list[Row] = []
    for place in range(geography.n_villages, geography.n_places):
        code, name = geography.place_codes[place], geography.place_names[place]
        rows.append(
            {
                "point_id": station_id(code),
                "kind": "village_station",
                "name": f"{name}快递驿站",
                **_where(world, place, stream),
                "host": "小区",
                "brands": "、".join(brand.name for brand in world.kind.brands),
                "rent_yuan_per_year": 14_400.0,
            }
        )
        numbers = range(1 + int(geography.place_population[place] // 3_000))
        rows += [_locker(world, place, number, "小区", (60, 160), stream=stream) for number in numbers]
    return rows


def _village_lockers(world: World) -> list[Row]:
    stream = _stream(world, "lockers of villages")
    return [
        _locker(world, village, 0, "独立", (20, 60), stream=stream)
        for village, has_locker in enumerate(has_village_locker(world))
        if has_locker
    ]


def _locker(
    world: World, place: int, number: int, host: str, cells: tuple[int, int], *, stream: "np.random.Generator"
) -> dict[str, object]:
    code = world.geography.place_codes[place]
    return {
        "point_id": locker_id(code) if number == 0 else f"{locker_id(code)}-{number + 1}",
        "kind": "parcel_locker",
        "name": f"{world.geography.place_names[place]}{number + 1}号智能快件箱",
        **_where(world, place, stream),
        "host": host,
        "cells": int(stream.integers(*cells)),
        "rent_yuan_per_year": 2_000.0,
    }


def _host_facilities(world: World) -> list[Row]:
    """Every village without a station of old has one or two places that could host one; of the others a share."""
    service = world.service
    stream = _stream(world, "host facilities")
    rows: list[Row] = []
    for village in range(world.geography.n_villages):
        count = 1 + int(stream.random() < 0.5)
        kept = stream.random() < world.kind.industry.host_facilities_per_village
        hosts = stream.choice(len(HOSTS), size=count, replace=False, p=HOST_ODDS)
        places = [_where(world, village, stream) for _ in range(count)]
        if service.opened_month[village] == ALWAYS and not kept:
            continue
        for number, (host, where) in enumerate(zip(hosts, places, strict=True)):
            word = HOSTS[int(host)]
            rows.append(
                {
                    "point_id": f"CS{world.geography.place_codes[village]}-{number + 1}",
                    "kind": "host_facility",
                    "name": f"{world.geography.place_names[village]}{word}",
                    **where,
                    "host": word,
                    "rent_yuan_per_year": HOST_RENT_YUAN[word],
                }
            )
    return rows


def _where(world: World, place: int, stream: "np.random.Generator") -> dict[str, object]:
    off_lon, off_lat = stream.uniform(-0.002, 0.002, 2)
    return {
        "division": world.geography.place_codes[place],
        "lon": round(float(world.geography.place_lon[place] + off_lon), 5),
        "lat": round(float(world.geography.place_lat[place] + off_lat), 5),
    }


def _stream(world: World, label: str) -> "np.random.Generator":
    return open_stream(world.seed, world.kind.name, world.geography.n_villages, label)
