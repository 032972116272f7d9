"""A city of two towns and three villages with two brands, closed for two months, for the tests of the console."""

import json
from datetime import date
from pathlib import Path

from posthouse.diagnosis.model import Assessment
from posthouse.reports.exchange import report_to_json
from posthouse.stores.workspace import create_workspace
from posthouse.vocabulary.periods import parse_period
from posthouse_web.accounts.models import User
from tests.reports.months import small_month

OWN, RIVAL = "青鸢", "飞鹿"
VILLAGE, OTHER_VILLAGE, FAR_VILLAGE = "339801101201", "339801101202", "339801102201"
TOWN, FAR_TOWN = "339801101000", "339801102000"
MONTHS = ("2021-05", "2021-06")
PASSWORD = "a-long-password"
PEOPLE = {
    "leader": {"role": "leader"},
    "office": {"role": "office"},
    "liaison": {"role": "liaison", "division": TOWN},
    "planner": {"role": "planner", "brands": OWN},
    "inspector": {"role": "inspector", "division": FAR_TOWN},
    "data": {"role": "data_officer"},
    "admin": {"role": "administrator"},
}
_NAMES = {
    TOWN: ("岭上镇", "town", "town"),
    FAR_TOWN: ("远山镇", "town", "town"),
    VILLAGE: ("上坞村", "village", "administrative_village"),
    OTHER_VILLAGE: ("下坞村", "village", "administrative_village"),
    FAR_VILLAGE: ("远坞村", "village", "administrative_village"),
}

REGISTERS = {
    "outlets": [
        {"outlet_id": f"W{n}", "operator_id": brand, "brand": brand, "name": f"{brand}{place}网点", "division": town}
        | {"kind": "outlet", "is_urban": False, "lon": 119.0 + n / 50, "lat": 29.0}
        for n, (brand, place, town) in enumerate(((OWN, "岭上", TOWN), (RIVAL, "远山", FAR_TOWN)))
    ],
    "service_points": [
        {"point_id": "Z1", "kind": "host_facility", "name": "上坞村供销社", "division": VILLAGE, "host": "供销社"}
        | {"brands": f"{OWN}、{RIVAL}", "lon": 119.01, "lat": 29.0},
        {"point_id": "Z2", "kind": "village_station", "name": "远坞村服务站", "division": FAR_VILLAGE, "host": "商店"},
    ],
    "vehicles": [
        {"vehicle_id": f"C{n}", "operator_id": brand, "kind": "van", "outlet_id": f"W{n}", "is_new_energy": False}
        | {"capacity_kg": 900.0, "capacity_parcels": 300}
        for n, brand in enumerate((OWN, RIVAL))
    ],
}
"""Registers besides divisions and operators: each brand has an outlet with a van, each town one service point."""


def make_people() -> dict[str, User]:
    """Make one account a role."""
    return {name: User.objects.create_user(name, password=PASSWORD, **facts) for name, facts in PEOPLE.items()}


def write_city(out: Path) -> Path:
    """Write a folder as `posthouse run` leaves it."""
    _write_workspace(out)
    (out / "months").mkdir()
    for month in MONTHS:
        close(out, month)
    return out


def close(out: Path, month: str, **changes) -> None:
    """Write the result of closing a month; the figure rises a little every month."""
    report = small_month()
    only = report.assessments[0]
    value = 2.5 + int(month[-1]) / 6
    measured = Assessment(
        goal=only.goal,
        measurement=None,
        target=5.0,
        status="missed" if month < "2021-06" else "behind",
        forecast=3.9,
        why=f"平均每周投递{value:.1f}次，低于5次。",
    )
    cycle = report_to_json(small_month(assessments=(measured,), period=parse_period(month)), files=())
    cycle["run"]["id"] = f"run-{month}"
    cycle["goals"][0] |= {"value": value, "unit": "次/周"} | changes
    (out / "months" / f"{month}.json").write_text(json.dumps(cycle, ensure_ascii=False, default=str), encoding="utf-8")


def _write_workspace(out: Path) -> None:
    import pyarrow as pa

    workspace = create_workspace(out / "workspace")
    workspace.key()
    divisions = [
        {"code": code, "name": name, "level": level, "kind": kind, "lon": 119 + i / 50, "lat": 29 + i / 70}
        for i, (code, (name, level, kind)) in enumerate(_NAMES.items())
    ]
    workspace.write_table("divisions", pa.Table.from_pylist([{**d, "parent_code": None} for d in divisions]))
    operators = [
        {"operator_id": brand, "name": brand, "brand": brand, "kind": "express", "is_main_brand": True}
        for brand in (OWN, RIVAL)
    ]
    workspace.write_table("operators", pa.Table.from_pylist(operators))
    for table, rows in REGISTERS.items():
        workspace.write_table(table, pa.Table.from_pylist(rows))
    workspace.write_table("scans", pa.Table.from_pylist(list(_scans())))


def _scans():
    """青鸢 comes to 上坞村 on three days, 飞鹿 to 上坞村 on one and to 远坞村 on two; nobody to 下坞村."""
    from datetime import UTC, datetime

    visits = [(OWN, VILLAGE, day) for day in (1, 8, 15)] + [
        (RIVAL, VILLAGE, 3),
        (RIVAL, FAR_VILLAGE, 4),
        (RIVAL, FAR_VILLAGE, 5),
    ]
    number = 0
    for month in (5, 6):
        for brand, village, day in visits:
            number += 1
            at = datetime.combine(date(2021, month, day), datetime.min.time(), UTC).replace(hour=3)
            yield {
                "event_id": number,
                "waybill": number,
                "brand": brand,
                "step": "delivered",
                "event_at": at,
                "recorded_at": at,
                "site": None,
                "village": village,
                "how": "station",
                "corrects": None,
            }
