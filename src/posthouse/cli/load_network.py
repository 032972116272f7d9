"""Timetables (GTFS) and road files into the registers `timetable` and `roads`: every plan and month then uses them."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from posthouse.cli.plan_inputs import join_roads
from posthouse.stores.load_report import LoadReport
from posthouse.stores.workspace import Workspace
from posthouse.territory.divisions import divisions_from
from posthouse.territory.gtfs import read_gtfs
from posthouse.territory.model import Divisions
from posthouse.territory.timetable import timetable_from_feed
from posthouse.vocabulary.errors import UnusableInputError
from posthouse.vocabulary.findings import Finding, Severity
from posthouse.vocabulary.periods import parse_period

if TYPE_CHECKING:
    import pyarrow

_TRIPS = "stop_times.txt"
_ROADS = (".osm", ".osm.gz", ".osm.pbf", ".geojson")


def is_network(source: Path) -> bool:
    """Return whether the source is a GTFS feed (folder or zip), or a road file that is no table."""
    if source.is_dir():
        return (source / _TRIPS).is_file()
    if source.name.lower().endswith(_ROADS):
        return source.is_file()
    try:
        with ZipFile(source) as archive:
            return any(Path(name).name == _TRIPS for name in archive.namelist())
    except (BadZipFile, OSError):
        return False


def load_network(workspace: Workspace, source: Path) -> LoadReport:
    """Merge the feed's trips or the file's roads into the register, as one step.

    Raises
    ------
    UnusableInputError : the file cannot be used, or there are no divisions yet to place stops and villages by.
    """
    table = workspace.read_table("divisions")
    if not table.num_rows:
        raise UnusableInputError(f"{workspace.path} 还没有区划表，{source.name} 的站点没有村可归。请先导入区划表。")
    divisions = divisions_from(table)
    if source.name.lower().endswith(_ROADS):
        roads, findings = join_roads(source, divisions)
        report = workspace.write_table("roads", roads)
    else:
        trips, findings = _trips(workspace, source, divisions)
        report = workspace.write_table("timetable", trips)
    return replace(report, files=(source.name,), findings=(*findings, *report.findings))


def _trips(workspace: Workspace, source: Path, divisions: Divisions) -> "tuple[pyarrow.Table, tuple[Finding, ...]]":
    """The trips of the week of the latest scans, or of the feed's first week where there are none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    feed = read_gtfs(source)
    months = [day[:7] for day in workspace.list_days("scans") if day[:1].isdigit()]
    starts = [service.start_on for service in feed.services.values() if service.start_on]
    week_of = parse_period(max(months)).end_on if months else min(starts, default=date(2021, 1, 4))
    trips, findings = timetable_from_feed(feed, divisions, week_of)
    # Rows merge by trip and sequence: of a trip with fewer calls than before the old ones would stay behind.
    before = Counter(str(name) for name in workspace.read_table("timetable")["trip_id"].to_pylist())
    now = Counter(str(name) for name in trips["trip_id"].to_pylist())
    shorter = sorted(name for name, count in now.items() if count < before[name])
    kept = trips.filter(pc.invert(pc.is_in(trips["trip_id"], pa.array(shorter, pa.string()))))
    return kept, (*findings, *(_shorter(name, before[name], now[name]) for name in shorter))


def _shorter(trip: str, before: int, now: int) -> Finding:
    return Finding(
        code="territory.trip_shortened",
        severity=Severity.WARNING,
        message=f"班次{trip}原有{before}站，文件里只有{now}站，没有采用。请给改过的班次换一个编号。",
        place=trip,
        fields={"before": before, "now": now},
    )
