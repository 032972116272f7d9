"""Timetables and roads that a planner has as files, beside the registers of the workspace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from posthouse.territory.divisions import divisions_from
from posthouse.territory.gtfs import read_gtfs
from posthouse.territory.model import Divisions
from posthouse.territory.read_roads import read_roads
from posthouse.territory.roads import roads_table
from posthouse.territory.snapping import snap_places
from posthouse.territory.timetable import timetable_from_feed
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity

if TYPE_CHECKING:
    import pyarrow

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Registers by name, and what was wrong with the files that were added to them."""

    registers: "Mapping[str, pyarrow.Table]"
    findings: tuple[Finding, ...] = ()


def add_files(registers: "Mapping[str, pyarrow.Table]", *, gtfs: Path | None, roads: Path | None, on: date) -> Inputs:
    """Return the registers with a feed's trips and a file's roads added to what they hold.

    Parameters
    ----------
    gtfs : folder or zip; the trips of the week of `on` count, in place of trips of the same id.
    roads : file of `read_roads`; villages and towns that are placed are joined to their nearest road.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    divisions = divisions_from(registers["divisions"], on)
    found = dict(registers)
    findings: list[Finding] = []
    feed = _read(read_gtfs, gtfs, findings)
    if feed is not None:
        trips, faults = timetable_from_feed(feed, divisions, on)
        findings += faults
        known = registers["timetable"]
        kept = known.filter(pc.invert(pc.is_in(known["trip_id"].cast(pa.string()), trips["trip_id"].combine_chunks())))
        found["timetable"] = _joined(kept, trips)
    joined = _read(lambda path: join_roads(path, divisions), roads, findings)
    if joined is not None:
        findings += joined[1]
        found["roads"] = _joined(registers["roads"], joined[0])
    return Inputs(registers=found, findings=tuple(findings))


def join_roads(path: Path, divisions: Divisions) -> "tuple[pyarrow.Table, tuple[Finding, ...]]":
    """Return the file's roads as the register keeps them, every village and town that is placed joined to its nearest.

    Raises
    ------
    UnusableInputError : the file holds no roads.
    """
    graph = read_roads(path)
    places = {
        division.code: division.position
        for division in (*divisions.list_level("village"), *divisions.list_level("town"))
        if division.position is not None
    }
    snapped = snap_places(graph, places)
    return roads_table(snapped.graph), (*graph.findings, *snapped.findings)


def _read(read: Callable[[Path], T], path: Path | None, findings: list[Finding]) -> T | None:
    """What the file holds; where it is there but cannot be used, a Finding, so that the rest is still planned."""
    if path is None:
        return None
    try:
        return read(path)
    except UnusableInputError as fault:
        if not path.exists():
            raise
        findings.append(
            Finding(
                code="planning.unusable_file",
                severity=Severity.ERROR,
                message=f"{fault}{path.name} 没有采用，其余照常规划。",
                place=path.name,
                fields={"file": path.name},
            )
        )
        return None


def _joined(register: "pyarrow.Table", more: "pyarrow.Table") -> "pyarrow.Table":
    """The register with more rows, whose missing columns are empty."""
    import pyarrow as pa

    columns = [
        more[field.name].cast(field.type) if field.name in more.column_names else pa.nulls(more.num_rows, field.type)
        for field in register.schema
    ]
    return pa.concat_tables([register, pa.table(columns, schema=register.schema)])
