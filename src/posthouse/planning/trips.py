"""The register's bus and ferry trips that take parcels, checked one by one: a faulty trip is a Finding, not a stop."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from posthouse.planning.ground import Ground, Row
from posthouse.vocabulary.findings import Finding, Severity

_WEEK_MIN = 7 * 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelTrip:
    """A trip that takes parcels. calls : (division, arrival, departure), minutes of the service day, may pass 24 h."""

    id: str
    mode: str
    calls: tuple[tuple[str, int, int], ...]
    weekdays: tuple[int, ...]
    room_parcels: float
    fare_yuan: float
    cut_off_min: int


def parcel_trips(ground: Ground) -> tuple[tuple[ParcelTrip, ...], tuple[Finding, ...]]:
    """Return the usable trips by id, and a Finding for each that cannot be used."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in ground.rows["timetable"]:
        if row["takes_parcels"]:
            grouped[row["trip_id"]].append(row)
    trips, findings = [], []
    for name, rows in sorted(grouped.items()):
        rows.sort(key=lambda row: row["stop_sequence"])
        if fault := _fault(rows, ground):
            findings.append(_finding(name, fault))
        elif (trip := _trip(name, rows, ground)) is not None:
            trips.append(trip)
    return tuple(trips), tuple(findings)


def _trip(name: str, rows: Sequence[Row], ground: Ground) -> ParcelTrip | None:
    mode = "ferry" if rows[0]["mode"] == "ferry" else "rural_bus"
    levers = ground.scenario.carriage.get(mode)
    if levers is None or not levers.allowed:
        return None
    limits = [row["capacity_kg"] for row in rows if row["capacity_kg"] is not None]
    stated = min(limits) / ground.demand.kg_per_parcel if limits else levers.room_parcels
    fares = [row["fare_yuan"] for row in rows if row.get("fare_yuan") is not None]
    cut_offs = [row["cut_off_min"] for row in rows if row.get("cut_off_min") is not None]
    return ParcelTrip(
        id=name,
        mode=mode,
        calls=tuple((str(row["division"]), int(row["arrive_min"]), int(row["depart_min"])) for row in rows),
        weekdays=tuple(day for day, mark in enumerate(rows[0]["weekdays"], start=1) if mark == "1"),
        room_parcels=stated * levers.room_share,
        fare_yuan=float(max(fares)) if fares else levers.yuan_per_parcel,
        cut_off_min=int(max(cut_offs)) if cut_offs else levers.cut_off_min,
    )


def _fault(rows: Sequence[Row], ground: Ground) -> str:
    if len(rows) < 2:
        return "只有一个停靠站"
    days = rows[0]["weekdays"]
    if len(days) != 7 or set(days) - {"0", "1"}:
        return f"开行日应为七位 0/1，实际为“{days}”"
    before = 0
    for row in rows:
        if not before <= row["arrive_min"] <= row["depart_min"] < _WEEK_MIN:
            return (
                f"第{row['stop_sequence']}站到{row['arrive_min']}分、离{row['depart_min']}分，早于前站的{before}分；"
                "过零点的时刻要写作 1440 以上"
            )
        before = row["depart_min"]
        if ground.divisions.find(row["division"]) is None:
            return f"第{row['stop_sequence']}站{row['division']}不在区划表中"
    return ""


def _finding(trip: str, fault: str) -> Finding:
    return Finding(
        code="planning.unusable_trip",
        severity=Severity.WARNING,
        message=f"班次{trip}{fault}，没有用来带件。请改正班次表。",
        place=trip,
        fields={"table": "timetable"},
    )
