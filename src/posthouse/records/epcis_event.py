"""What one EPCIS 2.0 event means to us: its parcels' scans, or that an earlier event was an error.

Site is the read point, else the business location; village is a business location `urn:posthouse:village:CODE` or one
that the mapping names. `posthouse:brand` and `posthouse:how` are our extensions: EPCIS itself has no word for them.
An event with an `errorDeclaration` repeats the event that was wrong (EPCIS 2.0, 7.4.1.2): that event no longer counts,
and those named in `correctiveEventIDs` are events like any other.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_STEP = re.compile(r"(?:.*[:/#])?(?:biz_?step[-:])?([^:/#]+)", re.IGNORECASE)
_OURS = re.compile(r"urn:posthouse:[a-z]+:(.+)")
_SGLN = re.compile(r"urn:epc:id:sgln:(\d+)\.(\d*)(?:\.(.+))?")
_GLN_LINK = re.compile(r"https?://.*/414/(\d{13})(?:/254/([^/?#]+))?.*")
_SSCC = re.compile(r"urn:epc:id:sscc:(\d+)\.(\d+)")
_VILLAGE = "urn:posthouse:village:"
_ZONED = re.compile(r".*(Z|[+-]\d{2}:?\d{2})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventScan:
    """One parcel of one event. error_declared_at : when the event was declared an error; None for a scan."""

    event: str
    waybill: str | None
    brand: str | None
    step: str | None
    event_at: str | None
    recorded_at: str | None
    read_point: str | None
    location: str | None
    how: str | None
    error_declared_at: str | None = None


def scans_of(entry: object) -> Iterator[EventScan]:
    """Yield the scans of one event; of all its events where the entry is a whole document."""
    if not isinstance(entry, Mapping):
        entry = {}
    body = entry.get("epcisBody")
    if isinstance(body, Mapping):
        for event in events_of(body):
            yield from scans_of(event)
        return
    parcels = [*_list(entry.get("epcList")), *_list(entry.get("childEPCs"))]
    error = entry.get("errorDeclaration")
    declared = None
    if error is not None:
        declared = (_text(error.get("declarationTime")) if isinstance(error, Mapping) else None) or _time(
            entry, "recordTime"
        )
    at = _time(entry, "eventTime")
    event = _text(entry.get("eventID")) or "|".join(
        str(entry.get(name)) for name in ("eventTime", "bizStep", "disposition", "readPoint", "bizLocation")
    )
    for parcel in parcels or [None]:
        yield EventScan(
            event=event.removeprefix("urn:uuid:"),
            waybill=waybill_of(parcel) if isinstance(parcel, str) else None,
            brand=_text(entry.get("posthouse:brand")),
            step=_text(entry.get("bizStep")),
            event_at=at,
            recorded_at=_time(entry, "recordTime") or at,
            read_point=_identifier(entry.get("readPoint")),
            location=_identifier(entry.get("bizLocation")),
            how=_text(entry.get("posthouse:how")),
            error_declared_at=None if error is None else declared or at or "",
        )


def events_of(body: Mapping[str, Any]) -> list[object]:
    """Return the events of an `epcisBody`, of a document or of the answer to a query."""
    results = body.get("queryResults")
    if isinstance(results, Mapping) and isinstance(results.get("resultsBody"), Mapping):
        body = results["resultsBody"]
    return _list(body.get("eventList"))


def waybill_of(uri: str) -> str:
    """Return the number behind a parcel's URI: an SSCC in 18 digits, otherwise what stands last.

    >>> waybill_of("urn:posthouse:waybill:YT7000000000001"), waybill_of("urn:epc:id:sscc:0614141.1234567890")
    ('YT7000000000001', '106141412345678908')
    """
    if found := _SSCC.fullmatch(uri):
        digits = found[2][0] + found[1] + found[2][1:]
        return digits + check_digit(digits)
    return re.split(r"[?#]", uri, maxsplit=1)[0].rstrip("/").replace("/", ":").rsplit(":", 1)[-1]


def step_of(uri: str) -> str:
    """Return the bare word of a business step.

    >>> step_of("https://ref.gs1.org/cbv/BizStep-arriving"), step_of("urn:epcglobal:cbv:bizstep:arriving")
    ('arriving', 'arriving')
    """
    found = _STEP.fullmatch(uri)
    return found[1] if found else uri


def site_of(uri: str) -> str:
    """Return the number of a place: our own, or its GLN of 13 digits with the extension that is not 0.

    >>> site_of("urn:posthouse:site:S00001"), site_of("urn:epc:id:sgln:0614141.12345.400")
    ('S00001', '0614141123452.400')
    """
    if found := _OURS.fullmatch(uri):
        return found[1]
    if found := _SGLN.fullmatch(uri):
        gln = found[1] + found[2]
        gln += check_digit(gln)
    elif found := _GLN_LINK.fullmatch(uri):
        gln = found[1]
    else:
        return uri
    extension = found[found.re.groups]
    return gln if extension in (None, "0") else f"{gln}.{extension}"


def is_village(uri: str) -> bool:
    """Whether a business location is a village by its own URI."""
    return uri.startswith(_VILLAGE)


def check_digit(digits: str) -> str:
    """Return the last digit of a GS1 number (GS1 General Specifications, 7.9.1).

    >>> check_digit("061414112345")
    '2'
    """
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _time(entry: Mapping[str, Any], name: str) -> str | None:
    text = _text(entry.get(name))
    offset = _text(entry.get("eventTimeZoneOffset"))
    return text + offset if text and offset and not _ZONED.fullmatch(text) else text


def _identifier(place: object) -> str | None:
    return _text(place.get("id")) if isinstance(place, Mapping) else _text(place)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None if value is None else str(value)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
