"""A tiny country of two towns and an island, which a reader can draw: 1 minute of latitude is about 1.85 km."""

from tests.measures.tables import arrow_rows as table


def division(code, name, level, kind, at=(None, None), **more):
    return {"code": code, "name": name, "level": level, "kind": kind, "lon": at[0], "lat": at[1], **more}


COUNTY, TOWN, OTHER_TOWN = "339900000000", "339900101000", "339900102000"
STONE, PINE, REED, ISLE = "339900101201", "339900101202", "339900102201", "339900102202"


def divisions():
    return table(
        "divisions",
        [
            division(COUNTY, "云县", "county", "county"),
            division(TOWN, "东镇", "town", "town", (120.0, 29.0)),
            division(OTHER_TOWN, "西镇", "town", "town", (119.9, 29.0)),
            division(STONE, "石村", "village", "administrative_village", (120.0, 29.1), population=400),
            division(PINE, "松村", "village", "administrative_village", (120.1, 29.0), population=600),
            division(REED, "苇村", "village", "administrative_village", (119.9, 29.1), population=500),
            division(ISLE, "屿村", "village", "administrative_village", (119.9, 28.8), island="小屿", population=80),
            division("339900101001", "东街社区", "village", "community", (120.0, 29.0), population=5000),
        ],
    )


def road(road_id, one, other, length_km, minutes, *, kind="county_road"):
    return {
        "road_id": road_id,
        "from_node": one,
        "to_node": other,
        "kind": kind,
        "length_km": length_km,
        "minutes": minutes,
    }


def roads(*more):
    """东镇 — crossing — 石村, 松村; 西镇 — 苇村; nothing between the towns, nothing to the island."""
    return table(
        "roads",
        [
            road("R1", TOWN, "X1", 4.0, 6.0),
            road("R2", "X1", STONE, 6.0, 12.0),
            road("R3", "X1", PINE, 5.0, 10.0),
            road("R4", TOWN, PINE, 9.0, 20.0),
            road("R5", OTHER_TOWN, REED, 12.0, 20.0),
            *more,
        ],
    )
