"""Small EPCIS 2.0 documents that tests change in one place."""

import json


def event(
    number=1,
    *,
    waybills=("YT7000000000001",),
    step="urn:posthouse:step:accepted",
    at="2021-06-05T08:00:00+08:00",
    **other,
):
    """One ObjectEvent; recorded when it happened unless said otherwise, members set to None left out."""
    entry = {
        "type": "ObjectEvent",
        "eventID": f"urn:uuid:00000000-0000-0000-0000-{number:012d}",
        "eventTime": at,
        "eventTimeZoneOffset": "+08:00",
        "epcList": [f"urn:posthouse:waybill:{waybill}" for waybill in waybills],
        "action": "OBSERVE",
        "bizStep": step,
        "disposition": "in_transit",
        "readPoint": {"id": "urn:posthouse:site:S00001"},
        "posthouse:brand": "示例",
    }
    return {name: value for name, value in (entry | other).items() if value is not None}


def document(*events, **dumps):
    head = {"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"], "type": "EPCISDocument"}
    return json.dumps(head | {"schemaVersion": "2.0", "epcisBody": {"eventList": list(events)}}, **dumps)
