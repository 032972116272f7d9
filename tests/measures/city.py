"""A small made-up city with rows in every table, so that every measure has a value; drawn from a seed.

Two counties' worth of towns, a dozen villages, three brands, thirty months of returns. Every figure is random but
none of the columns that a breakdown needs is empty.
"""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from tests.measures.tables import Row, at_s

BRANDS = ("甲", "乙", "丙")
TOWNS = ("990101101000", "990101102000", "990102101000", "990102102000")
VILLAGES = tuple(town[:9] + f"20{n}" for town in TOWNS for n in (1, 2, 3))
REGIONS = (
    ("999900000000", "CN", {"is_in_province": True}),
    ("310000000000", "CN", {"is_yangtze_delta_major": True, "is_national_major": True}),
    ("JP", "JP", {"is_neighbouring_country": True, "is_global_major": True}),
)
STEPS = ("accepted", "origin_arrived", "origin_departed", "destination_arrived", "destination_departed")


def draw_city(seed: int, parcels: int = 400) -> Mapping[str, list[Row]]:
    """Return rows by table for June 2021 (returns from January 2019 on)."""
    draw = random.Random(seed)
    rows: dict[str, list[Row]] = {**_places(draw), **_registers(draw), **_office(draw)}
    rows["returns"] = _returns(draw)
    rows["parcels"], rows["journeys"] = _journeys(draw, parcels)
    rows["checks"], rows["device_status"] = _checks(draw), _devices(draw)
    rows["complaints"] = [
        {"filed_on": date(2021, 6, 1 + n % 30), "brand": draw.choice(BRANDS), "is_valid": draw.random() < 0.6}
        for n in range(12)
    ]
    return rows


def _places(draw: random.Random) -> dict[str, list[Row]]:
    towns = [{"code": t, "level": "town", "kind": draw.choice(("town", "township"))} for t in TOWNS]
    villages = [
        {
            "code": village,
            "level": "village",
            "kind": "community" if village.endswith("203") else "administrative_village",
            "parent_code": village[:9] + "000",
            "is_main_island": n % 2 == 0,
        }
        for n, village in enumerate(VILLAGES)
    ]
    return {
        "divisions": [{"code": "990000000000", "level": "province", "kind": "province"}, *towns, *villages],
        "regions": [{"region_code": code, "country": country, **flags} for code, country, flags in REGIONS],
    }


def _registers(draw: random.Random) -> dict[str, list[Row]]:
    def yes(share: float = 0.5) -> bool:
        return draw.random() < share

    outlets = [
        {
            "outlet_id": f"O{n}",
            "brand": BRANDS[n % 3],
            "division": TOWNS[n % 4],
            "kind": "sorting_centre" if n > 8 else "outlet",
            "is_urban": yes(),
            "is_filed": yes(),
            "is_standardised": yes(),
            "is_demonstration": yes(),
            "has_recycling_bin": yes(),
            "area_m2": draw.choice((80.0, 12_000.0)),
            "sorting_capacity_per_day": draw.randrange(1000, 9000) if n > 8 else None,
            "is_automated": yes() if n > 8 else None,
        }
        for n in range(14)
    ]
    kinds = (
        "ecommerce",
        "small_enterprise",
        "express_logistics",
        "processing_area",
        "cross_border_hub",
        "service_zone",
    )
    projects = (
        "factory_key",
        "factory_typical",
        "cross_border_demonstration",
        "warehouse_value_added",
        "farm_gold",
        "strong_village_county",
        "safety_centre",
        "task_force",
    )
    return {
        "operators": [
            {
                "operator_id": f"{b}{n}",
                "brand": b,
                "kind": "express",
                "is_main_brand": b != "丙",
                "is_international_backbone": yes(),
            }
            for b in BRANDS
            for n in (1, 2)
        ],
        "outlets": outlets,
        "service_points": [{"kind": "village_station", "division": v} for v in VILLAGES if yes(0.7)],
        "vehicles": [{"operator_id": f"{draw.choice(BRANDS)}1", "is_new_energy": yes()} for _ in range(9)],
        "parks": [
            {
                "kind": kind,
                "division": draw.choice(TOWNS),
                "is_key": yes(),
                "has_express": yes(),
                "is_demonstration": yes(),
            }
            for kind in kinds * 3
        ],
        "factories": [
            {
                "industry": draw.choice(("泵", "鞋", "镜")),
                "division": draw.choice(TOWNS),
                "is_key_industry": yes(),
                "cooperation": "仓配一体化" if n % 3 else None,
                "cooperating_from": date(2021, 1 + n % 9, 1) if n % 3 else None,
            }
            for n in range(20)
        ],
        "projects": [
            {"kind": kind, "division": draw.choice(TOWNS), "status": "done", "done_on": date(2021, 4 + n, 1)}
            for kind in projects
            for n in range(4)
        ],
        "channels": [{"mode": "air", "destination": "JP", "is_open": yes()} for _ in range(5)],
        "residential_projects": [
            {
                "division": draw.choice(VILLAGES),
                "households": draw.randrange(100, 900),
                "population": draw.choice((1200, 3000, 4000)),
                "locker_groups": draw.randrange(9),
                "distribution_centre_m2": draw.choice((12.5, 30.0, 45.0)),
                "accepted_on": date(2021, 5, 1),
            }
            for _ in range(12)
        ],
        "care_stations": [{"division": draw.choice(TOWNS), "opened_on": date(2021, 5 + n % 3, 1)} for n in range(6)],
    }


def _office(draw: random.Random) -> dict[str, list[Row]]:
    kinds = ("task_force_meeting", "office_meeting", "progress_report", "bulletin")
    return {
        "office_log": [
            {
                "kind": kind,
                "body": body,
                "due_on": date(2021, 6, 25),
                "held_on": date(2021, 6, 20) + timedelta(days=draw.randrange(9)) if draw.random() < 0.8 else None,
            }
            for kind in kinds
            for body in ("进村专班", "进厂专班", "出海专班")
        ]
    }


def _returns(draw: random.Random) -> list[Row]:
    months = [f"{year}-{month:02d}" for year in (2019, 2020, 2021) for month in range(1, 13)][:30]
    own = [
        {
            "area": "990100000000",
            "operator_id": f"{brand}{n}",
            "brand": brand,
            "month": month,
            "volume": draw.randrange(1_000, 9_000),
            "revenue_yuan": draw.randrange(4_000_000, 16_000_000),
            "staff": draw.randrange(20, 90),
            "cross_border_volume": draw.randrange(100, 900),
            "cross_border_value_yuan": draw.randrange(10_000, 90_000),
            "online_retail_yuan": draw.randrange(100_000, 900_000),
            "tape_cm_per_parcel": draw.uniform(20, 40),
        }
        for month in months
        for brand in BRANDS
        for n in (1, 2)
    ]
    published = [
        {"area": area, "operator_id": "ALL", "month": month, "volume": draw.randrange(20_000, 200_000)}
        for month in months
        for area in ("990000000000", "990200000000", "990300000000")
    ]
    return own + published


def _journeys(draw: random.Random, count: int) -> tuple[list[Row], list[Row]]:
    parcels: list[Row] = []
    journeys: list[Row] = []
    places = [*VILLAGES, *(code for code, _, _ in REGIONS)]
    for waybill in range(count):
        origin, destination = draw.choice(VILLAGES if waybill % 2 else places), draw.choice(places)
        brand, accepted = draw.choice(BRANDS), at_s("2021-06-01", draw.uniform(0, 28 * 24))
        times = [accepted + draw.randrange(0, 6 * 3600) * n for n in range(5)]
        delivered = max(times) + draw.randrange(3600, 48 * 3600)
        is_village = destination in VILLAGES and draw.random() < 0.5
        is_shop = draw.random() < 0.7
        parcels.append(
            {
                "waybill": waybill,
                "brand": brand,
                "accepted_at": datetime(2019, 12, 31, 16, tzinfo=UTC) + timedelta(seconds=accepted),
                "origin": origin,
                "destination": destination,
                "is_ecommerce": is_shop,
                "has_e_waybill": draw.random() < 0.95,
                "is_standard_packaging": draw.random() < 0.9,
                "is_slim_tape": draw.random() < 0.9,
                "tape_cm": draw.randrange(20, 60),
                "is_repackaged": draw.random() < 0.2 if is_shop else None,
                "in_reusable_bag": draw.random() < 0.8,
            }
        )
        journeys.append(
            {
                "waybill": waybill,
                "brand": brand,
                "first_s": accepted,
                **{f"{step}_s": second for step, second in zip(STEPS, times, strict=True)},
                "village_arrived_s": delivered - 1800 if is_village and waybill % 3 else None,
                "delivered_s": delivered,
                "village": destination if is_village else None,
                "outlet": f"O{draw.randrange(9)}",
                "how": draw.choice(("door", "locker", "station")),
            }
        )
    return parcels, journeys


def _checks(draw: random.Random) -> list[Row]:
    controls = ("real_name", "acceptance_inspection", "security_screening")
    daily = [
        {
            "kind": kind,
            "checked_on": date(2021, 6, day),
            "outlet_id": f"O{n}",
            "brand": BRANDS[n % 3],
            "division": TOWNS[n % 4],
            "expected": 100,
            "done": draw.randrange(80, 101),
        }
        for kind in controls
        for n in range(9)
        for day in range(1, 31)
    ]
    calls = [
        {
            "kind": "charge_callback",
            "checked_on": date(2021, 6, 15),
            "brand": draw.choice(BRANDS),
            "division": village,
            "expected": 40,
            "done": draw.randrange(20, 41),
        }
        for village in VILLAGES
    ]
    return daily + calls


def _devices(draw: random.Random) -> list[Row]:
    return [
        {
            "device_id": f"{kind}{n}",
            "outlet_id": f"O{n}",
            "brand": BRANDS[n % 3],
            "kind": kind,
            "reported_on": date(2021, 6, day),
            "online_min": draw.choice((None, 300, 1440)),
            "images": draw.randrange(3) if kind == "xray" else None,
        }
        for kind in ("video", "xray")
        for n in range(9)
        for day in range(1, 31)
    ]
