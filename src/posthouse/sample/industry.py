"""Registers of 进厂, 出海 and of what the city builds: parks, factories, projects, channels, housing, care stations.

What happens after June 2021 happens month by month: a factory joins, a project is finished, a care station opens.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from posthouse.sample.months import month_at
from posthouse.sample.names import draw_names, syllables
from posthouse.sample.streams import open_stream
from posthouse.sample.world import World

if TYPE_CHECKING:
    import numpy as np

Row = Mapping[str, object]

COOPERATIONS = ("订单末端配送", "仓配一体化", "嵌入式电商", "入厂物流", "区域性供应链")
PARK_WORDS = {
    "ecommerce": "电商产业园",
    "industrial": "工业园区",
    "small_enterprise": "小微企业园",
    "express_logistics": "快递物流产业园",
    "processing_area": "快递处理集中区",
    "cross_border_hub": "跨境商品快件处理集散中心",
    "service_zone": "快递服务综合区",
}
PROJECT_WORDS = {
    "factory_key": "快递进厂重点项目",
    "factory_typical": "快递与制造业深度融合典型项目",
    "cross_border_demonstration": "跨境电商快递示范项目",
    "warehouse_value_added": "仓储配送增值服务项目",
    "farm_gold": "“快递+农产品”金牌项目",
    "strong_village_county": "“快递进村”强县",
    "safety_centre": "邮政业安全中心",
    "task_force": "工作专班",
}
CHANNELS = {
    # mode: name, customs modes, destination, departures a week
    "air": ("国际航空货运通道", "9610、9710", "JP", 5.0),
    "sea": ("海上快件通道", "9610、9810", "KR", 3.0),
    "rail": ("国际班列快件通道", "9710、9810", "DE", 2.0),
    "road": ("跨境公路快件通道", "9610、1210", "VN", 6.0),
    "office_of_exchange": ("国际邮件互换局", None, "US", 7.0),
}
TASK_FORCES = ("进村", "进厂", "出海")
START_ON = date(2021, 1, 20)
"""The programme's first day: its task forces are set up."""


def list_parks(world: World) -> list[Row]:
    """Return the rows of table `parks`; every other month since July 2021 a small-enterprise park joins."""
    industry = world.kind.industry
    stream = _stream(world, "parks")
    rows: list[Row] = []
    keys = 0
    for kind, count in industry.parks.items():
        for _ in range(count):
            is_key = kind in ("ecommerce", "industrial") and keys < industry.key_parks
            keys += is_key
            # Three in four key parks have express companies; the goal of all of them is still to be reached.
            has_express = (
                keys <= 0.75 * industry.key_parks + 0.5 if is_key else stream.random() < industry.park_express_share
            )
            has_express = has_express or kind in ("express_logistics", "cross_border_hub", "processing_area")
            rows.append(
                _park(
                    world,
                    len(rows),
                    kind,
                    is_key=is_key,
                    has_express=bool(has_express),
                    since=None,
                    stream=stream,
                )
            )
    for index in range(1, world.month.index + 1):
        later = _stream(world, f"parks {index}")
        if index % 2:
            rows.append(
                _park(
                    world,
                    len(rows),
                    "small_enterprise",
                    is_key=False,
                    has_express=True,
                    since=month_at(index).period.start_on,
                    stream=later,
                )
            )
    return rows


def list_factories(world: World) -> list[Row]:
    """Return the rows of table `factories`; those that begin to cooperate later still show no cooperation."""
    industry = world.kind.industry
    stream = _stream(world, "factories")
    names = draw_names(stream, "company_first", "company_second", industry.factories)
    park_ids = [str(row["park_id"]) for row in list_parks(world) if row["kind"] in ("industrial", "small_enterprise")]
    park_ids = park_ids[: sum(industry.parks.get(kind, 0) for kind in ("industrial", "small_enterprise"))]
    joined = _joining_dates(world, industry.factories, industry.cooperating, industry.cooperating_per_month)
    rows: list[Row] = []
    for i, name in enumerate(names):
        kind = industry.industries[int(stream.integers(len(industry.industries)))]
        in_park, park = stream.random() < 0.45, park_ids[int(stream.integers(len(park_ids)))]
        cooperation = COOPERATIONS[int(stream.integers(len(COOPERATIONS)))]
        planned = joined[i]
        since = planned if planned is not None and planned <= world.month.last_on else None
        rows.append(
            {
                "factory_id": f"QYZ{i + 1:04d}",
                "name": f"{world.kind.city.short}{name}{kind}有限公司",
                "industry": kind,
                "division": _town(world, stream),
                "park_id": park if in_park else None,
                "is_key_industry": kind in industry.key_industries,
                "cooperation": cooperation if since else None,
                "cooperating_from": since,
            }
        )
    return rows


def list_projects(world: World) -> list[Row]:
    """Return the rows of table `projects` with the status they have at the end of the month."""
    industry, kind = world.kind.industry, world.kind
    stream = _stream(world, "projects")
    rows: list[Row] = []
    for word, count in industry.projects.items():
        n_done = round(count * industry.projects_done)
        for i in range(count):
            past = date(2019, 6, 1) + timedelta(days=int(stream.integers(0, 740)))
            future = month_at(1 + int(stream.geometric(0.12))).period.start_on + timedelta(
                days=int(stream.integers(28))
            )
            done_on = past if i < n_done else future
            town = _town(world, stream)
            name = f"{kind.city.short}{PROJECT_WORDS[word]}第{i + 1}号"
            if word == "task_force":
                done_on, name, town = START_ON, f"{TASK_FORCES[i]}工作专班", kind.city.code
            elif word == "strong_village_county":
                county = kind.counties[i % len(kind.counties)]
                done_on, name, town = future, f"{county.name}“快递进村”强县", f"{county.code}000000"
            elif word == "safety_centre":
                done_on, name, town = future, f"{kind.city.name}邮政业安全中心", kind.city.code
            is_done = done_on <= world.month.last_on
            status = "done" if is_done else "building" if i % 2 or count == 1 else "planned"
            rows.append(
                {
                    "project_id": f"XM{len(rows) + 1:03d}",
                    "name": name,
                    "kind": word,
                    "division": town,
                    "status": status,
                    "done_on": done_on if is_done else None,
                }
            )
    return rows


def list_channels(world: World) -> list[Row]:
    """Return the rows of table `channels`; the first `channels_open` are open."""
    industry = world.kind.industry
    rows: list[Row] = []
    for i, mode in enumerate(industry.channels):
        name, customs, destination, departures = CHANNELS[mode]
        is_open = i < industry.channels_open
        rows.append(
            {
                "channel_id": f"TD{i + 1:02d}",
                "name": f"{world.kind.city.short}{name}",
                "mode": mode,
                "customs_modes": customs,
                "destination": destination,
                "is_open": is_open,
                "departures_per_week": departures if is_open else None,
            }
        )
    return rows


def open_channel_ids(world: World) -> list[str]:
    """Return the ids of the open channels; the last one is the office of exchange."""
    return [str(row["channel_id"]) for row in list_channels(world) if row["is_open"]]


def list_residential_projects(world: World) -> list[Row]:
    """Return the rows of table `residential_projects`; one in fourteen has not been accepted yet."""
    stream = _stream(world, "housing")
    rows: list[Row] = []
    for i in range(world.kind.industry.residential_projects):
        households = int(stream.integers(180, 2_600))
        population = round(households * 2.8)
        groups = max(0, round(households / 100 * float(stream.uniform(0.75, 1.45))))
        area = (
            round(float(stream.uniform(30, 90)), 1)
            if stream.random() < 0.78
            else round(float(stream.uniform(0, 28)), 1)
        )
        accepted = date(2016, 1, 1) + timedelta(days=int(stream.integers(0, 1_950)))
        word = syllables("residential")[int(stream.integers(len(syllables("residential"))))]
        rows.append(
            {
                "project_id": f"ZZ{i + 1:04d}",
                "name": f"{word}{'苑府庭园'[i % 4]}{i // 16 + 1}期",
                "division": _town(world, stream),
                "households": households,
                "population": population,
                "locker_groups": groups,
                "distribution_centre_m2": area if population >= 3_000 else None,
                "accepted_on": None if i % 14 == 13 else accepted,
            }
        )
    return rows


def list_care_stations(world: World) -> list[Row]:
    """Return the rows of table `care_stations`; one more opens every month since July 2021."""
    stream = _stream(world, "care stations")
    opened = [
        date(2019, 3, 1) + timedelta(days=int(stream.integers(0, 850)))
        for _ in range(world.kind.industry.care_stations)
    ]
    opened += [month_at(index).period.start_on + timedelta(days=9) for index in range(1, world.month.index + 1)]
    rows: list[Row] = []
    for i, day in enumerate(opened):
        town = world.geography.town_codes.index(_town(world, stream))
        rows.append(
            {
                "station_id": f"GA{i + 1:03d}",
                "name": f"{world.geography.town_names[town]}快递员关爱驿站{i + 1}号",
                "division": world.geography.town_codes[town],
                "opened_on": day,
            }
        )
    return rows


def _park(
    world: World,
    number: int,
    kind: str,
    *,
    is_key: bool,
    has_express: bool,
    since: date | None,
    stream: "np.random.Generator",
) -> Row:
    town = int(stream.integers(len(world.geography.town_codes)))
    seat = world.geography.town_names[town].removesuffix("街道").removesuffix("镇").removesuffix("乡")
    return {
        "park_id": f"YQ{number + 1:03d}",
        "name": f"{seat}{PARK_WORDS[kind]}{number + 1}号",
        "kind": kind,
        "division": world.geography.town_codes[town],
        "is_key": is_key,
        "has_express": has_express,
        "is_demonstration": kind == "express_logistics" and number % 2 == 0,
        "valid_from": since,
    }


def _joining_dates(world: World, count: int, first: int, per_month: float) -> list[date | None]:
    """Return for each of `count` things since when: `first` of them before July 2021, then so many a month."""
    stream = _stream(world, "joining")
    order = stream.permutation(count)
    dates: list[date | None] = [None] * count
    for rank, i in enumerate(order):
        if rank < first:
            dates[int(i)] = date(2019, 2, 1) + timedelta(days=int(stream.integers(0, 870)))
        elif per_month > 0:
            index = 1 + int((rank - first) / per_month)
            dates[int(i)] = month_at(index).period.start_on + timedelta(days=int(stream.integers(0, 28)))
    return dates


def _town(world: World, stream: "np.random.Generator") -> str:
    return world.geography.town_codes[int(stream.integers(len(world.geography.town_codes)))]


def _stream(world: World, label: str) -> "np.random.Generator":
    return open_stream(world.seed, world.kind.name, world.geography.n_villages, label)
