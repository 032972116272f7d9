"""Whole journeys of brand 甲 to one village, from which a test leaves out or moves a step."""

from datetime import timedelta

from posthouse.measures.forms import DAY_S, EPOCH_ON
from posthouse.records.arrow import stored_schema
from posthouse.records.fold import steps
from posthouse.records.schema import get_table
from tests.measures.tables import arrow_rows, at_s

VILLAGE, NEAR = "339900101201", "339900101202"
OTHER_CITY, OVERSEAS = "339800000000", "JP"

_HOURS = {
    "accepted": 0,
    "origin_arrived": 5,
    "origin_departed": 10,
    "destination_arrived": 30,
    "destination_departed": 40,
    "outlet_arrived": 50,
    "out_for_delivery": 60,
    "village_arrived": 65,
    "delivered": 70,
}

CITY_TABLES = {
    "divisions": [
        {"code": VILLAGE, "level": "village", "kind": "administrative_village", "lon": 120.0, "lat": 29.5},
        {"code": NEAR, "level": "village", "kind": "administrative_village", "lon": 120.0, "lat": 29.0},
    ],
    "regions": [
        {"region_code": OTHER_CITY, "name": "邻市", "country": "CN"},
        {"region_code": OVERSEAS, "name": "日本", "country": "JP"},
    ],
    "outlets": [
        {"outlet_id": outlet, "brand": brand, "kind": "outlet", "division": f"{town}000"}
        for outlet, brand, town in (
            ("W1", "甲", "339900101"),
            ("W2", "甲", "339900102"),
            ("W3", "乙", "339900101"),
            ("W4", "乙", "339900101"),
        )
    ],
}
"""W1 is the only outlet of brand 甲 in the village's town; brand 乙 has two there."""


def journey(waybill, *, days_later=0, **changes):
    """A journey accepted on 1 June at midnight; a change gives a step's seconds after that, or None for no scan."""
    start = at_s("2021-06-01", 0) + days_later * 86_400
    after = {step: hours * 3600 for step, hours in _HOURS.items()}
    after |= {step: changes.pop(step) for step in steps() if step in changes}
    seen = {step: start + seconds for step, seconds in after.items() if seconds is not None}
    row = {
        "waybill": waybill,
        "brand": "甲",
        "seen": sum(1 << steps().index(step) for step in seen),
        "scans": len(seen),
        "first_s": min(seen.values()),
        "village": VILLAGE,
        "outlet": "W1",
        "how": "door",
    }
    return {**row, **{f"{step}_s": second for step, second in seen.items()}, **changes}


def parcel(waybill, origin=NEAR, destination=VILLAGE):
    """Its parcel."""
    return {"waybill": waybill, "origin": origin, "destination": destination}


def stream_of(journeys, rows_at_once=2):
    """What `Workspace.stream_journeys` is for journeys that are stored."""
    stored = arrow_rows("journeys", journeys).cast(stored_schema(get_table("journeys")))

    def stream(columns, start_on, end_on):
        began = [EPOCH_ON + timedelta(days=first // DAY_S) for first in stored.column("first_s").to_pylist()]
        wanted = stored.filter([start_on <= day < end_on for day in began]).select(columns)
        yield from (wanted.slice(at, rows_at_once) for at in range(0, wanted.num_rows, rows_at_once))

    return stream
