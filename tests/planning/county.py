"""One small county for planning: 东镇 with four villages on a line, one of them on an island without ferry."""

from posthouse.diagnosis.model import Gap
from posthouse.planning.ground import ground_from
from posthouse.planning.scenario import scenario_from
from tests.diagnosis.values import measured
from tests.measures.tables import arrow_rows
from tests.territory.ground import division, road

COUNTY, TOWN = "339900000000", "339900101000"
A, B, C, ISLE = "339900101201", "339900101202", "339900101203", "339900101204"

DIVISIONS = (
    division(COUNTY, "云县", "county", "county"),
    division(TOWN, "东镇", "town", "town", (120.0, 29.0)),
    division(A, "甲村", "village", "administrative_village", (120.0, 29.1), population=400),
    division(B, "乙村", "village", "administrative_village", (120.0, 29.2), population=800),
    division(C, "丙村", "village", "administrative_village", (120.0, 28.9), population=400),
    division(ISLE, "屿村", "village", "administrative_village", (120.3, 29.0), population=100, island="小屿"),
)
# 丙村 — 10 km — 东镇 — 10 km — 甲村 — 10 km — 乙村, 20 minutes each.
ROADS = (road("R1", TOWN, A, 10.0, 20.0), road("R2", A, B, 10.0, 20.0), road("R3", TOWN, C, 10.0, 20.0))
OPERATORS = (
    {"operator_id": "Q1", "name": "青鸢东镇", "brand": "青鸢", "kind": "express", "is_main_brand": True},
    {"operator_id": "S1", "name": "山雀东镇", "brand": "山雀", "kind": "express", "is_main_brand": True},
)
OUTLETS = (
    {
        "outlet_id": "W1",
        "operator_id": "Q1",
        "brand": "青鸢",
        "name": "青鸢东镇营业部",
        "division": TOWN,
        "kind": "outlet",
    },
    {
        "outlet_id": "W2",
        "operator_id": "S1",
        "brand": "山雀",
        "name": "山雀东镇营业部",
        "division": TOWN,
        "kind": "outlet",
    },
)
VANS = tuple(
    {
        "vehicle_id": f"V{n}",
        "operator_id": "Q1",
        "kind": "van",
        "outlet_id": outlet,
        "capacity_kg": 1000.0,
        "capacity_parcels": 200,
        "cost_yuan_per_km": 1.0,
        "cost_yuan_per_day": 200.0,
    }
    for n, outlet in ((1, "W1"), (2, "W2"))
)


def host(point_id, village, rent, *, name="党群服务中心", at=(120.0, 29.1), kind="党群服务中心"):
    return {
        "point_id": point_id,
        "kind": "host_facility",
        "name": name,
        "division": village,
        "lon": at[0],
        "lat": at[1],
        "host": kind,
        "rent_yuan_per_year": rent,
    }


def registers(**more):
    """The county's registers; a register named in `more` takes the place of the county's own."""
    rows = {
        "divisions": DIVISIONS,
        "roads": ROADS,
        "operators": OPERATORS,
        "outlets": OUTLETS,
        "vehicles": VANS,
        **more,
    }
    return {name: arrow_rows(name, own) for name, own in rows.items()}


OWN_VANS_ONLY = {
    "rounds": {"available_share": 1.0},
    "promise": {"weekdays": [1, 2, 3, 4, 5, 6, 7]},
    "modes": {name: {"allowed": False} for name in ("postal_van", "shop_hosting", "farm_van")},
}
"""Levers under which the county's costs can be worked out by hand."""


def ground(levers=None, **more):
    return ground_from(registers(**more), scenario_from(OWN_VANS_ONLY if levers is None else levers))


def gap(measure, target, value, *items, **more):
    return Gap(
        goal_id=more.pop("goal_id", "G1"),
        measure=measure,
        target=target,
        value=value,
        shortfall=abs(target - value),
        items=items,
        **more,
    )


def part(measure, value, place=None, brand=None, **more):
    return measured(measure, value, place=place, brand=brand, **more)
